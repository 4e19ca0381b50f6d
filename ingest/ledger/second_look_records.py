"""The nouns of the second look: what may be drawn, what was drawn, what was seen, what was settled. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LookKind(StrEnum):
    """Whose decision is looked at again. KNOWN ones measure whoever looks, and stand for no decision."""

    UNATTENDED = "unattended"
    FILED_BY_PERSON = "filed_by_person"
    DISCARDED_BY_PERSON = "discarded_by_person"
    KNOWN = "known"


class LookAnswer(StrEnum):
    """What somebody found who did not know the first answer."""

    PATIENT = "patient"
    NO_PATIENT = "no_patient"
    UNSURE = "unsure"


class Settlement(StrEnum):
    """What a supervisor found where the two answers differ."""

    FIRST_RIGHT = "first_right"
    FIRST_WRONG = "first_wrong"


class LookStanding(StrEnum):
    """How far a second look is: to be looked at, agreed with, with a supervisor, or settled."""

    OPEN = "open"
    AGREED = "agreed"
    DISPUTED = "disputed"
    FIRST_RIGHT = "first_right"
    FIRST_WRONG = "first_wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawable:
    """A decision that was carried out, as drawing sees it: everything but its answer."""

    document_id: str
    version: int
    kind: LookKind
    type: str | None
    origin: str
    probability: float | None
    person: str | None  # who decided; None for the program
    decided_at: datetime

    @property
    def month(self) -> str:
        """The month it counts in, "2026-11", by UTC."""
        return f"{self.decided_at:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive decisions of one stratum, `size` of them when full, of which one is looked at; `seen` so far."""

    number: int
    size: int
    seen: int


@dataclass(frozen=True, slots=True)
class FrameCell:
    """Decisions that had the same chance, one in `one_in`, and are reported together."""

    kind: LookKind
    month: str
    type: str | None
    origin: str
    one_in: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A decision that is to be looked at again."""

    decision: Drawable
    stratum: str
    one_in: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCase:
    """A document whose right answer is established. `mrn` None: it belongs to nobody."""

    document_id: str
    version: int
    mrn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undrawn:
    """What was decided between two events of the audit, oldest first, and where the strata stand."""

    since: int
    through: int
    decisions: tuple[Drawable, ...]
    blocks: Mapping[str, Block]
    known: tuple[KnownCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What drawing made of it: `looks` in the order in which they are to be shown."""

    looks: tuple[Chosen | KnownCase, ...]
    blocks: Mapping[str, Block]
    frame: Mapping[FrameCell, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLook:
    """A second look that somebody holds: nothing in it says what was decided, or by whom."""

    number: int
    document_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A second look at a decision, as rates and reports count it. Known cases are `KnownAnswer`s."""

    number: int
    document_id: str
    version: int
    kind: LookKind
    month: str
    type: str | None
    origin: str
    person: str | None  # who decided first; None for the program
    one_in: int
    standing: LookStanding


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAnswer:
    """What somebody answered to a known case. `right` is None when they were not sure."""

    person: str
    right: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two answers that differ, for a supervisor. `first_mrn` None: discarded; `settled` None: nobody settled it yet."""

    number: int
    document_id: str
    version: int
    kind: LookKind
    first_mrn: str | None
    first_by: str
    answer: LookAnswer
    answer_mrn: str | None
    answered_by: str
    answered_at: datetime
    settled: Settlement | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None
