"""`ingest review` as it is typed: real site, real ledger, real PDFs; only the reading was done beforehand."""

from __future__ import annotations

import io
import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import pytest
import structlog
from PIL import Image
from typer.testing import CliRunner

from ingest import logs
from ingest.cli.app import app
from ingest.cli.terminal import current_user
from ingest.errors import Conflict, NotFound, WrongUse
from ingest.ledger import JobKind
from ingest.model import (
    Affine,
    Box,
    Disposition,
    DocumentState,
    Finding,
    IntakeKey,
    PageArtefact,
    PictureFacts,
    Role,
    ScanKind,
    Turn,
    Word,
)
from ingest.reading import artefact
from ingest.running.identity import this_worker
from ingest.running.site import create_site, open_site
from matchers.decision import Candidate, FieldComparison, Veto, VetoName
from matchers.patient import Field, Patient, Sex, Source
from tests.fakes.pages import at, page_of

_NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
_ANNA = Patient(mrn="0012345", last_name="Berg", first_name="Anna", birth_date=date(1962, 4, 7), sex=Sex.FEMALE)
_IVAN = Patient(mrn="0077777", last_name="Orlov", first_name="Ivan", birth_date=date(1950, 1, 9), sex=Sex.MALE)


class Typed:
    """One site, and the commands typed at it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        create_site(home)
        with open_site(home) as site:
            site.ledger.load_patients([_ANNA, _IVAN], now=_NOW)

    def run(self, *words: str, typed: str = "") -> str:
        """Standard output of a command that must succeed."""
        result = CliRunner().invoke(app, ["review", *words, "--home", str(self.home)], input=typed)
        assert result.exit_code == 0, (result.output, result.exception)
        return result.stdout

    def fails(self, *words: str) -> BaseException | None:
        """What a command that must fail fails with."""
        result = CliRunner().invoke(app, ["review", *words, "--home", str(self.home)])
        assert result.exit_code != 0
        return result.exception

    def json(self, *words: str) -> list[dict]:
        return [json.loads(line) for line in self.run(*words, "--json").splitlines()]

    def waiting(
        self,
        *candidates: Candidate,
        findings: tuple[Finding, ...] = (),
        pages: tuple[PageArtefact, ...] = (),
    ) -> str:
        """A scan that was read (of one page, or of these) and waits for a person; the document's id."""
        pages = pages or (_read_page(),)
        with open_site(self.home) as site:
            buffer = io.BytesIO()
            shade = 200 + sum(1 for _ in site.ledger.scans())
            drawn = [Image.new("L", (850, 1100), shade) for _ in pages]
            drawn[0].save(buffer, "TIFF", dpi=(100, 100), save_all=True, append_images=drawn[1:])
            kept = site.spool.keep_bytes(buffer.getvalue())
            source = f"scan-{shade}.tif"
            key = IntakeKey(path=source, device=1, inode=shade, size=kept.size, mtime_ns=1, sha256=kept.sha256)
            site.ledger.take_in(key=key, source=source, origin="", now=_NOW, drop=False)
            job = site.ledger.claim(
                worker=this_worker(), kinds=(JobKind.READ,), lease_s=60, now=_NOW, dead=lambda _: False
            )
            assert job is not None
            site.ledger.record_opened(job, kind=ScanKind.TIFF, pages=len(pages))
            for page in pages:
                read = site.artefacts.keep_bytes(artefact.encode(page))
                site.ledger.record_page(job, page=page.page, artefact_sha256=read.sha256, failure=None, now=_NOW)
            disposition = Disposition(
                pages=tuple(page.page for page in pages),
                state=DocumentState.REVIEW,
                reasons=("Too little agrees.",),
                findings=findings,
                candidates=candidates,
                probability=0.9,
            )
            (document,) = site.ledger.conclude_reading(job, dispositions=(disposition,), now=_NOW)
            return document.id


def _page_of(patient: Patient, number: int) -> PageArtefact:
    """A page that says for certain whose it is."""
    name, born = f"{patient.last_name}, {patient.first_name}", patient.birth_date.strftime("%m/%d/%Y")
    return page_of(at(1, 1, f"Patient: {name}"), at(2, 1, f"DOB: {born}"), at(3, 1, f"MRN: {patient.mrn}"), page=number)


def _read_page() -> PageArtefact:
    box = Box(x0=100, y0=100, x1=200, y1=120)
    return PageArtefact(
        version=1,
        page=1,
        picture=PictureFacts(width_px=850, height_px=1100, dpi_x=100, dpi_y=100, dpi_known=True, origin="image"),
        turn=Turn.RIGHT,
        skew_deg=0.0,
        read_width_px=1100,
        read_height_px=850,
        to_page=Affine(a=1 / 1100, b=0, c=0, d=0, e=1 / 850, f=0),
        engine="none",
        engine_version="1",
        languages=("eng",),
        words=(Word(text="BERG", confidence=0.9, box=box, line=0, block=0),),
        barcodes=(),
        blank=False,
        ink=0.01,
    )


def _suspect(patient: Patient, *vetoes: VetoName) -> Candidate:
    name = FieldComparison(
        field=Field.NAME, query="BERG, ANNA", patient="Berg, Anna", level="exact", weight_bits=12.0, agrees=True
    )
    told = tuple(Veto(name=veto, reason="The MRN is another.") for veto in vetoes)
    return Candidate(mrn=patient.mrn, probability=0.9, weight_bits=12.0, fields=(name,), vetoes=told)


def _finding(field: Field, value: str) -> Finding:
    return Finding(
        field=field,
        role=Role.PATIENT,
        value=value,
        raw=value,
        page=1,
        box=Box(x0=0.1, y0=0.1, x1=0.3, y1=0.12),
        confidence=0.99,
        source=Source.TEXT,
        place="header",
    )


@pytest.fixture
def typed(tmp_path: Path) -> Iterator[Typed]:
    """A site with two patients and nothing in it."""
    logs.configure()  # as the program does: log lines never on standard output
    yield Typed(tmp_path / "site")
    structlog.reset_defaults()


def test_an_empty_queue_says_so(typed) -> None:
    assert "nothing waits" in typed.run("list")
    assert typed.json("list") == []
    assert "nothing more waits" in typed.run("next")


def test_the_queue_is_listed_for_people_and_for_programs(typed) -> None:
    document = typed.waiting(_suspect(_ANNA))
    assert "Too little agrees." in typed.run("list")
    (line,) = typed.json("list")
    assert (line["document"], line["state"], line["mrn"]) == (document, "review", None)
    assert line["candidates"][0]["mrn"] == _ANNA.mrn


def test_accepting_files_at_once_and_records_who_did_it_for_whom(typed) -> None:
    document = typed.waiting(_suspect(_ANNA))
    (line,) = typed.json("accept", document, "1", "--acting-for", "dr-lee")
    assert (line["state"], line["mrn"], line["decided_by"]) == ("filed", _ANNA.mrn, current_user())
    assert (typed.home / line["filed_as"]).read_bytes().startswith(b"%PDF")
    (shown,) = typed.json("show", document)
    assert shown["history"][-1]["acting_for"] == "dr-lee"


@pytest.mark.parametrize("words", [("0012345",), ("--mrn", "0012345"), ()])
def test_the_suspect_can_be_named_by_mrn_or_be_the_only_one(typed, words) -> None:
    document = typed.waiting(_suspect(_ANNA))
    assert "filed to MRN 0012345" in typed.run("accept", document, *words)


def test_one_of_several_suspects_is_never_taken_by_default(typed) -> None:
    document = typed.waiting(_suspect(_ANNA), _suspect(_IVAN))
    assert isinstance(typed.fails("accept", document), WrongUse)
    assert [line["document"] for line in typed.json("list")] == [document]


def test_assigning_files_to_anybody_in_the_index(typed) -> None:
    assert "filed to MRN 0077777" in typed.run("assign", typed.waiting(), "0077777")


def test_assigning_to_nobody_is_refused(typed) -> None:
    assert isinstance(typed.fails("assign", typed.waiting()), WrongUse)


def test_a_contradiction_needs_a_second_yes(typed) -> None:
    document = typed.waiting(_suspect(_ANNA, VetoName.MRN_CONTRADICTS))
    refused = typed.fails("accept", document, "1")
    assert isinstance(refused, Conflict)
    assert "--yes" in str(refused)
    assert "filed to MRN" in typed.run("accept", document, "1", "--yes")


def test_the_pages_are_held_against_whomever_it_is_assigned_to(typed) -> None:
    names = (
        _finding(Field.NAME, "Berg, Anna"),
        _finding(Field.BIRTH_DATE, "1962-04-07"),
        _finding(Field.MRN, "0012345"),
    )
    document = typed.waiting(_suspect(_ANNA), findings=names)
    assert isinstance(typed.fails("assign", document, _IVAN.mrn), Conflict)
    assert "filed to MRN" in typed.run("accept", document, "1")


def test_an_unknown_patient_is_refused_with_the_remedy_and_without_the_mrn(typed) -> None:
    refused = typed.fails("assign", typed.waiting(), "CANARY")
    assert isinstance(refused, NotFound)
    assert "patients search" in str(refused)
    assert "CANARY" not in str(refused)


def test_a_decision_on_an_older_version_is_refused(typed) -> None:
    document = typed.waiting(_suspect(_ANNA))
    (line,) = typed.json("list")
    typed.run("discard", document, "--reason", "a copy")
    typed.run("undo", document)
    assert isinstance(typed.fails("accept", document, "1", "--version", str(line["version"])), Conflict)


def test_undo_takes_the_pdf_out_of_the_record_and_it_can_be_filed_elsewhere(typed) -> None:
    document = typed.waiting(_suspect(_ANNA))
    (filed,) = typed.json("accept", document)
    (undone,) = typed.json("undo", document)
    assert (undone["state"], undone["mrn"], undone["filed_as"]) == ("review", None, None)
    assert not (typed.home / filed["filed_as"]).exists()
    assert len(list((typed.home / "withdrawn").iterdir())) == 1
    (again,) = typed.json("assign", document, _IVAN.mrn, "--yes")
    assert (again["state"], again["mrn"]) == ("filed", _IVAN.mrn)
    typed.run("undo", document)
    (back,) = typed.json("accept", document)
    assert back["filed_as"] == filed["filed_as"].replace(".pdf", "~2.pdf")  # no path is used twice


def test_discarding_keeps_the_reason(typed) -> None:
    document = typed.waiting()
    assert f"{document} is discarded" in typed.run("discard", document, "--reason", "an advertisement")
    (shown,) = typed.json("show", document)
    assert shown["history"][-1]["note"] == "an advertisement"


def test_next_works_the_queue_by_single_lines(typed) -> None:
    first, second, third = (typed.waiting(_suspect(_ANNA)) for _ in range(3))
    screen = typed.run("next", typed="1\nd\nx an advertisement\n")
    assert "2 decided, 1 left for later" in screen
    assert [line["document"] for line in typed.json("list")] == [second]
    assert first in screen
    assert third in screen


def test_next_as_json_shows_and_asks_nothing(typed) -> None:
    document = typed.waiting(_suspect(_ANNA))
    assert [line["document"] for line in typed.json("next")] == [document]


def test_show_open_writes_the_upright_page_to_a_private_file_and_records_the_look(typed) -> None:
    document = typed.waiting()
    result = CliRunner().invoke(app, ["review", "show", document, "--open", "--home", str(typed.home)])
    assert result.exit_code == 0, result.exception
    (picture,) = (typed.home / "tmp").glob("view-*.png")
    assert str(picture) in result.stderr
    assert stat.S_IMODE(picture.stat().st_mode) == 0o600
    with Image.open(picture) as image:
        assert image.width > image.height
    with open_site(typed.home) as site:
        looks = [(row.action, row.subject) for row in site.ledger.audit() if row.action.endswith(".viewed")]
    assert looks == [("document.viewed", document), ("page.viewed", document)]


def test_a_page_that_the_document_lacks_is_not_shown(typed) -> None:
    assert isinstance(typed.fails("show", typed.waiting(), "--open", "--page", "9"), NotFound)


def test_a_suspects_number_that_is_anothers_mrn_is_refused(typed) -> None:
    odd = replace(_IVAN, mrn="1")
    with open_site(typed.home) as site:
        site.ledger.load_patients([odd], now=_NOW)
    document = typed.waiting(_suspect(_ANNA), _suspect(odd))
    assert isinstance(typed.fails("accept", document, "1"), WrongUse)
    assert "filed to MRN 1:" in typed.run("accept", document, "--mrn", "1")


def test_split_and_join_cut_documents_anew_and_file_what_is_certain(typed) -> None:
    document = typed.waiting(pages=(_page_of(_ANNA, 1), _page_of(_IVAN, 2)))
    parts = typed.json("split", document, "--before", "2")
    assert [(part["pages"], part["state"], part["mrn"]) for part in parts] == [
        ([1], "filed", _ANNA.mrn),
        ([2], "filed", _IVAN.mrn),
    ]
    assert [part["parents"] for part in parts] == [[document]] * 2
    assert isinstance(typed.fails("split", document, "--before", "2"), Conflict)
    for part in parts:
        typed.run("undo", part["document"])
    (joined,) = typed.json("join", *(part["document"] for part in parts))
    assert (joined["pages"], joined["state"]) == ([1, 2], "review")
    assert "two patients" in joined["reasons"][0]


def test_a_joined_document_has_a_bookmark_for_each_part(typed) -> None:
    document = typed.waiting(pages=(_page_of(_ANNA, 1), _page_of(_ANNA, 2)))
    parts = typed.json("split", document, "--before", "2")
    for part in parts:
        typed.run("undo", part["document"])
    (joined,) = typed.json("join", *(part["document"] for part in parts))
    assert joined["state"] == "filed"
    with pikepdf.open(typed.home / joined["filed_as"]) as pdf:
        assert pdf.Root.Outlines.Count == 2


def test_next_splits_and_joins_too(typed) -> None:
    typed.waiting(pages=(_page_of(_ANNA, 1), _page_of(_IVAN, 2)))
    said = typed.run("next", typed="s 2\n")
    assert f"page 1: filed to MRN {_ANNA.mrn}" in said
    assert f"page 2: filed to MRN {_IVAN.mrn}" in said
