"""Documents a reviewer-hour, from what people looked at and decided.

How it is computed. A person's steps at the desk (looks and decisions) are taken in their order; the time between two
steps counts as work unless it is longer than five minutes: then they were away, or busy elsewhere. A decision has taken
the work since the person's first look at the document, or since their decision before where that was later: no second
counts twice, also where the next document was looked at before the last was decided. Looking without deciding costs
nothing here, and what was decided without a look in the period is left out of both figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from ingest.ledger.figure_records import DeskEvent, DeskStep
from ingest.reporting.figures import Reviewing

LONGEST_PAUSE_S = 300.0


@dataclass(slots=True)
class _Person:
    """Somebody's work so far: seconds at the desk, and at which of them they first looked at what they hold."""

    last_at: datetime
    worked_s: float = 0.0
    decided_at_s: float = 0.0
    looked_at_s: dict[str, float] = field(default_factory=dict)

    def goes_on(self, at: datetime) -> None:
        pause_s = (at - self.last_at).total_seconds()
        if 0.0 < pause_s <= LONGEST_PAUSE_S:
            self.worked_s += pause_s
        self.last_at = at


def reviewing(events: Iterable[DeskEvent]) -> Reviewing:
    """The figures of everybody together. Events in the order in which they happened."""
    people: dict[str, _Person] = {}
    deciders: set[str] = set()
    documents = unseen = taken_back = 0
    seconds = 0.0
    for event in events:
        person = people.setdefault(event.person, _Person(event.at))
        person.goes_on(event.at)
        if event.step is DeskStep.LOOKED:
            for document in event.documents:
                person.looked_at_s.setdefault(document, person.worked_s)
            continue
        deciders.add(event.person)
        looks = [person.looked_at_s.pop(one) for one in event.documents if one in person.looked_at_s]
        if looks:
            seconds += person.worked_s - max(min(looks), person.decided_at_s)
        person.decided_at_s = person.worked_s
        match event.step:
            case DeskStep.DECIDED:
                documents += len(looks)
                unseen += len(event.documents) - len(looks)
            case DeskStep.TOOK_BACK:
                taken_back += 1
    return Reviewing(people=len(deciders), documents=documents, seconds=seconds, unseen=unseen, taken_back=taken_back)
