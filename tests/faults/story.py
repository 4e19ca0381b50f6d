"""A site's day, from the drop folder to the desk and back, that can be begun again after any interruption.

`go_on` does what is left to do, so that a day that was cut short somewhere and one that was not must end the same.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from ingest.intake.aside import set_aside
from ingest.ledger import Ledger
from ingest.model import Document, DocumentState
from ingest.patients.csv_feed import CsvFeed
from ingest.review import Clerk
from ingest.running.batch import run_drop_folder
from ingest.running.custody import verify_site
from ingest.running.desks import desk_of
from ingest.running.runner import Runner, settle_filing, utc_now
from ingest.running.site import Site, create_site, open_site
from tests.fakes import scripted
from tests.fakes.settings_file import change_settings

CLERK = "anna"
LONG_NAME = os.fsdecode(b"\xe9" * 251 + b".png")
DROPPED = 12  # files, of those that are scans
# As the papers say and as it is registered: the first one until the changes are loaded, the other from then on.
BORN = {"00431117": ("1992-01-19", "1990-05-07"), "00467302": ("1947-09-30", "1958-04-12")}
SETTINGS = {
    "engine": '"tests.fakes.scripted:engine"',
    "second_reader": '"off"',
    "text": '"deferred"',
    "settle_s": "0.05",
    "rescan_s": "0.2",
    "workers": "1",
}


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """What became of some pages of one file."""

    source: str
    pages: tuple[int, ...]
    state: str
    mrn: str
    acts: tuple[str, ...]


def make(home: Path, *, ledger_url: str = "", **settings: str) -> None:
    """A fresh site with five patients, its drop folder empty."""
    create_site(home)
    change_settings(home / "ingest.toml", **(SETTINGS | settings | {"ledger": f'"{ledger_url}"'}))
    patients = home / "patients.csv"
    patients.write_text(scripted.PATIENTS_CSV.replace(*BORN["00431117"]))
    with open_site(home) as site:
        site.ledger.load_patients(CsvFeed(patients, today=utc_now().date()).patients(), now=utc_now())


def drop(inbox: Path) -> None:
    """Paper of every fate: filed, recalled by what stands below or by a change of its patient, refiled, copied, split,
    for a person, of somebody whose birth date is registered wrongly, twice, broken, refused.

    One was left set aside by a taker of yesterday that died; one has a name too long to be set aside beside itself.
    """
    scripted.save((scripted.page(1),), inbox / "a.png")
    scripted.save((scripted.page(2, rest=scripted.REST),), inbox / "b.png")
    scripted.save((scripted.page(3, rest=scripted.REST_OF_ANOTHER),), inbox / "c.png")
    scripted.save((scripted.page(4), scripted.page(scripted.NOBODY), scripted.page(5)), inbox / "ward" / "d.tif")
    scripted.save((scripted.page(scripted.NOBODY),), inbox / "e.pdf")
    scripted.save((scripted.page(scripted.NOBODY), scripted.page(scripted.NOBODY, salt=1)), inbox / "f.tif")
    scripted.save((scripted.page(3, salt=2),), inbox / "h.png")
    (inbox / "ward" / "twice.png").write_bytes((inbox / "a.png").read_bytes())
    (inbox / "ward" / "batch.json").write_text('{"operator": "op", "expected_files": 2}')
    (inbox / "bad.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    (inbox / "link.png").symlink_to("a.png")
    scripted.save((scripted.page(scripted.NOBODY, salt=2),), inbox / "left.png")
    set_aside(inbox / "left.png")
    scripted.save((scripted.page(scripted.NOBODY, salt=3),), inbox / "long.png")
    (inbox / "long.png").rename(inbox / LONG_NAME)


def go_on(home: Path) -> None:
    """Takes in and works, lets a person decide what is still theirs to decide, loads changes, and works all that."""
    with open_site(home) as site:
        _batch(site)
        _desk(site)
        changes = home.with_name("changes.csv")  # as whoever exports them: outside the site
        changes.write_text(scripted.PATIENTS_CSV.replace(*BORN["00467302"]))
        site.ledger.load_patients(CsvFeed(changes, today=utc_now().date()).patients(), now=utc_now())
        _batch(site)


def ending(home: Path) -> tuple[Line, ...]:
    """What every page has come to, who decided how in between left in."""
    with open_site(home) as site:
        return tuple(
            sorted(
                Line(
                    source=document.scan.source,
                    pages=document.pages,
                    state=document.state.value,
                    mrn=document.mrn or "",
                    acts=tuple(row.act for row in site.ledger.history(document.id)),
                )
                for document in site.ledger.documents()
            )
        )


def faults(home: Path, *, dropped: int | None = None) -> list[str]:
    """What is wrong with a site at rest, in words: `verify`'s problems, and what `verify` cannot know."""
    with open_site(home) as site:
        found = [f"{problem.kind}: {problem.reason}" for problem in verify_site(site).problems]
        documents = list(site.ledger.documents())
        found += [
            f"{document.id} is still at work" for document in documents if document.state is DocumentState.WORKING
        ]
        filed = Counter(str(site.home / document.filed_as) for document in documents if document.filed_as)
        there = Counter(str(path) for path in site.paths.records.rglob("*") if path.is_file())
        if filed != there:
            found.append(f"{len(filed)} documents are filed, {len(there)} files lie in the records")
        left = [path.name for path in site.paths.temporary.iterdir()]
        if left:
            found.append(f"{len(left)} temporary file(s) are left: {sorted(left)}")
        if dropped is not None and (count := len({document.scan.id for document in documents})) != dropped:
            found.append(f"{dropped} files were dropped, {count} scans are in the ledger")
    return found


def _batch(site: Site) -> None:
    with Runner(site, workers=1) as runner:
        run_drop_folder(site, runner, lambda _: None)


def _desk(site: Site) -> None:
    desk = desk_of(site, Clerk(user=CLERK))
    copied = {document.copy_of for document in site.ledger.documents()}
    living = {
        (document.scan.source, document.pages): document
        for document in site.ledger.documents()
        if document.copy_of is None
    }
    if (one := living.get(("e.pdf", (1,)))) and _untouched(site.ledger, one):
        desk.assign(one.id, "00467302", confirm=True)
        settle_filing(site)
    if (one := living.get(("a.png", (1,)))) and _untouched(site.ledger, one):
        desk.undo(one.id)
        settle_filing(site)
    if (one := living.get(("h.png", (1,)))) and _untouched(site.ledger, one):
        desk.refile(one.id, "00431117", "the wrong sticker", confirm=True)
        settle_filing(site)
    if (one := living.get(("b.png", (1,)))) and one.id not in copied:
        desk.copy(one.id, "00455550", "of both", confirm=True)
        settle_filing(site)
    if one := living.get(("f.tif", (1, 2))):
        desk.split(one.id, [2])


def _untouched(ledger: Ledger, document: Document) -> bool:
    return all(row.decided_by != CLERK for row in ledger.history(document.id))
