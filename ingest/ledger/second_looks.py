"""Second looks as they are taken: held by one person, answered blind, settled where the answers differ.

Promises: nobody is given a document that they ever decided on, or looked at again, in their own name or another's;
two people never hold one; an answer stands, and whoever gives it does not learn what it was held against. What a
supervisor finds wrong is a misfile, and is back in review in the same transaction, until a supervisor takes that back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select, update

from ingest.errors import Conflict, NotFound
from ingest.ledger import chain
from ingest.ledger.columns import is_set
from ingest.ledger.confidentiality import Clearance, barred
from ingest.ledger.counters import document_id
from ingest.ledger.listing import document_of
from ingest.ledger.part import LedgerPart
from ingest.ledger.schema import decisions, patients
from ingest.ledger.schema_desk import second_looks
from ingest.ledger.second_look_counts import with_decisions
from ingest.ledger.second_look_known import is_known_still
from ingest.ledger.second_look_records import (
    Disagreement,
    HeldLook,
    LookAnswer,
    LookKind,
    Settlement,
)
from ingest.ledger.second_look_settling import reopen_look, settle_look, settlers

_BATCH = 50


class SecondLooks(LedgerPart):
    """Who looks at what again, and what they find."""

    def claim_second_look(
        self,
        *,
        user: str,
        names: Collection[str],
        clearance: Clearance,
        hold_s: float,
        now: datetime,
        skip: Collection[int] = (),
    ) -> HeldLook | None:
        """Holds the next second look for `user`, for `hold_s`; the one they hold already comes first.

        None of what anybody of `names` (themselves, whom they act for) decided or looked at again, nothing that
        `clearance` does not show, and none of `skip`.
        """
        with self._database.write() as connection:
            free = or_(second_looks.c.held_until.is_(None), second_looks.c.held_until <= now)
            mine = second_looks.c.held_by == user
            for condition in (mine, free):
                for row in _in_order(connection, and_(condition, ~_involved(names))):
                    if row.number in skip or set(names) & settlers(connection, document_id(row.document)):
                        continue
                    if barred(connection, document_of(connection, row.document), clearance):
                        continue
                    until = now + timedelta(seconds=hold_s)
                    connection.execute(
                        update(second_looks)
                        .where(second_looks.c.number == row.number)
                        .values(held_by=user, held_until=until)
                    )
                    return HeldLook(number=row.number, document_id=document_id(row.document))
        return None

    def held_second_look(self, number: int, *, user: str) -> HeldLook:
        """One that the user holds. Raises NotFound, Conflict when it is not theirs or answered."""
        with self._database.read() as connection:
            row = _held(connection, number, user)
        return HeldLook(number=row.number, document_id=document_id(row.document))

    def let_go_of_second_look(self, number: int, *, user: str) -> None:
        """Leaves it to somebody else; idempotent."""
        with self._database.write() as connection:
            connection.execute(
                update(second_looks)
                .where(
                    second_looks.c.number == number,
                    second_looks.c.held_by == user,
                    second_looks.c.answered_at.is_(None),
                )
                .values(held_by=None, held_until=None)
            )

    def answer_second_look(self, number: int, *, answer: LookAnswer, mrn: str | None, user: str, now: datetime) -> None:
        """Puts down what the user found; whether that agrees is put down with it, and not told.

        Merged registrations are one patient. Raises NotFound for an unknown look or patient, Conflict when the user
        does not hold it or it is answered.
        """
        with self._database.write() as connection:
            row = _held(connection, number, user)
            found = None if mrn is None else _person(connection, mrn)
            if mrn is not None and found is None:
                msg = "no patient has this MRN: search for the patient, or load the patients again"
                raise NotFound(msg)
            first = _expected(connection, row)
            match answer:
                case LookAnswer.PATIENT:
                    agrees = first is not None and found == _person(connection, first)
                case LookAnswer.NO_PATIENT:
                    agrees = first is None
                case LookAnswer.UNSURE:
                    agrees = False
            values = {"answer": answer, "answer_mrn": mrn, "answered_by": user, "answered_at": now, "agrees": agrees}
            connection.execute(update(second_looks).where(second_looks.c.number == number).values(**values))
            chain.append(
                connection,
                action="second_look.answered",
                actor=user,
                subject=document_id(row.document),
                now=now,
                facts={"second_look": number, "answer": answer.value},
                details=None if mrn is None else {"mrn": mrn},
            )

    def disagreements(self, *, clearance: Clearance, settled: bool = False) -> Iterator[Disagreement]:
        """Where the second answer is another, or nobody was sure: oldest first, until a supervisor settled it.

        With `settled` those that one did settle instead, the newest settled first.
        """
        newest_first = (second_looks.c.settled_at.desc(), second_looks.c.number.desc())
        query = _differing(settled=settled).order_by(*(newest_first if settled else (second_looks.c.number,)))
        with self._database.read() as connection:
            for row in connection.execute(query).all():
                if not barred(connection, document_of(connection, row.document), clearance):
                    yield _disagreement(row)

    def disagreement(self, number: int, *, settled: bool = False) -> Disagreement:
        """One of them. Raises NotFound, also when it is settled (with `settled`: when it is not)."""
        query = _differing(settled=settled).where(second_looks.c.number == number)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            kind = "settled" if settled else "open"
            msg = f"there is no {kind} disagreement {number}: ingest review second-look {kind}"
            raise NotFound(msg)
        return _disagreement(row)

    def settle_second_look(
        self, number: int, *, settlement: Settlement, mrn: str | None, by: str, acting_for: str | None, now: datetime
    ) -> str:
        """A supervisor says which answer is right; the document's id.

        FIRST_WRONG: a filing is a misfile from now on, and the document goes back to review if that decision still
        stands. Raises NotFound, Conflict when it is settled or `by` had a part in either answer.
        """
        with self._database.write() as connection:
            if mrn is not None and _person(connection, mrn) is None:
                msg = "no patient has this MRN: search for the patient, or load the patients again"
                raise NotFound(msg)
            return settle_look(
                connection, number, settlement=settlement, mrn=mrn, by=by, acting_for=acting_for, now=now
            )

    def reopen_second_look(
        self, number: int, *, by: str, acting_for: str | None, now: datetime, settled_at: datetime | None = None
    ) -> str:
        """What was settled is a disagreement again; the document's id.

        The misfile that it made goes; a document that it put back stays in review, and says so. Raises NotFound when
        nothing is settled; Conflict when `by` had a part in either answer, when it was settled anew since `settled_at`
        and when people went on from the finding: until the document is where it was.
        """
        with self._database.write() as connection:
            return reopen_look(connection, number, settled_at=settled_at, by=by, acting_for=acting_for, now=now)


def _in_order(connection: Connection, condition: ColumnElement[bool]) -> Iterator[Row[Any]]:
    """Unanswered ones, oldest first, some at a time."""
    last = 0
    while True:
        query = (
            select(second_looks)
            .where(
                second_looks.c.answered_at.is_(None),
                second_looks.c.number > last,
                or_(second_looks.c.kind != LookKind.KNOWN, is_known_still()),
                condition,
            )
            .order_by(second_looks.c.number)
            .limit(_BATCH)
        )
        rows = connection.execute(query).all()
        yield from rows
        if len(rows) < _BATCH:
            return
        last = rows[-1].number


def _involved(names: Collection[str]) -> ColumnElement[bool]:
    """The condition that one of these people decided on the document, or looked at it again."""
    other = second_looks.alias("other")
    decided = select(decisions.c.version).where(
        decisions.c.document == second_looks.c.document,
        or_(decisions.c.decided_by.in_(names), decisions.c.acting_for.in_(names)),
    )
    looked = select(other.c.number).where(
        other.c.document == second_looks.c.document,
        or_(other.c.answered_by.in_(names), other.c.settled_by.in_(names)),
    )
    return or_(decided.exists(), looked.exists())


def _held(connection: Connection, number: int, user: str) -> Row[Any]:
    row = connection.execute(select(second_looks).where(second_looks.c.number == number)).one_or_none()
    if row is None:
        msg = f"there is no second look {number}: ingest review second-look next"
        raise NotFound(msg)
    if row.answered_at is not None:
        msg = f"second look {number} is answered; an answer stands"
        raise Conflict(msg)
    if row.held_by != user:
        msg = f"second look {number} is not yours: take one with ingest review second-look next"
        raise Conflict(msg)
    return row


def _expected(connection: Connection, row: Row[Any]) -> str | None:
    """The MRN that the answer is held against; None for what belongs to nobody."""
    if row.kind == LookKind.KNOWN:
        expected: str | None = row.expected_mrn
        return expected
    first = select(decisions.c.mrn).where(decisions.c.document == row.document, decisions.c.version == row.version)
    answer: str | None = connection.execute(first).scalar_one()
    return answer


def _person(connection: Connection, mrn: str) -> int | None:
    """The number of the registration that an MRN means, mergers followed; None for an unknown one."""
    row = connection.execute(select(patients.c.number, patients.c.merged_into).where(patients.c.mrn == mrn)).first()
    while row is not None and row.merged_into is not None:
        row = connection.execute(
            select(patients.c.number, patients.c.merged_into).where(patients.c.number == row.merged_into)
        ).one()
    return None if row is None else int(row.number)


def _differing(*, settled: bool) -> Select[Any]:
    query = with_decisions(select(second_looks, decisions.c.mrn, decisions.c.decided_by))
    return query.where(
        second_looks.c.kind != LookKind.KNOWN,
        second_looks.c.answered_at.is_not(None),
        ~is_set(second_looks.c.agrees),
        second_looks.c.settled.is_not(None) if settled else second_looks.c.settled.is_(None),
    )


def _disagreement(row: Row[Any]) -> Disagreement:
    return Disagreement(
        number=row.number,
        document_id=document_id(row.document),
        version=row.version,
        kind=LookKind(row.kind),
        first_mrn=row.mrn,
        first_by=row.decided_by,
        answer=LookAnswer(row.answer),
        answer_mrn=row.answer_mrn,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        settled=None if row.settled is None else Settlement(row.settled),
        settled_by=row.settled_by,
        settled_at=row.settled_at,
    )
