"""Accounts of the desk, their sessions, and failed logins. Passwords come in as hashes, tokens as theirs.

Promise: nothing here can be used to log in with what the database holds. Every change is in the audit; so are logins,
failed ones too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from ingest.errors import Conflict, NotFound
from ingest.ledger import chain
from ingest.ledger.codec import Json, decode_texts, encode_texts
from ingest.ledger.part import LedgerPart
from ingest.ledger.records import DeskRole
from ingest.ledger.schema_desk import accounts, login_failures, sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may use the desk. Without a password they come by the operating system or a proxy only."""

    name: str
    role: DeskRole
    has_password: bool
    system_user: str | None
    clearances: frozenset[str]
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who is logged in at a browser."""

    account: Account
    created_at: datetime
    seen_at: datetime


class Accounts(LedgerPart):
    """Who may use the desk, and who does."""

    def add_account(
        self,
        name: str,
        *,
        role: DeskRole,
        password_hash: str | None,
        system_user: str | None,
        clearances: frozenset[str],
        by: str,
        now: datetime,
    ) -> Account:
        """A new account. Raises Conflict when the name or the system user has one already."""
        with self._database.write() as connection:
            same = accounts.c.name == name
            taken = same if system_user is None else or_(same, accounts.c.system_user == system_user)
            if (known := connection.execute(select(accounts.c.name).where(taken)).first()) is not None:
                what = "there is an account of this name" if known.name == name else "this system user has an account"
                raise Conflict(f"{what} already: ingest users list")
            connection.execute(
                insert(accounts).values(
                    name=name,
                    role=role,
                    password_hash=password_hash,
                    system_user=system_user,
                    clearances=encode_texts(tuple(sorted(clearances))),
                    created_at=now,
                )
            )
            facts = {"role": role.value, "clearances": sorted(clearances)}
            chain.append(connection, action="account.added", actor=by, subject=name, now=now, facts=facts)
            return _account(_row(connection, name))

    def change_account(
        self,
        name: str,
        *,
        by: str,
        now: datetime,
        role: DeskRole | None = None,
        password_hash: str | None = None,
        clearances: frozenset[str] | None = None,
    ) -> Account:
        """Another role, password or other clearances; whoever is logged in with it is logged off. Raises NotFound."""
        values: dict[str, object] = {}
        facts: dict[str, Json] = {}
        if role is not None:
            values["role"] = facts["role"] = role.value
        if password_hash is not None:
            values["password_hash"] = password_hash
            facts["new_password"] = True
        if clearances is not None:
            values["clearances"] = encode_texts(tuple(sorted(clearances)))
            facts["clearances"] = sorted(clearances)
        with self._database.write() as connection:
            _row(connection, name)
            if values:
                connection.execute(update(accounts).where(accounts.c.name == name).values(**values))
                if password_hash is not None:
                    _forget_failures(connection, name)
                chain.append(connection, action="account.changed", actor=by, subject=name, now=now, facts=facts)
                _end_sessions(connection, name, now)
            return _account(_row(connection, name))

    def set_account_disabled(self, name: str, disabled: bool, *, by: str, now: datetime) -> Account:
        """Shuts an account, or opens it again; whoever is logged in with it is logged off. Raises NotFound."""
        with self._database.write() as connection:
            row = _row(connection, name)
            if (row.disabled_at is not None) != disabled:
                values = {"disabled_at": now if disabled else None}
                connection.execute(update(accounts).where(accounts.c.name == name).values(**values))
                _forget_failures(connection, name)
                action = "account.disabled" if disabled else "account.enabled"
                chain.append(connection, action=action, actor=by, subject=name, now=now)
                _end_sessions(connection, name, now)
            return _account(_row(connection, name))

    def accounts(self) -> tuple[Account, ...]:
        """Every account, by name."""
        with self._database.read() as connection:
            return tuple(map(_account, connection.execute(select(accounts).order_by(accounts.c.name))))

    def account(self, name: str) -> Account:
        """One account. Raises NotFound."""
        with self._database.read() as connection:
            return _account(_row(connection, name))

    def account_of_system_user(self, system_user: str) -> Account | None:
        """The account that belongs to a user of the operating system."""
        with self._database.read() as connection:
            row = connection.execute(select(accounts).where(accounts.c.system_user == system_user)).one_or_none()
        return None if row is None else _account(row)

    def password_hash(self, name: str) -> str | None:
        """What a password is checked against; None when the account is not there, is shut, or has none."""
        query = select(accounts.c.password_hash).where(accounts.c.name == name, accounts.c.disabled_at.is_(None))
        with self._database.read() as connection:
            found: str | None = connection.execute(query).scalar_one_or_none()
        return found

    def begin_session(self, name: str, *, token_hash: str, now: datetime, address: str) -> Session:
        """Somebody has logged in; their failures are forgotten. Raises NotFound."""
        with self._database.write() as connection:
            row = _row(connection, name)
            connection.execute(
                insert(sessions).values(token_hash=token_hash, account=name, created_at=now, seen_at=now)
            )
            _forget_failures(connection, name)
            chain.append(
                connection, action="session.begun", actor=name, subject=name, now=now, details={"address": address}
            )
            return Session(account=_account(row), created_at=now, seen_at=now)

    def session(self, token_hash: str) -> Session | None:
        """Who is logged in with a token, if the session has not been ended and the account is open."""
        query = (
            select(sessions.c.created_at.label("begun_at"), sessions.c.seen_at, accounts)
            .join(accounts, accounts.c.name == sessions.c.account)
            .where(sessions.c.token_hash == token_hash, sessions.c.ended_at.is_(None), accounts.c.disabled_at.is_(None))
        )
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return Session(account=_account(row), created_at=row.begun_at, seen_at=row.seen_at)

    def see_session(self, token_hash: str, *, now: datetime) -> None:
        """The session was used just now."""
        with self._database.write(lasting=False) as connection:
            connection.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(seen_at=now))

    def end_session(self, token_hash: str, *, why: str, now: datetime) -> None:
        """Logs off; idempotent. `why` is one word for the audit: "left", "idle" or "expired"."""
        with self._database.write() as connection:
            ended = connection.execute(
                update(sessions)
                .where(sessions.c.token_hash == token_hash, sessions.c.ended_at.is_(None))
                .values(ended_at=now)
                .returning(sessions.c.account)
            ).scalar_one_or_none()
            if ended is not None:
                chain.append(
                    connection, action="session.ended", actor=ended, subject=ended, now=now, facts={"why": why}
                )

    def login_failed(self, name: str, *, address: str, counts: bool = True, now: datetime) -> None:
        """Records that somebody could not log in. The name may be nobody's, and is kept outside the chained bytes.

        What `counts` stands against further attempts; one that was not even tried need not.
        """
        with self._database.write() as connection:
            if counts:
                connection.execute(insert(login_failures).values(account=name, address=address, at=now))
            details = {"name": name, "address": address}
            chain.append(connection, action="login.failed", actor="nobody", subject="desk", now=now, details=details)

    def login_failures_since(self, since: datetime, *, name: str, address: str) -> tuple[int, int]:
        """How often a name, and how often an address, failed to log in since then."""
        late = login_failures.c.at >= since
        with self._database.read() as connection:
            of_name = connection.execute(
                select(func.count()).select_from(login_failures).where(late, login_failures.c.account == name)
            ).scalar_one()
            of_address = connection.execute(
                select(func.count()).select_from(login_failures).where(late, login_failures.c.address == address)
            ).scalar_one()
        return int(of_name), int(of_address)


def _row(connection: Connection, name: str) -> Row[Any]:
    row = connection.execute(select(accounts).where(accounts.c.name == name)).one_or_none()
    if row is None:
        msg = "there is no such account: ingest users list"
        raise NotFound(msg)
    return row


def _forget_failures(connection: Connection, name: str) -> None:
    connection.execute(delete(login_failures).where(login_failures.c.account == name))


def _end_sessions(connection: Connection, name: str, now: datetime) -> None:
    connection.execute(
        update(sessions).where(sessions.c.account == name, sessions.c.ended_at.is_(None)).values(ended_at=now)
    )


def _account(row: Row[Any]) -> Account:
    return Account(
        name=row.name,
        role=DeskRole(row.role),
        has_password=row.password_hash is not None,
        system_user=row.system_user,
        clearances=frozenset(decode_texts(row.clearances)),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )
