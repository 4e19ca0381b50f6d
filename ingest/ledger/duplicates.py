"""The worklist of possible duplicate registrations: what decisions met, and what people made of it.

Promises: one line for each pair of MRNs, whichever is named first; a pair met again counts up; a pair that
people called two persons stays settled, one that people say is merged opens again when it is still met. A
merger recorded here settles the lines between the two sides and its undoing opens them again; neither makes one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from ingest.errors import Conflict, NotFound
from ingest.ledger import chain
from ingest.ledger.counters import document_id
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import DuplicateRow, DuplicateState
from ingest.ledger.schema import duplicate_suspicions as pairs
from ingest.ledger.schema import patients
from matchers.decision import Candidate, VetoName


def note_suspicion(connection: Connection, document: int, candidates: Sequence[Candidate], now: datetime) -> None:
    """Puts the best candidate's suspected double on the worklist, in the decision's own transaction."""
    if not candidates:
        return
    best = candidates[0]
    for veto in best.vetoes:
        if veto.name is VetoName.DUPLICATE_REGISTRATION and veto.other_mrn is not None:
            _meet(connection, best.mrn, veto.other_mrn, document, now)


def _meet(connection: Connection, mrn: str, other_mrn: str, document: int, now: datetime) -> None:
    mrn, other_mrn = sorted((mrn, other_mrn))
    retired = patients.c.mrn.in_((mrn, other_mrn)) & patients.c.merged_into.is_not(None)
    if connection.execute(select(patients.c.number).where(retired)).first() is not None:
        return  # met by an index from before the merger
    known = connection.execute(select(pairs.c.id, pairs.c.state, pairs.c.document).where(_pair(mrn, other_mrn))).first()
    if known is None:
        row = {"mrn": mrn, "other_mrn": other_mrn, "times": 1, "document": document}
        connection.execute(insert(pairs).values(state=DuplicateState.OPEN, first_seen=now, last_seen=now, **row))
        return
    again = {"state": DuplicateState.OPEN} if known.state == DuplicateState.MERGED else {}
    more = 0 if known.document == document else 1  # a document that is decided anew is one all the same
    connection.execute(
        update(pairs)
        .where(pairs.c.id == known.id)
        .values(times=pairs.c.times + more, last_seen=now, document=document, **again)
    )


def _pair(mrn: str, other_mrn: str) -> ColumnElement[bool]:
    return (pairs.c.mrn == mrn) & (pairs.c.other_mrn == other_mrn)


def settle_merged(connection: Connection, some: Sequence[str], others: Sequence[str], *, by: str, now: datetime) -> int:
    """The MRNs on either side are one person from now on; how many open lines between them that settles.

    Raises Conflict when people called a pair of them two persons.
    """
    across = _across(some, others)
    if connection.execute(select(pairs.c.id).where(across, pairs.c.state == DuplicateState.DISTINCT)).first():
        msg = (
            "a person settled these registrations as two people (ingest patients duplicates --all); "
            "if that was wrong, settle the pair as one first: ingest patients duplicates --settle MRN MRN"
        )
        raise Conflict(msg)
    return _change(connection, across, DuplicateState.OPEN, DuplicateState.MERGED, by=by, now=now)


def open_again(connection: Connection, some: Sequence[str], others: Sequence[str], *, by: str, now: datetime) -> int:
    """The MRNs on either side are asked about again; how many merged lines between them are open now."""
    return _change(connection, _across(some, others), DuplicateState.MERGED, DuplicateState.OPEN, by=by, now=now)


def _change(
    connection: Connection,
    which: ColumnElement[bool],
    before: DuplicateState,
    after: DuplicateState,
    *,
    by: str,
    now: datetime,
) -> int:
    settled = after is not DuplicateState.OPEN
    lines = connection.execute(select(pairs).where(which, pairs.c.state == before).order_by(pairs.c.id)).all()
    for line in lines:
        connection.execute(
            update(pairs)
            .where(pairs.c.id == line.id)
            .values(state=after, settled_by=by if settled else None, settled_at=now if settled else None, note=None)
        )
        _record(connection, line.mrn, line.other_mrn, after, by=by, now=now)
    return len(lines)


def _across(some: Sequence[str], others: Sequence[str]) -> ColumnElement[bool]:
    return or_(
        pairs.c.mrn.in_(some) & pairs.c.other_mrn.in_(others),
        pairs.c.mrn.in_(others) & pairs.c.other_mrn.in_(some),
    )


def _record(
    connection: Connection,
    mrn: str,
    other_mrn: str,
    state: DuplicateState,
    *,
    by: str,
    now: datetime,
    note: str | None = None,
) -> None:
    chain.append(
        connection,
        action="duplicate.opened" if state is DuplicateState.OPEN else "duplicate.settled",
        actor=by,
        subject="patients",
        now=now,
        facts={"state": state.value},
        details={"mrn": mrn, "other_mrn": other_mrn} | ({"note": note} if note else {}),
    )


class Duplicates(LedgerPart):
    """Reading the worklist and settling its lines."""

    def duplicates(self, *, settled: bool = False) -> Iterator[DuplicateRow]:
        """Open suspicions, oftenest met first; `settled` ones too when asked for."""
        query = select(pairs).order_by(pairs.c.times.desc(), pairs.c.id)
        if not settled:
            query = query.where(pairs.c.state == DuplicateState.OPEN)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        for row in rows:
            yield DuplicateRow(
                mrn=row.mrn,
                other_mrn=row.other_mrn,
                state=DuplicateState(row.state),
                times=row.times,
                first_seen=row.first_seen,
                last_seen=row.last_seen,
                document_id=document_id(row.document),
                settled_by=row.settled_by,
                settled_at=row.settled_at,
                note=row.note,
            )

    def settle_duplicate(
        self, mrn: str, other_mrn: str, *, state: DuplicateState, by: str, now: datetime, note: str | None = None
    ) -> None:
        """A person says what the pair is. Raises NotFound for a pair that is not on the list."""
        with self._database.write() as connection:
            one, other = sorted((mrn, other_mrn))
            done = connection.execute(
                update(pairs).where(_pair(one, other)).values(state=state, settled_by=by, settled_at=now, note=note)
            )
            if done.rowcount == 0:
                msg = "this pair of MRNs is not on the worklist; see: ingest patients duplicates --all"
                raise NotFound(msg)
            _record(connection, one, other, state, by=by, now=now, note=note)
