"""The contract of the ledger: text that is read after everything is decided, and documents that it recalls."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.errors import Conflict, LostLease, NotFound
from ingest.ledger import Act, Job, JobKind, Ledger, Reconsidered
from ingest.model import Disposition, Document, DocumentState, PageFailure, PageTrouble, ScanKind
from matchers.decision import Veto, VetoName
from tests.contract.ledger_steps import (
    HERE,
    LEASE_S,
    NOW,
    THERE,
    candidate,
    claim,
    file_now,
    later,
    make_older,
    opened,
    patient,
    pdf,
    take,
    to_file,
    to_review,
)

RECALL = replace(to_review(1), reasons=("Text that was read later speaks against this patient: Page 1: …",))


def in_part(ledger: Ledger, disposition: Disposition, name: str = "a.pdf") -> Document:
    """A one-page scan of which a part was read, decided."""
    job = opened(ledger, 1, name)
    ledger.record_page(job, page=1, artefact_sha256="a" * 64, failure=None, now=NOW)
    (document,) = ledger.conclude_reading(job, dispositions=(disposition,), now=NOW, text_later=True)
    return document


def filed_in_part(ledger: Ledger) -> tuple[Document, Job]:
    document = file_now(ledger, in_part(ledger, to_file(1)), path="records/x.pdf")
    return document, claim(ledger, JobKind.TEXT)


def said(document: Document, disposition: Disposition | None = None, *, rewrite: bool = False) -> Reconsidered:
    return Reconsidered(document_id=document.id, version=document.version, disposition=disposition, rewrite=rewrite)


def actions(ledger: Ledger) -> list[str]:
    return [row.action for row in ledger.audit()]


def test_text_waits_until_nothing_else_does(ledger: Ledger) -> None:
    document = in_part(ledger, to_file(1))
    other = take(ledger, "b.pdf")
    assert ledger.claim(worker=HERE, kinds=(JobKind.TEXT,), lease_s=LEASE_S, now=NOW) is None
    file_now(ledger, document)
    reading = claim(ledger)
    assert (reading.kind, reading.subject) == (JobKind.READ, other.id)
    assert ledger.claim(worker=THERE, kinds=tuple(JobKind), lease_s=LEASE_S, now=NOW) is None
    ledger.record_opened(reading, kind=ScanKind.PDF, pages=1)
    ledger.conclude_reading(reading, dispositions=(to_review(1),), now=NOW)

    job = claim(ledger)

    assert (job.kind, job.subject, job.scan_id) == (JobKind.TEXT, document.scan.id, document.scan.id)
    assert ledger.scan_kind(job.subject) is ScanKind.PDF
    assert ledger.open_jobs() == 1


def test_a_scan_that_was_never_opened_is_of_no_kind(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        ledger.scan_kind(take(ledger).id)


def test_a_whole_page_takes_the_place_of_its_part_once(ledger: Ledger) -> None:
    document, job = filed_in_part(ledger)
    for _ in range(2):
        ledger.record_text(job, page=1, first="a" * 64, whole="b" * 64, now=later(1))
    ledger.record_text(job, page=1, first="a" * 64, whole="c" * 64, now=later(1))

    (row,) = ledger.pages_of(document.scan.id)
    assert row.artefact_sha256 == "b" * 64
    assert actions(ledger).count("page.text_read") == 1


def test_a_page_whose_rest_cannot_be_read_keeps_its_part(ledger: Ledger) -> None:
    document, job = filed_in_part(ledger)
    failure = PageFailure(page=1, trouble=PageTrouble.TIMEOUT, detail="", has_picture=True)
    ledger.text_failed(job, failure=failure, now=NOW)
    ledger.conclude_text(job, reconsidered=(said(document),), now=NOW)

    (row,) = ledger.pages_of(document.scan.id)
    assert (row.artefact_sha256, row.failure) == ("a" * 64, None)
    assert ledger.document(document.id) == document
    assert ledger.open_jobs() == 0


def test_a_better_pdf_replaces_the_first_and_the_document_stays_filed_meanwhile(ledger: Ledger) -> None:
    document, job = filed_in_part(ledger)
    ledger.conclude_text(job, reconsidered=(said(document, rewrite=True),), now=NOW)
    assert ledger.document(document.id) == document

    better = file_now(ledger, document, path="records/x~2.pdf", content="better")

    assert (better.state, better.mrn, better.version) == (DocumentState.FILED, "0012", document.version)
    assert better.filed_as == "records/x~2.pdf"
    assert [row.rendition.path for row in ledger.pending_withdrawals()] == ["records/x.pdf"]
    assert ledger.open_jobs() == 0


def test_a_better_pdf_that_cannot_be_written_leaves_the_first(ledger: Ledger) -> None:
    document, job = filed_in_part(ledger)
    ledger.conclude_text(job, reconsidered=(said(document, rewrite=True),), now=NOW)

    assert ledger.filing_failed(claim(ledger, JobKind.FILE), reason="no", now=NOW) == document

    assert ledger.open_jobs() == 0
    assert actions(ledger)[-1] == "document.text_not_written"


def test_a_document_that_was_asked_for_twice_gets_one_job(ledger: Ledger) -> None:
    document, job = filed_in_part(ledger)
    ledger.conclude_text(job, reconsidered=(said(document, rewrite=True), said(document, rewrite=True)), now=NOW)
    assert ledger.open_jobs(kinds=(JobKind.FILE,)) == 1


def test_a_recall_is_one_more_decision_and_takes_the_pdf_out(ledger: Ledger) -> None:
    document, job = filed_in_part(ledger)
    ledger.conclude_text(job, reconsidered=(said(document, RECALL),), now=later(9))

    recalled = ledger.document(document.id)
    assert (recalled.state, recalled.mrn, recalled.filed_as) == (DocumentState.REVIEW, None, None)
    assert (recalled.reasons, recalled.decided_by, recalled.decided_at) == (RECALL.reasons, "pipeline", later(9))
    assert [(row.act, row.state, row.mrn) for row in ledger.history(document.id)] == [
        ("pipeline", DocumentState.FILED, "0012"),
        ("recalled", DocumentState.REVIEW, None),
    ]
    assert [row.rendition.path for row in ledger.pending_withdrawals()] == ["records/x.pdf"]
    assert ledger.open_jobs() == 0
    assert ledger.check_audit() == ()
    assert ledger.check_pages() == ()


def test_what_waits_untouched_is_decided_anew(ledger: Ledger) -> None:
    document = in_part(ledger, to_review(1))
    ledger.conclude_text(claim(ledger, JobKind.TEXT), reconsidered=(said(document, to_file(1)),), now=NOW)

    assert ledger.document(document.id).state is DocumentState.WORKING
    assert file_now(ledger, document).mrn == "0012"
    assert [row.act for row in ledger.history(document.id)] == ["pipeline", "pipeline"]


def test_two_registrations_that_one_document_met_twice_are_met_once(ledger: Ledger) -> None:
    veto = Veto(name=VetoName.DUPLICATE_REGISTRATION, reason="They seem one.", other_mrn="0013")
    suspects = replace(to_review(1), candidates=(replace(candidate("0012", 0.6), vetoes=(veto,)),))
    document = in_part(ledger, suspects)
    ledger.conclude_text(claim(ledger, JobKind.TEXT), reconsidered=(said(document, suspects),), now=NOW)
    assert [pair.times for pair in ledger.duplicates()] == [1]


def act(ledger: Ledger, document: Document, what: Act, mrn: str | None = None) -> Document:
    return ledger.decide_by_person(
        document_id=document.id,
        version=document.version,
        act=what,
        mrn=mrn,
        by="anna",
        acting_for=None,
        note=None,
        now=NOW,
    )


def test_a_persons_decision_is_never_changed_and_what_speaks_against_it_is_noted(ledger: Ledger) -> None:
    ledger.load_patients([patient("0012")], now=NOW)
    document = file_now(ledger, act(ledger, in_part(ledger, to_review(1)), Act.ASSIGN, "0012"))
    job = claim(ledger, JobKind.TEXT)
    with pytest.raises(ValueError, match="person"):
        ledger.conclude_text(job, reconsidered=(said(document, RECALL),), now=NOW)

    ledger.conclude_text(
        job, reconsidered=(replace(said(document, rewrite=True), against=("Page 1: another.",)),), now=NOW
    )

    assert ledger.document(document.id) == document
    (noted,) = (row for row in ledger.audit() if row.action == "document.text_against")
    assert (noted.subject, noted.facts["reasons"]) == (document.id, 1)
    assert noted.details == {"reasons": "Page 1: another."}


def test_a_document_that_moved_on_is_looked_at_again(ledger: Ledger) -> None:
    document, job = filed_in_part(ledger)
    undone = act(ledger, document, Act.UNDO)
    head = ledger.audit_head()
    with pytest.raises(Conflict):
        ledger.conclude_text(job, reconsidered=(said(document, RECALL),), now=NOW)
    assert ledger.audit_head() == head

    ledger.conclude_text(job, reconsidered=(said(undone),), now=NOW)
    assert ledger.document(document.id) == undone


def test_a_document_that_is_being_filed_is_waited_for(ledger: Ledger) -> None:
    in_part(ledger, to_review(1))
    job = claim(ledger, JobKind.TEXT)
    other = in_part(ledger, to_file(1), "b.pdf")
    with pytest.raises(Conflict):
        ledger.conclude_text(job, reconsidered=(said(other),), now=NOW)


@pytest.mark.parametrize("wrong", [to_file(1), Disposition(pages=(1,), state=DocumentState.BLANK, reasons=("x",))])
def test_a_filed_document_goes_nowhere_but_to_review(ledger: Ledger, wrong: Disposition) -> None:
    document, job = filed_in_part(ledger)
    with pytest.raises(ValueError, match="cannot go"):
        ledger.conclude_text(job, reconsidered=(said(document, wrong),), now=NOW)


def test_what_comes_after_the_lease_changes_nothing(ledger: Ledger) -> None:
    document, stale = filed_in_part(ledger)
    claim(ledger, JobKind.TEXT, worker=THERE, at=later(LEASE_S))
    head = ledger.audit_head()
    failure = PageFailure(page=1, trouble=PageTrouble.TIMEOUT, detail="", has_picture=True)
    with pytest.raises(LostLease):
        ledger.record_text(stale, page=1, first="a" * 64, whole="b" * 64, now=NOW)
    with pytest.raises(LostLease):
        ledger.text_failed(stale, failure=failure, now=NOW)
    with pytest.raises(LostLease):
        ledger.conclude_text(stale, reconsidered=(said(document, RECALL),), now=NOW)
    assert ledger.audit_head() == head


def test_an_undo_stops_the_better_pdf(ledger: Ledger) -> None:
    document, job = filed_in_part(ledger)
    ledger.conclude_text(job, reconsidered=(said(document, rewrite=True),), now=NOW)
    filing = claim(ledger, JobKind.FILE)
    act(ledger, document, Act.UNDO)
    with pytest.raises(LostLease):
        ledger.conclude_filing(filing, rendition=pdf("records/x~2.pdf"), now=NOW)
    assert ledger.document(document.id).state is DocumentState.REVIEW


def test_a_ledger_of_the_version_before_keeps_its_jobs(ledger: Ledger, ledger_url: str) -> None:
    scan = take(ledger)
    held = claim(ledger)
    take(ledger, "b.pdf")
    jobs = ledger.open_jobs()
    ledger.close()
    make_older(ledger_url, "0003")

    with Ledger.open(ledger_url, create=True) as now:
        assert now.open_jobs() == jobs == 2
        now.record_opened(held, kind=ScanKind.PDF, pages=1)
        now.conclude_reading(held, dispositions=(to_review(1),), now=NOW, text_later=True)
        assert next(row.scan.id for row in now.scans()) == scan.id
        assert claim(now).kind is JobKind.READ
