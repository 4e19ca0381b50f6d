"""Documents split and joined: new ids take the pages, old ones retire, and nothing that moved on is cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ingest.errors import Conflict, NotFound, WrongUse
from ingest.ledger import JobKind, Ledger, Recut, Shown
from ingest.model import Disposition, Document, DocumentState
from tests.contract.ledger_steps import NOW, claim, file_now, filed, read, to_file, to_review, to_state


def recut(
    ledger: Ledger, what: Recut, old: Sequence[Document], *new: Disposition, version: int | None = None
) -> tuple[Document, ...]:
    return ledger.recut(
        what=what,
        old=[Shown(one.id, one.version if version is None else version) for one in old],
        new=new,
        by="anna",
        acting_for=None,
        note="two letters",
        now=NOW,
    )


def test_the_parts_of_a_split_are_new_documents_and_the_old_one_retires(ledger: Ledger) -> None:
    (whole,) = read(ledger, to_review(1, 2, 3))
    first, second = recut(ledger, Recut.SPLIT, [whole], to_review(1), to_file(2, 3))

    assert (first.pages, first.state, first.parents) == ((1,), DocumentState.REVIEW, (whole.id,))
    assert (second.pages, second.state, second.parents) == ((2, 3), DocumentState.WORKING, (whole.id,))
    assert [one.id for one in ledger.documents()] == [first.id, second.id]
    assert ledger.document(whole.id).retired
    assert ledger.history(whole.id)[-1].reasons == whole.reasons
    assert claim(ledger, JobKind.FILE).subject == second.id
    event = next(row for row in ledger.audit() if row.action == "document.split")
    assert (event.actor, event.subject) == ("anna", whole.scan.id)


def test_a_join_makes_one_of_several_blank_pages_too(ledger: Ledger) -> None:
    one, blank, other = read(ledger, to_review(1), to_state(DocumentState.BLANK, 2), to_review(3))
    (joined,) = recut(ledger, Recut.JOINED, [other, one, blank], to_file(1, 2, 3))

    assert (joined.pages, joined.parents) == ((1, 2, 3), (one.id, blank.id, other.id))
    assert file_now(ledger, joined).state is DocumentState.FILED
    assert [document.id for document in ledger.documents()] == [joined.id]


def test_a_split_can_be_joined_again_and_an_old_document_cannot_be_cut(ledger: Ledger) -> None:
    (whole,) = read(ledger, to_review(1, 2))
    parts = recut(ledger, Recut.SPLIT, [whole], to_review(1), to_review(2))
    (again,) = recut(ledger, Recut.JOINED, parts, to_review(1, 2))
    assert again.parents == tuple(part.id for part in parts)
    with pytest.raises(Conflict, match="retired"):
        recut(ledger, Recut.SPLIT, [whole], to_review(1), to_review(2))


def test_what_moved_on_or_does_not_wait_is_not_cut(ledger: Ledger) -> None:
    (waiting,) = read(ledger, to_review(1, 2))
    with pytest.raises(Conflict, match="since it was shown"):
        recut(ledger, Recut.SPLIT, [waiting], to_review(1), to_review(2), version=waiting.version - 1)
    done = filed(ledger, name="b.pdf")
    with pytest.raises(Conflict, match="undo its filing"):
        recut(ledger, Recut.SPLIT, [done], to_review(1))
    with pytest.raises(NotFound):
        recut(ledger, Recut.SPLIT, [replace(waiting, id="D009999")], to_review(1, 2))
    assert ledger.document(waiting.id) == waiting


@pytest.mark.parametrize("new", [(to_review(1),), (to_review(1, 2), to_review(2)), (to_review(1, 2, 3),), ()])
def test_every_page_is_kept_once(ledger: Ledger, new: tuple[Disposition, ...]) -> None:
    (whole,) = read(ledger, to_review(1, 2))
    with pytest.raises(WrongUse, match="every page"):
        recut(ledger, Recut.SPLIT, [whole], *new)
    assert not ledger.document(whole.id).retired


def test_documents_of_two_scans_are_not_joined(ledger: Ledger) -> None:
    (one,), (other,) = read(ledger, to_review(1)), read(ledger, to_review(1), name="b.pdf")
    with pytest.raises(WrongUse, match="different scans"):
        recut(ledger, Recut.JOINED, [one, other], to_review(1, 2))
