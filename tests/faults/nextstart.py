"""The start after a crash, and whether it ends as if nothing had happened.

What was under way is begun again, as people do: a site that was being made is made, a list that was being loaded is
loaded, and then comes `ingest batch`. It runs in this process: the same code, without the second that a new one takes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from ingest.errors import PaperchartError
from ingest.intake.spool import digest_of
from ingest.model import DocumentState
from ingest.patients.csv_feed import CsvFeed
from ingest.running.batch import run_drop_folder
from ingest.running.custody import verify_site
from ingest.running.runner import Runner, utc_now
from ingest.running.site import Site, create_site, open_site
from tests.faults.recording import Command, Listing, Place, put_down
from tests.faults.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What the next start has to end with: one of these listings."""

    listings: tuple[Listing, ...]
    init: bool
    load: bool
    drop: tuple[str, ...]


def wrong_ends(state: State, commands: Sequence[Command], place: Place) -> list[str]:
    """What is wrong after the next start; empty when all is well."""
    wanted = _wanted(state, commands)
    put_down(state.tree, place.disk)
    try:
        return list(_next_start(place, wanted))
    except (PaperchartError, OSError, ValueError, AssertionError) as error:
        return [f"the next start fails: {type(error).__name__}: {error}"]


def _wanted(state: State, commands: Sequence[Command]) -> _Wanted:
    (batch,) = (number for number, command in enumerate(commands) if command.dropped)
    before = state.command - 1 if not state.ended else state.command
    possible = {max(batch, before), max(batch, state.command)}
    return _Wanted(
        listings=tuple(commands[number].left for number in possible),
        init=before < 0,
        load=before < 1,
        drop=commands[batch].dropped if state.command < batch else (),
    )


def _next_start(place: Place, wanted: _Wanted) -> Iterator[str]:
    if wanted.init:
        create_site(place.home)
    with open_site(place.home) as site:
        if wanted.load:
            site.ledger.load_patients(CsvFeed(place.patients, today=utc_now().date()).patients(), now=utc_now())
        for name in wanted.drop:
            os.link(place.papers / name, site.paths.inbox / name)
        with Runner(site, workers=1) as runner:
            run_drop_folder(site, runner, lambda _: None)
        yield from _wrong(site, place, wanted)


def _wrong(site: Site, place: Place, wanted: _Wanted) -> Iterator[str]:
    documents = list(site.ledger.documents())
    listing = sorted((d.scan.source, d.state.value, d.mrn or "", d.pages) for d in documents)
    if listing not in wanted.listings:
        yield f"documents: {listing}"
    for paper in sorted(place.papers.iterdir()):
        kept = site.spool.path(digest_of(paper))
        if not kept.is_file() or digest_of(kept) != kept.name:
            yield f"{paper.name} is not in the spool"
    yield from (f"verify: {found.kind} {found.reason}" for found in verify_site(site).problems)
    for document in documents:
        if document.state is DocumentState.FILED:
            yield from _wrong_pdf(site.home / (document.filed_as or ""), len(document.pages))
    for folder in (site.paths.inbox, site.paths.temporary):
        yield from (f"{path.name} is left in {folder.name}" for path in folder.iterdir())


def _wrong_pdf(path: Path, pages: int) -> Iterator[str]:
    try:
        with pikepdf.open(path) as pdf:
            if len(pdf.pages) != pages:
                yield f"a filed PDF has {len(pdf.pages)} pages"
    except (OSError, pikepdf.PdfError) as error:
        yield f"a filed PDF is not whole: {type(error).__name__}"
