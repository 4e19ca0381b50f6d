"""Two engines on one place: what they agree on, what they dispute, what only the second could read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ingest.evidence.agreement import apart, together
from ingest.evidence.doubt import regions_in_doubt
from ingest.evidence.find import SiteFacts, find_evidence
from ingest.evidence.identity import identifiers_of
from ingest.evidence.labels import load_labels
from ingest.model import Box, Finding, PageArtefact, Role, SecondReading
from matchers.patient import Field, Source
from tests.fakes.pages import page_of, words_of

LABELS = load_labels()
FACTS = SiteFacts(today=date(2026, 11, 1), mrn_shapes=("9999999",))
FORM = (
    ("Patient Name:", 100, 200), ("SMITH, JOHN", 420, 200), ("MRN:", 100, 300), ("1234567", 420, 300),
    ("DOB:", 100, 400), ("04/07/1962", 420, 400),
)  # fmt: skip
