"""Given names that people bear: those of the matcher's list and of the census.

Promise: pure. `given_names.txt` holds those of the US census of 1990 that at least one in ten thousand bears.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from matchers.givennames import is_common_given_name


def is_given_name(word: str) -> bool:
    """Whether a word, folded to capitals, is a given name in use."""
    return is_common_given_name(word) or word in _census()


@cache
def _census() -> frozenset[str]:
    text = (resources.files("ingest.evidence") / "given_names.txt").read_text(encoding="ascii")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))
