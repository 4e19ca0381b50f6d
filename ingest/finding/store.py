"""The store that belongs to a ledger: beside it in a file of its own, or in a schema of its own on its server."""

from __future__ import annotations

from pathlib import Path

from ingest.finding.port import TextStore
from ingest.finding.postgres import PostgresTexts
from ingest.finding.sqlite import SqliteTexts


def open_store(ledger_url: str, file: Path) -> TextStore:
    """The store for the ledger at `ledger_url`; on SQLite it is `file`. Nothing is made or opened before it is used."""
    return SqliteTexts(file) if ledger_url.startswith("sqlite:") else PostgresTexts(ledger_url)
