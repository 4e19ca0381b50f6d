"""What is kept of a page to decide on: a few kilobytes, whatever stood on it, so that a stack may be of any height.

Promise: pure and total. All that splitting, judging and typing ask of a page is asked here, once, while its words are
at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.evidence.days import DayNotes, days_on
from ingest.evidence.doctype import KindNotes, kinds_on
from ingest.evidence.doctypes import DocTypes
from ingest.evidence.find import SiteFacts, evidence_of
from ingest.evidence.labels import Labels
from ingest.evidence.likeness import sketch_on
from ingest.evidence.page_looks import PageLooks, looks_of
from ingest.evidence.reports import accession_on, status_on
from ingest.evidence.separators import Cover, Mark, cover_of, separator_mark
from ingest.evidence.terms import terms_on
from ingest.evidence.type_model import NO_MODEL, TypeModel
from ingest.evidence.unread import Unread, find_unread
from ingest.model import Finding, PageArtefact, ReportStatus, SignatureLine, Sketch


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNotes:
    """One page that was read. `codes` are the texts of its barcodes, `looks` how it looks beside its neighbours,
    `terms` the words that the learned classifier of types knows."""

    page: int
    blank: bool
    findings: tuple[Finding, ...]
    codes: tuple[str, ...]
    looks: PageLooks
    unread: Unread
    mark: Mark | None
    cover: Cover | None
    kinds: KindNotes
    days: DayNotes
    signatures: tuple[SignatureLine, ...]
    status: ReportStatus | None
    accession: str | None
    sketch: Sketch
    terms: Mapping[str, int] = field(default_factory=dict)


def notes_of(
    artefact: PageArtefact, labels: Labels, doctypes: DocTypes, site: SiteFacts, type_model: TypeModel = NO_MODEL
) -> PageNotes:
    """The notes of one page."""
    evidence = evidence_of(artefact, labels, site)
    return PageNotes(
        page=artefact.page,
        blank=artefact.blank,
        findings=evidence.findings,
        codes=tuple(code.text.strip() for code in artefact.barcodes),
        looks=looks_of(artefact),
        unread=find_unread(evidence, labels),
        mark=separator_mark(artefact, evidence.findings),
        cover=cover_of(artefact),
        kinds=kinds_on(evidence.read.layout, doctypes),
        days=days_on(evidence.read, evidence.site),
        signatures=artefact.signatures,
        status=status_on(evidence.read.layout),
        accession=accession_on(evidence.read),
        sketch=sketch_on(evidence),
        terms=type_model.known(terms_on(evidence.read.layout)) if type_model.words else {},
    )
