"""Whether scraps of a name or a birth date, as OCR leaves them of handwriting, may be somebody's.

Promise: pure. `alike` is generous: what is held against it would otherwise speak against a document's patient;
`names_a_relative` is for what shares the family name and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Hamming

from ingest.evidence.legibility import letters_in
from ingest.evidence.spelling import bare
from matchers.dates import LATEST_BIRTH, as_digits, read_dates
from matchers.givennames import is_nickname

_INITIALS = 2
_DIGITS_LEAST = 5
_HALF = 0.5
_NEARLY = 0.75  # one digit of eight lost, and another misread
_NOBODYS = frozenset(("mrs", "miss", "mme", "newborn", "baby", "infant", "boy", "girl", "room"))
_WORD_ALIKE = 85.0
_ALIKE = 75.0  # rapidfuzz ratio; unrelated names lie around 30, but scraps of one ("Penna thel") at 60
_UNLIKE = 60.0  # of a word, below; given names that are often taken for each other lie above ("Michael", "Michelle")


def alike(readings: Iterable[str], names: Iterable[str]) -> bool:
    """Whether any of the readings of one place may be one of the names, or a part of it."""
    wanted = [_full_words(name) for name in names]
    return any(_alike(_full_words(text), name) for text in readings for name in wanted)


def names_a_relative(readings: Iterable[str], names: Iterable[str]) -> bool:
    """Whether a reading has words of its own beside those that it shares with a name, whichever of the `names` it is
    held against, and lacks some of it; and none of one place has the whole of a name.
    """
    left = [[_left(_full_words(text).split(), name) for name in map(_parts, names)] for text in readings]
    whole = any(not lacking for pairs in left for _, lacking in pairs)
    return not whole and any(all(own for own, _ in pairs) for pairs in left if pairs)


def may_be_date(text: str, born: date) -> bool:
    """Whether a text means `born`, or more than half of its digits are that date's in any usual way to write it, its
    century apart: that says nothing, for nearly all share it. Of too few digits, any may be."""
    digits = "".join(filter(str.isdigit, as_digits(text)))
    if len(digits) < _DIGITS_LEAST or born in read_dates(text, born_before=LATEST_BIRTH):
        return True
    return any(_may_be_written(digits, before, century, after) for before, century, after in _written(born))


def _written(born: date) -> Iterator[tuple[str, str, str]]:
    """The digits of a date in the usual ways to write it: those before its century, the century, those behind."""
    month, day = born.month, born.day
    century, year = f"{born.year // 100}", f"{born.year % 100:02}"
    for first in (f"{month:02}{day:02}", f"{day:02}{month:02}", f"{month}{day}", f"{day}{month}"):
        yield first, century, year
        yield first, "", year
    yield "", century, f"{year}{month:02}{day:02}"


def _may_be_written(digits: str, before: str, century: str, after: str) -> bool:
    written, at = before + century + after, len(before)
    if len(digits) != len(written):  # digits were lost, or strokes taken for some
        return OSA.normalized_similarity(digits, written) >= _NEARLY
    told = digits[:at] + digits[at + len(century) :]
    return Hamming.normalized_similarity(told, before + after) > _HALF


def _parts(name: str) -> list[str]:
    return _full_words(name).split()


def _left(words: list[str], parts: list[str]) -> tuple[list[str], list[str]]:
    """The words, and the parts of a name, that are left where each is set beside the one most like it."""
    likeness = sorted(
        ((_word_likeness(word, part), n, m) for n, word in enumerate(words) for m, part in enumerate(parts)),
        reverse=True,
    )
    used_words: set[int] = set()
    used_parts: set[int] = set()
    for like, n, m in likeness:
        if like >= _UNLIKE and n not in used_words and m not in used_parts:
            used_words.add(n)
            used_parts.add(m)
    own = [word for n, word in enumerate(words) if n not in used_words and _is_a_name(word)]
    return own, [part for m, part in enumerate(parts) if m not in used_parts]


def _is_a_name(word: str) -> bool:
    return word not in _NOBODYS and sum(map(str.isalpha, word)) >= _INITIALS


def _word_likeness(word: str, part: str) -> float:
    """A scrap from a name's beginning is the name's ("Mar" of Margaret), and so is its short form ("Peggy")."""
    begins = len(word) > _INITIALS and part.startswith(word)
    return 100.0 if begins or is_nickname(word.upper(), part.upper()) else fuzz.ratio(word, part)


def _alike(text: str, name: str) -> bool:
    """Whether a text may be a name, or a part of it ("Van Berg" of Ryan Van der Berg)."""
    words, parts = text.split(), name.split()
    return (
        fuzz.partial_token_sort_ratio(text, name) >= _ALIKE
        or all(any(fuzz.ratio(word, part) >= _WORD_ALIKE for part in parts) for word in words)
        or all(any(fuzz.ratio(word, part) >= _WORD_ALIKE for word in words) for part in parts)
    )


def _full_words(name: str) -> str:
    """A name without initials, suffixes and numbers: the registered one may have others."""
    words = [bare(word) for word in name.replace(".", " ").split()]  # "S.Munoz" has an initial
    return " ".join([word for word in words if letters_in(word) > _INITIALS and _is_a_name(word)] or words)
