"""`ingest recall`: what the program filed unattended goes back to people."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer

from ingest.cli.site import Home, Json, open_site
from ingest.cli.terminal import need
from ingest.errors import WrongUse
from ingest.ledger import Recall
from ingest.review import Right
from ingest.running.runner import utc_now
from ingest.running.withdrawals import finish_withdrawals


def recall(
    reason: Annotated[str, typer.Option("--reason", help="Why; people read it on each document.")],
    fingerprint: Annotated[
        str | None, typer.Option("--fingerprint", help="Filed under these weights, as `ingest explain` names them.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="Filed from then on: a day or an ISO time, in UTC.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="Filed until then: a day counts whole, a time does not.")
    ] = None,
    origin: Annotated[
        str | None, typer.Option("--origin", help="Scanned into this sub-folder of the drop folder.")
    ] = None,
    acting_for: Annotated[
        str | None, typer.Option("--acting-for", "--as", metavar="USER", help="Whom you act for; both are recorded.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which documents are meant.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Put everything that the program filed unattended back into review: of some weights, a time or an origin.

    All conditions given must hold. What people filed stays filed. It is one act in the audit, and each document can be
    accepted again at the desk.
    """
    which = Recall(
        fingerprint=fingerprint,
        since=None if since is None else _instant(since, ends=False),
        until=None if until is None else _instant(until, ends=True),
        origin=None if origin is None else origin.strip("/"),
    )
    if not reason.strip():
        msg = "--reason: say why, for those who will read it on each document"
        raise WrongUse(msg)
    with open_site(home) as site:
        by = need(site, Right.SETTLE).user
        if dry_run:
            recalled = site.ledger.recallable(which)
        else:
            recalled = site.ledger.recall(which, reason=reason.strip(), by=by, acting_for=acting_for, now=utc_now())
            finish_withdrawals(site, utc_now)
    if as_json:
        typer.echo(json.dumps({"documents": list(recalled), "recalled": not dry_run}))
    elif dry_run:
        typer.echo(f"{len(recalled)} document(s) would be recalled{': ' if recalled else ''}{' '.join(recalled)}")
    else:
        typer.echo(f"{len(recalled)} document(s) recalled into review (see: ingest review list --reason Recalled)")


def _instant(text: str, *, ends: bool) -> datetime:
    """The time that is meant; a day's beginning, or with `ends` its end."""
    try:
        if len(text) == len("2026-11-25"):
            day = date.fromisoformat(text) + timedelta(days=1 if ends else 0)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        time = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        msg = f"{text!r} is no day and no time; write 2026-11-25 or 2026-11-25T14:30"
        raise WrongUse(msg) from None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
