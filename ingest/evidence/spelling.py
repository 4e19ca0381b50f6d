"""How words of labels are spelt: folded so that case, accents and what OCR confuses do not count.

Promise: pure and total; `fold` is idempotent.
"""

from __future__ import annotations

import re
import unicodedata

_CONFUSED = str.maketrans({"0": "o", "1": "l", "|": "l", "!": "l", "i": "l", "5": "s", "$": "s", "8": "b", "@": "a"})
_NOT_WORD = re.compile(r"[^a-z0-9#|!$@]+")
_MARKS = ".,;:()'"
_POSSESSIVE = re.compile(r"['’`´]s\b", re.IGNORECASE)


def plain(text: str) -> str:
    """Lower case without accents: "MARÍA" becomes "maria"."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()


def bare(text: str) -> str:
    """A word as `plain` has it, without the marks around it: "(María)," becomes "maria"."""
    return plain(text).strip(_MARKS)


def words_of(phrase: str) -> list[str]:
    """The words of a phrase as it is written in labels.toml, without punctuation or possessives."""
    return [word for word in re.split(r"[^a-z0-9#]+", _POSSESSIVE.sub("", plain(phrase))) if word]


def fold(text: str) -> str:
    """One spelling for all that look alike: "D0B" and "DOB", "narne" and "name", "lD" and "ID"."""
    folded = _NOT_WORD.sub("", _POSSESSIVE.sub("", plain(text))).translate(_CONFUSED)
    return folded.replace("rn", "m").replace("vv", "w") if len(folded) > 4 else folded
