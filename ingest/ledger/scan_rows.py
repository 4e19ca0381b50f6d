"""Rows of `scans` as the nouns of the model."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from ingest.ledger.counters import scan_id
from ingest.model import IntakeKey, Scan


def scan_of(row: Row[Any]) -> Scan:
    """The scan of a row that has the columns of `scans`."""
    return Scan(
        id=scan_id(row.number),
        source=row.source,
        origin=row.origin,
        sha256=row.sha256,
        size=row.size,
        received_at=row.received_at,
    )


def key_of(row: Row[Any]) -> IntakeKey | None:
    """The intake key of a row that has the columns of `scans`."""
    if row.key_path is None:
        return None
    return IntakeKey(
        path=row.key_path,
        device=row.key_device,
        inode=row.key_inode,
        size=row.key_size,
        mtime_ns=row.key_mtime_ns,
        sha256=row.key_sha256,
    )
