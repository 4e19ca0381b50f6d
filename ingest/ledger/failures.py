"""What a database says when it fails, as the program's own failures with a remedy.

Promise: nothing of a statement, its parameters or a row gets into a message; drivers like to quote rows
("Key (mrn)=(…) already exists"), so that their words are never passed on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ingest.errors import LedgerDamaged, LedgerUnreachable, PaperchartError, StorageTrouble

_FULL = "the ledger's disk is full; free some space and run it again, nothing was lost"
_READ_ONLY = "the ledger cannot be written (read-only file, folder or disk); give this user the right to write it"
_DISK = "the ledger's disk is full or gives errors; free some space or check it, then run `ingest verify`"
_DAMAGED = (
    "the ledger's file is damaged or is no ledger; put back the last good copy (ingest restore BACKUP --home NEW), "
    "then run `ingest verify`"
)
_BUSY = "the ledger is busy with another process; run it again in a moment"
_SILENT = "the ledger's database does not answer; check that it runs and that `ledger` in ingest.toml is right"
_NO_FILE = "the ledger's file cannot be opened; check that its folder exists and that this user may use it"


@contextmanager
def translated() -> Iterator[None]:
    """Turns every failure of the database within the block into one of `ingest.errors`."""
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        raise _translate(error) from None
    except sqlite3.Error as error:  # while rows are fetched past SQLAlchemy
        raise _of_sqlite(error) from None


def _translate(error: DBAPIError | PoolTimeout) -> PaperchartError:
    if isinstance(error, PoolTimeout):
        return LedgerUnreachable(_BUSY)
    origin = error.orig
    if isinstance(origin, sqlite3.Error):
        return _of_sqlite(origin)
    return _of_postgresql(error, getattr(origin, "sqlstate", None) or "")


def _of_sqlite(error: sqlite3.Error) -> PaperchartError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_FULL:
            return StorageTrouble(_FULL)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return StorageTrouble(_READ_ONLY)
        case sqlite3.SQLITE_IOERR:
            return StorageTrouble(_DISK)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return LedgerDamaged(_DAMAGED)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return LedgerUnreachable(_BUSY)
        case sqlite3.SQLITE_CANTOPEN:
            return LedgerUnreachable(_NO_FILE)
        case _:
            return _refused(f"SQLite, {type(error).__name__}, code {code}")


def _of_postgresql(error: DBAPIError, state: str) -> PaperchartError:
    """By SQLSTATE (PostgreSQL documentation, appendix A)."""
    if state == "53100":
        return StorageTrouble(_FULL)
    if state == "25006":
        return StorageTrouble(_READ_ONLY)
    if state.startswith("58"):
        return StorageTrouble(_DISK)
    if state in {"XX001", "XX002"}:
        return LedgerDamaged(_DAMAGED)
    if state in {"55P03", "40001", "40P01", "57014", "53300"}:
        return LedgerUnreachable(_BUSY)
    lost = isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
    if lost or state[:2] in {"08", "28", "3D", "53", "57"}:
        return LedgerUnreachable(_SILENT)
    return _refused(f"PostgreSQL, {state or type(error.orig).__name__}")


def _refused(what: str) -> PaperchartError:
    return PaperchartError(f"the ledger refused a statement ({what}); this is a fault of the program, report it")
