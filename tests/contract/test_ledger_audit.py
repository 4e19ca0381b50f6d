"""The contract of the ledger: one chain of events, each bound to the one before."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.exc import StatementError

from ingest.errors import PaperchartError
from ingest.ledger import Ledger
from ingest.ledger.chain import FIRST
from tests.contract.ledger_steps import NOW, later, opened, read, to_file, to_review


def run(ledger: Ledger, *statements: str) -> None:
    """What somebody with the database's password could do: the guards are taken off first."""
    with ledger._database.write() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_no_update")
            connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_no_delete")
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        else:
            connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER ALL")
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.fixture
def eventful(ledger: Ledger) -> Ledger:
    read(ledger, to_review(1), name="a")
    read(ledger, to_file(1), name="b")
    ledger.note(action="page.viewed", actor="anna", subject="D000001", details={"page": "1"}, now=later(9))
    return ledger


def test_an_empty_chain_is_whole(ledger: Ledger) -> None:
    assert ledger.audit_head() == f"0:{FIRST}"
    assert list(ledger.audit()) == []
    assert ledger.check_audit() == ()


def test_events_are_numbered_without_gaps_and_the_chain_is_whole(eventful: Ledger) -> None:
    events = list(eventful.audit())

    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert eventful.audit_head() == f"{len(events)}:{events[-1].hash}"
    assert eventful.check_audit() == ()
    assert {event.action for event in events} >= {"scan.taken_in", "scan.read", "document.decided", "page.viewed"}


def test_a_note_says_who_did_what_to_what(ledger: Ledger) -> None:
    ledger.note(action="page.viewed", actor="ann\udcff", subject="D000001", details={"a": "\x00ä"}, now=later(1))
    ledger.note(action="site.opened", actor="anna", subject="site", details=None, now=later(2))

    first, second = ledger.audit()

    assert (first.at, first.action, first.actor, first.subject) == (later(1), "page.viewed", "ann\udcff", "D000001")
    assert (first.details, first.facts) == ({"a": "\x00ä"}, {})
    assert second.details is None
    assert ledger.check_audit() == ()


def test_patient_data_stays_outside_of_what_is_chained(ledger: Ledger) -> None:
    read(ledger, to_file(1, mrn="CANARY-4711"), name="CANARY, Mary.pdf")

    for event in ledger.audit():
        chained = f"{event.action} {event.actor} {event.subject} {event.facts}"
        assert "CANARY" not in chained
    assert any("CANARY" in str(event.details) for event in ledger.audit())


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit SET actor = 'nobody' WHERE seq = 3", "event 3 was changed"),
        ("UPDATE audit SET facts = '{}' WHERE seq = 1", "event 1 was changed"),
        ("UPDATE audit SET previous = 'x' WHERE seq = 2", "event 2 does not follow"),
        ("UPDATE audit_details SET body = '{}' WHERE seq = 1", "details of audit event 1 were changed"),
        ("DELETE FROM audit_details WHERE seq = 1", "details of audit event 1 are missing"),
        ("UPDATE audit_head SET seq = 2", "head is event 2"),
    ],
)
def test_whatever_was_changed_is_named(eventful: Ledger, statement: str, found: str) -> None:
    run(eventful, statement)

    problems = eventful.check_audit()

    assert any(found in problem for problem in problems), problems


def test_events_taken_out_are_named(eventful: Ledger) -> None:
    run(eventful, "DELETE FROM audit_details WHERE seq IN (2, 3)", "DELETE FROM audit WHERE seq IN (2, 3)")

    assert "audit events 2 to 3 are missing" in eventful.check_audit()


def test_a_chain_that_lost_its_end_is_named(eventful: Ledger) -> None:
    last = int(eventful.audit_head().split(":")[0])
    run(eventful, f"DELETE FROM audit_details WHERE seq = {last}", f"DELETE FROM audit WHERE seq = {last}")

    (problem,) = eventful.check_audit()
    assert re.search(rf"head is event {last}, its last event is {last - 1}", problem)


def test_details_given_to_an_event_that_had_none_are_named(eventful: Ledger) -> None:
    bare = next(event.seq for event in eventful.audit() if event.details is None)
    run(eventful, f"INSERT INTO audit_details (seq, salt, body) VALUES ({bare}, 'x', '{{}}')")

    assert eventful.check_audit() == (f"audit event {bare} was given details that it never had",)


def test_lawful_disposal_of_details_does_not_break_the_chain(eventful: Ledger) -> None:
    at = "'2026-11-23T12:00:00.000000Z'"
    run(eventful, f"UPDATE audit_details SET body = NULL, salt = NULL, disposed_at = {at} WHERE seq = 1")

    assert eventful.check_audit() == ()
    assert next(eventful.audit()).details is None


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_change_an_event(eventful: Ledger, statement: str) -> None:
    head = eventful.audit_head()

    with pytest.raises(PaperchartError), eventful._database.write() as connection:
        connection.exec_driver_sql(statement)

    assert eventful.audit_head() == head
    assert eventful.check_audit() == ()


def test_a_step_that_breaks_off_leaves_neither_change_nor_event(ledger: Ledger) -> None:
    job = opened(ledger, pages=2)
    before = ledger.audit_head(), tuple(ledger.documents())
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    # The first document's decision is written when the second's time is refused.
    dispositions = (to_review(1), replace(to_review(2), document_date="never"))

    with pytest.raises((StatementError, PaperchartError, AttributeError)):
        ledger.conclude_reading(job, dispositions=dispositions, now=NOW)  # type: ignore[arg-type]
    with pytest.raises((StatementError, ValueError)):
        ledger.conclude_reading(job, dispositions=(to_review(1, 2),), now=naive)

    assert (ledger.audit_head(), tuple(ledger.documents())) == before
    assert ledger.check_audit() == ()
    assert len(ledger.conclude_reading(job, dispositions=(to_review(1, 2),), now=NOW)) == 1


def test_the_chains_order_is_not_that_of_the_clocks(ledger: Ledger) -> None:
    for seconds in (5, -5):
        ledger.note(action="x", actor="anna", subject="site", details=None, now=later(seconds))

    assert [event.at for event in ledger.audit()] == [later(5), later(-5)]
    assert NOW not in [event.at for event in ledger.audit()]
    assert ledger.check_audit() == ()
