"""Splitting and joining at the desk: by pages that the document has, recorded with who did it."""

from __future__ import annotations

import pytest

from ingest.errors import Conflict, NotFound, WrongUse
from ingest.model import DocumentState


def test_a_split_gives_a_document_for_each_part(room) -> None:
    whole = room.waiting(pages=(1, 2, 3, 4))
    parts = room.desk("mia", acting_for="dr-lee").split(whole.id, (4, 3), note="two letters")
    assert [part.pages for part in parts] == [(1, 2), (3,), (4,)]
    assert {part.state for part in parts} == {DocumentState.REVIEW}
    assert {part.parents for part in parts} == {(whole.id,)}
    (event,) = [row for row in room.ledger.audit() if row.action == "document.split"]
    assert event.actor == "mia"
    assert event.details == {"acting_for": "dr-lee", "note": "two letters"}


@pytest.mark.parametrize(
    ("before", "trouble"), [((9,), NotFound), ((1,), WrongUse), ((), WrongUse), ((2, 9), NotFound)]
)
def test_a_split_needs_pages_within_the_document(room, before, trouble) -> None:
    whole = room.waiting(pages=(1, 2))
    with pytest.raises(trouble, match=whole.id):
        room.desk().split(whole.id, before)
    assert not room.ledger.document(whole.id).retired


def test_a_split_of_what_was_decided_meanwhile_is_refused(room) -> None:
    whole = room.waiting(pages=(1, 2))
    room.desk().discard(whole.id, "not ours")
    with pytest.raises(Conflict, match="since it was shown"):
        room.desk().split(whole.id, (2,), version=whole.version)


def test_a_join_makes_one_document_in_the_order_of_the_pages(room) -> None:
    whole = room.waiting(pages=(1, 2, 3))
    one, other = room.desk().split(whole.id, (3,))
    joined = room.desk().join((other.id, one.id))
    assert (joined.pages, joined.parents) == ((1, 2, 3), (one.id, other.id))


def test_a_join_needs_two_documents_of_one_scan(room) -> None:
    one, other = room.waiting(source="a.pdf"), room.waiting(source="b.pdf")
    with pytest.raises(WrongUse, match="two documents"):
        room.desk().join((one.id, one.id))
    with pytest.raises(WrongUse, match="different scans"):
        room.desk().join((one.id, other.id))
