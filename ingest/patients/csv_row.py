"""One row of the patients CSV as a `Patient`, or why it is none.

Promise: a row is taken whole or not at all; a reason names columns and rules, never a value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from matchers.patient import Patient, Sex

REQUIRED = ("mrn", "last_name", "first_name", "birth_date")
OPTIONAL = (
    "middle_name",
    "suffix",
    "former_last_name",
    "sex",
    "ssn_last4",
    "phone",
    "address",
    "city",
    "state",
    "zip",
    "account_number",
)

_MAX_LENGTH = 200
_MAX_MRN_LENGTH = 64
_OLDEST_YEARS = 150
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LAST4 = re.compile(r"[0-9]{4}")
_SEXES = {sex.value: sex for sex in Sex}
# Format characters that belong to names in some scripts; all others are hidden and refused.
_JOINERS = frozenset("\u200c\u200d")
_LOST = "\ufffd"  # stands for bytes that some program could not read


class RowProblem(ValueError):
    """Why a row cannot be taken, in words for the person who repairs the file."""


def to_patient(row: Mapping[str, str], *, today: date) -> Patient:
    """The patient of a row (column → text). Raises RowProblem."""
    values = _cleaned(row)
    for column in REQUIRED:
        if column not in values:
            msg = f"{column} is empty"
            raise RowProblem(msg)
    if len(values["mrn"]) > _MAX_MRN_LENGTH:
        msg = f"mrn is longer than {_MAX_MRN_LENGTH} characters"
        raise RowProblem(msg)
    return Patient(
        mrn=values["mrn"],
        last_name=values["last_name"],
        first_name=values["first_name"],
        birth_date=_birth_date(values["birth_date"], today),
        middle_name=values.get("middle_name"),
        suffix=values.get("suffix"),
        former_last_names=_several(values.get("former_last_name")),
        sex=_sex(values.get("sex")),
        ssn_last4=_last4(values.get("ssn_last4")),
        phones=_several(values.get("phone")),
        address=values.get("address"),
        city=values.get("city"),
        state=values.get("state"),
        zip=values.get("zip"),
        account_numbers=_several(values.get("account_number")),
    )


def mrn_of(row: Mapping[str, str]) -> str | None:
    """The MRN that a row speaks of, also of one that cannot be taken."""
    return row.get("mrn", "").strip() or None


def _cleaned(row: Mapping[str, str]) -> dict[str, str]:
    """What the row states. Most rows are short and plain, which one look at the whole row tells."""
    whole = "".join(row.values())
    if len(whole) <= _MAX_LENGTH and whole.isprintable() and _LOST not in whole:
        return {column: text for column, raw in row.items() if (text := raw.strip())}
    return {column: text for column, raw in row.items() if raw and (text := _clean(column, raw))}


def _clean(column: str, raw: str) -> str:
    text = raw.strip()
    if column == "address":
        text = " ".join(text.split("\n")).replace("\r", "")
    if len(text) > _MAX_LENGTH:
        msg = f"{column} is longer than {_MAX_LENGTH} characters"
        raise RowProblem(msg)
    doubtful = not text.isprintable() or _LOST in text
    if doubtful and any(_is_foreign(character) for character in text):
        msg = f"{column} has control characters or other hidden ones"
        raise RowProblem(msg)
    return text


def _is_foreign(character: str) -> bool:
    """Control, hidden, private and unassigned characters, and what stands for bytes that were lost."""
    if character in _JOINERS:
        return False
    return character == _LOST or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _birth_date(text: str, today: date) -> date:
    if _ISO_DATE.fullmatch(text) is None:
        msg = "birth_date is not written as YYYY-MM-DD"
        raise RowProblem(msg)
    try:
        born = date.fromisoformat(text)
    except ValueError:
        msg = "birth_date is no day of the calendar"
        raise RowProblem(msg) from None
    if born > today:
        msg = "birth_date lies in the future"
        raise RowProblem(msg)
    if today.year - born.year > _OLDEST_YEARS:
        msg = f"birth_date is more than {_OLDEST_YEARS} years ago"
        raise RowProblem(msg)
    return born


def _sex(text: str | None) -> Sex | None:
    if text is None:
        return None
    sex = _SEXES.get(text.upper())
    if sex is None:
        msg = "sex is not one of F, M, X, U"
        raise RowProblem(msg)
    return sex


def _last4(text: str | None) -> str | None:
    if text is not None and not _LAST4.fullmatch(text):
        msg = "ssn_last4 is not four digits"
        raise RowProblem(msg)
    return text


def _several(text: str | None) -> tuple[str, ...]:
    """Values separated by semicolons, each once."""
    if text is None:
        return ()
    if ";" not in text:
        return (text,)
    return tuple(dict.fromkeys(value for part in text.split(";") if (value := part.strip())))
