"""The contract of the ledger: what reading found, and what became of the pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.ledger import Act, JobKind, Ledger, PageRow, SameBytesState
from ingest.model import Disposition, Document, DocumentState, PageFailure, PageTrouble, ScanKind
from tests.contract.ledger_steps import (
    HERE,
    LEASE_S,
    NOW,
    claim,
    filed,
    finding,
    later,
    opened,
    patient,
    read,
    take,
    to_file,
    to_review,
    to_state,
)

CRASHED = PageFailure(page=2, trouble=PageTrouble.CRASHED, detail="killed by signal 9", has_picture=True)


def test_pages_are_known_as_soon_as_the_file_is_opened(ledger: Ledger) -> None:
    scan = take(ledger)
    assert ledger.pages_of(scan.id) == ()
    assert ledger.reading_pages(scan.id) == ()
    job = claim(ledger)
    ledger.record_opened(job, kind=ScanKind.TIFF, pages=3)

    assert [row.number for row in ledger.pages_of(scan.id)] == [1, 2, 3]
    assert ledger.reading_pages(scan.id) == (1, 2, 3)
    (document,) = ledger.documents()
    assert (document.state, document.pages) == (DocumentState.WORKING, (1, 2, 3))
    (row,) = ledger.scans()
    assert (row.kind, row.page_count) == (ScanKind.TIFF, 3)
    assert ledger.check_pages() == ()


def test_each_page_keeps_its_artefact_or_its_failure(ledger: Ledger) -> None:
    job = opened(ledger, pages=3)
    ledger.record_page(job, page=1, artefact_sha256="ab" * 32, failure=None, now=NOW)
    ledger.record_page(job, page=2, artefact_sha256=None, failure=CRASHED, now=NOW)

    assert ledger.pages_of(job.subject) == (
        PageRow(number=1, artefact_sha256="ab" * 32, failure=None),
        PageRow(number=2, artefact_sha256=None, failure=CRASHED),
        PageRow(number=3, artefact_sha256=None, failure=None),
    )
    (row,) = ledger.scans()
    assert row.artefacts == ("ab" * 32,)


def test_a_page_read_again_shows_its_newest_outcome(ledger: Ledger) -> None:
    job = opened(ledger, pages=2)
    ledger.record_page(job, page=2, artefact_sha256=None, failure=CRASHED, now=NOW)
    ledger.record_page(job, page=2, artefact_sha256="cd" * 32, failure=None, now=later(1))

    assert ledger.pages_of(job.subject)[1] == PageRow(number=2, artefact_sha256="cd" * 32, failure=None)


def test_a_page_without_outcome_or_with_two_is_refused(ledger: Ledger) -> None:
    job = opened(ledger, pages=2)

    for artefact, failure in ((None, None), ("ab" * 32, CRASHED)):
        with pytest.raises(ValueError, match="either"):
            ledger.record_page(job, page=2, artefact_sha256=artefact, failure=failure, now=NOW)


def test_a_scan_ends_in_documents_with_all_that_was_decided(ledger: Ledger) -> None:
    job = opened(ledger, pages=4)
    wanted = (to_state(DocumentState.QUARANTINED, 3), to_review(1, 2), to_state(DocumentState.BLANK, 4))

    documents = ledger.conclude_reading(job, dispositions=wanted, now=later(2))

    assert [(document.pages, document.state) for document in documents] == [
        ((3,), DocumentState.QUARANTINED),
        ((1, 2), DocumentState.REVIEW),
        ((4,), DocumentState.BLANK),
    ]
    assert tuple(ledger.documents()) == documents
    _, reviewed, _ = documents
    asked = to_review(1, 2)
    for name in (
        "reasons",
        "probability",
        "findings",
        "candidates",
        "would_file_mrn",
        "index_generation",
        "fingerprint",
        "type",
        "document_date",
    ):
        assert getattr(reviewed, name) == getattr(asked, name)
    assert (reviewed.decided_at, reviewed.decided_by, reviewed.version) == (later(2), "pipeline", 1)
    assert (reviewed.mrn, reviewed.filed_as, reviewed.parents, reviewed.retired) == (None, None, (), False)
    assert ledger.open_jobs() == 0
    assert ledger.check_pages() == ()


def test_the_decision_that_made_a_document_can_be_replayed(ledger: Ledger) -> None:
    (document,) = read(ledger, to_review(1))

    (decision,) = ledger.history(document.id)

    assert decision == ledger.decision(document.id)
    assert (decision.act, decision.threshold, decision.index_generation) == ("pipeline", 0.9999, 7)
    assert decision.findings == (finding(1),)


def test_what_is_to_be_filed_works_until_its_pdf_is_there(ledger: Ledger) -> None:
    (document,) = read(ledger, to_file(1, 2))

    assert (document.state, document.mrn, document.filed_as) == (DocumentState.WORKING, None, None)
    assert ledger.decision(document.id).mrn == "0012"
    assert claim(ledger).subject == document.id


@pytest.mark.parametrize(
    "dispositions",
    [
        (to_review(1),),
        (to_review(1, 2, 3, 4),),
        (to_review(1, 2), to_review(2, 3)),
        (to_review(1, 1, 2, 3),),
        (to_review(1, 2, 3), to_state(DocumentState.QUARANTINED)),
        (to_state(DocumentState.BLANK),),
        (to_state(DocumentState.QUARANTINED), to_state(DocumentState.QUARANTINED)),
        (),
    ],
)
def test_the_law_of_pages_is_held(ledger: Ledger, dispositions: tuple[Disposition, ...]) -> None:
    job = opened(ledger, pages=3)
    head = ledger.audit_head()

    with pytest.raises(ValueError, match=r"disposition"):
        ledger.conclude_reading(job, dispositions=dispositions, now=NOW)

    assert ledger.audit_head() == head
    assert ledger.reading_pages(job.subject) == (1, 2, 3)


@pytest.mark.parametrize(
    "disposition",
    [
        to_state(DocumentState.WORKING, 1),
        replace(to_review(1), reasons=()),
        replace(to_file(1), mrn=None),
        replace(to_review(1), mrn="0012"),
    ],
)
def test_dispositions_that_make_no_sense_are_refused(ledger: Ledger, disposition: Disposition) -> None:
    job = opened(ledger)

    with pytest.raises(ValueError, match="disposition"):
        ledger.conclude_reading(job, dispositions=(disposition,), now=NOW)


def test_a_file_that_cannot_be_opened_is_one_line_without_pages(ledger: Ledger) -> None:
    take(ledger)

    (document,) = ledger.conclude_reading(claim(ledger), dispositions=(to_state(DocumentState.QUARANTINED),), now=NOW)

    assert (document.state, document.pages) == (DocumentState.QUARANTINED, ())
    assert ledger.check_pages() == ()


def test_a_file_quarantined_after_its_pages_were_counted_keeps_them(ledger: Ledger) -> None:
    job = opened(ledger, pages=2)

    (document,) = ledger.conclude_reading(job, dispositions=(to_state(DocumentState.QUARANTINED),), now=NOW)

    assert document.pages == (1, 2)
    assert ledger.check_pages() == ()


class TestSameBytes:
    """Whether another scan has the same bytes."""

    @staticmethod
    def second(ledger: Ledger) -> str:
        return take(ledger, "copy.pdf", "a.pdf", inode=12).id

    def test_nothing_like_it(self, ledger: Ledger) -> None:
        take(ledger)
        other = take(ledger, "b.pdf")

        assert ledger.same_bytes(other.id).state is SameBytesState.NONE

    def test_an_earlier_one_that_is_being_read_is_waited_for_and_does_not_wait(self, ledger: Ledger) -> None:
        first = take(ledger)
        second = self.second(ledger)

        same = ledger.same_bytes(second)

        assert (same.state, same.scan_id, same.pages) == (SameBytesState.EARLIER_WORKING, first.id, None)
        assert ledger.same_bytes(first.id).state is SameBytesState.NONE

    @pytest.mark.parametrize("kept", [to_review(1, 2), to_file(1, 2), to_state(DocumentState.BLANK, 1, 2)])
    def test_an_earlier_one_that_was_kept_is_named_with_its_pages(self, ledger: Ledger, kept: Disposition) -> None:
        (document,) = read(ledger, kept)

        same = ledger.same_bytes(self.second(ledger))

        assert (same.state, same.scan_id, same.pages) == (SameBytesState.EARLIER_KEPT, document.scan.id, 2)

    def test_a_filed_one_counts_as_kept(self, ledger: Ledger) -> None:
        filed(ledger)

        assert ledger.same_bytes(self.second(ledger)).state is SameBytesState.EARLIER_KEPT

    def test_one_quarantined_page_does_not_free_the_rest(self, ledger: Ledger) -> None:
        read(ledger, to_review(1), to_state(DocumentState.QUARANTINED, 2))

        assert ledger.same_bytes(self.second(ledger)).state is SameBytesState.EARLIER_KEPT

    def test_quarantined_and_discarded_ones_do_not_count(self, ledger: Ledger) -> None:
        documents = read(ledger, to_review(1), to_state(DocumentState.QUARANTINED, 2))
        discard(ledger, documents[0])

        assert ledger.same_bytes(self.second(ledger)).state is SameBytesState.NONE

    def test_a_duplicate_of_something_discarded_does_not_count(self, ledger: Ledger) -> None:
        (first,) = read(ledger, to_review(1))
        read(ledger, to_state(DocumentState.DUPLICATE, 1), name="copy.pdf", content="a.pdf")
        discard(ledger, first)

        third = take(ledger, "third.pdf", "a.pdf", inode=13)

        assert ledger.same_bytes(third.id).state is SameBytesState.NONE

    def test_a_retried_scan_sees_that_a_later_copy_was_kept(self, ledger: Ledger) -> None:
        (first,) = read(ledger, to_state(DocumentState.QUARANTINED, 1))
        (second,) = read(ledger, to_review(1), name="copy.pdf", content="a.pdf")
        ledger.retry(None, NOW, "anna")

        same = ledger.same_bytes(first.scan.id)

        assert (same.state, same.scan_id) == (SameBytesState.EARLIER_KEPT, second.scan.id)

    def test_a_duplicate_has_the_pages_of_the_first(self, ledger: Ledger) -> None:
        read(ledger, to_review(1, 2))
        second = self.second(ledger)
        job = claim(ledger)
        same = ledger.same_bytes(second)
        assert same.pages == 2
        ledger.record_opened(job, kind=None, pages=same.pages)

        (document,) = ledger.conclude_reading(job, dispositions=(to_state(DocumentState.DUPLICATE, 1, 2),), now=NOW)

        assert (document.state, document.pages) == (DocumentState.DUPLICATE, (1, 2))
        assert ledger.check_pages() == ()


def discard(ledger: Ledger, document: Document) -> None:
    ledger.decide_by_person(
        document_id=document.id,
        version=document.version,
        act=Act.DISCARD,
        mrn=None,
        by="anna",
        acting_for=None,
        note=None,
        now=NOW,
    )


class TestRetry:
    """Quarantined pages put back to work."""

    def test_a_quarantined_scan_is_read_again_from_nothing(self, ledger: Ledger) -> None:
        job = opened(ledger, pages=2)
        ledger.record_page(job, page=1, artefact_sha256="ab" * 32, failure=None, now=NOW)
        ledger.record_page(job, page=2, artefact_sha256=None, failure=CRASHED, now=NOW)
        (stuck,) = ledger.conclude_reading(job, dispositions=(to_state(DocumentState.QUARANTINED, 1, 2),), now=NOW)

        assert ledger.retry((job.subject,), NOW, "anna") == 1

        (document,) = ledger.documents()
        assert (document.state, document.pages, document.parents) == (DocumentState.WORKING, (1, 2), (stuck.id,))
        assert ledger.document(stuck.id).retired
        assert ledger.pages_of(job.subject)[0].artefact_sha256 == "ab" * 32
        assert ledger.pages_of(job.subject)[1].failure is None
        again = claim(ledger)
        assert (again.kind, again.subject, again.attempt) == (JobKind.READ, job.subject, 1)
        assert ledger.check_pages() == ()

    def test_beside_living_documents_only_the_quarantined_pages_are_worked_again(self, ledger: Ledger) -> None:
        kept, *stuck = read(
            ledger,
            to_review(1, 4),
            to_state(DocumentState.QUARANTINED, 2),
            to_state(DocumentState.QUARANTINED, 3),
        )
        ledger.retry(None, NOW, "anna")
        job = claim(ledger)

        assert ledger.reading_pages(job.subject) == (2, 3)
        ledger.record_opened(job, kind=ScanKind.PDF, pages=4)
        assert ledger.reading_pages(job.subject) == (2, 3)
        with pytest.raises(ValueError, match="disposition"):
            ledger.conclude_reading(job, dispositions=(to_review(1, 2, 3, 4),), now=NOW)
        again = ledger.conclude_reading(job, dispositions=(to_review(3), to_state(DocumentState.BLANK, 2)), now=NOW)

        assert ledger.document(kept.id) == kept
        assert {document.parents for document in again} == {tuple(document.id for document in stuck)}
        assert sorted(page for document in ledger.documents() for page in document.pages) == [1, 2, 3, 4]
        assert ledger.check_pages() == ()

    def test_a_retry_that_cannot_open_the_file_quarantines_its_pages_again(self, ledger: Ledger) -> None:
        read(ledger, to_review(1), to_state(DocumentState.QUARANTINED, 2))
        ledger.retry(None, NOW, "anna")

        (document,) = ledger.conclude_reading(
            claim(ledger), dispositions=(to_state(DocumentState.QUARANTINED),), now=NOW
        )

        assert document.pages == (2,)
        assert ledger.check_pages() == ()

    def test_what_is_not_quarantined_is_left_alone(self, ledger: Ledger) -> None:
        ledger.load_patients([patient()], now=NOW)
        (document,) = read(ledger, to_review(1))
        head = ledger.audit_head()

        assert ledger.retry(None, NOW, "anna") == 0
        assert ledger.retry((document.scan.id,), NOW, "anna") == 0
        assert ledger.audit_head() == head
        assert ledger.claim(worker=HERE, kinds=tuple(JobKind), lease_s=LEASE_S, now=NOW) is None

    def test_a_scan_in_work_is_not_retried_twice(self, ledger: Ledger) -> None:
        read(ledger, to_state(DocumentState.QUARANTINED, 1))

        assert ledger.retry(None, NOW, "anna") == 1
        assert ledger.retry(None, NOW, "anna") == 0
        assert ledger.open_jobs() == 1


def test_pages_in_work_are_those_of_scans_that_are_being_read(ledger: Ledger) -> None:
    assert ledger.pages_in_work() == (0, 0)
    read(ledger, to_review(1), name="done.pdf")
    job = opened(ledger, 3)
    assert ledger.pages_in_work() == (0, 3)
    ledger.record_page(job, page=2, artefact_sha256="a" * 64, failure=None, now=NOW)
    assert ledger.pages_in_work() == (1, 3)
