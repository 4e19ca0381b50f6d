"""A page that hangs, one that crashes its worker, one that eats memory: each costs itself and nothing else."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest
from PIL import Image

from tests.e2e.conftest import House, sings
from tests.fakes.paper import lab_report, page, save

pytestmark = pytest.mark.ocr

WAIT_S = 180.0  # a bound on hanging, no measure of speed
OKAFOR = ("OKAFOR, CHIDI", "07/25/1984", "00455550")


def _report(name: str, born: str, mrn: str, *, mark: str = "") -> Image.Image:
    picture = lab_report(name, born, mrn)
    below = page([*[""] * 20, *([f"It {mark} here"] if mark else [])])
    return Image.composite(picture, below, picture.point(lambda grey: 255 if grey < 128 else 0).convert("1"))


@pytest.fixture
def marked(house: House) -> House:
    """A site whose engine does what the pages tell it."""
    house.settings(engine='"tests.fakes.engines:marked"', page_timeout_s="12.0", workers="2")
    return house


@pytest.fixture
def drop(marked: House) -> Iterator[House]:
    """The same with the daemon at work; in the end it is alive, and stops when it is asked to."""
    daemon = marked.start("watch")
    try:
        yield marked
        assert daemon.poll() is None, "the daemon died"
        os.kill(daemon.pid, signal.SIGTERM)
        assert daemon.wait(timeout=WAIT_S) == 0
    finally:
        daemon.kill()
        _, log = daemon.communicate()
    assert "OKAFOR" not in log
    assert sings(log) == []
    assert "Traceback" not in log


def _ends(house: House, count: int) -> dict[str, tuple[str, str]]:
    """State and MRN of each file's document, when all are at rest."""
    deadline = time.monotonic() + WAIT_S
    while True:
        lines = house.documents()
        if len(lines) == count and all(line["state"] != "working" for line in lines):
            return {line["source"]: (line["state"], line["mrn"] or "") for line in lines}
        assert time.monotonic() < deadline, [line["state"] for line in lines]
        time.sleep(0.2)


def test_a_page_that_breaks_its_reader_once_is_read_alone_and_filed_and_the_daemon_lives(drop: House) -> None:
    for harm in ("HANGS", "CRASHES", "DEVOURS"):
        save([_report(*OKAFOR, mark=f"{harm} ONCE")], drop.inbox / f"{harm}.png")
    save([lab_report("BRANNIGAN, TERRENCE", "11/02/1968", "00498761")], drop.inbox / "calm.png")
    filed = ("filed", OKAFOR[2])
    assert _ends(drop, 4) == {
        "HANGS.png": filed,
        "CRASHES.png": filed,
        "DEVOURS.png": filed,
        "calm.png": ("filed", "00498761"),
    }


def test_a_page_that_nothing_reads_goes_to_a_person_for_its_picture_exists(drop: House) -> None:
    """Also with the other pages of its document; what comes before and after is filed."""
    for harm in ("HANGS", "CRASHES", "DEVOURS"):
        save([_report(*OKAFOR), _report(*OKAFOR, mark=f"{harm} TWICE")], drop.inbox / f"{harm}.pdf")
    save([lab_report("BRANNIGAN, TERRENCE", "11/02/1968", "00498761")], drop.inbox / "before.png")
    ends = _ends(drop, 4)
    assert ends.pop("before.png") == ("filed", "00498761")
    assert {name: state for name, (state, _) in ends.items()} == {
        "HANGS.pdf": "review",
        "CRASHES.pdf": "review",
        "DEVOURS.pdf": "review",
    }
    for line in drop.documents():
        if line["source"] != "before.png":
            assert line["pages"] == [1, 2]
            assert any("Page 2 could not be read" in reason for reason in line["reasons"])
    save([lab_report("LINDQVIST, PETER", "09/30/1947", "00467302")], drop.inbox / "after.png")
    assert _ends(drop, 5)["after.png"] == ("filed", "00467302")
