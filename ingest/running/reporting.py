"""A site's report: the ledger's rows of a period, counted."""

from __future__ import annotations

import os
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.reporting import Period, Places, Report, Rows, report_of
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
        second_looks=ledger.second_looks_answered(since, until),
    )
    places = Places.of(ledger.origin_uses(), ledger.station_uses(), named=site.settings.unattended_by_origin)
    return report_of(rows, period, places, now=now)


def local_zone() -> tzinfo:
    """The zone of this computer as its settings name it, with its summer times; UTC where they name none."""
    name = os.environ.get("TZ", "").removeprefix(":")
    if not name:
        parts = _ZONE_LINK.resolve().parts
        name = "/".join(parts[parts.index("zoneinfo") + 1 :]) if "zoneinfo" in parts else "UTC"
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return UTC
