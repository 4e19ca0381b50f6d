"""What came of learning: a proposal, or why the figures bear none."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.ledger import Proposal
from ingest.ledger.codec import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """`proposal` is None where nothing is worth proposing; `figures` say why."""

    proposal: Proposal | None
    figures: Json
