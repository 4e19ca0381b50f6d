"""`ingest review rematch`: what changes of patients concern, matched again now."""

from __future__ import annotations

import json

import typer
from rich.console import Console

from ingest.cli.site import Home, Json, open_site
from ingest.cli.terminal import need
from ingest.review import Right
from ingest.running.rematching import Fate, rematch
from ingest.running.runner import settle_filing, utc_now
from ingest.running.withdrawals import finish_withdrawals


def rematch_now(home: Home = None, as_json: Json = False) -> None:
    """Match again what changes of patients concern: what `batch` and `watch` do by themselves.

    What waits untouched is filed if it is certain now, else its suspects are refreshed; what the program filed and
    would not file there any more comes back; what people filed stays.
    """
    with open_site(home) as site, Console(stderr=True).status("matching again…"):
        need(site, Right.DECIDE)
        done = rematch(site, now=utc_now)
        if done.fates[Fate.FILED]:
            settle_filing(site)
        finish_withdrawals(site, utc_now)
        left = site.ledger.rematch_queue()
    if as_json:
        fates = {fate.value: done.fates[fate] for fate in Fate}
        typer.echo(json.dumps({"documents": done.fates.total(), **fates, "left": left.documents}))
        return
    typer.echo(f"{done.fates.total()} document(s) could be concerned by changes of patients")
    for fate in Fate:
        if done.fates[fate]:
            typer.echo(f"  {done.fates[fate]:5} {_in_words(fate)}")


def _in_words(fate: Fate) -> str:
    match fate:
        case Fate.FILED:
            return "filed, certain now"
        case Fate.REFRESHED:
            return "with other suspects or reasons now"
        case Fate.RECALLED:
            return "back in review, doubtful now (see: ingest review list --reason 'index has changed')"
        case Fate.NOTED:
            return "filed by people, which stays: in doubt now (see: ingest review doubts)"
        case Fate.SAME:
            return "as before"
        case Fate.LEFT:
            return "left to the people who have made them theirs"
        case Fate.HELD:
            return "being worked on: matched again when that ends"
        case Fate.FAILED:
            return "that could not be matched (see: ingest verify); tried again later"
