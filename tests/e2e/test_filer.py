"""Filing behind the desk's back: in a process of its own, which is replaced when it dies and ends with the desk."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.ledger import Act
from ingest.model import Document, DocumentState
from ingest.running.filer import Filer
from ingest.running.runner import settle_filing, utc_now
from ingest.running.site import Site, open_site
from tests.e2e.desk_house import DeskHouse, make, served
from tests.waiting import wait_until

_DESK = """
import sys, time
from pathlib import Path
from ingest.running.filer import Filer
from ingest.running.site import open_site
with open_site(Path(sys.argv[1])) as site, Filer(site):
    print("begun", flush=True)
    time.sleep(3600)
"""


class Scarce(Filer):
    """Every second process that is wanted cannot be had."""

    wanted = 0

    def _begin(self) -> tuple[subprocess.Popen[bytes], int]:
        self.wanted += 1
        if self.wanted % 2 == 0:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return super()._begin()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    house = make(tmp_path / "site", singles=3, pairs=0)
    with open_site(house.home) as site:
        yield site


def test_what_is_decided_is_filed_also_when_the_process_that_files_was_killed(site: Site) -> None:
    first, second, third = (_suspected(document) for document in site.ledger.documents())
    with Scarce(site, pause_s=0.5) as filer:
        _accept(site, first, filer)
        wait_until(lambda: site.ledger.document(first.id).state is DocumentState.FILED)
        (process,) = _filing(site)
        os.kill(process, signal.SIGKILL)
        _accept(site, second, filer)
        wait_until(lambda: site.ledger.document(second.id).state is DocumentState.FILED)
        assert _filing(site) not in ([], [process])
        _accept(site, third, filer)
    assert _filing(site) == []
    settle_filing(site)  # the desk ended at once: what it had no time for is filed by whoever runs next
    assert site.ledger.document(third.id).state is DocumentState.FILED


def test_it_ends_with_a_desk_that_is_told_to_end(site: Site) -> None:
    with served(DeskHouse(home=site.home)):
        wait_until(lambda: len(_filing(site)) == 1)
    assert _filing(site) == []


def test_it_ends_with_a_desk_that_is_killed(site: Site) -> None:
    desk = subprocess.Popen([sys.executable, "-c", _DESK, str(site.home)], stdout=subprocess.PIPE, text=True)
    assert desk.stdout is not None
    assert desk.stdout.readline() == "begun\n"
    wait_until(lambda: len(_filing(site)) == 1)
    desk.kill()
    desk.communicate(timeout=30)
    wait_until(lambda: _filing(site) == [])


def _suspected(document: Document) -> Document:
    assert document.state is DocumentState.REVIEW
    assert document.candidates
    return document


def _accept(site: Site, document: Document, filer: Filer) -> None:
    site.ledger.decide_by_person(
        document_id=document.id,
        version=document.version,
        act=Act.ACCEPT,
        mrn=document.candidates[0].mrn,
        by="rita",
        acting_for=None,
        note=None,
        now=utc_now(),
    )
    filer.tell()


def _filing(site: Site) -> list[int]:
    """The processes that file at this site."""
    wanted = [b"ingest.running.filer", str(site.home).encode()]
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                told = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if told[-3:-1] == wanted:
                found.append(int(entry.name))
    return found
