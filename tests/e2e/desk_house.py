"""A site with documents that wait, accounts, and its desk served by a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ingest.model import Document, DocumentState
from ingest.patients.csv_feed import CsvFeed
from ingest.running.batch import run_drop_folder
from ingest.running.runner import Runner, utc_now
from ingest.running.site import open_site
from tests.fakes import scripted
from tests.faults import story

PASSWORD = "a long enough sentence"  # noqa: S105 - of accounts that live for a test
PEOPLE = {"rita": "reviewer", "ron": "reviewer", "sam": "supervisor", "ada": "auditor", "adam": "administrator"}


@dataclass(slots=True, kw_only=True)
class DeskHouse:
    """A site and where its desk is reached."""

    home: Path
    url: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def documents(self, state: DocumentState | None = None) -> list[Document]:
        """What became of everything."""
        with open_site(self.home) as site:
            return list(site.ledger.documents(state=state))

    def events(self, action: str) -> list[tuple[str, str]]:
        """Who did it to what, oldest first."""
        with open_site(self.home) as site:
            return [(row.actor, row.subject) for row in site.ledger.audit() if row.action == action]

    def settled(self, document_id: str, state: DocumentState, timeout_s: float = 60.0) -> Document:
        """The document, as soon as it has come to a state."""
        until = time.monotonic() + timeout_s
        while True:
            with open_site(self.home) as site:
                document = site.ledger.document(document_id)
            if document.state is state:
                return document
            assert time.monotonic() < until, f"{document_id} is {document.state}"
            time.sleep(0.2)


def make(home: Path, *, singles: int, pairs: int, **settings: str) -> DeskHouse:
    """A site whose documents all wait: `singles` of one page that says whose it is, `pairs` of two pages."""
    story.make(home, unattended='"off"', text='"full"', **settings)
    for number in range(singles):
        picture = scripted.page(number % 5 + 1, salt=number + 1)
        scripted.save((picture,), home / "inbox" / f"single{number:02d}.png")
    for number in range(pairs):
        first = scripted.page(number % 5 + 1, salt=1000 + number)
        second = scripted.page(scripted.NOBODY, salt=2000 + number)
        scripted.save((first, second), home / "inbox" / f"z-pair{number:02d}.tif")
    feed = home.with_name("as-printed.csv")
    feed.write_text(scripted.PATIENTS_CSV)  # nothing on a page speaks against its patient
    with open_site(home) as site, Runner(site, workers=2) as runner:
        site.ledger.load_patients(CsvFeed(feed, today=utc_now().date()).patients(), now=utc_now())
        run_drop_folder(site, runner, lambda _: None)
    house = DeskHouse(home=home)
    for name, role in PEOPLE.items():
        house_run(house, "users", "add", name, "--role", role, "--password-stdin", typed=f"{PASSWORD}\n")
    return house


def house_run(house: DeskHouse, *words: str, typed: str = "") -> str:
    """A command of the program at this site, which must succeed."""
    command = [sys.executable, "-m", "ingest.cli.app", *words, "--home", str(house.home)]
    done = subprocess.run(command, input=typed, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def served(house: DeskHouse, **environment: str) -> Iterator[DeskHouse]:
    """The desk, for as long as the block lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "ingest.cli.app", "serve", "--port", str(port), "--home", str(house.home)]
    process = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.PIPE, text=True)
    house.url = f"http://127.0.0.1:{port}"
    try:
        _wait_for("127.0.0.1", port, process)
        yield house
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _wait_for(host: str, port: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 90
    while True:
        try:
            with socket.create_connection((host, port), timeout=5):
                return
        except OSError:
            assert process.poll() is None, process.stderr.read() if process.stderr else "ended"
            assert time.monotonic() < until
            time.sleep(0.2)
