"""The contract of the ledger: what became of everything."""

from __future__ import annotations

import pytest

from ingest.errors import NotFound
from ingest.ledger import Ledger
from ingest.model import DocumentState
from tests.contract.ledger_steps import NOW, file_now, filed, read, take, to_file, to_review, to_state


def test_documents_come_oldest_first_and_can_be_picked_by_state(ledger: Ledger) -> None:
    read(ledger, to_review(1), to_state(DocumentState.BLANK, 2), name="a")
    read(ledger, to_review(1), name="b")

    assert [document.id for document in ledger.documents()] == ["D000001", "D000002", "D000003"]
    assert [document.id for document in ledger.documents(state=DocumentState.REVIEW)] == ["D000001", "D000003"]
    assert list(ledger.documents(state=DocumentState.FILED)) == []


def test_documents_of_a_patient_are_those_filed_there(ledger: Ledger) -> None:
    document = filed(ledger, name="a", mrn="0012")
    filed(ledger, name="b", mrn="12")
    read(ledger, to_file(1, mrn="0012"), name="c")

    assert list(ledger.documents(mrn="0012")) == [document]
    assert list(ledger.documents(mrn="012")) == []


def test_a_scan_is_named_by_its_id_or_its_source(ledger: Ledger) -> None:
    (first,) = read(ledger, to_review(1), name="ward/a.pdf")
    (second,) = read(ledger, to_review(1), name="S000001")

    assert list(ledger.documents(scan="ward/a.pdf")) == [first]
    assert list(ledger.documents(scan=second.scan.id)) == [second]
    assert list(ledger.documents(scan="S000001")) == [first, second]
    assert list(ledger.documents(scan="a.pdf")) == []
    assert list(ledger.documents(scan="%")) == []


def test_retired_documents_are_listed_with_the_history_only(ledger: Ledger) -> None:
    (stuck,) = read(ledger, to_state(DocumentState.QUARANTINED, 1))
    ledger.retry(None, NOW, "anna")

    assert stuck.id not in [document.id for document in ledger.documents()]
    assert [(document.id, document.retired) for document in ledger.documents(history=True)] == [
        (stuck.id, True),
        ("D000002", False),
    ]


def test_long_listings_miss_and_repeat_nothing(ledger: Ledger) -> None:
    documents = 250  # more than one batch
    pages = tuple(to_state(DocumentState.BLANK, page) for page in range(1, documents + 1))
    read(ledger, *pages)

    assert [document.pages for document in ledger.documents()] == [(page,) for page in range(1, documents + 1)]


def test_a_listing_shows_one_moment_whatever_happens_meanwhile(ledger: Ledger) -> None:
    read(ledger, *(to_state(DocumentState.QUARANTINED, page) for page in range(1, 221)))
    listing = ledger.documents()
    first = next(listing)
    ledger.retry(None, NOW, "anna")

    rest = list(listing)

    assert first.state is DocumentState.QUARANTINED
    assert sum(len(document.pages) for document in (first, *rest)) == 220
    assert {document.state for document in rest} == {DocumentState.QUARANTINED}


def test_a_listing_can_be_left_in_the_middle(ledger: Ledger) -> None:
    read(ledger, to_review(1), to_review(2))

    for _ in range(50):
        assert next(ledger.documents()).id == "D000001"
    take(ledger, "b")
    assert len(list(ledger.documents())) == 3


def test_states_are_counted_and_none_is_left_out(ledger: Ledger) -> None:
    read(ledger, to_review(1), to_state(DocumentState.BLANK, 2), to_state(DocumentState.BLANK, 3), name="a")
    take(ledger, "b")

    counts = ledger.counts()

    assert set(counts) == set(DocumentState)
    assert {state: count for state, count in counts.items() if count} == {
        DocumentState.REVIEW: 1,
        DocumentState.BLANK: 2,
        DocumentState.WORKING: 1,
    }


def test_scans_are_listed_with_what_reading_knows(ledger: Ledger) -> None:
    read(ledger, to_review(1, 2), name="a")
    waiting = take(ledger, "b")

    first, second = ledger.scans()

    assert (first.page_count, first.spooled, first.artefacts) == (2, True, ())
    assert (second.scan, second.kind, second.page_count, second.released_at) == (waiting, None, None, None)
    assert second.key is not None
    assert second.key.path == "/inbox/b"


def test_what_is_not_there_is_not_found(ledger: Ledger) -> None:
    take(ledger)

    for missing in (ledger.document, ledger.history, ledger.decision, ledger.scan):
        for identifier in ("D000077", "S000077", "nonsense", ""):
            with pytest.raises(NotFound):
                missing(identifier)
    assert ledger.history("D000001") == ()
    with pytest.raises(NotFound, match="nothing is decided"):
        ledger.decision("D000001")


def test_pages_that_no_document_holds_are_named(ledger: Ledger) -> None:
    (document,) = read(ledger, to_review(1, 2, 3))
    file_now(ledger, read(ledger, to_file(1), name="b")[0])
    assert ledger.check_pages() == ()
    with ledger._database.write() as connection:
        connection.exec_driver_sql("DELETE FROM document_pages WHERE document = 1 AND page = 2")

    assert ledger.check_pages() == (f"scan {document.scan.id}: its pages are not each in one document",)
