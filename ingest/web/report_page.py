"""The report of a period as a page of the desk: the very file that `ingest report --html` writes."""

from __future__ import annotations

import base64
import hashlib
import re

from starlette.responses import HTMLResponse, Response

from ingest.reporting import as_html, period_of
from ingest.review import Right
from ingest.review.typed import typed_day
from ingest.running.reporting import local_zone, report_on
from ingest.running.runner import utc_now
from ingest.web.door import HEADERS, Visit
from ingest.web.office import Office

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def report(office: Office, visit: Visit) -> Response:
    """What came in and what became of it; making a report is in the audit."""
    visit.desk.need(Right.REPORT)
    now, zone = utc_now(), local_zone()
    asked = visit.request.query_params
    period = period_of(
        typed_day(asked.get("from")), typed_day(asked.get("to")), today=now.astimezone(zone).date(), zone=zone
    )
    made = report_on(office.site, period, now=now)
    office.site.ledger.note(
        action="report.made",
        actor=visit.who.account.name,
        subject="site",
        facts={"from": period.first.isoformat(), "to": period.last.isoformat(), "html": True},
        details=None,
        now=now,
    )
    text = as_html(made)
    return HTMLResponse(text, headers={"Content-Security-Policy": _policy(text)})


def _policy(text: str) -> str:
    """The desk's policy with this page's own style sheet let in, by its hash."""
    styles = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
        for style in _STYLE.findall(text)
    )
    return HEADERS["Content-Security-Policy"].replace("style-src 'self'", f"style-src 'self' {styles}")
