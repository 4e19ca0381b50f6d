"""The contract of the ledger: which documents changes of patients concern, and what becomes of each, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.errors import Conflict, NotFound
from ingest.ledger import Act, Concerned, Doubt, JobKind, Ledger, RematchQueue, Stand
from ingest.ledger.concerning import decided_since
from ingest.model import Disposition, Document, DocumentState, Finding
from matchers.patient import Field, Patient
from tests.contract.ledger_steps import (
    NOW,
    candidate,
    claim,
    file_now,
    finding,
    later,
    make_older,
    patient,
    pdf,
    read,
    to_file,
    to_review,
)

DOE = {"last_name": "Doe", "first_name": "John", "birth_date": date(1962, 4, 7)}


def said(field: Field, value: str) -> Finding:
    return replace(finding(), field=field, value=value, raw=value)


def waits(ledger: Ledger, *findings: Finding, name: str = "a.pdf", generation: int | None = None) -> Document:
    """A document in review whose pages say this, decided by an index of this generation (None: the present one)."""
    known = ledger.patient_generation() if generation is None else generation
    told = Disposition(
        pages=(1,), state=DocumentState.REVIEW, reasons=("Nobody.",), findings=findings, index_generation=known
    )
    (document,) = read(ledger, told, name=name)
    return document


def in_record(ledger: Ledger, *findings: Finding, mrn: str = "0012", name: str = "a.pdf") -> Document:
    told = replace(to_file(1, mrn=mrn), findings=findings, index_generation=ledger.patient_generation())
    (document,) = read(ledger, told, name=name)
    return file_now(ledger, document)


def concerned(ledger: Ledger, *changed: Patient, at: float = 0.0) -> list[str]:
    """The documents that loading these patients concerns."""
    ledger.load_patients(changed, now=NOW)
    queued(ledger)
    return [one.document_id for one in ledger.concerned(now=later(at))]


def queued(ledger: Ledger) -> None:
    while ledger.queue_rematches(now=NOW):
        pass


def only(ledger: Ledger, at: float = 0.0) -> Concerned:
    (one,) = ledger.concerned(now=later(at))
    return one


@pytest.fixture
def _caught_up(ledger: Ledger) -> None:
    ledger.load_patients([patient("0012", **DOE), patient("0500", last_name="Roe", first_name="Jane")], now=NOW)
    queued(ledger)


@pytest.mark.usefixtures("_caught_up")
@pytest.mark.parametrize(
    ("findings", "changed", "expected"),
    [
        ([said(Field.MRN, "00777")], patient("777"), True),
        ([said(Field.ACCOUNT_NUMBER, "00777")], patient("1", account_numbers=("0777",)), True),
        ([said(Field.MRN, "00777")], patient("778"), False),
        ([said(Field.NAME, "SMITH, ANNA"), said(Field.BIRTH_DATE, "03/05/1971")],
         patient("1", last_name="Smyth", first_name="Hannah", birth_date=date(1971, 3, 5)), True),
        ([said(Field.NAME, "XMITH, ANNA"), said(Field.BIRTH_DATE, "03/05/1971")],
         patient("1", last_name="Smith", first_name="Anna", birth_date=date(1971, 3, 5)), True),
        ([said(Field.NAME, "SMITH, ANNA"), said(Field.BIRTH_DATE, "03/08/1971")],
         patient("1", last_name="Smith", first_name="Anna", birth_date=date(1971, 3, 5)), True),
        ([said(Field.NAME, "SMITH, ANNA")],
         patient("1", last_name="Smith", first_name="Anna", birth_date=date(1971, 3, 5)), True),
        ([said(Field.NAME, "ANNA SMITH")],
         patient("1", last_name="Jones", former_last_names=("Smith",), first_name="Anna"), True),
        ([said(Field.BIRTH_DATE, "03/05/1971")], patient("1", birth_date=date(1971, 3, 5)), True),
        ([said(Field.NAME, "SMITH, ANNA"), said(Field.BIRTH_DATE, "03/05/1971")],
         patient("1", last_name="Jones", first_name="Bea", birth_date=date(1971, 3, 5)), False),
        ([said(Field.NAME, "SMITH, ANNA"), said(Field.BIRTH_DATE, "03/05/1971")],
         patient("1", last_name="Smith", first_name="Anna", birth_date=date(1984, 9, 9)), False),
        ([], patient("1"), False),
    ],
)  # fmt: skip
def test_a_change_concerns_those_who_could_be_meant(
    ledger: Ledger, findings: list[Finding], changed: Patient, expected: bool
) -> None:
    document = waits(ledger, *findings)
    assert concerned(ledger, changed) == ([document.id] if expected else [])


@pytest.mark.usefixtures("_caught_up")
def test_a_suspect_who_changes_concerns_the_document_whatever_its_pages_say(ledger: Ledger) -> None:
    (document,) = read(ledger, replace(to_review(1), findings=(), index_generation=2))
    assert concerned(ledger, patient("0012", **DOE, phones=("555-0199",))) == [document.id]


@pytest.mark.usefixtures("_caught_up")
def test_what_is_filed_is_concerned_only_where_somebody_may_be_another(ledger: Ledger) -> None:
    born = said(Field.BIRTH_DATE, "04/07/1962")
    document = in_record(ledger, said(Field.NAME, "DOE, JOHN"), born, said(Field.ACCOUNT_NUMBER, "9001"))
    same = patient("0012", **DOE)
    for supporting in (
        replace(same, phones=("555-0177",), address="2 Oak St"),
        replace(same, account_numbers=("0007", "0008", "5")),
    ):
        assert concerned(ledger, supporting) == []
    assert concerned(ledger, replace(supporting, former_last_names=("Roe", "Poe"))) == [document.id]
    ledger.leave_rematch(only(ledger))
    assert concerned(ledger, patient("0500", last_name="Roe", first_name="Jane", account_numbers=("9001",))) == [
        document.id
    ]
    assert only(ledger).stand is Stand.FILED


@pytest.mark.usefixtures("_caught_up")
@pytest.mark.parametrize(
    "change",
    [{"birth_date": date(1962, 4, 8)}, {"ssn_last4": "9999"}, {"first_name": "Jack"}, {"account_numbers": ()}],
)
def test_a_change_of_identity_concerns_what_is_filed_to_the_patient(ledger: Ledger, change: dict[str, object]) -> None:
    document = in_record(ledger)
    assert concerned(ledger, patient("0012", **{**DOE, **change})) == [document.id]


@pytest.mark.usefixtures("_caught_up")
def test_mergers_and_inactive_registrations_are_changes(ledger: Ledger) -> None:
    document = in_record(ledger)
    ledger.merge_patients(retired="0012", survivor="0500", by="anna", now=NOW)
    queued(ledger)
    assert only(ledger).document_id == document.id
    ledger.leave_rematch(only(ledger))
    ledger.unmerge_patient(retired="0012", by="anna", now=NOW)
    queued(ledger)
    assert only(ledger).document_id == document.id


def test_a_decision_that_knew_the_change_is_not_concerned(ledger: Ledger) -> None:
    ledger.load_patients([patient("0777")], now=NOW)
    waits(ledger, said(Field.MRN, "0777"))
    queued(ledger)
    assert ledger.concerned(now=NOW) == ()
    assert not ledger.rematch_due(now=NOW)


def test_a_decision_by_an_index_from_before_is_concerned_at_once(ledger: Ledger) -> None:
    ledger.load_patients([patient("0777")], now=NOW)
    queued(ledger)
    document = waits(ledger, said(Field.MRN, "0777"), generation=0)
    assert only(ledger).document_id == document.id


def test_changes_are_looked_through_once_and_some_at_a_time(ledger: Ledger) -> None:
    document = waits(ledger, said(Field.MRN, "00007"), generation=0)
    ledger.load_patients([patient(f"{n:05d}", account_numbers=()) for n in range(20)], now=NOW)
    assert ledger.rematch_due(now=NOW)
    assert ledger.rematch_queue() == RematchQueue(changes=20, documents=0)
    steps = 0
    while ledger.queue_rematches(now=NOW, limit=6):
        steps += 1
    assert steps == 4
    assert ledger.rematch_queue() == RematchQueue(changes=0, documents=1)
    (event,) = (row for row in ledger.audit() if row.action == "documents.concerned")
    assert event.facts == {"after": 6, "upto": 12, "documents": 1}
    assert only(ledger).document_id == document.id


def test_more_changes_than_documents_are_looked_through_in_one_go(ledger: Ledger) -> None:
    document = waits(ledger, said(Field.NAME, "NOBODY LIKE THEM"), generation=0)
    ledger.load_patients([patient(f"{n:05d}") for n in range(2001)], now=NOW)
    assert ledger.queue_rematches(now=NOW, limit=6)
    assert not ledger.queue_rematches(now=NOW)
    assert only(ledger).document_id == document.id


@pytest.mark.usefixtures("_caught_up")
def test_a_new_decision_takes_the_document_out_of_the_queue(ledger: Ledger) -> None:
    document = waits(ledger, said(Field.MRN, "0777"))
    concerned(ledger, patient("0777"))
    one = only(ledger)
    assert (one.stand, one.version, one.attempt) == (Stand.OPEN, 1, 0)
    filed = replace(to_file(1, mrn="0777"), index_generation=ledger.patient_generation())
    assert ledger.conclude_rematch(one, disposition=filed, now=NOW)
    assert not ledger.conclude_rematch(one, disposition=filed, now=NOW)
    assert ledger.concerned(now=NOW) == ()
    done = file_now(ledger, ledger.document(document.id))
    assert (done.mrn, [row.act for row in ledger.history(document.id)]) == ("0777", ["pipeline", "pipeline"])
    assert ledger.check_rows() == ()


@pytest.mark.usefixtures("_caught_up")
def test_what_was_filed_is_recalled_with_its_pdf(ledger: Ledger) -> None:
    document = in_record(ledger)
    concerned(ledger, patient("0012", **{**DOE, "first_name": "Jack"}))
    doubtful = replace(to_review(1), candidates=(candidate("0012", 0.4),))
    assert ledger.conclude_rematch(only(ledger), disposition=doubtful, now=NOW)
    back = ledger.document(document.id)
    assert (back.state, back.reasons, ledger.history(document.id)[-1].act) == (
        DocumentState.REVIEW, doubtful.reasons, "recalled"
    )  # fmt: skip
    assert [row.document_id for row in ledger.pending_withdrawals()] == [document.id]
    concerned(ledger, patient("0012", **DOE))
    assert ledger.concerned(now=NOW) == ()  # once doubted, a person decides


@pytest.mark.usefixtures("_caught_up")
def test_what_is_to_be_filed_is_recalled_before_it_is(ledger: Ledger) -> None:
    (document,) = read(ledger, replace(to_file(1), index_generation=2))
    job = claim(ledger, JobKind.FILE)
    concerned(ledger, patient("0012", **{**DOE, "first_name": "Jack"}))
    assert only(ledger).stand is Stand.FILED
    assert ledger.conclude_rematch(only(ledger), disposition=to_review(1), now=NOW)
    assert ledger.document(document.id).state is DocumentState.REVIEW
    assert ledger.open_jobs() == 0
    assert job.subject == document.id


@pytest.mark.usefixtures("_caught_up")
def test_a_person_who_was_quicker_is_not_overruled(ledger: Ledger) -> None:
    document = waits(ledger, said(Field.MRN, "0777"))
    concerned(ledger, patient("0777"))
    one = only(ledger)
    fresh = replace(to_review(1), index_generation=ledger.patient_generation())
    ledger.hold(document.id, user="mia", hold_s=60, now=NOW)
    assert not ledger.conclude_rematch(one, disposition=fresh, now=NOW)
    assert only(ledger).stand is Stand.HELD
    assert only(ledger).held_until == later(60)
    ledger.let_go(user="mia")
    ledger.decide_by_person(
        document_id=document.id, version=1, act=Act.ASSIGN, mrn="0500", by="mia", acting_for=None, note=None, now=NOW
    )
    assert not ledger.conclude_rematch(one, disposition=fresh, now=NOW)
    assert ledger.document(document.id).version == 2
    assert only(ledger).stand is Stand.FILED_BY_PERSON


@pytest.mark.usefixtures("_caught_up")
def test_what_was_put_off_or_touched_is_theirs(ledger: Ledger) -> None:
    document = waits(ledger, said(Field.MRN, "0777"))
    concerned(ledger, patient("0777"))
    one = only(ledger)
    ledger.defer(document.id, until=later(5), by="mia", note=None, now=NOW)
    assert not ledger.conclude_rematch(one, disposition=to_review(1), now=NOW)
    assert only(ledger).stand is Stand.THEIRS
    ledger.leave_rematch(one)
    assert ledger.rematch_queue() == RematchQueue(changes=0, documents=0)


@pytest.mark.usefixtures("_caught_up")
def test_a_filing_by_a_person_stays_and_what_speaks_against_it_is_told_once(ledger: Ledger) -> None:
    document = waits(ledger, said(Field.MRN, "0777"))
    assigned = ledger.decide_by_person(
        document_id=document.id, version=1, act=Act.ASSIGN, mrn="0500", by="mia", acting_for=None, note=None, now=NOW
    )
    job = claim(ledger, JobKind.FILE)
    ledger.conclude_filing(job, rendition=pdf("records/x.pdf"), now=NOW)
    for name in ("Jim", "Joe"):
        assert concerned(ledger, patient("0777", first_name=name)) == [document.id]
        with pytest.raises(ValueError, match="by a person"):
            ledger.conclude_rematch(only(ledger), disposition=to_review(1), now=NOW)
        assert ledger.conclude_rematch(
            only(ledger), disposition=None, against=("MRN 0777.",), speaks_for="0777", now=NOW
        )
    assert ledger.document(document.id).version == assigned.version
    (event,) = (row for row in ledger.audit() if row.action == "document.index_against")
    assert event.facts == {"version": 2, "reasons": 1}
    assert event.details == {"reasons": "MRN 0777.", "speaks_for": "0777"}
    (doubt,) = ledger.doubts()
    assert doubt == Doubt(document_id=document.id, version=2, reasons=("MRN 0777.",), speaks_for="0777", raised_at=NOW)
    assert ledger.doubts(document_id=document.id) == (doubt,)
    ledger.settle_doubt(document.id, by="sue", acting_for="dr-lee", note="her maiden name", now=later(60))
    assert ledger.doubts() == ()
    with pytest.raises(NotFound):
        ledger.settle_doubt(document.id, by="sue", acting_for=None, note="again", now=later(60))
    (settled,) = (row for row in ledger.audit() if row.action == "document.doubt_settled")
    assert (settled.actor, settled.details) == ("sue", {"note": "her maiden name", "acting_for": "dr-lee"})
    assert ledger.doubts(settled=True) == (replace(doubt, settled_by="sue", settled_at=later(60)),)
    with pytest.raises(Conflict, match="let stand anew"):
        ledger.reopen_doubt(document.id, by="sue", acting_for=None, now=later(60), settled_at=later(30))
    ledger.reopen_doubt(
        document.id, by="sue", acting_for=None, note="her sister's", now=later(60), settled_at=later(60)
    )
    assert (ledger.doubts(), ledger.doubts(settled=True)) == ((doubt,), ())
    with pytest.raises(NotFound, match="was not let stand"):
        ledger.reopen_doubt(document.id, by="sue", acting_for=None, now=later(60))
    (reopened,) = (row for row in ledger.audit() if row.action == "document.doubt_reopened")
    assert (reopened.actor, reopened.facts) == ("sue", {"version": 2})
    assert reopened.details == {"note": "her sister's"}
    ledger.settle_doubt(document.id, by="sue", acting_for=None, note="all the same", now=later(60))
    assert concerned(ledger, patient("0777", first_name="Jack")) == [document.id]
    assert ledger.conclude_rematch(only(ledger), disposition=None, against=("MRN 0777.",), now=NOW)
    assert ledger.doubts() == ()  # the very same, and somebody has said that it is nothing


@pytest.mark.usefixtures("_caught_up")
def test_a_doubt_ends_with_the_next_decision_and_may_be_raised_about_that_one(ledger: Ledger) -> None:
    document = waits(ledger, said(Field.MRN, "0777"))
    mias = {"by": "mia", "acting_for": None, "note": None, "now": NOW}
    for version in (1, 3):
        ledger.decide_by_person(document_id=document.id, version=version, act=Act.ASSIGN, mrn="0500", **mias)
        ledger.conclude_filing(claim(ledger, JobKind.FILE), rendition=pdf(f"records/{version}.pdf"), now=NOW)
        assert concerned(ledger, patient("0777", first_name=f"Jim{version}")) == [document.id]
        assert ledger.conclude_rematch(only(ledger), disposition=None, against=("MRN 0777.",), now=NOW)
        assert [doubt.version for doubt in ledger.doubts()] == [version + 1]
        ledger.decide_by_person(document_id=document.id, version=version + 1, act=Act.UNDO, mrn=None, **mias)
        assert ledger.doubts() == ()


@pytest.mark.usefixtures("_caught_up")
def test_what_fails_is_put_off_and_given_up_and_a_new_change_begins_anew(ledger: Ledger) -> None:
    document = waits(ledger, said(Field.MRN, "0777"))
    concerned(ledger, patient("0777"))
    ledger.postpone_rematch(only(ledger), until=later(60), failed=True)
    assert not ledger.rematch_due(now=later(59))
    assert ledger.rematch_due(now=later(60))
    assert only(ledger, at=60).attempt == 1
    assert concerned(ledger, patient("0777", first_name="Jim")) == [document.id]
    assert only(ledger).attempt == 0
    ledger.give_up_rematch(only(ledger), now=NOW)
    assert ledger.concerned(now=later(3600)) == ()
    assert [row.subject for row in ledger.audit() if row.action == "document.rematch_given_up"] == [document.id]


@pytest.mark.usefixtures("_caught_up")
def test_a_change_that_comes_while_a_document_is_matched_is_not_lost(ledger: Ledger) -> None:
    document = waits(ledger, said(Field.MRN, "0777"))
    concerned(ledger, patient("0777"))
    one = only(ledger)
    concerned(ledger, patient("0777", first_name="Jim"))
    assert ledger.conclude_rematch(one, disposition=None, now=NOW)
    assert only(ledger).document_id == document.id
    assert only(ledger).seq > one.seq


@pytest.mark.usefixtures("_caught_up")
def test_documents_come_in_order_some_at_a_time(ledger: Ledger) -> None:
    ids = [waits(ledger, said(Field.MRN, "0777"), name=f"{n}.pdf").id for n in range(5)]
    assert concerned(ledger, patient("0777")) == ids
    first = ledger.concerned(now=NOW, limit=2)
    rest = ledger.concerned(now=NOW, after=first[-1].document_id)
    assert [one.document_id for one in (*first, *rest)] == ids


@pytest.mark.usefixtures("_caught_up")
def test_how_patients_changed_is_told_since_a_generation(ledger: Ledger) -> None:
    before = ledger.patient_generation()
    ledger.load_patients([patient("0777"), patient("0012", **DOE, phones=("555-0123",))], now=NOW)
    assert ledger.changes_of(["0777", "0012", "0500", "nobody"], since=before) == {
        "0777": "inserted",
        "0012": "supporting",
    }


def test_documents_of_an_older_ledger_are_found_by_changes_too(ledger: Ledger, ledger_url: str) -> None:
    ledger.load_patients([patient("0500", last_name="Roe", first_name="Jane")], now=NOW)
    waiting = waits(ledger, said(Field.MRN, "0777"), name="w.pdf")
    filed = in_record(ledger, said(Field.ACCOUNT_NUMBER, "0888"), mrn="0500", name="f.pdf")
    ledger.load_patients([patient("0777")], now=NOW)  # not looked through by the older version
    ledger.close()
    make_older(ledger_url, "0007")

    with Ledger.open(ledger_url, create=True) as newer:
        queued(newer)
        assert only(newer).document_id == waiting.id
        newer.leave_rematch(only(newer))
        assert concerned(newer, patient("0999", account_numbers=("888",))) == [filed.id]


def test_what_is_decided_while_changes_are_looked_through_is_queued(ledger: Ledger) -> None:
    ledger.load_patients([patient("0500")], now=NOW)
    before = waits(ledger, generation=0, name="a.pdf")
    head = int(ledger.audit_head().split(":")[0])
    after = waits(ledger, generation=0, name="b.pdf")
    waits(ledger, name="c.pdf")
    with ledger._database.read() as connection:
        assert decided_since(connection, head, 1) == {int(after.id[1:]): 1}
        assert decided_since(connection, 0, 1) == {int(one.id[1:]): 1 for one in (before, after)}
