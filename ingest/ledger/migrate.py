"""Brings the tables to this program's version, by alembic, in one transaction; forward only.

Promise: `prepare` either ends with tables of exactly this version, or raises with a plain remedy and
changes nothing. Several processes may call it at once.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from ingest.errors import LedgerDamaged, LedgerUnreachable, OtherVersion
from ingest.ledger.database import LOST, Database
from ingest.ledger.schema import REVISIONS

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x70617065  # one number among PostgreSQL's advisory locks


def prepare(database: Database, *, create: bool, begin: bool = True) -> None:
    """Checks the tables' version; with `create`, makes (unless not to `begin` any) or migrates them first."""
    with database.session() as connection:
        with connection.begin():
            revision = _revision(connection)
        if revision == REVISIONS[-1]:
            return
        if revision is not None and revision not in REVISIONS:
            msg = "the ledger was made by a newer version of this program; install that version or a later one"
            raise OtherVersion(msg)
        if revision is None and not begin:
            raise LedgerDamaged(LOST)
        if not create:
            _refuse(revision)
        with database.writing(connection, alone=False):
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            if _revision(connection) != REVISIONS[-1]:
                _upgrade(connection)


def _refuse(revision: str | None) -> None:
    if revision is None:
        msg = "there is no ledger in this database yet; make it with: ingest init"
        raise LedgerUnreachable(msg)
    msg = "the ledger was made by an older version of this program; bring it up to date with: ingest init"
    raise OtherVersion(msg)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _upgrade(connection: Connection) -> None:
    # Here and not above: alembic takes a while to import, and only a new or old ledger needs it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
