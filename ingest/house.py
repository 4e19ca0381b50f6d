"""All that deciding rests on, put together once: the site's rules and its patients."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.evidence.doctypes import DocTypes
from ingest.evidence.labels import Labels
from ingest.evidence.type_model import NO_MODEL, TypeModel
from ingest.evidence.values import SiteFacts
from ingest.settings import Settings
from matchers import PatientIndex, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Labels, kinds of documents and patterns of the site, its patients, its policy, what it has learned of types."""

    labels: Labels
    doctypes: DocTypes
    facts: SiteFacts
    index: PatientIndex
    policy: Policy
    settings: Settings
    filing_stopped: bool
    type_model: TypeModel = NO_MODEL
