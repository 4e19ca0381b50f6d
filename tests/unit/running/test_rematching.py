"""When the index changes: what becomes of documents that wait, and of those that are filed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from ingest import pipeline
from ingest.house import House
from ingest.ledger import Act, InquiryKind, JobKind, RematchQueue, Rendition
from ingest.model import Document, DocumentState, IntakeKey, PageArtefact, ScanKind
from ingest.reading import artefact
from ingest.running.custody import verify_site
from ingest.running.rematching import Fate, rematch
from ingest.running.site import Site, create_site, open_site
from matchers.patient import Patient, Sex
from tests.contract.ledger_steps import HERE
from tests.fakes.pages import at, page_of

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ANNA = Patient(mrn="00412345", last_name="Berg", first_name="Anna", birth_date=date(1962, 4, 7), sex=Sex.FEMALE)
IVAN = Patient(mrn="00498761", last_name="Orlov", first_name="Ivan", birth_date=date(1950, 1, 9), sex=Sex.MALE)
OTHERS = [
    Patient(mrn=f"00500{n:03d}", last_name=last, first_name=first, birth_date=date(1930 + n, 1 + n % 12, 3))
    for n, (last, first) in enumerate([("Okafor", "Chidi"), ("Vasquez", "Elena"), ("Lind", "Peter"), ("Kim", "Sun")])
]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Where Ivan and some others are registered, and Anna is not."""
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as opened:
        opened.ledger.load_patients([IVAN, *OTHERS], now=NOW)
        yield opened


def page(patient: Patient, number: int = 1, *more: str, mrn: bool = True) -> PageArtefact:
    """A page that says whose it is."""
    lines = [f"Patient: {patient.last_name}, {patient.first_name}", f"DOB: {patient.birth_date:%m/%d/%Y}"]
    lines += [f"MRN: {patient.mrn}"] if mrn else []
    return page_of(*(at(row, 1, text) for row, text in enumerate([*lines, *more], start=1)), page=number)


def read(site: Site, *pages: PageArtefact, house: House | None = None) -> tuple[Document, ...]:
    """A scan taken in and read to what the pipeline makes of it; what it files is filed."""
    count = sum(1 for _ in site.ledger.scans())
    held = io.BytesIO()
    Image.new("L", (85, 110), 200 + count).save(held, "PNG")
    kept = site.spool.keep_bytes(held.getvalue())
    key = IntakeKey(path=f"/{count}", device=1, inode=count, size=kept.size, mtime_ns=1, sha256=kept.sha256)
    site.ledger.take_in(key=key, source=f"{count}.png", origin="", now=NOW, drop=False)
    job = site.ledger.claim(worker=HERE, kinds=(JobKind.READ,), lease_s=60, now=NOW)
    assert job is not None
    site.ledger.record_opened(job, kind=ScanKind.PNG, pages=len(pages))
    for one in pages:
        address = site.artefacts.keep_bytes(artefact.encode(one)).sha256
        site.ledger.record_page(job, page=one.page, artefact_sha256=address, failure=None, now=NOW)
    disposed = pipeline.dispose(site.ledger.scan(job.subject), pages, house or site.house())
    documents = site.ledger.conclude_reading(job, dispositions=disposed, now=NOW)
    file_all(site)
    return tuple(site.ledger.document(document.id) for document in documents)


def file_all(site: Site) -> None:
    """What FILE jobs do, with a PDF that is none."""
    while job := site.ledger.claim(worker=HERE, kinds=(JobKind.FILE,), lease_s=60, now=LATER):
        order = site.ledger.filing_order(job)
        body = f"{order.document.id} {order.document.version}".encode()
        path = site.paths.records / order.mrn / f"{order.document.id}-{order.document.version}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        rendition = Rendition(
            path=str(path.relative_to(site.home)), sha256=hashlib.sha256(body).hexdigest(), size=len(body),
            text_state="layer", kind="pdf",
        )  # fmt: skip
        site.ledger.conclude_filing(job, rendition=rendition, now=LATER)


def changed(site: Site, *patients: Patient) -> dict[Fate, int]:
    """Patients loaded, and all that follows."""
    site.ledger.load_patients(patients, now=LATER)
    done = rematch(site, now=lambda: LATER)
    file_all(site)
    assert verify_site(site).problems == ()
    return dict(done.fates)


def test_a_document_is_filed_once_its_patient_is_registered(site: Site) -> None:
    (document,) = read(site, page(ANNA))
    assert document.state is DocumentState.REVIEW

    assert changed(site, ANNA) == {Fate.FILED: 1}

    filed = site.ledger.document(document.id)
    assert (filed.state, filed.mrn, filed.decided_by) == (DocumentState.FILED, ANNA.mrn, "pipeline")
    assert filed.reasons[-1] == f"Matched again because MRN {ANNA.mrn} was registered."
    assert [row.act for row in site.ledger.history(document.id)] == ["pipeline", "pipeline"]
    assert filed.index_generation == site.ledger.patient_generation()
    assert not site.ledger.rematch_due(now=LATER)


def test_suspects_are_refreshed_where_nothing_is_certain_yet(site: Site) -> None:
    (document,) = read(site, page(ANNA, mrn=False))
    twin = replace(ANNA, mrn="00412399", first_name="Hanna")
    assert changed(site, ANNA, twin) == {Fate.REFRESHED: 1}
    fresh = site.ledger.document(document.id)
    assert fresh.state is DocumentState.REVIEW
    assert {candidate.mrn for candidate in fresh.candidates} == {ANNA.mrn, twin.mrn}
    assert "was registered" in fresh.reasons[-1]
    assert changed(site, replace(ANNA, phones=("555-0100",))) == {Fate.SAME: 1}
    assert site.ledger.document(document.id) == fresh


def test_documents_of_nobody_who_changed_are_not_looked_at(site: Site) -> None:
    read(site, page(ANNA))
    read(site, page(IVAN))
    stranger = Patient(mrn="00777777", last_name="Nakamura", first_name="Yuki", birth_date=date(1977, 5, 5))
    assert changed(site, stranger) == {}


def test_what_the_program_filed_comes_back_when_the_birth_date_is_corrected(site: Site) -> None:
    (document,) = read(site, page(IVAN))
    assert (document.state, document.mrn) == (DocumentState.FILED, IVAN.mrn)

    assert changed(site, replace(IVAN, birth_date=date(1961, 7, 22))) == {Fate.RECALLED: 1}

    back = site.ledger.document(document.id)
    assert (back.state, back.mrn, back.filed_as) == (DocumentState.REVIEW, None, None)
    assert back.reasons[0] == f"The patient index has changed since it was filed: MRN {IVAN.mrn} was changed."
    assert site.ledger.history(document.id)[-1].act == "recalled"
    assert list(site.paths.records.rglob("*.pdf")) == []
    assert len(list(site.paths.withdrawn.iterdir())) == 1
    assert changed(site, IVAN) == {}  # once doubted, a person decides


def test_what_the_program_filed_comes_back_when_a_twin_is_registered(site: Site) -> None:
    (document,) = read(site, page_of(at(1, 1, "Patient: Orlov, Ivan"), at(2, 1, "DOB: 01/09/1950")))
    assert document.state is DocumentState.FILED
    namesake = replace(IVAN, mrn="00498799")
    assert changed(site, namesake) == {Fate.RECALLED: 1}
    assert namesake.mrn in site.ledger.document(document.id).reasons[0]


def test_another_address_makes_nothing_doubtful(site: Site) -> None:
    read(site, page(IVAN))
    assert changed(site, replace(IVAN, address="1 Elm St", zip="01234", account_numbers=("0700",))) == {}


def test_a_number_of_somebody_new_makes_a_filed_document_doubtful(site: Site) -> None:
    (document,) = read(site, page(IVAN, 1, "Account No: 7008812"))
    assert document.state is DocumentState.FILED
    assert changed(site, replace(OTHERS[0], account_numbers=("7008812",))) == {Fate.RECALLED: 1}


def test_a_merger_changes_nothing_for_what_is_filed_to_either(site: Site) -> None:
    (document,) = read(site, page(IVAN))
    again = replace(IVAN, mrn="00498799", first_name="Ivan", birth_date=date(1950, 1, 9))
    site.ledger.load_patients([again], now=LATER)
    site.ledger.merge_patients(retired=IVAN.mrn, survivor=again.mrn, by="anna", now=LATER)
    assert rematch(site, now=lambda: LATER).fates == {Fate.SAME: 1}
    assert site.ledger.document(document.id) == document


def test_what_a_person_filed_stays_and_is_told(site: Site) -> None:
    (document,) = read(site, page(ANNA))
    assigned = site.ledger.decide_by_person(
        document_id=document.id, version=1, act=Act.ASSIGN, mrn=IVAN.mrn, by="mia", acting_for=None, note=None, now=NOW
    )
    file_all(site)
    assert changed(site, ANNA) == {Fate.NOTED: 1}
    assert site.ledger.document(assigned.id).mrn == IVAN.mrn
    (event,) = (row for row in site.ledger.audit() if row.action == "document.index_against")
    assert event.details is not None
    assert f"speak for MRN {ANNA.mrn} now" in event.details["reasons"]
    assert [(doubt.document_id, doubt.speaks_for) for doubt in site.ledger.doubts()] == [(assigned.id, ANNA.mrn)]
    changed(site, replace(IVAN, last_name="Orloff"))
    assert sum(row.action == "document.index_against" for row in site.ledger.audit()) == 1


def test_what_somebody_holds_waits_until_they_let_it_go(site: Site) -> None:
    (document,) = read(site, page(ANNA))
    site.ledger.hold(document.id, user="mia", hold_s=7200, now=NOW)
    assert changed(site, ANNA) == {Fate.HELD: 1}
    assert site.ledger.document(document.id) == document
    assert not site.ledger.rematch_due(now=LATER)
    after = NOW + timedelta(hours=3)
    assert site.ledger.rematch_due(now=after)
    assert rematch(site, now=lambda: after).fates == {Fate.FILED: 1}


@pytest.mark.parametrize("touch", ["put off", "asked about", "taken back", "described"])
def test_what_people_have_made_theirs_is_left_to_them(site: Site, touch: str) -> None:
    (document,) = read(site, page(IVAN) if touch == "taken back" else page(ANNA))
    match touch:
        case "put off":
            site.ledger.defer(document.id, until=LATER, by="mia", note=None, now=NOW)
        case "asked about":
            site.ledger.ask(
                document.id, kind=InquiryKind.QUERY, owner="ward", question="Who?", due=None, by="mia", now=NOW
            )
        case "described":
            site.ledger.describe_by_person(
                document_id=document.id, version=1, type_="order", document_date=None, by="mia", acting_for=None,
                note=None, now=NOW,
            )  # fmt: skip
        case _:
            site.ledger.decide_by_person(
                document_id=document.id, version=1, act=Act.UNDO, mrn=None, by="mia", acting_for=None, note=None,
                now=NOW,
            )  # fmt: skip
    before = site.ledger.document(document.id)
    assert set(changed(site, ANNA, replace(IVAN, birth_date=date(1950, 1, 8)))) <= {Fate.LEFT}
    assert site.ledger.document(document.id) == before


def test_a_cut_that_is_proposed_stays_a_persons_to_make(site: Site) -> None:
    """The scan's neighbours are heard again: pages that go on and name another patient."""
    first, second = page(ANNA, 1, "Page 1 of 2"), page(IVAN, 2, "Page 2 of 2")
    documents = read(site, first, second)
    assert all(document.state is DocumentState.REVIEW for document in documents)
    changed(site, ANNA)
    assert all(site.ledger.document(document.id).state is DocumentState.REVIEW for document in documents)


def test_where_unattended_filing_is_stopped_nothing_is_filed(site: Site) -> None:
    (document,) = read(site, page(ANNA))
    site.paths.stop_switch.touch()
    assert changed(site, ANNA) == {Fate.REFRESHED: 1}
    assert "stop switch" in site.ledger.document(document.id).reasons[0]


def test_a_filing_under_way_is_taken_back(site: Site) -> None:
    (document,) = read(site, page(ANNA))
    site.ledger.load_patients([ANNA], now=LATER)
    assert rematch(site, now=lambda: LATER).fates == {Fate.FILED: 1}
    assert site.ledger.document(document.id).state is DocumentState.WORKING
    site.ledger.load_patients([replace(ANNA, birth_date=date(1971, 11, 30))], now=LATER)
    assert rematch(site, now=lambda: LATER).fates == {Fate.RECALLED: 1}
    assert site.ledger.open_jobs() == 0


def test_a_decision_by_an_older_index_is_looked_at_again(site: Site) -> None:
    """The change came between the reading and its end."""
    house = site.house()
    site.ledger.load_patients([ANNA], now=NOW)
    assert rematch(site, now=lambda: NOW).fates == {}
    (document,) = read(site, page(ANNA), house=house)
    assert document.state is DocumentState.REVIEW
    assert rematch(site, now=lambda: LATER).fates == {Fate.FILED: 1}


def test_a_document_whose_pages_are_gone_holds_up_no_other_and_is_given_up(site: Site) -> None:
    (broken,), (sound,) = read(site, page(ANNA)), read(site, page(ANNA, 1, "Another page"))
    (row,) = site.ledger.pages_of(broken.scan.id)
    site.artefacts.path(row.artefact_sha256 or "").unlink()
    site.ledger.load_patients([ANNA], now=LATER)
    fates = [dict(rematch(site, now=partial(_days_later, days)).fates) for days in range(5)]
    assert site.ledger.rematch_queue() == RematchQueue(changes=0, documents=0)
    assert fates == [{Fate.FAILED: 1, Fate.FILED: 1}, *([{Fate.FAILED: 1}] * 4)]
    assert site.ledger.document(broken.id) == broken
    assert [row.subject for row in site.ledger.audit() if row.action == "document.rematch_given_up"] == [broken.id]
    assert site.ledger.document(sound.id).version == 2


def _days_later(days: int) -> datetime:
    return LATER + timedelta(days=days)


def test_of_more_changes_than_documents_all_are_looked_through_in_one_go(site: Site) -> None:
    (document,) = read(site, page(ANNA))
    many = [
        Patient(mrn=f"1{n:07d}", last_name=f"Name{n % 700}", first_name=f"Given{n % 300}", birth_date=date(1940, 1, 1))
        for n in range(2_500)
    ]
    assert changed(site, *many, ANNA) == {Fate.FILED: 1}
    assert site.ledger.document(document.id).state is DocumentState.FILED
