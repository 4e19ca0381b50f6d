"""Pictures of pages: drawn ahead, kept in private files, and out of turn for whoever waits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from ingest.model import Document
from ingest.running.batch import run_drop_folder
from ingest.running.page_pictures import PAGE_PX, THUMBNAIL_PX, PagePictures, _key
from ingest.running.runner import Runner
from ingest.running.site import Site, open_site
from tests.fakes import scripted
from tests.faults import story
from tests.waiting import wait_until

PAGES = 24


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site where two documents wait; one has so many pages."""
    home = tmp_path_factory.mktemp("pictures") / "site"
    story.make(home, text='"identity"', unattended='"off"')
    pages = tuple(scripted.page(1, salt=number + 1) for number in range(PAGES))
    scripted.save(pages, home / "inbox" / "long.tif")
    scripted.save((scripted.page(2, salt=99),), home / "inbox" / "short.png")
    with open_site(home) as site:
        with Runner(site, workers=1) as runner:
            run_drop_folder(site, runner, lambda _: None)
        yield site


@pytest.fixture
def long(site: Site) -> Document:
    (document,) = (one for one in site.ledger.documents() if len(one.pages) == PAGES)
    return document


def test_who_waits_for_a_picture_waits_for_none_that_is_drawn_ahead(site: Site, long: Document) -> None:
    with PagePictures(site, workers=1, keep_bytes=1 << 28) as pictures:
        pictures.prepare(long, whole=True)
        wait_until(lambda: bool(_files(site)), step_s=0.01)  # drawing ahead is under way
        asked_for = pictures.get(long, PAGES, long_side_px=THUMBNAIL_PX)
        drawn = len(_files(site))
        assert asked_for[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0")
        assert drawn < PAGES  # the last thumbnail stood at the end of the line
        assert pictures.get(long, PAGES, long_side_px=THUMBNAIL_PX) == asked_for
    assert _files(site) == []


def test_many_may_wait_for_one_picture(site: Site, long: Document) -> None:
    with PagePictures(site, workers=2, keep_bytes=1 << 28) as pictures, ThreadPoolExecutor(8) as people:
        pictures.prepare(long, whole=True)
        looks = [people.submit(pictures.get, long, 1 + number % 4, long_side_px=PAGE_PX) for number in range(32)]
        shown = [look.result(timeout=60) for look in looks]
    assert all(shown[number] == shown[number % 4] for number in range(32))


def test_who_only_fetches_ahead_gets_the_picture_that_another_waits_for(site: Site, long: Document) -> None:
    with PagePictures(site, workers=1, keep_bytes=1 << 28) as pictures, ThreadPoolExecutor(2) as people:
        pictures.prepare(long, whole=True)
        ahead = people.submit(pictures.get, long, PAGES, ahead=True)
        wait_until(lambda: bool(_files(site)), step_s=0.01)
        waited_for = pictures.get(long, PAGES)
        assert ahead.result(timeout=60) == waited_for


def test_a_shift_begins_with_its_pictures_drawn_and_leaves_no_view_of_the_ledger_open(site: Site) -> None:
    with PagePictures(site, workers=1, keep_bytes=1 << 28) as pictures:
        pictures.prepare_shift(1)
        wait_until(lambda: bool(_files(site)), step_s=0.01)
        with closing(sqlite3.connect(site.home / "ledger.sqlite")) as ledger:
            wait_until(lambda: ledger.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)


def test_the_pictures_that_were_asked_for_longest_ago_make_room(site: Site, long: Document) -> None:
    with PagePictures(site, workers=1, keep_bytes=1) as pictures:
        first = pictures.get(long, 1, long_side_px=THUMBNAIL_PX)
        pictures.get(long, 2, long_side_px=THUMBNAIL_PX)
        # Whoever waits has a picture before it is kept: its file, and the room made for it, come after.
        second = _key(long, 2, THUMBNAIL_PX)
        wait_until(lambda: [file.name for file in _files(site)] == [second], step_s=0.01)
        assert pictures.get(long, 1, long_side_px=THUMBNAIL_PX) == first


def _files(site: Site) -> list[Path]:
    return [file for file in site.paths.temporary.glob("pictures*/*") if file.is_file()]
