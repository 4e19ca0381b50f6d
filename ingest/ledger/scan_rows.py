"""Rows of `scans` as the nouns of the model."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, Row, or_

from ingest.ledger.counters import scan_id, scan_number
from ingest.ledger.schema import scans
from ingest.model import IntakeKey, Scan


def named(scan: str) -> ColumnElement[bool]:
    """Which scans somebody means by an id or a source; several may have had one name."""
    of_source = scans.c.source == scan
    is_id = re.fullmatch(r"[Ss][0-9]{6,18}", scan)
    return or_(of_source, scans.c.number == scan_number(scan)) if is_id else of_source


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
