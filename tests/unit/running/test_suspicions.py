"""The same paper again: a flag on the document, nothing held back; another patient's like form is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.cli.app import app
from ingest.model import Disposition, Document, DocumentState, FlagKind, ReportStatus, Sketch, Traits
from ingest.running.site import Site, create_site, open_site
from ingest.running.suspicions import with_suspicions
from tests.contract.ledger_steps import file_now, filed, read, to_file, to_review

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SKETCH = Sketch(pages=1, words=tuple(range(50)), numbers=tuple(range(100, 120)), places=0b1111)
LIKE = replace(SKETCH, words=tuple(range(5, 55)), numbers=tuple(range(101, 121)))
UNLIKE = replace(SKETCH, numbers=tuple(range(500, 520)))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as opened:
        yield opened


def held(site: Site, sketch: Sketch | None = SKETCH, mrn: str = "0012") -> Document:
    """A filed document that looks so."""
    (document,) = read(site.ledger, replace(to_file(1, mrn=mrn), traits=Traits(sketch=sketch)))
    return file_now(site.ledger, document)


def flags(site: Site, disposition: Disposition, scan: str = "S999999") -> list[tuple[FlagKind, str | None]]:
    (told,) = with_suspicions(site, scan, (disposition,))
    assert replace(told, traits=disposition.traits) == disposition
    return [(flag.kind, flag.other) for flag in told.traits.flags]


def test_what_looks_like_a_filed_document_of_the_same_patient_is_flagged_and_filed_all_the_same(site: Site) -> None:
    before = held(site)
    again = replace(to_file(1), traits=Traits(sketch=LIKE))
    assert flags(site, again) == [(FlagKind.LOOKS_ALIKE, before.id)]
    assert with_suspicions(site, "S999999", (again,))[0].state is DocumentState.FILED


def test_what_waits_is_held_against_its_best_candidates_record(site: Site) -> None:
    before = held(site)
    assert flags(site, replace(to_review(1), traits=Traits(sketch=LIKE))) == [(FlagKind.LOOKS_ALIKE, before.id)]


@pytest.mark.parametrize(
    ("sketch", "mrn"), [(UNLIKE, "0012"), (replace(LIKE, pages=2), "0012"), (None, "0012"), (LIKE, "0099")]
)
def test_another_content_length_or_patient_is_no_suspicion(site: Site, sketch: Sketch | None, mrn: str) -> None:
    held(site)
    assert flags(site, replace(to_file(1, mrn=mrn), traits=Traits(sketch=sketch))) == []


def test_a_document_is_not_held_against_its_own_scan(site: Site) -> None:
    before = held(site)
    assert flags(site, replace(to_file(1), traits=Traits(sketch=SKETCH)), scan=before.scan.id) == []


def test_the_listing_shows_flags_and_finds_the_flagged(site: Site) -> None:
    filed(site.ledger, name="plain.pdf")
    traits = Traits(report=ReportStatus.PRELIMINARY, accession="S1")
    early = replace(to_file(1), type="lab_report", traits=traits)
    (one,) = read(site.ledger, early, name="early.pdf")
    one = file_now(site.ledger, one)
    (two,) = read(site.ledger, replace(early, traits=replace(traits, report=ReportStatus.FINAL)), name="late.pdf")
    two = file_now(site.ledger, two)
    listed = CliRunner().invoke(app, ["documents", "--flagged", "--json", "--home", str(site.home)]).stdout
    (line,) = [json.loads(text) for text in listed.splitlines()]
    assert line["document"] == one.id
    assert line["flags"] == [
        {
            "flag": "superseded",
            "detail": f"It is preliminary, and its final report is filed as {two.id}.",
            "document": two.id,
        }
    ]
    assert f"filed as {two.id}" in CliRunner().invoke(app, ["documents", "--home", str(site.home)]).stdout
