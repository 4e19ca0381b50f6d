"""Finds the generator's fonts among the system's; they are never part of the repository."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import ImageFont

FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/usr/share/texmf/fonts/opentype"),  # where Debian keeps those of TeX
    Path.home() / ".fonts",
    Path.home() / ".local/share/fonts",
)

# face -> (regular, bold, italic), and the Debian package that has them
FACES: dict[str, tuple[tuple[str, str, str], str]] = {
    "sans": (
        ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf", "LiberationSans-Italic.ttf"),
        "fonts-liberation",
    ),
    "narrow": (
        (
            "LiberationSansNarrow-Regular.ttf",
            "LiberationSansNarrow-Bold.ttf",
            "LiberationSansNarrow-Italic.ttf",
        ),
        "fonts-liberation",
    ),
    "serif": (
        ("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf", "LiberationSerif-Italic.ttf"),
        "fonts-liberation",
    ),
    "mono": (
        ("LiberationMono-Regular.ttf", "LiberationMono-Bold.ttf", "LiberationMono-Italic.ttf"),
        "fonts-liberation",
    ),
    "dejavu": (("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans.ttf"), "fonts-dejavu-core"),
    "humanist": (
        ("Carlito-Regular.ttf", "Carlito-Bold.ttf", "Carlito-Italic.ttf"),
        "fonts-crosextra-carlito",
    ),
    "book": (("Caladea-Regular.ttf", "Caladea-Bold.ttf", "Caladea-Italic.ttf"), "fonts-crosextra-caladea"),
    "typewriter": (("GNUTypewriter.ttf",) * 3, "fonts-gnutypewriter"),
    "courier": (
        ("Courier Prime.otf", "Courier Prime Bold.otf", "Courier Prime Italic.otf"),
        "fonts-courier-prime",
    ),
    "terminal": (("3270-Regular.ttf",) * 3, "fonts-3270"),
    "hand_print": (("Humor-Sans.ttf",) * 3, "fonts-humor-sans"),
    "hand_caps": (("BecauseWeOrganize-Regular.otf",) * 3, "fonts-bwht"),
    "hand_round": (("Breip.ttf",) * 3, "fonts-breip"),
    "hand_pen": (("dkg.ttf",) * 3, "fonts-dkg-handwriting"),
    "hand_marker": (("Rufscript010.ttf",) * 3, "fonts-rufscript"),
}

# Those of the late layouts alone: nobody who draws the usual ones needs them.
LATE_FACES: dict[str, tuple[tuple[str, str, str], str]] = {
    "late_open": (("OpenSans-Regular.ttf", "OpenSans-Bold.ttf", "OpenSans-Italic.ttf"), "fonts-open-sans"),
    "late_grotesque": (("Karla-Regular.otf", "Karla-Bold.otf", "Karla-Italic.otf"), "fonts-karla"),
    "late_slab": (("RobotoSlab-Regular.otf", "RobotoSlab-Bold.otf", "RobotoSlab-Regular.otf"), "fonts-roboto-slab"),
    "late_old_style": (("GenBasR.ttf", "GenBasB.ttf", "GenBasI.ttf"), "fonts-sil-gentium-basic"),
    "late_printer": (("Inconsolata.otf",) * 3, "fonts-inconsolata"),
    "late_embossed": (("OCRB.otf",) * 3, "fonts-ocr-b"),
    "late_golf_ball": (
        ("lmmono10-regular.otf", "lmmonolt10-bold.otf", "lmmono10-italic.otf"),
        "fonts-lmodern",
    ),
    "hand_late_pen": (("TomsonTalks.ttf",) * 3, "fonts-tomsontalks"),
    "hand_late_round": (("SteveHand.ttf",) * 3, "fonts-sjfonts"),
}


class FontsMissing(RuntimeError):
    """Fonts that the generator needs are not installed; the message names the packages."""


@cache
def _installed() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in FONT_FOLDERS:
        if folder.is_dir():
            for path in sorted(folder.rglob("*")):
                if path.suffix.lower() in (".ttf", ".otf"):
                    found.setdefault(path.name, path)
    return found


def missing_packages(*, late: bool = False) -> list[str]:
    """The Debian packages to install before pages can be drawn (`late`: the late layouts too); empty: all is there."""
    faces = FACES | LATE_FACES if late else FACES
    return sorted({package for files, package in faces.values() if any(name not in _installed() for name in files)})


def require_fonts(*, late: bool = False) -> None:
    """Raises `FontsMissing` with the command to run."""
    packages = missing_packages(late=late)
    if packages:
        raise FontsMissing("The generator needs fonts: apt-get install " + " ".join(packages))


@cache
def font(face: str, size_px: int, *, bold: bool = False, italic: bool = False) -> ImageFont.FreeTypeFont:
    """One face at one size in pixels."""
    late = face in LATE_FACES
    name = (LATE_FACES if late else FACES)[face][0][1 if bold else 2 if italic else 0]
    if name not in _installed():
        require_fonts(late=late)
    return ImageFont.truetype(str(_installed()[name]), size_px)
