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
LATER_FACES: dict[str, tuple[tuple[str, str, str], str]] = {
    "later_lato": (("Lato-Regular.ttf", "Lato-Bold.ttf", "Lato-Italic.ttf"), "fonts-lato"),
    "later_cantarell": (
        ("Cantarell-Regular.otf", "Cantarell-Bold.otf", "Cantarell-Light.otf"),
        "fonts-cantarell",
    ),
    "later_old_standard": (
        ("OldStandard-Regular.ttf", "OldStandard-Bold.ttf", "OldStandard-Italic.ttf"),
        "fonts-oldstandard",
    ),
    "later_garamond": (
        ("EBGaramond12-Regular.otf", "EBGaramond12-Bold.otf", "EBGaramond12-Italic.otf"),
        "fonts-ebgaramond",
    ),
    "later_hack": (("Hack-Regular.ttf", "Hack-Bold.ttf", "Hack-Italic.ttf"), "fonts-hack"),
    "hand_later_school": (("Ecolier-court.ttf",) * 3, "fonts-ecolier-court"),
    "hand_later_quick": (("femkeklaver.ttf",) * 3, "fonts-femkeklaver"),
}
UNSEEN_FACES: dict[str, tuple[tuple[str, str, str], str]] = {
    "unseen_lato": (("Lato-Regular.ttf", "Lato-Bold.ttf", "Lato-Italic.ttf"), "fonts-lato"),
    "unseen_cabin": (("Cabin-Regular.otf", "Cabin-Bold.otf", "Cabin-Italic.otf"), "fonts-cabin"),
    "unseen_cantarell": (
        ("Cantarell-Regular.otf", "Cantarell-Bold.otf", "Cantarell-Regular.otf"),
        "fonts-cantarell",
    ),
    "unseen_andika": (("Andika-Regular.ttf", "Andika-Bold.ttf", "Andika-Italic.ttf"), "fonts-sil-andika"),
    "unseen_libertine": (
        ("LinLibertine_R.otf", "LinLibertine_RB.otf", "LinLibertine_RI.otf"),
        "fonts-linuxlibertine",
    ),
    "unseen_biolinum": (("LinBiolinum_R.otf", "LinBiolinum_RB.otf", "LinBiolinum_RI.otf"), "fonts-linuxlibertine"),
    "unseen_device": (("B612-Regular.otf", "B612-Bold.otf", "B612-Italic.otf"), "fonts-b612"),
    "unseen_console": (("Hack-Regular.ttf", "Hack-Bold.ttf", "Hack-Italic.ttf"), "fonts-hack"),
    "unseen_printer": (
        ("Anonymous Pro.ttf", "Anonymous Pro B.ttf", "Anonymous Pro I.ttf"),
        "fonts-anonymous-pro",
    ),
    "hand_unseen_ballpoint": (("KleeOne-SemiBold.ttf",) * 3, "fonts-klee"),
    "hand_unseen_fineliner": (("ComicNeue-Regular.otf",) * 3, "fonts-comic-neue"),
    "hand_unseen_felt_tip": (("YuseiMagic-Regular.ttf",) * 3, "fonts-yusei-magic"),
}
LATEST_FACES: dict[str, tuple[tuple[str, str, str], str]] = {
    "latest_grotesque": (
        ("texgyreheros-regular.otf", "texgyreheros-bold.otf", "texgyreheros-italic.otf"),
        "fonts-texgyre",
    ),
    "latest_narrow": (
        ("texgyreheroscn-regular.otf", "texgyreheroscn-bold.otf", "texgyreheroscn-italic.otf"),
        "fonts-texgyre",
    ),
    "latest_century": (
        ("texgyreschola-regular.otf", "texgyreschola-bold.otf", "texgyreschola-italic.otf"),
        "fonts-texgyre",
    ),
    "latest_bookman": (
        ("texgyrebonum-regular.otf", "texgyrebonum-bold.otf", "texgyrebonum-italic.otf"),
        "fonts-texgyre",
    ),
    "latest_gill": (
        ("GilliusADF-Regular.otf", "GilliusADF-Bold.otf", "GilliusADF-Italic.otf"),
        "fonts-adf-gillius",
    ),
    "latest_go": (("Go-Regular.ttf", "Go-Bold.ttf", "Go-Italic.ttf"), "fonts-go"),
    "latest_roboto": (("Roboto-Regular.ttf", "Roboto-Bold.ttf", "Roboto-Italic.ttf"), "fonts-roboto-unhinted"),
    "latest_condensed": (
        ("RobotoCondensed-Regular.ttf", "RobotoCondensed-Bold.ttf", "RobotoCondensed-Italic.ttf"),
        "fonts-roboto-unhinted",
    ),
    "latest_line_printer": (
        ("mononoki-Regular.ttf", "mononoki-Bold.ttf", "mononoki-Italic.ttf"),
        "fonts-mononoki",
    ),
    "latest_typist": (("Go-Mono.ttf", "Go-Mono-Bold.ttf", "Go-Mono-Italic.ttf"), "fonts-go"),
    "hand_latest_block": (("setofont.ttf",) * 3, "fonts-seto"),
    "hand_latest_cursive": (("DancingScript-Regular.otf",) * 3, "fonts-dancingscript"),
    "hand_latest_neat": (("YOzBSP.ttf",) * 3, "fonts-yozvox-yozfont-standard-kana"),
    "hand_latest_scrawl": (("Kristi.ttf",) * 3, "fonts-kristi"),
}
EXTRA_FACES = {"late": LATE_FACES, "later": LATER_FACES, "unseen": UNSEEN_FACES, "latest": LATEST_FACES}
"""Faces of the layouts that are drawn on request only, by the name of their set."""


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


def missing_packages(*sets: str) -> list[str]:
    """The Debian packages to install before pages can be drawn (those of some `sets` too); empty: all is there."""
    faces = [*FACES.values(), *(face for name in sets for face in EXTRA_FACES[name].values())]
    return sorted({package for files, package in faces if any(name not in _installed() for name in files)})


def require_fonts(*sets: str) -> None:
    """Raises `FontsMissing` with the command to run."""
    packages = missing_packages(*sets)
    if packages:
        raise FontsMissing("The generator needs fonts: apt-get install " + " ".join(packages))


@cache
def font(face: str, size_px: int, *, bold: bool = False, italic: bool = False) -> ImageFont.FreeTypeFont:
    """One face at one size in pixels."""
    own = [name for name, faces in EXTRA_FACES.items() if face in faces]
    faces = EXTRA_FACES[own[0]] if own else FACES
    name = faces[face][0][1 if bold else 2 if italic else 0]
    if name not in _installed():
        require_fonts(*own)
    return ImageFont.truetype(str(_installed()[name]), size_px)
