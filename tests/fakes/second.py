"""A second reader that says what it was told to say, and keeps what it was shown."""

from __future__ import annotations

from ingest.model import Box, Word
from ingest.reading.ocr.port import OcrFailed
from ingest.reading.raster import Picture


class ScriptedReader:
    """See `SecondReader`. One word (or none, or a failure) for each picture, in turn; nothing afterwards."""

    name = "scripted"
    version = "1"

    def __init__(self, *answers: str | OcrFailed) -> None:
        self._answers = list(answers)
        self.shown: list[Picture] = []

    def read(self, picture: Picture) -> tuple[Word, ...]:
        """The next answer, five pixels from the picture's corner."""
        self.shown.append(picture)
        answer = self._answers.pop(0) if self._answers else ""
        if isinstance(answer, OcrFailed):
            raise answer
        if not answer:
            return ()
        return (Word(text=answer, confidence=0.9, box=Box(x0=5, y0=5, x1=15, y1=15), line=0, block=0),)
