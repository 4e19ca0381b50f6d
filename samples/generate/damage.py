"""What copying, faxing and scanning do to a page, in three grades, with every fact's place followed through.

Parameters are drawn first (`draw_damage`) and recorded in the truth; `apply` is then fixed by them and
the stream given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .rough import Trace, draw_jpeg_quality, draw_traces, roughen
from .wear import bleed, dirty_lines, punch_holes, shadow, speckle, texture

RENDER_DPI = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One page's treatment. `mode` is "grey", "colour", "bilevel", "fax_fine" or "fax_standard".

    `rough` are traces of the other kind of wear, which then stand in the place of the usual ones.
    """

    grade: str
    mode: str
    dpi: int
    skew_deg: float
    shift_px: tuple[float, float]
    stroke: int  # -1 thinner, 0, 1 bolder
    blur_px: float
    noise: float
    fade: float  # 0 black ink … 0.6 pale ink
    shade: float
    speckles: int
    texture: float
    bleed: float
    holes: bool
    lines: int
    threshold: float
    jpeg_quality: int
    turned: int = 0
    rough: tuple[Trace, ...] = ()


def draw_damage(rng: Random, grade: str, carrier: str) -> Damage:
    """A treatment of that grade ("clean", "typical", "hard", "ruined") as that carrier would give."""
    strength = {"clean": 0.15, "typical": 0.6, "hard": 1.25, "ruined": 2.6}[grade]
    fax = carrier == "fax"
    if fax:
        mode = "fax_standard" if grade != "clean" and rng.random() < 0.3 else "fax_fine"
    elif carrier == "tiff":
        mode = "bilevel"
    elif carrier == "png":
        mode = rng.choice(("bilevel", "grey"))
    else:
        mode = (
            rng.choice(("grey", "grey", "bilevel", "bilevel", "colour"))
            if carrier == "pdf"
            else rng.choice(("grey", "colour"))
        )
    skew = rng.gauss(0, 1) * 1.7 * strength
    skew = max(-5.0, min(5.0, skew)) if grade != "clean" else rng.uniform(-0.3, 0.3)
    bilevel = mode in ("bilevel", "fax_fine", "fax_standard")
    return Damage(
        grade=grade,
        mode=mode,
        dpi=_dpi(mode, rng.choice((200, 200, 300))),
        skew_deg=round(skew, 2),
        shift_px=(rng.uniform(-18, 18) * strength, rng.uniform(-18, 18) * strength),
        stroke=rng.choices((-1, 0, 1), (0.2, 0.6, 0.2))[0] if strength > 0.3 else 0,
        blur_px=round(rng.uniform(0.3, 1.7) * strength, 2),
        noise=round(rng.uniform(2, 13) * strength, 1),
        fade=round(rng.uniform(0, 0.34) * strength, 2),
        shade=round(rng.uniform(0, 0.42) * strength * (0.4 if bilevel else 1), 2),
        speckles=int(rng.uniform(0, 420) * strength),
        texture=round(rng.uniform(0, 9) * strength, 1),
        bleed=round(rng.uniform(0.02, 0.12) * strength, 2) if rng.random() < 0.25 * strength else 0.0,
        holes=rng.random() < 0.25,
        lines=rng.randint(1, 3) if rng.random() < 0.3 * strength else 0,
        threshold=round(rng.uniform(-0.12, 0.1) * strength, 3),
        jpeg_quality=int(max(22, 82 - rng.uniform(10, 42) * strength)),
    )


def _dpi(mode: str, wished: int) -> int:
    """A fax has its own; colour is scanned coarsely, for the size of the file."""
    return 204 if mode.startswith("fax") else 200 if mode == "colour" else wished


def roughened(damage: Damage, rng: Random) -> Damage:
    """The same sheet through the same machine, worn in the other way: nothing of the usual wear is left."""
    return replace(
        damage,
        stroke=0,
        blur_px=min(damage.blur_px, 0.5),
        noise=min(damage.noise, 3.0),
        fade=0.0,
        shade=0.0,
        speckles=0,
        texture=0.0,
        bleed=0.0,
        holes=False,
        lines=0,
        threshold=0.0,
        jpeg_quality=draw_jpeg_quality(rng, damage.grade),
        rough=draw_traces(rng, damage.grade),
    )


def next_page(damage: Damage, rng: Random) -> Damage:
    """The following page through the same feeder: the same machine, another skew."""
    skew = max(-5.0, min(5.0, damage.skew_deg * rng.uniform(-0.3, 1.0) + rng.gauss(0, 0.3)))
    return replace(damage, skew_deg=round(skew, 2), turned=0)


def milder(damage: Damage) -> Damage:
    """The same with less harm to the ink: what a clerk gets who turns the darkness knob and scans again."""
    return replace(
        damage,
        stroke=0,
        blur_px=round(damage.blur_px * 0.6, 2),
        noise=round(damage.noise * 0.6, 1),
        fade=round(damage.fade * 0.5, 2),
        shade=round(damage.shade * 0.6, 2),
        threshold=round(damage.threshold * 0.4, 3),
        jpeg_quality=min(90, damage.jpeg_quality + 12),
        rough=tuple(trace.times(0.6) for trace in damage.rough),
    )


def worse(damage: Damage) -> Damage:
    """The same with more harm, where a page shall be past reading."""
    return replace(
        damage,
        stroke=-1,
        blur_px=damage.blur_px + 1.0,
        noise=damage.noise + 12,
        fade=min(0.9, damage.fade + 0.15),
        threshold=damage.threshold + 0.06,
        jpeg_quality=22,
        rough=tuple(trace.times(1.3) for trace in damage.rough),
    )


def apply(
    page: Image.Image, damage: Damage, stream: np.random.Generator, header: str = ""
) -> tuple[Image.Image, NDArray[np.float64]]:
    """The page as scanned (not yet turned), and the 2x3 map from drawn pixels to fractions of that page."""
    picture = np.asarray(page if damage.mode == "colour" else page.convert("L"))
    picture = _ink(picture, damage, stream)
    if damage.rough:
        picture = roughen(picture, damage.rough, stream)
    picture, place = _lay(picture, damage)
    picture = _light(picture, damage, stream)
    height, width = picture.shape[:2]
    to_fraction = np.diag([1 / width, 1 / height]) @ place
    picture = _sense(picture, damage, stream)
    return _finish(picture, damage, stream, header), to_fraction


def _ink(picture: NDArray[np.uint8], damage: Damage, stream: np.random.Generator) -> NDArray[np.uint8]:
    if damage.stroke:
        kernel = np.ones((2, 2), np.uint8) if damage.stroke > 0 else np.ones((1, 2), np.uint8)
        picture = cv2.erode(picture, kernel) if damage.stroke > 0 else cv2.dilate(picture, kernel)
    if damage.bleed:
        picture = bleed(picture, damage.bleed)
    if damage.fade:
        picture = (255 - (255 - picture.astype(np.float32)) * (1 - damage.fade)).astype(np.uint8)
    if damage.holes:
        picture = punch_holes(picture, dark=damage.mode != "colour")
    return texture(picture, damage.texture, stream) if damage.texture >= 1 else picture


def _lay(picture: NDArray[np.uint8], damage: Damage) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """On the glass: turned a little and shifted; what lies beside the page is the lid's white."""
    height, width = picture.shape[:2]
    place = cv2.getRotationMatrix2D((width / 2, height / 2), damage.skew_deg, 1.0)
    place[:, 2] += damage.shift_px
    edge = (246, 246, 246) if picture.ndim == 3 else 246
    laid = cv2.warpAffine(
        picture,
        place,
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=edge,
    )
    return laid, place


def _light(picture: NDArray[np.uint8], damage: Damage, stream: np.random.Generator) -> NDArray[np.uint8]:
    return shadow(picture, damage.shade, stream) if damage.shade > 0.04 else picture


def _sense(picture: NDArray[np.uint8], damage: Damage, stream: np.random.Generator) -> NDArray[np.uint8]:
    height, width = picture.shape[:2]
    if damage.mode.startswith("fax"):
        size = (1728, round(height / RENDER_DPI * (196 if damage.mode == "fax_fine" else 98)))
    else:
        size = (round(width * damage.dpi / RENDER_DPI), round(height * damage.dpi / RENDER_DPI))
    if damage.blur_px > 0.25:
        picture = cv2.GaussianBlur(picture, (0, 0), damage.blur_px * 1.25)
    picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    if damage.noise >= 1:
        grain = stream.normal(0, damage.noise, picture.shape[:2]).astype(np.float32)
        grain = grain[..., None] if picture.ndim == 3 else grain
        picture = np.clip(picture.astype(np.float32) + grain, 0, 255).astype(np.uint8)
    return picture


def _finish(picture: NDArray[np.uint8], damage: Damage, stream: np.random.Generator, header: str) -> Image.Image:
    if damage.lines:
        picture = dirty_lines(picture, damage.lines, stream)
    if damage.mode in ("grey", "colour"):
        picture = speckle(picture, damage.speckles // 3, stream)
        return Image.fromarray(picture)
    smooth = cv2.GaussianBlur(picture, (0, 0), 25)
    cut = smooth.astype(np.float32) * (0.72 - damage.threshold) - 8
    black = speckle(np.where(picture < cut, 0, 255).astype(np.uint8), damage.speckles, stream)
    image = Image.fromarray(black)
    if header:
        image = _with_fax_header(image, header)
    return image.convert("1", dither=Image.Dither.NONE)


def _with_fax_header(image: Image.Image, header: str) -> Image.Image:
    """The receiving machine's own line, straight and sharp, over whatever is at the top."""
    from PIL import ImageDraw

    from .fonts import font

    strip_height = 26 if image.height > 1500 else 14
    strip = Image.new("L", (image.width, 26), 255)
    ImageDraw.Draw(strip).text((40, 21), header, font=font("mono", 22, bold=True), fill=0, anchor="ls")
    image.paste(strip.resize((image.width, strip_height)), (0, 4))
    return image
