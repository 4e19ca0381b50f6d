"""Names as printed on paper, taken apart: every sensible way of reading one, likeliest first.

"DOE, JOHN Q JR", "John Q. Doe Jr", "DOE JOHN" and "Dr. Ana María de la Cruz-López" all become
`PersonName`s in plain capital letters. Which reading is meant is settled later by the patients
that it is held against: the best consistent hypothesis counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from matchers.givennames import is_common_given_name
from matchers.lettering import LONGEST_TEXT, fold
from matchers.lettering import words as _set
from matchers.patient import Patient

_LONGEST_WORD: Final = 32
_MOST_WORDS: Final = 8
_LONGEST_FAMILY: Final = 4
_SHORTEST_GIVEN: Final = 4
_LONGEST_GIVEN: Final = 11
_SHORTEST_LEFT: Final = 4
_MOST_TAKEN_APART: Final = 6
_TITLES: Final = _set("MR MRS MS MISS MX DR DOCTOR PROF PROFESSOR REV FR HON SIR MADAM MASTER MSTR PT PATIENT")
_PROVIDERS: Final = _set("DR DOCTOR")
_CREDENTIALS: Final = _set(
    "MD DO RN NP PA PAC PHD DDS DMD DPM DC OD FNP ARNP APRN CRNP CNP CNM CRNA LPN LVN BSN MSN MBBS "
    "FACS FACP FACC PSYD PHARMD LCSW ESQ DVM CNS MPH"
)
_SUFFIXES: Final = {
    "JR": "JR", "JNR": "JR", "JUNIOR": "JR", "SR": "SR", "SNR": "SR", "SENIOR": "SR",
    "II": "II", "2ND": "II", "III": "III", "3RD": "III", "IV": "IV", "4TH": "IV",
}  # fmt: skip
_PARTICLES: Final = _set(
    "DE DEL DELA DELLA DELOS LA LAS LOS LE VAN VON VANDER DER DEN DU DI DA DOS DAS DO ST SAN SANTA MC MAC O "
    "AL EL BEN BIN IBN ABU TEN TER ZU AF AV E Y"
)
_DIGITS_AS_LETTERS: Final = str.maketrans("01235689", "OIZESGBG")
_MARKS_AS_LETTERS: Final = str.maketrans({"|": "I", "!": "I", "$": "S", "@": "A", "€": "E", "£": "L"})
_MARKED: Final = re.compile(r"[^\s,;]*[|!$@€£][^\s,;]*")
_ROMAN_AS_READ: Final = re.compile(r"[I1L|!]{2,3}")
_EMPTY_BOX: Final = re.compile(r",\s*,")
_CREDENTIAL_DOTS: Final = re.compile(r"\b(?:[A-Za-z]\.){2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName:
    """One way of reading a name; words in folded capitals.

    `family` and `middle` are words in order, `given` is one joined word ("MARYANN" for "Mary-Ann") or
    "" when the name shows none. `suffix` is JR, SR, II, III or IV. `out_of_order` marks a reading
    that takes the words against the order the comma asks for, `run_together` one that takes apart a
    single printed word. `surname` is the family name as one joined word, for comparing.
    """

    family: tuple[str, ...]
    given: str
    middle: tuple[str, ...] = ()
    suffix: str | None = None
    out_of_order: bool = False
    run_together: bool = False
    surname: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "surname", "".join(self.family))


@lru_cache(maxsize=65536)
def name_words(text: str) -> tuple[str, ...]:
    """The words of a name in folded capitals; digits that OCR put for letters become letters again."""
    words = []
    for raw in fold(_MARKED.sub(_letters_for_marks, text[:LONGEST_TEXT])).split():
        if any(c.isdigit() for c in raw) and raw not in _SUFFIXES:
            letters = sum(c.isalpha() for c in raw)
            if letters == 0 or letters * 2 < len(raw):
                continue
            raw = "".join(c for c in raw.translate(_DIGITS_AS_LETTERS) if c.isalpha())
        words.append(raw[:_LONGEST_WORD])
        if len(words) == _MOST_WORDS:
            break
    return tuple(words)


def _letters_for_marks(match: re.Match[str]) -> str:
    # A mark is a misread letter only among letters.
    chunk = match.group()
    return chunk.translate(_MARKS_AS_LETTERS) if any(c.isalpha() for c in chunk) else chunk


def normalise_suffix(text: str | None) -> str | None:
    """JR, SR, II, III or IV, or None for anything else."""
    words = fold(text or "").split()
    return _suffix(words[0]) if len(words) == 1 else None


def _suffix(word: str) -> str | None:
    known = _SUFFIXES.get(word)
    if known is None and _ROMAN_AS_READ.fullmatch(word):
        return "I" * len(word)
    return known


def parse_name(text: str) -> tuple[PersonName, ...]:
    """Every sensible reading of a printed name, likeliest first; () when it holds no word.

    Titles and credentials are dropped, a generation suffix is set apart. With a comma, what stands
    before it is the family name first of all; without one, "First M. Last" is tried before
    "LAST FIRST". Idempotent in the sense that `show_name` of a reading parses to that reading first.
    """
    return _parse(text[:LONGEST_TEXT])


@lru_cache(maxsize=16384)
def _parse(text: str) -> tuple[PersonName, ...]:
    text = _CREDENTIAL_DOTS.sub(_undot, text.replace(";", ",").replace("，", ","))
    parts = [list(words) for words in map(_split_words, text.split(",")) if words]
    if not parts:
        return ()
    _drop_decorations(parts)
    suffix = _take_suffix(parts)
    _drop_decorations(parts)
    if len(parts) == 1:
        readings = _one_sided(text.strip(), parts[0])
    else:
        readings = _with_comma(parts[0], [word for part in parts[1:] for word in part])
    return tuple(dict.fromkeys(_with_suffix(reading, suffix) for reading in readings))


def shows_provider(text: str) -> bool:
    """True when a title or credentials say that the name is a doctor's or nurse's ("Dr. Ana Ruiz", "Ruiz, RN")."""
    dotted = _CREDENTIAL_DOTS.sub(_undot, text[:LONGEST_TEXT])
    words = fold(dotted).split()
    behind = words[2:] if "," not in dotted else fold(dotted.rsplit(",", 1)[1]).split()
    return bool(words) and (words[0] in _PROVIDERS or any(word in _CREDENTIALS - {"DO"} for word in behind))


def _undot(match: re.Match[str]) -> str:
    # "M.D." is a credential; "J.R. Smith" and "Q.J." are initials.
    joined = match.group().replace(".", "")
    return joined + " " if joined.upper() in _CREDENTIALS else match.group().replace(".", " ")


def _split_words(part: str) -> tuple[str, ...]:
    # A hyphen joins the parts of one name: kept as a mark while the words are sorted out.
    words = []
    for chunk in part.replace("–", "-").replace("—", "-").split():
        pieces = [w for piece in chunk.split("-") for w in name_words(piece)]
        if len(pieces) > _LONGEST_FAMILY:  # no one name is that long: the marks are dirt
            words.extend(pieces)
        elif pieces:
            words.append("-".join(pieces))
    return tuple(words)[:_MOST_WORDS]


def _take_suffix(parts: list[list[str]]) -> str | None:
    for part in reversed(parts):
        alone = len(part) == 1
        others = sum(map(len, parts)) - 1
        found = _suffix(part[-1])
        # "JUNIOR" may be somebody's given name, so two other words must be left to be the name.
        behind_comma = alone and others >= 1 and part is not parts[0] and len(part[0]) < 4
        if found and (others >= 2 or behind_comma) and not _is_family(part, parts):
            part.pop()
            parts[:] = [p for p in parts if p]
            return found
    return None


def _is_family(part: list[str], parts: list[list[str]]) -> bool:
    """Whether what looks like a suffix is the name "Li": alone before the comma, or with no other family name."""
    if part[-1] in _SUFFIXES:
        return False
    full = [word for words in parts for word in words if len(word) > 1]
    return (len(parts) > 1 and part is parts[0] and len(part) == 1) or len(full) <= 2


def _drop_decorations(parts: list[list[str]]) -> None:
    while len(parts) > 1 and all(word in _CREDENTIALS for word in parts[-1]):
        parts.pop()
    for part in parts:
        while len(part) > 1 and part[0] in _TITLES:
            del part[0]
    if len(parts) == 1:
        while len(parts[0]) > 2 and parts[0][-1] in _CREDENTIALS - {"DO"}:
            parts[0].pop()
    elif len(parts[-1]) > 1 and parts[-1][-1] in _CREDENTIALS - {"DO"}:
        parts[-1].pop()


def _with_comma(before: list[str], after: list[str]) -> list[PersonName]:
    readings = [_name(before, after)]
    if _two_full(after[:2]):  # "SMITH, MARY ANN": two words may be one given name
        readings.append(_name(before, ["-".join(after[:2]), *after[2:]]))
    # The comma may be dirt, or the clerk mixed the boxes up.
    family = [word for word in after if len(word) > 1] or after
    initials = [word for word in after if word not in family]
    readings.append(_name(family, before + initials, out_of_order=True))
    return readings


def _one_sided(text: str, words: list[str]) -> list[PersonName]:
    if text.startswith(","):  # ", MARY ANN": the box of the family name is empty
        return [_name([], words)]
    family_alone = text.endswith(",") or _EMPTY_BOX.search(text)
    if family_alone and sum(word.count("-") + 1 for word in words) <= _LONGEST_FAMILY:
        return [_name(words, [])]
    return _without_comma(words)


def _without_comma(words: list[str]) -> list[PersonName]:
    if len(words) == 1:
        return [_name(words, []), _name([], words), *_taken_apart(words[0])]
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    end = 1
    while end < len(words) - 1 and words[end - 1] in _PARTICLES:
        end += 1
    readings = [_name(words[start:], words[:start]), _name(words[:end], words[end:])]
    if start >= 2 and _two_full([words[start - 1], words[0]]):  # "MARIA GARCIA LOPEZ"
        readings.append(_name(words[start - 1 :], words[: start - 1]))
    if start >= 2 and _two_full(words[:2]):  # "MARY ANN SMITH"
        readings.append(_name(words[start:], ["-".join(words[:2]), *words[2:start]]))
    if end < len(words) - 1 and _two_full(words[end : end + 2]):  # "GARCIA LOPEZ MARIA"
        readings.append(_name(words[: end + 1], words[end + 1 :]))
    if len(words) == 3 and len(words[1]) == 1:  # "SMITH Q JOHN": the boxes of a form mixed up
        readings.append(_name(words[:1], [words[2], words[1]], out_of_order=True))
    return readings


def _taken_apart(word: str) -> list[PersonName]:
    """Readings of one word as a name whose spaces the scan lost: "JOHNPMABE" is John Mabe or John P. Mabe.

    A known given name must stand at one end and leave enough letters for a family name.
    """
    readings: list[PersonName] = []
    for size in range(min(_LONGEST_GIVEN, len(word) - _SHORTEST_LEFT), _SHORTEST_GIVEN - 1, -1):
        for given, left, initial, without in (
            (word[:size], word[size:], word[size : size + 1], word[size + 1 :]),
            (word[-size:], word[:-size], word[-size - 1 : -size], word[: -size - 1]),
        ):
            if is_common_given_name(given):
                readings.append(_name([left], [given], run_together=True))
                if len(without) >= _SHORTEST_LEFT:
                    readings.append(_name([without], [given, initial], run_together=True))
    return readings[:_MOST_TAKEN_APART]


def _two_full(words: Sequence[str]) -> bool:
    return len(words) == 2 and all(len(word) > 1 for word in words)


def _name(
    family: Iterable[str], rest: Iterable[str], *, out_of_order: bool = False, run_together: bool = False
) -> PersonName:
    given, *middle = [*rest] or [""]
    return PersonName(
        family=tuple(word for part in family for word in part.split("-")),
        given=given.replace("-", ""),
        middle=tuple(word for part in middle for word in part.split("-")),
        out_of_order=out_of_order,
        run_together=run_together,
    )


def _with_suffix(name: PersonName, suffix: str | None) -> PersonName:
    return name if suffix is None else replace(name, suffix=suffix)


def show_name(name: PersonName) -> str:
    """The name as a chart shows it: "DE LA CRUZ, ANA MARIA, JR"; a comma before nothing marks a family name alone."""
    rest = " ".join(word for word in (name.given, *name.middle) if word)
    family = " ".join(name.family)
    if not rest and len(name.family) > 1:
        return f"{family},, {name.suffix}" if name.suffix else f"{family},"
    parts = [family, rest, name.suffix or ""]
    return ", ".join(part for i, part in enumerate(parts) if part or (i == 0 and rest))


def patient_name(patient: Patient) -> PersonName:
    """The registered name in the same plain capitals; a suffix inside the name fields is found too."""
    return _registered(patient.last_name, patient.first_name, patient.middle_name, patient.suffix)


def registered_name(last: str, first: str, middle: str | None, suffix: str | None) -> PersonName:
    """`patient_name`, for many patients seen once."""
    family, in_family = _without_suffix(last)
    given, in_given = _without_suffix(first)
    return PersonName(
        family=family,
        given=given[0] if given else "",
        middle=given[1:] + name_words(middle) if middle else given[1:],
        suffix=(normalise_suffix(suffix) if suffix else None) or in_family or in_given,
    )


_registered = lru_cache(maxsize=65536)(registered_name)


@lru_cache(maxsize=65536)
def _without_suffix(text: str) -> tuple[tuple[str, ...], str | None]:
    """The words of a name field, and the suffix that was its last word."""
    words = name_words(text)
    suffix = _suffix(words[-1]) if len(words) > 1 else None
    return (words[:-1], suffix) if suffix else (words, None)
