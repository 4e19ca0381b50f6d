"""Connections and transactions: the same promises on SQLite and on PostgreSQL.

Promises:
- `write` is one transaction that sees everything committed before it and excludes every other `write`
  (SQLite: BEGIN IMMEDIATE; PostgreSQL: a lock on the head of the audit chain). All or nothing of it is kept,
  on disk when the block ends (`synchronous=FULL`, `synchronous_commit=on`).
- A write that is not `lasting` may be lost in a power cut, whole and in its order: who holds what, who was here.
- `read` is one snapshot for as long as the block lasts; it blocks nobody.
- A failure of the database is one of `ingest.errors`, without any data of a statement (`failures`).
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from ingest.errors import BadSettings, LedgerDamaged, LedgerUnreachable, MissingPart
from ingest.ledger.failures import translated
from ingest.ledger.schema import audit_head

BUSY_S = 30.0
_BUSY_STEP_S = 0.001
_PRIMARY = 0xFF  # of SQLite's codes: what lies above says why more closely
_CONNECT_S = 10
_POOL = 20  # connections that stay open: SQLite's cost nothing, and making one costs a millisecond
_SQLITE = "sqlite:///"
LOST = (
    "the ledger is gone, and this site keeps scans that only it knows; put it back with: ingest restore BACKUP --home "
    "NEW. Without a backup: make a new site, and take in this one's spool with: ingest batch SPOOL"
)
_CROWDED = re.compile(r"too many (clients|connections)|connection slots")


class Database:
    """One database. Safe to share between threads; a process that forks must open its own."""

    def __init__(self, engine: Engine, *, busy_s: float = BUSY_S) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._busy_s = busy_s
        self._turn = threading.Lock()

    @classmethod
    def open(cls, url: str, *, create: bool, begin: bool = True, busy_s: float = BUSY_S) -> Database:
        """Makes no connection to a server yet. `create` makes SQLite's file, readable by its owner alone.

        Raises LedgerDamaged where there is no file and none may be begun.
        """
        with translated():
            if url.startswith(_SQLITE):
                if not begin and not Path(url.removeprefix(_SQLITE)).exists():
                    raise LedgerDamaged(LOST)
                return cls(_sqlite(Path(url.removeprefix(_SQLITE)), create=create, busy_s=busy_s), busy_s=busy_s)
            return cls(_postgresql(url, busy_s=busy_s), busy_s=busy_s)

    def close(self) -> None:
        """Lets go of every connection; idempotent."""
        self.engine.dispose()

    def is_refused(self) -> bool:
        """Whether a server is there that takes connections, but none of ours: for whom they are, not for their number.

        No state comes with a connection that fails, so it is asked before and behind one: a server that begins or ends
        just now lets nobody in either.
        """
        if self.is_sqlite or not _answers(self.engine):
            return False
        try:
            self.engine.connect().close()
        except DBAPIError as error:
            return _CROWDED.search(str(error.orig)) is None and _answers(self.engine)
        return False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One unchanging view of everything committed so far."""
        with translated(), self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self, *, alone: bool = True, lasting: bool = True) -> Iterator[Connection]:
        """One transaction. `alone=False` lets other writers in where the database can (PostgreSQL)."""
        with self.session() as connection, self.writing(connection, alone=alone, lasting=lasting):
            yield connection

    @contextmanager
    def session(self) -> Iterator[Connection]:
        """A connection for several transactions in turn: what is temporary lives as long as it."""
        with translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, connection: Connection, *, alone: bool = True, lasting: bool = True) -> Iterator[None]:
        """`write`, on a connection at hand."""
        connection.execution_options(immediate=True, lasting=lasting)
        try:
            with self._in_turn(), translated(), connection.begin():
                if not self.is_sqlite and not lasting:
                    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
                if alone and not self.is_sqlite:
                    connection.execute(select(audit_head.c.id).with_for_update())
                yield
        finally:
            connection.execution_options(immediate=False, lasting=True)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """SQLite's own waiting sleeps in steps of up to a tenth of a second: threads of one process need not."""
        mine = self.is_sqlite and self._turn.acquire(timeout=self._busy_s)  # after that it is SQLite that refuses
        try:
            yield
        finally:
            if mine:
                self._turn.release()


def _answers(engine: Engine) -> bool:
    """Whether the server takes connections; it need not be told of a user that it knows."""
    from psycopg.conninfo import make_conninfo
    from psycopg.pq import PGconn, Ping

    facts = engine.url.translate_connect_args(username="user", database="dbname") | dict(engine.url.query)
    return PGconn.ping(make_conninfo(**{"connect_timeout": _CONNECT_S} | facts).encode()) == Ping.OK


def _sqlite(file: Path, *, create: bool, busy_s: float) -> Engine:
    if create:
        _make_private(file)
    elif not file.is_file():
        msg = "there is no ledger yet; make it with: ingest init"
        raise LedgerUnreachable(msg)
    engine = create_engine(
        URL.create("sqlite", database=str(file)),
        hide_parameters=True,
        connect_args={"timeout": busy_s},
        pool_size=_POOL,
    )

    @event.listens_for(engine, "connect")
    def prepare(dbapi: Any, _entry: ConnectionPoolEntry) -> None:
        dbapi.isolation_level = None  # the driver begins nothing by itself: `begin` below does
        run = dbapi.execute
        if run("PRAGMA journal_mode").fetchone()[0] != "wal":
            run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        run("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        wanted = "FULL" if options.get("lasting", True) else "NORMAL"
        if connection.info.get("synchronous", "FULL") != wanted:
            connection.exec_driver_sql(f"PRAGMA synchronous = {wanted}")
            connection.info["synchronous"] = wanted
        if options.get("immediate"):
            _begin_writing(connection, busy_s)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _begin_writing(connection: Connection, busy_s: float) -> None:
    """Waits for other processes' transactions, in steps so short that nobody at the desk notices."""
    dbapi: Any = connection.connection.dbapi_connection
    until_s = time.monotonic() + busy_s
    dbapi.execute("PRAGMA busy_timeout = 0")
    try:
        while time.monotonic() < until_s:
            try:
                dbapi.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & _PRIMARY != sqlite3.SQLITE_BUSY:
                    break
                time.sleep(_BUSY_STEP_S)
            else:
                return
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # what SQLite has to say
    finally:
        dbapi.execute(f"PRAGMA busy_timeout = {round(busy_s * 1000)}")


def _make_private(file: Path) -> None:
    """SQLite gives its journal files the same rights as the file itself."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        if file.stat().st_mode & 0o077:
            file.chmod(0o600)
    except PermissionError:
        pass  # another user's file: opening it says what may be done with it
    except OSError as error:
        msg = f"the ledger's file cannot be made ({error.strerror}); check that its folder exists"
        raise LedgerUnreachable(msg) from None


def _postgresql(url: str, *, busy_s: float) -> Engine:
    try:
        target = make_url(url)
        if target.drivername != "postgresql+psycopg":
            raise ArgumentError
        engine = create_engine(
            target, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": _CONNECT_S}
        )
    except (ArgumentError, NoSuchModuleError, ValueError):
        msg = "ledger: write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
        raise BadSettings(msg) from None
    except ModuleNotFoundError:
        msg = "PostgreSQL needs a part that is not installed; get it with: pip install 'paperchart[postgres]'"
        raise MissingPart(msg) from None

    @event.listens_for(engine, "connect")
    def prepare(dbapi: Any, _entry: ConnectionPoolEntry) -> None:
        with dbapi.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")
            cursor.execute(f"SET lock_timeout = {int(busy_s * 1000)}")
            cursor.execute("SET timezone = 'UTC'")
        dbapi.commit()

    return engine
