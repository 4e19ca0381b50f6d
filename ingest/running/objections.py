"""What a document's own pages say against a patient: what people are told before they file against it.

Promise: every page is held against the patient by itself, as the pipeline holds it before it files alone.
"""

from __future__ import annotations

from ingest.evidence.people import two_people
from ingest.house import House
from ingest.judging import pages_against
from ingest.model import Document
from matchers.patient import Patient


def objections(document: Document, patient: Patient, house: House) -> tuple[str, ...]:
    """Reasons in a clerk's words: two patients on the document first, then page by page."""
    both = two_people(document.findings)
    return (*((both,) if both else ()), *pages_against(patient, document.pages, document.findings, house))
