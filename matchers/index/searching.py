"""What a person types to find a patient: any mix of name, birth date, MRN and phone, with typing errors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from matchers.dates import LATEST_BIRTH, read_dates
from matchers.lettering import LONGEST_TEXT
from matchers.names import name_words
from matchers.numbers import normalise_phone
from matchers.patient import Identifiers, Reading

_PIECE: Final = re.compile(r"[^\s,;]+")
_DATE_LIKE: Final = re.compile(r"\d{1,4}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{1,2}[- ]?[A-Za-z]{3,9}\.?[- ,]*\d{2,4}"
                               r"|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}")  # fmt: skip
_PHONE_LIKE: Final = re.compile(r"(?:\+?1[ .-]?)?(?:\(\d{3}\)|\d{3})[ .-]?\d{3}[ .-]?\d{4}(?!\d)|\b\d{3}[ .-]\d{4}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A typed text taken apart."""

    identifiers: Identifiers
    words: tuple[str, ...]


def understand(text: str) -> Search:
    """Dates, phones and numbers are taken out; what is left is a name. Total."""
    rest = text[:LONGEST_TEXT]
    dates, rest = _dates(rest)
    phones = [found.group() for found in _PHONE_LIKE.finditer(rest) if normalise_phone(found.group())]
    numbers = [piece for piece in _PIECE.findall(rest) if any(c.isdigit() for c in piece)]
    words = [piece for piece in _PIECE.findall(rest) if not any(c.isdigit() for c in piece)]
    # A comma tells which name is the family name; numbers beside it do not matter.
    name = " ".join(re.sub(r"\S*\d\S*", " ", rest).split()).strip(" ,;")
    return Search(
        identifiers=Identifiers(
            names=(Reading(value=name),) if words else (),
            birth_dates=tuple(Reading(value=value.isoformat()) for value in dates),
            mrns=tuple(Reading(value=number) for number in numbers),
            account_numbers=tuple(Reading(value=number) for number in numbers),
            phones=tuple(Reading(value=phone) for phone in phones),
            ssn_last4s=tuple(Reading(value=number) for number in numbers if re.fullmatch(r"\d{4}", number)),
        ),
        words=tuple(word for piece in words for word in name_words(piece)),
    )


def _dates(text: str) -> tuple[tuple[date, ...], str]:
    for found in _DATE_LIKE.finditer(text):
        dates = read_dates(found.group(), born_before=LATEST_BIRTH)
        if dates:
            return dates, text[: found.start()] + " " + text[found.end() :]
    runs = [piece for piece in _PIECE.findall(text) if re.fullmatch(r"\d{8}", piece)]
    return tuple(value for run in runs for value in read_dates(run, born_before=LATEST_BIRTH)), text
