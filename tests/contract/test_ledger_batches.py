"""Batches: what came together, what a sidecar says of it, and what became of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingest.errors import NotFound
from ingest.ledger import Act, BatchRow, Ledger, Sidecar
from ingest.ledger.batches import PAUSE
from ingest.model import DocumentState
from tests.contract.ledger_steps import NOW, filed, key, read, to_review, to_state


def drop(ledger: Ledger, name: str, origin: str = "fax", after: timedelta = timedelta()) -> str:
    which = key(f"/inbox/{origin}/{name}", name)
    return ledger.take_in(key=which, source=f"{origin}/{name}", origin=origin, now=NOW + after, drop=True).id


def told(ledger: Ledger, appearance: str, origin: str = "fax", after: timedelta = timedelta(), **more: object) -> str:
    sidecar = Sidecar(sha256="c" * 64, **more)  # type: ignore[arg-type]
    return ledger.note_sidecar(origin=origin, appearance=appearance, sidecar=sidecar, now=NOW + after)


def only(ledger: Ledger) -> BatchRow:
    (batch,) = ledger.batches()
    return batch


def test_what_a_folder_receives_without_a_long_pause_is_a_batch(ledger: Ledger) -> None:
    scans = [drop(ledger, "a.pdf"), drop(ledger, "b.pdf", after=PAUSE), drop(ledger, "c.pdf", "scanner")]
    later = drop(ledger, "d.pdf", after=2 * PAUSE + timedelta(seconds=1))
    assert [(batch.origin, batch.scans) for batch in ledger.batches()] == [
        ("fax", (scans[0], scans[1])),
        ("scanner", (scans[2],)),
        ("fax", (later,)),
    ]


@pytest.mark.parametrize("first", [True, False])
def test_a_sidecar_speaks_of_the_batch_that_comes_in_before_or_behind_its_scans(ledger: Ledger, first: bool) -> None:
    if first:
        told(ledger, "one", operator="Kim", station="7", expected_pages=12, expected_files=2)
    drop(ledger, "a.pdf")
    drop(ledger, "b.pdf")
    if not first:
        told(ledger, "one", operator="Kim", station="7", expected_pages=12, expected_files=2)
    batch = only(ledger)
    assert (batch.operator, batch.station, batch.expected_pages, batch.expected_files) == ("Kim", "7", 12, 2)
    assert (batch.announced, batch.files, batch.unopened) == (True, 2, 2)


def test_the_same_sidecar_twice_is_one_and_another_begins_another_batch(ledger: Ledger) -> None:
    first = told(ledger, "one")
    assert told(ledger, "one") == first == only(ledger).id
    assert told(ledger, "two") != first
    assert [batch.announced for batch in ledger.batches()] == [True, True]


def test_a_batch_whose_files_are_all_here_takes_no_more(ledger: Ledger) -> None:
    told(ledger, "one", expected_files=1)
    drop(ledger, "a.pdf")
    drop(ledger, "b.pdf")
    assert [batch.files for batch in ledger.batches()] == [1, 1]


def test_a_batch_tells_its_pages_and_what_became_of_them(ledger: Ledger) -> None:
    filed(ledger)
    read(ledger, to_review(1), to_state(DocumentState.BLANK, 2), name="b.pdf")
    batch = only(ledger)
    assert (batch.files, batch.pages, batch.unopened) == (2, 3, 0)
    assert batch.states == {DocumentState.FILED: 1, DocumentState.REVIEW: 1, DocumentState.BLANK: 1}
    assert (batch.unsettled, batch.missing) == (1, None)
    (waiting,) = ledger.documents(state=DocumentState.REVIEW)
    ledger.decide_by_person(
        document_id=waiting.id, version=waiting.version, act=Act.DISCARD, mrn=None, by="anna", acting_for=None,
        note=None, now=NOW,
    )  # fmt: skip
    assert ledger.batch(batch.id).unsettled == 0


def test_what_was_expected_and_did_not_come_is_told(ledger: Ledger) -> None:
    told(ledger, "one", origin="", expected_files=2, expected_pages=5)
    filed(ledger)
    assert only(ledger).missing == "1 of 2 files, 1 of 5 pages"


def test_an_unknown_batch_is_not_found(ledger: Ledger) -> None:
    for identifier in ("B000099", "S000001", "x"):
        with pytest.raises(NotFound):
            ledger.batch(identifier)
