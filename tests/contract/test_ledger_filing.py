"""The contract of the ledger: PDFs that were filed, withdrawn and taken away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.errors import LostLease, NotFound
from ingest.ledger import Act, JobKind, Ledger
from ingest.model import (
    Document,
    DocumentState,
    Flag,
    FlagKind,
    ReportStatus,
    ScanKind,
    Sketch,
    Traits,
)
from tests.contract.ledger_steps import (
    NOW,
    claim,
    file_now,
    filed,
    later,
    make_older,
    patient,
    pdf,
    read,
    to_file,
    to_review,
)


def undo(ledger: Ledger, document: Document) -> Document:
    return act(ledger, document, Act.UNDO)


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


def test_the_order_names_document_kind_and_patient(ledger: Ledger) -> None:
    (document,) = read(ledger, to_file(1, 2))

    order = ledger.filing_order(claim(ledger, JobKind.FILE))

    assert (order.document, order.kind, order.mrn) == (document, ScanKind.PDF, "0012")


def test_a_filed_document_has_its_patient_and_its_pdf(ledger: Ledger) -> None:
    (document,) = read(ledger, to_file(1, 2))
    done = ledger.conclude_filing(claim(ledger), rendition=pdf("records/0012/x.pdf"), now=later(3))

    assert (done.id, done.state, done.mrn) == (document.id, DocumentState.FILED, "0012")
    assert (done.filed_as, done.version) == ("records/0012/x.pdf", 1)
    assert ledger.open_jobs() == 0
    (row,) = ledger.renditions(document.id)
    assert (row.document_id, row.version, row.mrn) == (document.id, 1, "0012")
    assert (row.rendition, row.created_at) == (pdf("records/0012/x.pdf"), later(3))
    assert (row.withdrawn_at, row.removed_at, row.kept_as) == (None, None, None)
    assert ledger.all_renditions() == (row,)
    assert ledger.pending_withdrawals() == ()


def test_a_filing_that_failed_goes_to_a_person_with_the_reason(ledger: Ledger) -> None:
    (document,) = read(ledger, to_file(1))

    failed = ledger.filing_failed(claim(ledger), reason="The PDF could not be written.", now=NOW)

    assert (failed.state, failed.mrn, failed.filed_as) == (DocumentState.REVIEW, None, None)
    assert failed.reasons == ("The PDF could not be written.", *document.reasons)
    assert failed.candidates == document.candidates
    assert failed.version == 2
    assert ledger.history(document.id)[-1].act == "filing_failed"
    assert ledger.open_jobs() == 0


def test_an_undone_filing_waits_for_its_file_to_be_taken_away(ledger: Ledger) -> None:
    document = undo(ledger, filed(ledger, path="records/x.pdf"))

    assert (document.state, document.mrn, document.filed_as) == (DocumentState.REVIEW, None, None)
    (pending,) = ledger.pending_withdrawals()
    assert (pending.rendition.path, pending.withdrawn_at, pending.removed_at) == ("records/x.pdf", NOW, None)

    ledger.removed(pending.id, "withdrawn/1.pdf", later(1))

    assert ledger.pending_withdrawals() == ()
    (row,) = ledger.renditions(document.id)
    assert (row.removed_at, row.kept_as) == (later(1), "withdrawn/1.pdf")


def test_removing_twice_is_harmless_and_only_withdrawn_ones_are_removed(ledger: Ledger) -> None:
    document = filed(ledger)
    (current,) = ledger.renditions(document.id)
    for rendition in (current.id, 99):
        with pytest.raises(NotFound):
            ledger.removed(rendition, "withdrawn/1.pdf", NOW)
    undo(ledger, document)
    ledger.removed(current.id, "withdrawn/1.pdf", NOW)
    head = ledger.audit_head()
    ledger.removed(current.id, "withdrawn/other.pdf", later(1))

    assert ledger.audit_head() == head
    assert ledger.renditions(document.id)[0].kept_as == "withdrawn/1.pdf"


def test_a_file_that_was_filed_again_under_its_path_is_not_taken_away(ledger: Ledger) -> None:
    ledger.load_patients([patient("0012")], now=NOW)
    document = undo(ledger, filed(ledger, path="records/x.pdf"))
    document = file_now(ledger, act(ledger, document, Act.ACCEPT, "0012"), path="records/x.pdf")

    assert document.filed_as == "records/x.pdf"
    assert ledger.pending_withdrawals() == ()

    undo(ledger, document)

    old, new = ledger.renditions(document.id)
    assert [row.id for row in ledger.pending_withdrawals()] == [new.id]
    ledger.removed(new.id, "withdrawn/2.pdf", NOW)
    assert [row.kept_as for row in ledger.renditions(document.id)] == ["withdrawn/2.pdf"] * 2
    assert old.kept_as is None


def test_a_refiled_document_keeps_both_pdfs_in_its_history(ledger: Ledger) -> None:
    ledger.load_patients([patient("0012"), patient("0099")], now=NOW)
    document = undo(ledger, filed(ledger, path="records/0012/x.pdf"))
    document = file_now(ledger, act(ledger, document, Act.ASSIGN, "0099"), path="records/0099/x.pdf")

    assert (document.mrn, document.filed_as) == ("0099", "records/0099/x.pdf")
    assert [(row.mrn, row.version, row.withdrawn_at) for row in ledger.renditions(document.id)] == [
        ("0012", 1, NOW),
        ("0099", 3, None),
    ]


def test_an_announced_pdf_counts_once_it_is_concluded(ledger: Ledger) -> None:
    (document,) = read(ledger, to_file(1))
    job = claim(ledger)
    announced = ledger.announce_filing(job, rendition=pdf("records/x.pdf"), now=NOW)
    assert ledger.announce_filing(job, rendition=pdf("records/x.pdf"), now=later(1)) == announced
    (row,) = ledger.renditions(document.id)
    assert (row.id, row.filed_at) == (announced, None)
    assert ledger.document(document.id).filed_as is None
    assert ledger.pending_withdrawals() == ()  # its job is at work

    ledger.conclude_filing(job, rendition=pdf("records/x.pdf"), now=later(2))

    (row,) = ledger.renditions(document.id)
    assert (row.id, row.filed_at, row.withdrawn_at) == (announced, later(2), None)
    assert ledger.document(document.id).filed_as == "records/x.pdf"


def test_an_announced_pdf_whose_job_was_cancelled_is_to_leave_the_records(ledger: Ledger) -> None:
    ledger.load_patients([patient("0012")], now=NOW)
    (document,) = read(ledger, to_review(1))
    act(ledger, document, Act.ACCEPT, "0012")
    job = claim(ledger)
    announced = ledger.announce_filing(job, rendition=pdf("records/x.pdf"), now=NOW)
    document = undo(ledger, ledger.document(document.id))

    assert [row.id for row in ledger.pending_withdrawals()] == [announced]
    with pytest.raises(LostLease):
        ledger.announce_filing(job, rendition=pdf("records/x.pdf"), now=NOW)
    ledger.removed(announced, None, later(1))
    assert ledger.pending_withdrawals() == ()
    ledger.removed(announced, "withdrawn/1.pdf", later(2))  # it came there after all
    assert ledger.renditions(document.id)[0].kept_as == "withdrawn/1.pdf"

    act(ledger, document, Act.ACCEPT, "0012")
    again = ledger.announce_filing(claim(ledger), rendition=pdf("records/x.pdf"), now=later(3))
    assert again != announced  # another decision's


def test_a_job_taken_over_files_what_was_announced_before(ledger: Ledger) -> None:
    (document,) = read(ledger, to_file(1))
    first = ledger.announce_filing(claim(ledger), rendition=pdf("records/x.pdf"), now=NOW)
    second = claim(ledger, JobKind.FILE, at=later(3600))
    assert ledger.announce_filing(second, rendition=pdf("records/x.pdf"), now=later(3601)) == first
    other = ledger.announce_filing(second, rendition=pdf("records/y.pdf", "other"), now=later(3602))
    ledger.conclude_filing(second, rendition=pdf("records/y.pdf", "other"), now=later(3603))
    assert ledger.document(document.id).filed_as == "records/y.pdf"
    assert [row.id for row in ledger.pending_withdrawals()] == [first]
    assert other != first


def test_renditions_of_an_older_ledger_were_filed_when_they_were_made(ledger: Ledger, ledger_url: str) -> None:
    document = filed(ledger)
    ledger.close()
    make_older(ledger_url, "0004")
    with Ledger.open(ledger_url, create=True) as now:
        (row,) = now.renditions(document.id)
        assert row.filed_at == row.created_at == NOW


TRAITS = Traits(
    flags=(Flag(kind=FlagKind.MISSING_PAGE, detail="Page 2 of 2 is missing."),),
    report=ReportStatus.PRELIMINARY,
    accession="S264711",
    sketch=Sketch(pages=1, words=(1, 2), numbers=(3,), places=1 << 140),
)


def test_traits_stay_with_a_document_whatever_is_decided(ledger: Ledger) -> None:
    ledger.load_patients([patient("0012")], now=NOW)
    (document,) = read(ledger, replace(to_review(1), traits=TRAITS))
    assert document.traits == TRAITS
    document = file_now(ledger, act(ledger, document, Act.ACCEPT, "0012"))
    assert document.traits == undo(ledger, document).traits == TRAITS
    assert [row.traits for row in ledger.history(document.id)] == [TRAITS] * 3


@pytest.mark.parametrize(
    ("accession", "day", "found"),
    [
        ("S264711", date(2020, 1, 1), True),
        ("S269999", None, False),
        (None, date(2026, 11, 1), True),
        (None, None, False),
    ],
)
def test_a_preliminary_report_knows_its_final_one(
    ledger: Ledger, accession: str | None, day: date | None, found: bool
) -> None:
    early = replace(to_file(1), type="lab_report", document_date=date(2026, 11, 1), traits=TRAITS)
    late = replace(TRAITS, report=ReportStatus.FINAL, accession=accession, flags=())
    (one,) = read(ledger, early)
    one = file_now(ledger, one)
    assert ledger.final_of(one) is None
    (other,) = read(ledger, replace(early, document_date=day, traits=late), name="b.pdf")
    other = file_now(ledger, other)
    assert ledger.final_of(one) == (other.id if found else None)
    assert ledger.final_of(other) is None
