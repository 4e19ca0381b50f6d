"""Text to plain capital letters: what every comparison of names and streets stands on.

`fold` is idempotent, total and bounded: any text, however long or odd, becomes a short line of
upper-case words. Letters of other scripts are kept (they compare by equality), marks are dropped.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_NOT_PLAIN: Final = re.compile(r"[^A-Z0-9]+")
LONGEST_TEXT: Final = 400
"""Characters of a value that are looked at; no name, date or number on paper is longer."""

_APOSTROPHES: Final = "'’‘`´ʼ′"
_SPECIAL: Final = str.maketrans(
    {
        "ß": "SS", "ẞ": "SS", "Æ": "AE", "æ": "AE", "Œ": "OE", "œ": "OE", "Ø": "O", "ø": "O", "Ł": "L",
        "ł": "L", "Đ": "D", "đ": "D", "Ð": "D", "ð": "D", "Þ": "TH", "þ": "TH", "ı": "I", "Ħ": "H", "ħ": "H",
        **dict.fromkeys(_APOSTROPHES, ""),
    }
)  # fmt: skip


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Upper-case letters, digits and single spaces; diacritics and apostrophes gone.

    Everything that is neither letter nor digit becomes a space; at most `LONGEST_TEXT` characters
    are looked at.
    """
    text = text[:LONGEST_TEXT]
    if text.isascii():
        if text.isalpha():
            return text.upper()
        return _NOT_PLAIN.sub(" ", text.replace("'", "").replace("`", "").upper()).strip()
    return " ".join("".join(c if c.isalnum() else " " for c in _upper(text)).split())


def _upper(text: str) -> str:
    # Upper-casing and decomposing feed each other in a few scripts, so they run until nothing moves.
    for _ in range(4):
        decomposed = unicodedata.normalize("NFKD", text.translate(_SPECIAL))
        plain = "".join(c for c in decomposed if not unicodedata.combining(c)).upper()[:LONGEST_TEXT]
        if plain == text:
            break
        text = plain
    return text


def words(text: str) -> frozenset[str]:
    """A set of words written as one line."""
    return frozenset(text.split())
