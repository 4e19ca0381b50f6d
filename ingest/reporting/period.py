"""The days that a report is of, in the zone that its readers live in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from ingest.errors import WrongUse

_USUAL_DAYS = 30
_MOST_DAYS = 366  # each day is a line of a table and a bar of a plot


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the first day to the last, both counted, as days begin in `zone`."""

    first: date
    last: date
    zone: tzinfo

    @property
    def since(self) -> datetime:
        """The instant at which it begins."""
        return self._midnight(self.first)

    @property
    def until(self) -> datetime:
        """The instant at which it is over."""
        return self._midnight(self.last + timedelta(days=1))

    @property
    def days(self) -> tuple[date, ...]:
        """Each of its days."""
        return tuple(self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))

    def day_of(self, moment: datetime) -> date:
        """The day on which something happened."""
        return moment.astimezone(self.zone).date()

    def holds(self, moment: datetime) -> bool:
        """Whether something happened in it."""
        return self.since <= moment < self.until

    def _midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)


def period_of(first: date | None, last: date | None, *, today: date, zone: tzinfo) -> Period:
    """The period between two days; of missing ones the last is today, and the first makes it thirty days.

    Raises WrongUse for days in the wrong order, yet to come, or too far apart.
    """
    if first is not None and last is not None and first > last:
        msg = f"--from {first} is later than --to {last}: name the earlier day first"
        raise WrongUse(msg)
    for name, day in (("--from", first), ("--to", last)):
        if day is not None and day > today:
            msg = f"{name} {day} is yet to come: name a day until today, {today}"
            raise WrongUse(msg)
    last = last or today
    first = first or max(last, date.min + timedelta(days=_USUAL_DAYS)) - timedelta(days=_USUAL_DAYS - 1)
    if (last - first).days >= _MOST_DAYS:
        msg = f"a report is of at most {_MOST_DAYS} days: name a later --from or an earlier --to"
        raise WrongUse(msg)
    return Period(first=first, last=last, zone=zone)
