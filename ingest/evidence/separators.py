"""Sheets that somebody laid between documents: patch sheets, and those that this program prints.

Promise: pure. A sheet is one only when it has next to nothing else on it and names no patient: a letter that bears
a patch, or speaks of separators, is a letter. A code that cannot be read is no loss where the words can. A cover sheet
names the patient of what follows, and a type: in its code, and in print to bear the code out.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote

from rapidfuzz import fuzz

from ingest.evidence.doctypes import DocType
from ingest.model import Finding, PageArtefact, Role
from matchers.patient import Field

OWN_CODE = "PAPERCHART:SEPARATOR:1"
_COVER_CODE = re.compile(r"PAPERCHART:COVER:1:([^:]+):([a-z_]*):([0-9A-F]{8})")
COVER_WORD = "COVER SHEET"
OWN_WORDS = ("PAPERCHART", "DOCUMENT", "SEPARATOR")
_PATCH = re.compile(r"PATCH[ -]?(?:CODE )?[T23]|PATCH(?:T|2|3)")
_MOST_WORDS = 40
_ALIKE = 80.0  # rapidfuzz ratio
_OWN_FIELDS = (Field.NAME, Field.BIRTH_DATE, Field.MRN, Field.ACCOUNT_NUMBER)
_READ = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What a cover sheet's code says: whose and what the paper behind it is; no `type` where that is left open."""

    page: int
    mrn: str
    type: DocType | None


def cover_code(mrn: str, kind: DocType | None) -> str:
    """The text of a cover sheet's code."""
    return f"PAPERCHART:COVER:1:{quote(mrn, safe='')}:{kind or ''}:{_check(mrn, kind or '')}"


def cover_of(artefact: PageArtefact) -> Cover | None:
    """The cover sheet that a page is by its code; None for any other page, and where the code does not hold."""
    for code in artefact.barcodes:
        match = _COVER_CODE.fullmatch(code.text.strip())
        if match is None or len(artefact.words) > _MOST_WORDS:
            continue
        mrn, kind = unquote(match[1]), match[2]
        if match[3] == _check(mrn, kind) and (not kind or kind in list(DocType)):
            return Cover(page=artefact.page, mrn=mrn, type=DocType(kind) if kind else None)
    return None


def _check(mrn: str, kind: str) -> str:
    return f"{zlib.crc32(f'{mrn}:{kind}'.encode()):08X}"


class Mark(StrEnum):
    """What a page says of documents that end before it."""

    SHEET = "sheet"
    """The page is nothing but a separator."""
    BEGINS = "begins"
    """The page bears a separator's mark and is a page of the document that begins with it."""


def separator_mark(artefact: PageArtefact, findings: tuple[Finding, ...]) -> Mark | None:
    """Whether a page is a separator, or bears a separator's mark, or neither."""
    if cover_of(artefact) is not None:
        return Mark.SHEET
    texts = [code.text.strip().upper() for code in artefact.barcodes]
    ours = any(text.startswith("PAPERCHART:SEPARATOR:") for text in texts)
    patch = any(_PATCH.fullmatch(text) for text in texts)
    bare = len(artefact.words) <= _MOST_WORDS and not _names_somebody(findings)
    if (ours or patch) and bare:
        return Mark.SHEET
    if ours or patch:
        return Mark.BEGINS
    return Mark.SHEET if bare and _has_own_words(artefact) else None


def _names_somebody(findings: tuple[Finding, ...]) -> bool:
    return any(
        finding.role in (Role.PATIENT, Role.NEWBORN) and finding.field in _OWN_FIELDS and finding.confidence >= _READ
        for finding in findings
    )


def _has_own_words(artefact: PageArtefact) -> bool:
    read = [word.text.upper().strip(".,:;") for word in artefact.words]
    return all(any(fuzz.ratio(word, own) >= _ALIKE for word in read) for own in OWN_WORDS)
