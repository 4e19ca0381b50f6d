"""Rows of a load in a temporary table: read at leisure, before anything of the ledger is locked.

Promises: only this connection sees the table, and it is gone when the block ends; never more than a batch
of rows in memory; of rows with one MRN the first counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

from sqlalchemy import Column, Connection, Index, MetaData, Table, Text, delete, func, insert, select, text
from sqlalchemy.schema import CreateTable, DropTable

from ingest.ledger.bulk import insert_rows
from ingest.ledger.columns import AnyText, Whole
from ingest.ledger.patient_codec import encode_patient, fingerprint
from matchers.patient import Patient

_BATCH = 5000
_CACHE_KIB, _LARGE_CACHE_KIB = 2_000, 256 << 10
_metadata = MetaData()

staged = Table(
    "staged_patients",
    _metadata,
    Column("line", Whole, primary_key=True, autoincrement=False),
    Column("mrn", AnyText, nullable=False),
    Column("stated", Text, nullable=False),
    Column("body", Text, nullable=False),
    prefixes=["TEMPORARY"],
)
_by_mrn = Index("ix_staged_patients_mrn", staged.c.mrn)
spared = Table("spared_patients", _metadata, Column("mrn", AnyText, primary_key=True), prefixes=["TEMPORARY"])


@contextmanager
def stage(connection: Connection, rows: Iterable[Patient]) -> Iterator[int]:
    """Stages every row; gives how many rows there were (`staged_count`: of how many patients)."""
    try:
        with connection.begin():
            _cache(connection, _LARGE_CACHE_KIB)
            for table in (staged, spared):
                connection.execute(CreateTable(table))
            total = _fill(connection, rows)
            _keep_first(connection)
            if connection.dialect.name == "postgresql":
                connection.execute(text("ANALYZE staged_patients"))  # else it plans for a few rows
        yield total
    finally:
        with connection.begin():
            for table in (staged, spared):
                connection.execute(DropTable(table, if_exists=True))
            _cache(connection, _CACHE_KIB)


def spare(connection: Connection, mrns: Collection[str]) -> None:
    """Patients that a replacing load must leave as they are."""
    mrns_once = sorted(set(mrns))
    for start in range(0, len(mrns_once), _BATCH):
        connection.execute(insert(spared), [{"mrn": mrn} for mrn in mrns_once[start : start + _BATCH]])


def staged_count(connection: Connection) -> int:
    """How many patients are staged."""
    return int(connection.execute(select(func.count()).select_from(staged)).scalar_one())


def _cache(connection: Connection, kib: int) -> None:
    """SQLite's share of memory: in the usual one, a million MRNs in no order push one another out."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA main.cache_size = -{kib}")


def _fill(connection: Connection, rows: Iterable[Patient]) -> int:
    source, total = iter(rows), 0
    while batch := list(islice(source, _BATCH)):
        bodies = [(patient.mrn, encode_patient(patient)) for patient in batch]
        values = [(line, mrn, fingerprint(body), body) for line, (mrn, body) in enumerate(bodies, start=total + 1)]
        insert_rows(connection, staged, ("line", "mrn", "stated", "body"), values)
        total += len(batch)
    return total


def _keep_first(connection: Connection) -> None:
    """Of rows with one MRN the first. The index is made now: sorting once is cheaper than a place for each row."""
    _by_mrn.create(connection)
    earlier = staged.alias("earlier")
    again = select(earlier.c.line).where(earlier.c.mrn == staged.c.mrn, earlier.c.line < staged.c.line)
    connection.execute(delete(staged).where(again.exists()))
