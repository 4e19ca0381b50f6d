"""Who may do what at the desk: a role gives rights, and nothing else does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ingest.errors import WrongUse
from ingest.ledger import SITE_ITSELF, Clearance, DeskRole


class Right(StrEnum):
    """One thing that somebody may or may not do; the words fit "may not …"."""

    LOOK = "look at documents"
    DECIDE = "decide on documents"
    SETTLE = "settle disagreements and apply what was learned"
    LABEL = "label patients"
    STOP = "stop unattended filing"
    RESUME = "let unattended filing go on"
    REPORT = "read reports"
    MAINTAIN = "maintain the site and its patient index"
    USERS = "manage accounts"


_EVERYBODY = {Right.STOP, Right.REPORT}
RIGHTS: Mapping[DeskRole, frozenset[Right]] = {
    DeskRole.REVIEWER: frozenset({Right.LOOK, Right.DECIDE, *_EVERYBODY}),
    DeskRole.SUPERVISOR: frozenset(
        {Right.LOOK, Right.DECIDE, Right.SETTLE, Right.LABEL, Right.MAINTAIN, Right.RESUME, *_EVERYBODY}
    ),
    DeskRole.AUDITOR: frozenset({Right.LOOK, *_EVERYBODY}),
    # Who gives out accounts need not read charts.
    DeskRole.ADMINISTRATOR: frozenset({Right.USERS, Right.MAINTAIN, Right.RESUME, *_EVERYBODY}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """The person at the desk, whom they act for when that is somebody else, what they may do and whom they may see."""

    user: str
    acting_for: str | None = None
    rights: frozenset[Right] = frozenset(Right)
    clearance: Clearance = SITE_ITSELF

    def __post_init__(self) -> None:
        if not self.user.strip() or (self.acting_for is not None and not self.acting_for.strip()):
            msg = "a decision needs a user's name"
            raise WrongUse(msg)
