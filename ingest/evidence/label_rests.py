"""What is left of a label for a patient's name that was misread, and looks like writing: "Naue od Panent".

Promise: pure. Whatever may be somebody's name is none.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from ingest.evidence.given_names import is_given_name
from ingest.evidence.labels import Meaning
from ingest.evidence.legibility import letters_in
from ingest.evidence.spelling import bare, fold
from ingest.evidence.spotting import like_patient

_SHORT_WORD, _ERRORS_IN_NAME = 2, 2
# Family names that look like the label's word, from the US census of 1990.
_NAMES_LIKE_PATIENT = frozenset(
    (
        "patten", "parent", "patino", "tallent", "catlett", "palen", "patin", "patlan", "parrent", "talent", "valent",
        "parlett", "vanlent", "payment", "balent", "pallett", "petiet", "parents", "pallet", "patierno",
        "patience", "paten", "parlet", "pariente", "pailet", "pallant",
    )
)  # fmt: skip


def is_the_label(text: str) -> bool:
    """Whether a text is the rest of the label itself, misread: "Naue od Panent". "Jane Patten" is a name."""
    words = [bare(word) for word in text.split()]
    if any(word in _NAMES_LIKE_PATIENT or is_given_name(word.upper()) for word in words):
        return False
    others = [word for word in words if letters_in(word) > _SHORT_WORD and not like_patient(fold(word))]
    like = any(like_patient(fold(word)) for word in words) or _is_a_short_label(words)
    return like and all(OSA.distance(word, Meaning.NAME) <= _ERRORS_IN_NAME for word in others)


def _is_a_short_label(words: Sequence[str]) -> bool:
    """Whether words are "Pt. Name", misread: one like "name" in full, and beside it no more than two letters."""
    full = [word for word in words if letters_in(word) > _SHORT_WORD]
    return len(full) == 1 < len(words) and len(full[0]) >= len(Meaning.NAME) and OSA.distance(full[0], "name") <= 1
