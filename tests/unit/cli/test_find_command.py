"""`ingest find` as it is typed: real site, real ledger, real PDFs; only the reading was done beforehand."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from PIL import Image
from typer.testing import CliRunner

from ingest import logs
from ingest.cli.app import app
from ingest.errors import WrongUse
from ingest.ledger import JobKind
from ingest.model import Disposition, DocumentState, IntakeKey, ScanKind
from ingest.reading import artefact
from ingest.running.finding import keep_in_step, text_of
from ingest.running.identity import this_worker
from ingest.running.runner import settle_filing
from ingest.running.site import Site, create_site, open_site
from matchers.patient import Patient
from tests.fakes.pages import code, lines_of, page_of

_NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
_ANNA = Patient(mrn="0012345", last_name="Berg", first_name="Anna", birth_date=date(1962, 4, 7))
_IVAN = Patient(mrn="0077777", last_name="Orlov", first_name="Ivan", birth_date=date(1950, 1, 9))


class Typed:
    """One site, and the commands typed at it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        create_site(home)
        with open_site(home) as site:
            site.ledger.load_patients([_ANNA, _IVAN], now=_NOW)

    def run(self, *words: str) -> str:
        """Standard output of a command that must succeed."""
        result = CliRunner().invoke(app, [*words, "--home", str(self.home)])
        assert result.exit_code == 0, (result.output, result.exception)
        return result.stdout

    def found(self, *words: str) -> list[dict[str, Any]]:
        """What `find` tells."""
        return [json.loads(line) for line in self.run("find", *words, "--json").splitlines()]

    def names(self, *words: str) -> list[tuple[str, int]]:
        """Documents and pages that are found."""
        return [(line["document"], line["page"]) for line in self.found(*words)]

    def filed(self, *texts: str, mrn: str = "0012345", day: date | None = None, type_: str = "lab_report") -> str:
        """A document with these pages, the first page of its scan left out; filed."""
        with open_site(self.home) as site:
            document = _waiting(site, texts, mrn, day, type_)
            settle_filing(site)
            assert site.ledger.document(document).state is DocumentState.FILED
            return document


def _waiting(site: Site, texts: tuple[str, ...], mrn: str, day: date | None, type_: str) -> str:
    shade = 100 + sum(1 for _ in site.ledger.scans())
    frames = [Image.new("L", (850, 1100), shade) for _ in range(len(texts) + 1)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", dpi=(100, 100), save_all=True, append_images=frames[1:])
    kept = site.spool.keep_bytes(buffer.getvalue())
    name = f"scan-{shade}.tif"
    key = IntakeKey(path=name, device=1, inode=shade, size=kept.size, mtime_ns=1, sha256=kept.sha256)
    site.ledger.take_in(key=key, source=name, origin="", now=_NOW, drop=False)
    job = site.ledger.claim(worker=this_worker(), kinds=(JobKind.READ,), lease_s=60, now=_NOW, dead=lambda _: False)
    assert job is not None
    site.ledger.record_opened(job, kind=ScanKind.TIFF, pages=len(frames))
    for page, text in enumerate(("cover", *texts), start=1):
        read = site.artefacts.keep_bytes(artefact.encode(lines_of(text, page=page)))
        site.ledger.record_page(job, page=page, artefact_sha256=read.sha256, failure=None, now=_NOW)
    pages = tuple(range(2, len(frames) + 1))
    blank = Disposition(pages=(1,), state=DocumentState.BLANK, reasons=("Nothing.",))
    told = Disposition(
        pages=pages, state=DocumentState.FILED, reasons=("Sure.",), mrn=mrn, type=type_, document_date=day
    )
    made = site.ledger.conclude_reading(job, dispositions=(blank, told), now=_NOW)
    return next(document.id for document in made if document.pages == pages)


@pytest.fixture
def typed(tmp_path: Path) -> Iterator[Typed]:
    """A site with two patients and nothing in it."""
    logs.configure()
    yield Typed(tmp_path / "site")
    structlog.reset_defaults()


def test_a_filed_page_is_found_with_its_line(typed: Typed) -> None:
    older = typed.filed("Potassium 4.1", "Patient Berg\nGlucose 5.4 mmol", day=date(2020, 3, 26))
    newer = typed.filed("glucose normal", mrn="0077777", type_="consent")
    one, two = typed.found("glucose")
    assert (one["document"], one["page"], one["mrn"]) == (newer, 2, "0077777")
    assert two.pop("filed_as").startswith("records/")
    assert two == {
        "document": older,
        "page": 3,
        "pdf_page": 2,
        "mrn": "0012345",
        "type": "lab_report",
        "document_date": "2020-03-26",
        "received_at": "2026-03-04T12:00:00.000Z",
        "snippet": "Patient Berg Glucose 5.4 mmol",
    }
    assert typed.names("glucose", "--mrn", "0077777") == [(newer, 2)]
    assert typed.names("glucose", "--type", "lab_report") == [(older, 3)]
    assert typed.names("glucose", "--to", "2020-03-26") == [(older, 3)]
    assert typed.names("glucose", "--from", "2026-03-04") == [(newer, 2)]  # no date of its own: the day received
    assert typed.names("cover") == []  # not a page of a filed document
    assert "glucose normal" in typed.run("find", "glucose")
    assert "no filed page" in typed.run("find", "nowhere")


def test_what_is_undone_is_found_no_more_and_goes_with_the_patient_when_refiled(typed: Typed) -> None:
    document = typed.filed("glucose")
    assert typed.names("glucose") == [(document, 2)]
    typed.run("review", "undo", document)
    assert typed.names("glucose") == []
    typed.run("review", "assign", document, "--mrn", "0077777")
    assert typed.names("glucose", "--mrn", "0012345") == []
    assert typed.names("glucose", "--mrn", "0077777") == [(document, 2)]


def test_a_store_that_is_lost_damaged_or_of_another_ledger_is_made_anew(typed: Typed) -> None:
    document = typed.filed("glucose")
    file = typed.home / "text.sqlite"
    for path in typed.home.glob("text.sqlite*"):
        path.unlink()
    assert typed.names("glucose") == [(document, 2)]
    file.write_bytes(b"no database" * 1000)
    result = CliRunner().invoke(app, ["find", "glucose", "--home", str(typed.home)])
    assert "--rebuild" in str(result.exception)
    assert typed.names("glucose", "--rebuild") == [(document, 2)]
    assert typed.run("find", "--rebuild") == ""


def test_a_store_that_ran_ahead_of_a_ledger_put_back_starts_anew(typed: Typed, tmp_path: Path) -> None:
    other = Typed(tmp_path / "other")
    for number in range(4):
        other.filed(f"foreign {number}")
    assert len(other.found("foreign")) == 4
    document = typed.filed("glucose")
    for path in other.home.glob("text.sqlite*"):
        (typed.home / path.name).write_bytes(path.read_bytes())
    assert typed.names("glucose") == [(document, 2)]
    assert typed.names("foreign") == []


def test_filing_goes_on_when_the_store_fails(typed: Typed) -> None:
    (typed.home / "text.sqlite").mkdir()
    document = typed.filed("glucose")
    (typed.home / "text.sqlite").rmdir()
    assert typed.names("glucose") == [(document, 2)]


def test_a_crash_between_ledger_and_store_is_made_up_for(typed: Typed) -> None:
    first = typed.filed("glucose")
    with open_site(typed.home) as site:
        before = site.texts.reached()
        document = _waiting(site, ("glucose",), "0012345", None, "order")
        job = site.ledger.claim(worker=this_worker(), kinds=(JobKind.FILE,), lease_s=60, now=_NOW, subject=document)
        assert job is not None
        assert site.texts.reached() == before
        site.ledger.put_back(job, not_before=_NOW, now=_NOW)
        settle_filing(site)
        keep_in_step(site)
        keep_in_step(site)
    assert typed.names("glucose") == [(document, 2), (first, 2)]


def test_each_search_is_audited_without_its_words_in_the_chain(typed: Typed) -> None:
    typed.filed("glucose")
    typed.run("find", "glucose", "canary", "--mrn", "0012345")
    with open_site(typed.home) as site:
        event = [row for row in site.ledger.audit() if row.action == "documents.searched"][-1]
        assert site.ledger.check_audit() == ()
    assert event.facts == {"words": 2, "shown": 0, "documents": []}
    assert event.details == {"words": "glucose canary", "mrn": "0012345"}


@pytest.mark.parametrize("words", [[], ["***"], ["x", "--from", "2021-01-02", "--to", "2021-01-01"]])
def test_wrong_use_is_one_line(typed: Typed, words: list[str]) -> None:
    result = CliRunner().invoke(app, ["find", *words, "--home", str(typed.home)])
    assert isinstance(result.exception, WrongUse)
    assert "\n" not in str(result.exception)


def test_what_a_barcode_says_is_found() -> None:
    page = replace(page_of(code(1, 1, "00123456")), blank=False)
    assert text_of(page) == "00123456"
