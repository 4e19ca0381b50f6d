"""Sheets that somebody laid between documents: patch sheets, and those that this program prints.

Promise: pure. A sheet is one only when it has next to nothing else on it and names no patient: a letter that bears
a patch, or speaks of separators, is a letter. A code that cannot be read is no loss where the words can.
"""

from __future__ import annotations

import re
from enum import StrEnum

from rapidfuzz import fuzz

from ingest.model import Finding, PageArtefact, Role
from matchers.patient import Field

OWN_CODE = "PAPERCHART:SEPARATOR:1"
OWN_WORDS = ("PAPERCHART", "DOCUMENT", "SEPARATOR")
_PATCH = re.compile(r"PATCH[ -]?(?:CODE )?[T23]|PATCH(?:T|2|3)")
_MOST_WORDS = 40
_ALIKE = 80.0  # rapidfuzz ratio
_OWN_FIELDS = (Field.NAME, Field.BIRTH_DATE, Field.MRN, Field.ACCOUNT_NUMBER)
_READ = 0.5


class Mark(StrEnum):
    """What a page says of documents that end before it."""

    SHEET = "sheet"
    """The page is nothing but a separator."""
    BEGINS = "begins"
    """The page bears a separator's mark and is a page of the document that begins with it."""


def separator_mark(artefact: PageArtefact, findings: tuple[Finding, ...]) -> Mark | None:
    """Whether a page is a separator, or bears a separator's mark, or neither."""
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
