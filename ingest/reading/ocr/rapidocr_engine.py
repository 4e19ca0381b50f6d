"""RapidOCR's models (PP-OCRv6: lines found, lines read) from its wheel, run by onnxruntime on one thread.

The wheel is opened for its models only: its own program would bring a dozen libraries, and may download.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ingest.errors import MissingPart
from ingest.model import Box, Character, Word
from ingest.reading.ocr.port import OcrFailed
from ingest.reading.raster import Picture

REMEDY = "pip install paperchart[second-reader]"
_FIND = "PP-OCRv6_det_small.onnx"
_READ = "PP-OCRv6_rec_small.onnx"
_GRID = 32  # the finder's sides are multiples of it
_MARGIN = 12  # paper round a cut-out, so that ink at its edge is found
_INK = 0.3  # probability from which a pixel belongs to a line
_LINE = 0.5  # mean probability from which a line is one
_GROW = 1.6  # the finder marks the cores of lines
_LEAST_PX = 5
_LINES_MOST = 12
_READ_HEIGHT = 48
_READ_WIDTH_MOST = 1200
_LAST_LATIN = 0x24F
_CHOICES_MOST = 4
_CHOICE_LEAST = 0.01
_STEP = 8  # pixels of the reader's picture to one of its answers


class RapidocrReader:
    """See `SecondReader`. Gives each character's confidence and what else it could be; Latin letters only."""

    name = "rapidocr"

    def __init__(self) -> None:
        folder = models_folder()
        self.version = library_version()
        self._finder = _session(folder / _FIND)
        self._reader = _session(folder / _READ)
        table = self._reader.get_modelmeta().custom_metadata_map["character"].splitlines()
        characters = ["", *table, " "]  # nothing, the table, a space: the order of the model's answers
        self._kept = np.array([n for n, one in enumerate(characters) if all(ord(c) <= _LAST_LATIN for c in one)])
        self._characters = [characters[n] for n in self._kept]

    def read(self, picture: Picture) -> tuple[Word, ...]:
        """See `SecondReader.read`."""
        if min(picture.shape[:2], default=0) < _LEAST_PX:
            return ()
        try:
            words: list[Word] = []
            for number, box in enumerate(self._lines(picture)[:_LINES_MOST]):
                words.extend(self._words(picture, box, number))
            return tuple(words)
        except (cv2.error, RuntimeError, ValueError):
            raise OcrFailed("the second reader failed on this place") from None

    def _lines(self, picture: Picture) -> list[tuple[int, int, int, int]]:
        """Boxes of the lines, top to bottom."""
        height, width = picture.shape
        tall = -(-(height + 2 * _MARGIN) // _GRID) * _GRID
        wide = -(-(width + 2 * _MARGIN) // _GRID) * _GRID
        ground = np.full((tall, wide), int(np.median(picture)), dtype=np.uint8)
        ground[_MARGIN : _MARGIN + height, _MARGIN : _MARGIN + width] = picture
        likely = _run(self._finder, ground)[0, 0]
        marked = cv2.dilate((likely > _INK).astype(np.uint8), np.ones((2, 2), np.uint8))
        boxes = []
        for contour in cv2.findContours(marked, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]:
            x, y, w, h = cv2.boundingRect(contour)
            if min(w, h) < _LEAST_PX or float(likely[y : y + h, x : x + w].mean()) < _LINE * 0.7:
                continue
            grow = round(w * h * _GROW / (2 * (w + h)))
            x0, y0 = max(0, x - grow - _MARGIN), max(0, y - grow - _MARGIN)
            x1, y1 = min(width, x + w + grow - _MARGIN), min(height, y + h + grow - _MARGIN)
            if x1 - x0 >= _LEAST_PX and y1 - y0 >= _LEAST_PX:
                boxes.append((x0, y0, x1, y1))
        return sorted(boxes, key=lambda box: (box[1] + box[3], box[0]))

    def _words(self, picture: Picture, box: tuple[int, int, int, int], line: int) -> Iterator[Word]:
        """The words of one line. An answer stands for `_STEP` pixels of the picture that the model sees."""
        x0, y0, x1, y1 = box
        wide = min(_READ_WIDTH_MOST, max(_STEP * 2, round((x1 - x0) * _READ_HEIGHT / (y1 - y0))))
        seen = cv2.resize(picture[y0:y1, x0:x1], (wide, _READ_HEIGHT))
        answers = _run(self._reader, np.asarray(seen, dtype=np.uint8))[0][:, self._kept]
        per_answer = (x1 - x0) / len(answers)
        word: list[tuple[int, Character]] = []
        for at, character in [*self._decoded(answers), (len(answers), None)]:
            if character is not None and character.text != " ":
                word.append((at, character))
                continue
            if word:
                left = max(float(x0), x0 + (word[0][0] - 0.5) * per_answer)
                right = min(float(x1), x0 + (word[-1][0] + 1.5) * per_answer)
                yield Word(
                    text="".join(one.text for _, one in word),
                    confidence=min(one.confidence for _, one in word),
                    box=Box(x0=left, y0=float(y0), x1=right, y1=float(y1)),
                    line=line,
                    block=0,
                    characters=tuple(one for _, one in word),
                )
            word = []

    def _decoded(self, answers: npt.NDArray[np.float32]) -> Iterator[tuple[int, Character | None]]:
        """Characters with the places of their answers: repetitions are one, the first entry is nothing."""
        best = answers.argmax(axis=1)
        for at, which in enumerate(best):
            if which == 0 or (at and which == best[at - 1]):
                continue
            order = np.argsort(-answers[at])[: _CHOICES_MOST + 2]
            others = [(self._characters[n], round(float(answers[at, n]), 3)) for n in order if n not in (0, which)]
            yield (
                at,
                Character(
                    text=self._characters[which],
                    confidence=round(min(1.0, float(answers[at, which])), 4),
                    alternatives=tuple(other for other in others if other[1] >= _CHOICE_LEAST)[:_CHOICES_MOST],
                ),
            )


def models_folder() -> Path:
    """Where the wheel keeps its models. Raises MissingPart with the remedy."""
    spec = find_spec("rapidocr")
    for place in spec.submodule_search_locations or () if spec else ():
        folder = Path(place) / "models"
        if (folder / _FIND).is_file() and (folder / _READ).is_file():
            return folder
    raise MissingPart(f"RapidOCR's models are not there; {REMEDY}")


def library_version() -> str:
    """RapidOCR's version. Raises MissingPart when it or onnxruntime is not installed."""
    try:
        version("onnxruntime")
        return version("rapidocr")
    except PackageNotFoundError:
        raise MissingPart(f"RapidOCR or onnxruntime is not installed; {REMEDY}") from None


def _session(model: Path) -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise MissingPart(f"onnxruntime does not import; {REMEDY}") from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # the pool has as many processes as there are cores
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False  # this and the next two keep 80 MB less, at a few milliseconds a line
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.disable_prepacking", "1")
    try:
        return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except Exception:  # a damaged file raises many kinds
        raise MissingPart(f"RapidOCR's models do not load; {REMEDY}") from None


def _run(session: Any, picture: Picture) -> npt.NDArray[np.float32]:
    """The first output for one grey picture, given as three channels from -1 to 1."""
    plane = picture.astype(np.float32) / 127.5 - 1.0
    answer = session.run(None, {session.get_inputs()[0].name: np.stack([plane] * 3)[np.newaxis]})[0]
    return np.asarray(answer, dtype=np.float32)
