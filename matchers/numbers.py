"""Numbers and addresses on paper in one plain form each. Every function is total and idempotent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from matchers.lettering import fold
from matchers.lettering import words as _set
from matchers.patient import Sex

_LONGEST_ID: Final = 32
_EXTENSION: Final = re.compile(r"(?i)(?:\b|(?<=[0-9]))(?:ext?|extension|x)\.?\s*[0-9]")
_MARKS: Final = re.compile(r"[^0-9A-Za-z]+")
_ID_LABEL: Final = re.compile(r"^(?:MRN|MRNO|MEDREC|ACCT)+(?=[0-9A-Z]{3})")
_AS_DIGITS: Final = str.maketrans("OQDILZSBGT|!", "000112586711")
_STREET_WORDS: Final = {
    "STREET": "ST", "STR": "ST", "AVENUE": "AVE", "AV": "AVE", "ROAD": "RD", "DRIVE": "DR", "LANE": "LN",
    "BOULEVARD": "BLVD", "COURT": "CT", "PLACE": "PL", "CIRCLE": "CIR", "TERRACE": "TER", "PARKWAY": "PKWY",
    "HIGHWAY": "HWY", "SQUARE": "SQ", "TRAIL": "TRL", "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W",
    "NORTHEAST": "NE", "NORTHWEST": "NW", "SOUTHEAST": "SE", "SOUTHWEST": "SW", "MOUNT": "MT", "SAINT": "ST",
}  # fmt: skip
_UNIT_WORDS: Final = _set("APT APARTMENT UNIT STE SUITE RM ROOM FL FLOOR LOT BLDG NO")
_KINDS: Final = _set("ST AVE RD DR LN BLVD CT PL CIR TER PKWY HWY SQ TRL WAY LOOP")


def normalise_identifier(text: str) -> str:
    """An MRN or account number: capitals and digits only, printed label and punctuation gone."""
    if _all_digits(text) and len(text) <= _LONGEST_ID:
        return text
    plain = fold(text[: 4 * _LONGEST_ID]).replace(" ", "")[:_LONGEST_ID]
    return _ID_LABEL.sub("", plain)


def _all_digits(text: str) -> bool:
    return text.isdigit() and text.isascii()


def without_leading_zeros(identifier: str) -> str:
    """The identifier as a careless clerk writes it; "0" for nothing but zeros."""
    return identifier.lstrip("0") or identifier[-1:]


def shape_of(identifier: str) -> str:
    """The pattern of an identifier: digits as 9, letters as A ("MR00123" is "AA99999")."""
    if identifier.isdigit():
        return "9" * len(identifier)
    return "".join("9" if c.isdigit() else "A" for c in identifier)


def digits_for_letters(identifier: str) -> str:
    """The identifier with the letters that OCR puts for digits turned back (O, I, S, B, ...)."""
    return identifier.translate(_AS_DIGITS)


def spellings(identifier: str) -> tuple[str, ...]:
    """The identifier as read, and with its letters as the digits they look like: all of them, or all
    behind a leading letter or two (a site's prefix)."""
    behind = len(identifier) - len(identifier.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    ends = (0, *range(1, min(behind, 2) + 1))
    return tuple(
        dict.fromkeys((identifier, *(identifier[:end] + digits_for_letters(identifier[end:]) for end in ends)))
    )


def _digits(text: str) -> str:
    """Digits only; look-alike letters count where the text is mostly digits."""
    plain = _MARKS.sub("", text[: _LONGEST_ID * 2]).upper()
    if plain.isdigit():
        return plain
    if sum(c.isdigit() for c in plain) * 2 > len(plain):
        plain = plain.translate(_AS_DIGITS)
    return "".join(c for c in plain if c.isdigit())


def normalise_phone(text: str) -> str | None:
    """Ten digits of a North American number, or seven without area code; None for anything else.

    An extension, a country code 1 and all punctuation are dropped.
    """
    digits = text if _all_digits(text) else _digits(_EXTENSION.split(text[:80], maxsplit=1)[0])
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    return digits if len(digits) in (7, 10) and len(set(digits)) > 1 else None


def normalise_ssn4(text: str) -> str | None:
    """The last four digits of a social security number written in any way, or None."""
    if len(text) == 4 and _all_digits(text):
        return text
    tail = re.sub(r"(?i)^\W*ssn?\b|[x*#•]", "", text[:_LONGEST_ID])
    digits = _digits(tail)
    return digits[-4:] if len(digits) in (4, 9) else None


def normalise_zip(text: str) -> str | None:
    """The five-digit ZIP code, or None; ZIP+4 loses its tail, leading zeros count."""
    if len(text) == 5 and _all_digits(text):
        return text
    digits = _digits(re.split(r"[-–]", text.strip(), maxsplit=1)[0])
    if len(digits) == 9:
        digits = digits[:5]
    return digits if len(digits) == 5 else None


def normalise_sex(text: str) -> Sex | None:
    """The administrative sex that a word or letter stands for; None when it says nothing."""
    match fold(text):
        case "F" | "FEMALE" | "WOMAN" | "GIRL" | "FEM":
            return Sex.FEMALE
        case "M" | "MALE" | "MAN" | "BOY":
            return Sex.MALE
        case "X" | "OTHER" | "NONBINARY" | "NON BINARY":
            return Sex.OTHER
        case _:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetAddress:
    """One street line in plain capitals: house number or None, street words without kind, unit or None."""

    number: str | None
    street: str
    unit: str | None = None


@lru_cache(maxsize=16384)
def normalise_address(text: str) -> StreetAddress | None:
    """The street line of an address; city, state and ZIP behind a comma are passed over."""
    words = [_STREET_WORDS.get(word, word) for word in _street_line(text).split()]
    unit = None
    for at, word in enumerate(words):
        if word in _UNIT_WORDS and at > 1 and at + 1 < len(words):
            unit, words = words[at + 1], words[:at]
            break
    number = _house_number(words[0]) if len(words) > 1 else None
    if number:
        words = words[1:]
    while len(words) > 1 and words[-1] in _KINDS:
        words = words[:-1]
    street = " ".join(words[:6])
    return StreetAddress(number=number, street=street, unit=unit) if street else None


def house_number(text: str) -> str | None:
    """The house number that `normalise_address` finds; for very many addresses, each seen once."""
    first, _, street = _street_line(text).partition(" ")
    return _house_number(_STREET_WORDS.get(first, first)) if street else None


def _street_line(text: str) -> str:
    return fold(text.split("\n", 1)[0].split(",", 1)[0])


def _house_number(word: str) -> str | None:
    if word[0].isdigit():
        return word
    digits = word.translate(_AS_DIGITS)
    return digits if digits.isdigit() else None
