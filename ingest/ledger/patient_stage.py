"""Rows of a load in a temporary table: read at leisure, before anything of the ledger is locked.

Promises: only this connection sees the table, and it is gone when the block ends; never more than a batch
of rows in memory; of rows with one MRN the first counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

from sqlalchemy import Column, Connection, Insert, MetaData, Table, Text, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.schema import CreateTable, DropTable

from ingest.ledger.bulk import insert_rows
from ingest.ledger.columns import AnyText, Whole
from ingest.ledger.patient_codec import encode_patient, fingerprint
from matchers.patient import Patient

_BATCH = 5000
_metadata = MetaData()

staged = Table(
    "staged_patients",
    _metadata,
    Column("line", Whole, primary_key=True, autoincrement=False),
    Column("mrn", AnyText, nullable=False, unique=True),
    Column("stated", Text, nullable=False),
    Column("body", Text, nullable=False),
    prefixes=["TEMPORARY"],
)
spared = Table("spared_patients", _metadata, Column("mrn", AnyText, primary_key=True), prefixes=["TEMPORARY"])


@contextmanager
def stage(connection: Connection, rows: Iterable[Patient]) -> Iterator[int]:
    """Stages every row; gives how many rows there were (`staged_count`: of how many patients)."""
    try:
        with connection.begin():
            for table in (staged, spared):
                connection.execute(CreateTable(table))
            total = _fill(connection, rows)
            if connection.dialect.name == "postgresql":
                connection.execute(text("ANALYZE staged_patients"))  # else it plans for a few rows
        yield total
    finally:
        with connection.begin():
            for table in (staged, spared):
                connection.execute(DropTable(table, if_exists=True))


def spare(connection: Connection, mrns: Collection[str]) -> None:
    """Patients that a replacing load must leave as they are."""
    mrns_once = sorted(set(mrns))
    for start in range(0, len(mrns_once), _BATCH):
        connection.execute(insert(spared), [{"mrn": mrn} for mrn in mrns_once[start : start + _BATCH]])


def staged_count(connection: Connection) -> int:
    """How many patients are staged."""
    return int(connection.execute(select(func.count()).select_from(staged)).scalar_one())


def _fill(connection: Connection, rows: Iterable[Patient]) -> int:
    add = _insert_first(connection)
    source, total = iter(rows), 0
    while batch := list(islice(source, _BATCH)):
        bodies = [(patient.mrn, encode_patient(patient)) for patient in batch]
        values = [(line, mrn, fingerprint(body), body) for line, (mrn, body) in enumerate(bodies, start=total + 1)]
        insert_rows(connection, staged, ("line", "mrn", "stated", "body"), values, statement=add)
        total += len(batch)
    return total


def _insert_first(connection: Connection) -> Insert:
    if connection.dialect.name == "postgresql":
        return postgresql_insert(staged).on_conflict_do_nothing(index_elements=["mrn"])
    return sqlite_insert(staged).on_conflict_do_nothing(index_elements=["mrn"])
