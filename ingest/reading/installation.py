"""What of the reading installation works here, part by part, for `ingest doctor`."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version

from ingest.errors import MissingPart
from ingest.reading.ocr import pytesseract_engine, rapidocr_engine, tesserocr_engine
from ingest.reading.ocr.data import data_folder, languages_in
from ingest.reading.poppler import POPPLER_REMEDY


@dataclass(frozen=True, slots=True, kw_only=True)
class PartStatus:
    """One part: whether it works, whether the program cannot do without, what was found, how to get it."""

    part: str
    ok: bool
    needed: bool
    found: str | None
    remedy: str | None


def describe_installation(
    languages: tuple[str, ...] = ("eng",), tessdata_dir: str | None = None
) -> tuple[PartStatus, ...]:
    """Every part that reading uses. Never raises. One of the two engines is enough."""
    tesserocr = _part("tesserocr", _tesserocr_version, tesserocr_engine.REMEDY)
    program = _part("tesseract program", pytesseract_engine.program_version, pytesseract_engine.REMEDY)
    no_engine = not (tesserocr.ok or program.ok)
    return (
        _needed(tesserocr) if no_engine else tesserocr,
        _needed(program) if no_engine else program,
        _data(languages, tessdata_dir),
        _part("second reader", _second_reader_version, rapidocr_engine.REMEDY),
        _part("poppler", _poppler_version, POPPLER_REMEDY),
        _needed(_part("pypdfium2", lambda: _library("pypdfium2"), "pip install pypdfium2")),
        _needed(_part("zxing-cpp", lambda: _library("zxingcpp", "zxing-cpp"), "pip install zxing-cpp")),
        _needed(_part("OpenCV", lambda: _library("cv2", "opencv-python-headless"), _OPENCV_REMEDY)),
    )


_OPENCV_REMEDY = "pip install opencv-python-headless"


def _part(name: str, find_version: Callable[[], str], remedy: str) -> PartStatus:
    try:
        found = find_version()
    except MissingPart as missing:
        return PartStatus(part=name, ok=False, found=None, remedy=str(missing), needed=False)
    except Exception:  # a broken library may raise anything on import
        return PartStatus(part=name, ok=False, found=None, remedy=remedy, needed=False)
    return PartStatus(part=name, ok=True, found=found, remedy=None, needed=False)


def _needed(part: PartStatus) -> PartStatus:
    return replace(part, needed=True)


def _data(languages: tuple[str, ...], tessdata_dir: str | None) -> PartStatus:
    name = "Tesseract language data"
    try:
        folder = data_folder(languages, tessdata_dir)
    except MissingPart as missing:
        return PartStatus(part=name, ok=False, found=None, remedy=str(missing), needed=True)
    found = f"{', '.join(languages_in(folder))} in {folder}"
    return PartStatus(part=name, ok=True, found=found, remedy=None, needed=True)


def _tesserocr_version() -> str:
    import tesserocr

    return f"{version('tesserocr')} with Tesseract {tesserocr_engine.library_version(tesserocr)}"


def _second_reader_version() -> str:
    rapidocr_engine.models_folder()
    return f"RapidOCR {rapidocr_engine.library_version()} with onnxruntime {_library('onnxruntime')}"


def _poppler_version() -> str:
    program = shutil.which("pdftoppm")
    if program is None:
        raise MissingPart(POPPLER_REMEDY)
    answer = subprocess.run([program, "-v"], capture_output=True, text=True, timeout=20, check=True)  # noqa: S603
    return (answer.stderr or answer.stdout).splitlines()[0].removeprefix("pdftoppm version ")


def _library(module: str, package: str | None = None) -> str:
    __import__(module)
    try:
        return version(package or module)
    except PackageNotFoundError:
        return "unknown version"
