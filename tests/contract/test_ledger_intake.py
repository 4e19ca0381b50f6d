"""The contract of the ledger: taking scans in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.exc import StatementError

from ingest.errors import NotFound
from ingest.ledger import JobKind, Ledger
from ingest.model import DocumentState, FileRefused, FileTrouble, IntakeKey
from tests.contract.ledger_steps import HERE, LEASE_S, NOW, claim, key, later, read, take, to_review

GONE_FOLDER = FileRefused(trouble=FileTrouble.NOT_A_FILE, reason="This is a folder named like a scan.")


def test_a_scan_is_taken_in_with_its_document_its_job_and_its_event(ledger: Ledger) -> None:
    scan = ledger.take_in(key=key(), source="ward/a.pdf", origin="ward", now=NOW, drop=True)

    assert (scan.id, scan.source, scan.origin, scan.size) == ("S000001", "ward/a.pdf", "ward", 1000)
    assert scan.sha256 == key().sha256
    assert scan.received_at == NOW
    assert ledger.scan("S000001") == scan
    (document,) = ledger.documents()
    assert (document.id, document.scan, document.pages) == ("D000001", scan, ())
    assert (document.state, document.version) == (DocumentState.WORKING, 0)
    assert document.reasons
    assert claim(ledger).subject == scan.id
    (event,) = ledger.audit()
    assert (event.action, event.subject) == ("scan.taken_in", scan.id)


def test_ids_count_up_without_gaps(ledger: Ledger) -> None:
    assert [take(ledger, name).id for name in ("a", "b", "c")] == ["S000001", "S000002", "S000003"]


def test_the_very_same_file_gets_no_second_row_before_its_release(ledger: Ledger) -> None:
    scan = take(ledger)

    assert take(ledger) == scan
    assert ledger.unreleased() == ((scan, key("/inbox/a.pdf", "a.pdf")),)
    assert len(list(ledger.audit())) == 1


@pytest.mark.parametrize("field", ["path", "device", "inode", "size", "mtime_ns", "sha256"])
def test_a_file_that_differs_in_any_part_of_its_key_is_another(ledger: Ledger, field: str) -> None:
    first = key()
    value = getattr(first, field)
    second = replace(first, **{field: f"{value}x" if isinstance(value, str) else value + 1})

    scans = {ledger.take_in(key=each, source="a", origin="", now=NOW, drop=True).id for each in (first, second)}

    assert len(scans) == 2


def test_the_same_file_dropped_again_after_its_release_is_a_scan_of_its_own(ledger: Ledger) -> None:
    first = take(ledger)
    ledger.release(first.id, later(1))

    assert ledger.unreleased() == ()
    assert take(ledger).id != first.id


def test_releasing_twice_is_harmless_and_an_unknown_scan_is_named(ledger: Ledger) -> None:
    scan = take(ledger)
    ledger.release(scan.id, NOW)
    events = ledger.audit_head()
    ledger.release(scan.id, later(5))

    assert ledger.audit_head() == events
    for unknown in ("S000099", "nonsense", "D000001", "S", "S" + "9" * 40):
        with pytest.raises(NotFound):
            ledger.release(unknown, NOW)


def test_a_path_given_to_batch_is_known_by_its_path_and_bytes(ledger: Ledger) -> None:
    assert ledger.taken_before(path=key().path, sha256=key().sha256) is None
    scan = ledger.take_in(key=key(), source="a.pdf", origin="", now=NOW, drop=False)
    touched = replace(key(), inode=99, mtime_ns=1)

    assert ledger.taken_before(path=key().path, sha256=key().sha256) == scan
    assert ledger.take_in(key=touched, source="a.pdf", origin="", now=NOW, drop=False) == scan
    assert ledger.taken_before(path=key().path, sha256="0" * 64) is None
    assert ledger.taken_before(path="/other", sha256=key().sha256) is None
    assert ledger.unreleased() == ()


def test_a_drop_folder_scan_is_no_path_taken_before(ledger: Ledger) -> None:
    take(ledger)

    assert ledger.taken_before(path="/inbox/a.pdf", sha256=key(content="a.pdf").sha256) is None


def test_names_and_numbers_come_back_exactly_however_odd(ledger: Ledger) -> None:
    odd = IntakeKey(
        path="/in/\udce4\udcff \u202e\n'\";--.pdf",
        device=2**64 - 1,
        inode=2**63 + 1,
        size=2**40,
        mtime_ns=-(2**70),
        sha256="f" * 64,
    )
    scan = ledger.take_in(key=odd, source="\udce4\ufdd0\x00.pdf", origin="Hals-Nasen/Öhr", now=NOW, drop=True)

    assert ledger.unreleased() == ((scan, odd),)
    assert ledger.scan(scan.id).source == "\udce4\ufdd0\x00.pdf"
    assert [document.scan for document in ledger.documents(scan="\udce4\ufdd0\x00.pdf")] == [scan]


def test_what_could_not_be_copied_is_a_quarantined_line_without_pages(ledger: Ledger) -> None:
    scan = ledger.take_in_refused(key=None, source="b.pdf", origin="", refusal=GONE_FOLDER, now=NOW)

    (document,) = ledger.documents()
    assert (document.state, document.pages, document.reasons) == (
        DocumentState.QUARANTINED,
        (),
        (GONE_FOLDER.reason,),
    )
    (row,) = ledger.scans()
    assert not row.spooled
    assert (row.scan, scan.sha256, scan.size) == (scan, "", 0)
    assert ledger.open_jobs() == 0
    assert ledger.unreleased() == ()
    assert ledger.check_pages() == ()


@pytest.mark.parametrize("which", [None, key()])
def test_what_cannot_be_copied_is_recorded_once(ledger: Ledger, which: IntakeKey | None) -> None:
    def refuse() -> str:
        return ledger.take_in_refused(key=which, source="b.pdf", origin="", refusal=GONE_FOLDER, now=NOW).id

    assert refuse() == refuse()
    assert len(list(ledger.documents())) == 1


def test_a_refused_file_that_is_repaired_is_taken_in_as_another_scan(ledger: Ledger) -> None:
    refused = ledger.take_in_refused(key=key(), source="a.pdf", origin="", refusal=GONE_FOLDER, now=NOW)

    assert ledger.take_in(key=key(), source="a.pdf", origin="", now=NOW, drop=True).id != refused.id


def test_times_without_a_zone_are_refused_and_nothing_is_written(ledger: Ledger) -> None:
    with pytest.raises((ValueError, StatementError), match="time zone"):
        ledger.take_in(key=key(), source="a", origin="", now=datetime(2026, 1, 1), drop=True)  # noqa: DTZ001

    assert list(ledger.scans()) == []
    assert ledger.open_jobs() == 0


def test_a_reading_that_began_goes_on_with_the_same_document(ledger: Ledger) -> None:
    scan = take(ledger)
    (waiting,) = ledger.documents()
    (document,) = read(ledger, to_review(1))

    assert document.id == waiting.id
    assert document.scan == scan
    assert ledger.claim(worker=HERE, kinds=tuple(JobKind), lease_s=LEASE_S, now=NOW) is None
