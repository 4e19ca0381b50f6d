"""Names whose spaces the engine may have read wrong: "JOANNG" for "JOANN G", "BREND A" for "BRENDA".

Promise: pure. Each letter of such a name may be read with certainty, and the name still be another's.
"""

from __future__ import annotations

from itertools import pairwise

from ingest.evidence.given_names import is_given_name
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
    clings = last is not None and (last.endswith(_NO_ENDINGS) or is_given_name(last[:-1]))
    if clings and last is not None and not is_given_name(last):
        return True
    return any(
        len(letter) == 1 and not is_given_name(word) and is_given_name(word + letter)
        for word, letter in pairwise(given)
        if len(word) >= _SHORTEST
    )
