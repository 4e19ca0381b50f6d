"""A site's report: the ledger's rows of a period, counted."""

from __future__ import annotations

import os
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.reporting import Bound, Period, Places, Report, Rows, report_of
from ingest.review.second_look_rates import RatesBy, rates
from ingest.running.site import Site

_ZONE_LINK = Path("/etc/localtime")


def report_on(site: Site, period: Period, *, now: datetime) -> Report:
    """All figures of the period, as the ledger stands now. The rows are streamed, little of them is kept."""
    ledger, since, until = site.ledger, period.since, period.until
    rows = Rows(
        scans=ledger.received_scans(since, until),
        documents=ledger.decided_documents(since, until),
        events=ledger.desk_events(since, until),
        queue=ledger.queue_length(now=now),
        waiting=ledger.waiting_since(),
        misfiles=ledger.known_misfiles(since, until),
        bounds=_bounds(site, period),
    )
    places = Places.of(ledger.origin_uses(), ledger.station_uses(), named=site.settings.unattended_by_origin)
    return report_of(rows, period, places, now=now)


def _bounds(site: Site, period: Period) -> tuple[Bound, ...]:
    """How often decisions of the period's months can be wrong, as second looks show it."""
    first, last = f"{period.first:%Y-%m}", f"{period.last:%Y-%m}"
    looks = (look for look in site.ledger.second_looks() if first <= look.month <= last)
    frame = {cell: count for cell, count in site.ledger.second_look_frame().items() if first <= cell.month <= last}
    return tuple(
        Bound(
            kind=rate.kind,
            decisions=rate.decisions,
            looked_at=rate.looked,
            waiting=rate.waiting,
            wrong=rate.wrong,
            unsettled=rate.disputed,
            at_most=rate.at_most,
        )
        for rate in rates(looks, frame, RatesBy.NOTHING)
    )


def local_zone(link: Path = _ZONE_LINK) -> tzinfo:
    """The zone of this computer as its settings name it, with its summer times; UTC where they name none."""
    name = os.environ.get("TZ", "").removeprefix(":")
    if not name:
        parts = link.resolve().parts
        name = "/".join(parts[parts.index("zoneinfo") + 1 :]) if "zoneinfo" in parts else "UTC"
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return UTC
