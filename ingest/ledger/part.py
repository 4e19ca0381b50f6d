"""What every part of the ledger stands on."""

from __future__ import annotations

from ingest.ledger.database import Database


class LedgerPart:
    """One subject of the ledger: its public methods, each of them one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
