"""The contract of the ledger: what people found of the program's decisions."""

from __future__ import annotations

from ingest.ledger import Act, Ledger
from ingest.model import Document
from tests.contract.ledger_steps import NOW, later, patient, read, to_review


def queued(ledger: Ledger, name: str) -> Document:
    (document,) = read(ledger, to_review(1), name=name, content=name)
    return document


def verdicts(ledger: Ledger) -> list[bool]:
    return [row.right for row in ledger.audited_decisions()]


def act(ledger: Ledger, document: Document, what: Act, mrn: str | None = None) -> None:
    version = ledger.document(document.id).version
    ledger.decide_by_person(
        document_id=document.id, version=version, act=what, mrn=mrn, by="ann", acting_for=None, note=None, now=NOW
    )


def test_where_a_person_put_it_says_what_was_right(ledger: Ledger) -> None:
    ledger.load_patients([patient("0012"), patient("0099")], now=NOW)
    act(ledger, queued(ledger, "a"), Act.ASSIGN, "0012")
    act(ledger, queued(ledger, "b"), Act.ASSIGN, "0099")
    queued(ledger, "c")

    assert verdicts(ledger) == [True, False]
    (first, _) = ledger.audited_decisions()
    assert (first.fingerprint, first.probability, first.odds_bits) == ("weights-1", 0.75, None)
    assert list(ledger.audited_decisions(since=later(10))) == []


def test_what_was_taken_back_or_discarded_says_nothing(ledger: Ledger) -> None:
    ledger.load_patients([patient("0012"), patient("0099")], now=NOW)
    undone, again, discarded = (queued(ledger, name) for name in "abc")
    act(ledger, undone, Act.ASSIGN, "0012")
    act(ledger, undone, Act.UNDO)
    act(ledger, again, Act.ASSIGN, "0012")
    act(ledger, again, Act.UNDO)
    act(ledger, again, Act.ASSIGN, "0099")
    act(ledger, discarded, Act.DISCARD)

    assert verdicts(ledger) == [False]
