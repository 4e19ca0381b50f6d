"""The contract of the rows that reports are counted from."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from ingest.ledger import Act, JobKind, Ledger, Recut, Shown, Sidecar
from ingest.ledger.figure_records import (
    DecidedDocument,
    DeskEvent,
    DeskStep,
    KnownMisfile,
    PlaceUse,
    ReceivedScan,
    WaitingSince,
)
from ingest.ledger.records import FoundHow
from ingest.ledger.schema import documents
from ingest.ledger.schema_desk import misfiles
from ingest.model import Document, DocumentState, Flag, FlagKind, Traits
from matchers.decision import VetoName
from tests.contract.ledger_steps import (
    HERE,
    LEASE_S,
    NOW,
    filed,
    key,
    later,
    opened,
    patient,
    pdf,
    read,
    take,
    to_file,
    to_review,
    to_state,
)

HOUR = 3600
SINCE, UNTIL = NOW - timedelta(days=1), NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def people_are_registered(ledger: Ledger) -> None:
    ledger.load_patients([patient("0012"), patient("0013")], now=NOW)


def decided(ledger: Ledger, since: datetime = SINCE, until: datetime = UNTIL) -> list[DecidedDocument]:
    return list(ledger.decided_documents(since, until))


def act(ledger: Ledger, document: Document, what: Act, *, at: float, mrn: str | None = None) -> Document:
    """What a person decides; what they file is filed ten seconds later."""
    done = ledger.decide_by_person(
        document_id=document.id, version=document.version, act=what, mrn=mrn, by="ada",
        acting_for=None, note="MARGARET", now=later(at),
    )  # fmt: skip
    if what in (Act.ACCEPT, Act.ASSIGN):
        job = ledger.claim(worker=HERE, kinds=(JobKind.FILE,), lease_s=LEASE_S, now=later(at), subject=document.id)
        assert job is not None
        done = ledger.conclude_filing(job, rendition=pdf(f"records/{at}-{document.id}.pdf"), now=later(at + 10))
    return done


def test_nothing_gives_nothing(ledger: Ledger) -> None:
    assert list(ledger.received_scans(SINCE, UNTIL)) == []
    assert decided(ledger) == []
    assert list(ledger.desk_events(SINCE, UNTIL)) == []
    assert list(ledger.waiting_since()) == []
    assert list(ledger.known_misfiles(SINCE, UNTIL)) == []
    assert ledger.origin_uses() == ledger.station_uses() == ()


def test_scans_of_the_period_and_the_documents_that_hold_their_paper(ledger: Ledger) -> None:
    read(ledger, to_review(1, 2), to_state(DocumentState.BLANK, 3), to_state(DocumentState.SEPARATOR, 4))
    take(ledger, "unopened.pdf")
    assert list(ledger.received_scans(NOW, UNTIL)) == [
        ReceivedScan(received_at=NOW, pages=4, documents=1),
        ReceivedScan(received_at=NOW, pages=None, documents=1),
    ]
    assert list(ledger.received_scans(SINCE, NOW)) == []


def test_what_the_program_filed(ledger: Ledger) -> None:
    filed(ledger)
    (one,) = decided(ledger)
    assert one == DecidedDocument(
        received_at=NOW, origin="", station=None, type=None, pages=1, first_at=NOW, by_program=True,
        state=DocumentState.FILED, decided_at=NOW, filed_at=NOW, filings_by_program=1, filings_by_people=0,
        cut_by_person=False, sent_to_review=(), flags=(), confidences=(),
    )  # fmt: skip


def test_what_went_to_people_says_why_and_how_it_was_read(ledger: Ledger) -> None:
    flags = (Flag(kind=FlagKind.UNSIGNED, detail="Page 1 is not signed by MARGARET."),)
    read(ledger, replace(to_review(1), reasons=("Not certain enough.", "Page 1: more."), traits=Traits(flags=flags)))
    (one,) = decided(ledger)
    (sent,) = one.sent_to_review
    assert (sent.act, sent.vetoes, sent.words) == ("pipeline", (VetoName.BELOW_THRESHOLD,), ("Page 1: more.",))
    assert (one.state, one.type, one.filed_at) == (DocumentState.REVIEW, "lab_report", None)
    assert (one.flags, one.confidences) == ((FlagKind.UNSIGNED,), (0.87,))


def test_what_a_person_filed_later_stands_in_the_period_of_their_decision(ledger: Ledger) -> None:
    (document,) = read(ledger, to_review(1))
    act(ledger, document, Act.ACCEPT, at=HOUR)
    (whole,) = decided(ledger)
    assert (whole.by_program, whole.state, whole.first_at) == (False, DocumentState.FILED, NOW)
    assert (whole.decided_at, whole.filed_at) == (later(HOUR), later(HOUR + 10))
    assert (whole.filings_by_program, whole.filings_by_people, len(whole.sent_to_review)) == (0, 1, 1)
    (before,) = decided(ledger, until=later(HOUR))
    assert (before.state, before.first_at) == (DocumentState.REVIEW, NOW)
    (after,) = decided(ledger, since=later(HOUR))
    assert (after.state, after.first_at, after.received_at, after.sent_to_review) == (
        DocumentState.FILED, None, NOW, (),
    )  # fmt: skip


def test_a_filing_that_is_taken_back_and_given_to_another(ledger: Ledger) -> None:
    document = act(ledger, filed(ledger), Act.UNDO, at=60)
    (undone,) = decided(ledger)
    assert (undone.state, undone.by_program, undone.filings_by_program, undone.sent_to_review) == (
        DocumentState.REVIEW, False, 1, (),
    )  # fmt: skip
    act(ledger, document, Act.ASSIGN, mrn="0013", at=120)
    (again,) = decided(ledger)
    assert (again.state, again.by_program, again.filed_at) == (DocumentState.FILED, False, later(130))
    assert (again.filings_by_program, again.filings_by_people) == (1, 1)


def test_a_document_that_was_cut_counts_as_its_parts(ledger: Ledger) -> None:
    (document,) = read(ledger, to_review(1, 2, 3))
    ledger.recut(
        what=Recut.SPLIT, old=[Shown(document.id, document.version)], new=[to_file(1), to_review(2, 3)],
        by="ada", acting_for=None, note=None, now=later(60),
    )  # fmt: skip
    first, second = decided(ledger)
    assert (first.state, first.cut_by_person, first.pages) == (DocumentState.FILED, True, 1)
    assert (second.state, second.cut_by_person, second.pages) == (DocumentState.REVIEW, True, 2)
    (whole,) = decided(ledger, until=later(60))  # as it stood then
    assert (whole.cut_by_person, whole.pages) == (False, 3)


def test_a_quarantined_scan_that_is_read_again_is_nobodys_cut(ledger: Ledger) -> None:
    read(ledger, to_state(DocumentState.QUARANTINED, 1))
    ledger.retry(None, now=later(60), by="ada")
    job = ledger.claim(worker=HERE, kinds=(JobKind.READ,), lease_s=LEASE_S, now=later(61))
    assert job is not None
    ledger.conclude_reading(job, dispositions=(to_file(1),), now=later(62))
    (one,) = decided(ledger)
    assert (one.state, one.cut_by_person, one.first_at) == (DocumentState.FILED, False, later(62))


def test_copies_do_not_count(ledger: Ledger) -> None:
    filed(ledger)
    with ledger._database.write() as connection:
        connection.execute(update(documents).values(copy_of=7))
    assert decided(ledger) == []
    assert [scan.documents for scan in ledger.received_scans(SINCE, UNTIL)] == [0]


def test_many_documents_come_in_batches(ledger: Ledger) -> None:
    many = tuple(to_review(page) for page in range(1, 452))
    ledger.conclude_reading(opened(ledger, 451), dispositions=many, now=NOW)
    assert len(decided(ledger)) == 451


def test_steps_at_the_desk_in_their_order(ledger: Ledger) -> None:
    one, two = read(ledger, to_review(1), to_review(2))
    note = {"actor": "ada", "details": {"page": "1"}}
    ledger.note(action="document.viewed", subject=one.id, now=later(10), **note)
    ledger.note(action="page.viewed", subject=one.id, now=later(11), **note)
    ledger.note(action="documents.searched", subject="site", now=later(12), **note)
    described = ledger.describe_by_person(
        document_id=one.id, version=one.version, type_="consent", document_date=None, by="ada",
        acting_for=None, note=None, now=later(15),
    )  # fmt: skip
    undone = act(ledger, act(ledger, described, Act.DISCARD, at=20), Act.UNDO, at=30)
    ledger.recut(
        what=Recut.JOINED, old=[Shown(undone.id, undone.version), Shown(two.id, two.version)],
        new=[to_review(1, 2)], by="bob", acting_for=None, note=None, now=later(40),
    )  # fmt: skip

    def step(at: float, person: str, what: DeskStep, *ids: str) -> DeskEvent:
        return DeskEvent(at=later(at), person=person, step=what, documents=ids)

    assert list(ledger.desk_events(SINCE, UNTIL)) == [
        step(10, "ada", DeskStep.LOOKED, one.id),
        step(11, "ada", DeskStep.LOOKED, one.id),
        step(15, "ada", DeskStep.LOOKED, one.id),
        step(20, "ada", DeskStep.DECIDED, one.id),
        step(30, "ada", DeskStep.TOOK_BACK, one.id),
        step(40, "bob", DeskStep.DECIDED, one.id, two.id),
    ]
    assert len(list(ledger.desk_events(later(11), later(30)))) == 3


def test_the_queue_with_its_limits(ledger: Ledger) -> None:
    ledger.set_review_limits({("", ""): 60}, now=NOW)
    read(ledger, to_review(1))
    assert list(ledger.waiting_since()) == [WaitingSince(received_at=NOW, due_at=later(HOUR))]


def test_misfiles_are_known_by_when_they_were_filed_and_found(ledger: Ledger) -> None:
    number = int(filed(ledger).id[1:])
    found = {"found_how": "refile", "found_by": "ada", "found_at": later(10 * HOUR)}
    with ledger._database.write() as connection:
        connection.execute(insert(misfiles).values(document=number, version=1, by_program=True, **found))
    known = KnownMisfile(by_program=True, filed_at=NOW, found_at=later(10 * HOUR), found_how=FoundHow.REFILE)
    assert list(ledger.known_misfiles(SINCE, later(HOUR))) == [known]
    assert list(ledger.known_misfiles(later(HOUR), UNTIL)) == [known]
    assert list(ledger.known_misfiles(later(HOUR), later(2 * HOUR))) == []


def test_how_folders_and_stations_are_used(ledger: Ledger) -> None:
    ledger.note_sidecar(origin="er", appearance="x", sidecar=Sidecar(sha256="0" * 64, station="scanner-1"), now=NOW)
    for at, origin in enumerate(("er", "er", "", "lone\udcffs")):
        which = key(f"/inbox/{at}.pdf", str(at), inode=at)
        ledger.take_in(key=which, source=f"{at}.pdf", origin=origin, now=later(at * 60), drop=True)
    uses = {use.name: (use.scans, use.first_at, use.last_at) for use in ledger.origin_uses()}
    assert uses == {
        "er": (2, NOW, later(60)),
        "": (1, later(120), later(120)),
        "lone\udcffs": (1, later(180), later(180)),
    }
    assert ledger.station_uses() == (PlaceUse(name="scanner-1", scans=2, first_at=NOW, last_at=later(60)),)
