"""How well a text was read as a whole: one measure for a page and for what stands in a row.

Promise: pure. Letters and digits count; rules and bars that were taken for signs do not.
"""

from __future__ import annotations

from collections.abc import Iterable

from ingest.evidence.layout import Token
from ingest.model import Word


def letters_in(text: str) -> int:
    """The letters and digits of a text."""
    return sum(map(str.isalnum, text))


def legibility(words: Iterable[Word | Token]) -> float | None:
    """The mean confidence of the letters, from 0 to 1; None where there is none."""
    weighed = [(word.confidence, letters_in(word.text)) for word in words]
    letters = sum(count for _, count in weighed)
    return sum(confidence * count for confidence, count in weighed) / letters if letters else None
