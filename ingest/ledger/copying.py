"""A whole ledger copied into a fresh one, of either kind: what a backup keeps, and what a restore brings back.

Promises: one snapshot of the source, also while others write to it; the copy is all there or nothing. The audit chain
comes along byte for byte.
"""

from __future__ import annotations

from sqlalchemy import Connection, Identity, delete, func, insert, select, text

from ingest.errors import Conflict
from ingest.ledger.database import Database
from ingest.ledger.part import LedgerPart
from ingest.ledger.schema import audit_head, counters, metadata, patients, scans
from ingest.ledger.schema_desk import review_limits

_ROWS = 500


class Copying(LedgerPart):
    """`ingest backup` and `ingest restore`."""

    def copy_to(self, target: LedgerPart) -> None:
        """Raises Conflict when `target` holds anything already; then nothing of it has changed."""
        database: Database = target._database
        with self._database.read() as source, database.write() as copy:
            for table in (scans, patients):
                if copy.execute(select(func.count()).select_from(table)).scalar_one():
                    msg = "the ledger that is to be written holds something already; name a fresh one"
                    raise Conflict(msg)
            for table in (counters, audit_head, review_limits):  # as a fresh ledger has them
                copy.execute(delete(table))
            for table in metadata.sorted_tables:
                found = source.execute(select(table).execution_options(yield_per=_ROWS))
                for rows in found.mappings().partitions(_ROWS):
                    copy.execute(insert(table), [dict(row) for row in rows])
            if not database.is_sqlite:
                _set_sequences(copy)


def _set_sequences(connection: Connection) -> None:
    """Numbers that PostgreSQL gives itself go on behind the highest that was copied."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.server_default, Identity):
                highest = connection.execute(select(func.max(column))).scalar_one()
                if highest is not None:
                    name = {"table": table.name, "column": column.name, "value": highest}
                    connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :value)"), name)
