"""Names whose spaces the engine may have read wrong: "JOANNG" for "JOANN G", "BREND A" for "BRENDA".

Promise: pure. Each letter of such a name may be read with certainty, and the name still be another's.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from itertools import pairwise

from matchers.givennames import is_common_given_name
from matchers.names import name_words

_SHORTEST = 3  # letters of a given name to which an initial is seen to cling
_NEWBORN = "BABY"  # a newborn's name so far, and no "BAB Y"
_NO_ENDINGS = ("AA", "II", "UU", "YY")  # of no name, but of one with an initial


def parted_wrongly(raw: str) -> bool:
    """Whether a name is likelier with a space more or less: an initial clings to it, or its last letter is off it.

    Only a word that the public lists of given names do not hold is doubted.
    """
    words = name_words(raw)
    given = name_words(raw.split(",", 1)[1]) if "," in raw else words[:-1]
    last = next((word for word in reversed(given) if len(word) > _SHORTEST and word != _NEWBORN), None)
    clings = last is not None and (last.endswith(_NO_ENDINGS) or _is_given_name(last[:-1]))
    if clings and last is not None and not _is_given_name(last):
        return True
    return any(
        len(letter) == 1 and not _is_given_name(word) and _is_given_name(word + letter)
        for word, letter in pairwise(given)
        if len(word) >= _SHORTEST
    )


def _is_given_name(word: str) -> bool:
    return is_common_given_name(word) or word in _census()


@cache
def _census() -> frozenset[str]:
    text = (resources.files("ingest.evidence") / "given_names.txt").read_text(encoding="ascii")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))
