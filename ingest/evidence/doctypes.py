"""Kinds of documents as data: read from `doctypes.toml` and a site's own file on top.

Promise: `load_doctypes` returns complete kinds or raises one `BadSettings` that lists every error of every file. The
kinds are those of the command line's contract, no others.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from ingest.errors import BadSettings
from ingest.evidence.spelling import words_of

_LOINC = re.compile(r"\d{1,7}-\d")
_LISTS = ("titles", "cues", "dates")


class DocType(StrEnum):
    """What a document is; the values are those of the contract."""

    FACE_SHEET = "face_sheet"
    LAB_REPORT = "lab_report"
    RADIOLOGY_REPORT = "radiology_report"
    PATHOLOGY_REPORT = "pathology_report"
    DISCHARGE_SUMMARY = "discharge_summary"
    HISTORY_AND_PHYSICAL = "history_and_physical"
    PROGRESS_NOTE = "progress_note"
    OPERATIVE_REPORT = "operative_report"
    CONSULT_NOTE = "consult_note"
    EMERGENCY_NOTE = "emergency_note"
    NURSING_NOTE = "nursing_note"
    MEDICATION_RECORD = "medication_record"
    ORDER = "order"
    EKG = "ekg"
    CONSENT = "consent"
    ADVANCE_DIRECTIVE = "advance_directive"
    REFERRAL = "referral"
    CORRESPONDENCE = "correspondence"
    INTAKE_FORM = "intake_form"
    INSURANCE_CARD = "insurance_card"
    PHOTO_ID = "photo_id"
    CLAIM_FORM = "claim_form"
    NEWBORN_RECORD = "newborn_record"
    AUTHORIZATION = "authorization"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of document: phrases of its titles and of its text, labels of its date (preferred first), its code."""

    type: DocType
    titles: tuple[str, ...]
    cues: tuple[str, ...]
    dates: tuple[str, ...]
    loinc: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocTypes:
    """All kinds. A value: it can be pickled and compared."""

    kinds: tuple[Kind, ...]

    def of(self, type_: DocType) -> Kind:
        """The kind of a type."""
        return next(kind for kind in self.kinds if kind.type is type_)


def load_doctypes(*paths: Path) -> DocTypes:
    """The kinds of the house with the files at `paths` on top, in that order.

    Raises `BadSettings` with every error, one a line, when a file cannot be read or is wrong.
    """
    errors: list[str] = []
    held: dict[DocType, dict[str, dict[str, None]]] = {type_: {name: {} for name in _LISTS} for type_ in DocType}
    codes: dict[DocType, str] = {}
    for path in (_house_file(), *paths):
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:  # also a number of 5000 digits, brackets 500 deep
            errors.append(f"{path.name}: cannot be read as TOML ({type(error).__name__}: {error})")
            continue
        errors.extend(f"{path.name}: {error}" for error in _add(tables, held, codes))
    if errors:
        raise BadSettings("\n".join(errors))
    return DocTypes(
        kinds=tuple(
            Kind(
                type=type_,
                titles=tuple(lists["titles"]),
                cues=tuple(lists["cues"]),
                dates=tuple(lists["dates"]),
                loinc=codes.get(type_),
            )
            for type_, lists in held.items()
        )
    )


def _house_file() -> Path:
    """`doctypes.toml` of the wheel, else of the source tree."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "defaults" / "doctypes.toml"
    return installed if installed.exists() else package.parent / "config" / "doctypes.toml"


def _add(
    tables: Mapping[str, Any], held: dict[DocType, dict[str, dict[str, None]]], codes: dict[DocType, str]
) -> Iterator[str]:
    """Lays one file on top; yields what is wrong with it."""
    for name, table in tables.items():
        if name not in list(DocType):
            yield f"[{name}] is no type of document; there are {', '.join(DocType)}"
            continue
        if not isinstance(table, dict) or set(table) - {*_LISTS, "without", "loinc"}:
            yield f"[{name}] may hold titles, cues, dates, without and loinc, and nothing else"
            continue
        type_ = DocType(name)
        code = table.get("loinc")
        if code is not None and not (isinstance(code, str) and _LOINC.fullmatch(code)):
            yield f'{name}.loinc must be a LOINC code such as "11502-2"'
        elif code is not None:
            codes[type_] = code
        wrong = [key for key in (*_LISTS, "without") if key in table and not _are_phrases(table[key])]
        for key in wrong:
            yield f"{name}.{key} must be a list of phrases that hold at least one letter or digit"
        if wrong:
            continue
        for key in _LISTS:
            held[type_][key].update(dict.fromkeys(table.get(key, ())))
            for phrase in table.get("without", ()):
                held[type_][key].pop(phrase, None)


def _are_phrases(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and words_of(item) for item in value)
