"""The daemon with the real observer and the real engine."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import House
from tests.fakes.paper import lab_report, save
from tests.waiting import wait_until

pytestmark = pytest.mark.ocr

PAGE_S = 30.0  # far above what a page takes: a bound on hanging, no measure of speed


def test_a_file_written_slowly_is_taken_once_and_whole_and_sigterm_ends_it(house: House, tmp_path: Path) -> None:
    save([lab_report("HOLLOWAY, MARGARET A", "03/14/1951", "00412345")], tmp_path / "whole.png")
    content = (tmp_path / "whole.png").read_bytes()
    daemon = house.start("watch")
    try:
        time.sleep(1.0)
        step = len(content) // 6 + 1
        for begin in range(0, len(content), step):  # each pause is shorter than the settle time of 0.3 s
            with (house.inbox / "slow.png").open("ab") as slow:
                slow.write(content[begin : begin + step])
            time.sleep(0.2)
        with (house.inbox / "held.png").open("wb") as held:  # a writer that pauses with the file open
            held.write(content[:1000])
            held.flush()
            time.sleep(1.5)
            held.write(content[1000:])
        wait_until(lambda: not list(house.inbox.iterdir()))
        wait_until(lambda: {line["state"] for line in house.documents()} == {"filed", "duplicate"})
        assert len(house.documents()) == 2

        refused = house.run("batch", code=3)
        assert "another process" in refused.stderr

        began = time.monotonic()
        os.kill(daemon.pid, signal.SIGTERM)
        assert daemon.wait(timeout=PAGE_S) == 0
        assert time.monotonic() - began < PAGE_S
    finally:
        daemon.kill()
        _, log = daemon.communicate()
    assert "HOLLOWAY" not in log
    assert "slow.png" not in log
    house.run("verify")


def test_sigterm_in_the_middle_of_a_stack_keeps_the_pages_in_hand_and_the_next_run_finishes(house: House) -> None:
    picture = lab_report("BRANNIGAN, TERRENCE", "11/02/1968", "00498761")
    save([picture] * 12, house.inbox / "stack.tif")
    daemon = house.start("watch", "--workers", "1")
    try:
        artefacts = house.home / "artefacts"
        wait_until(lambda: any(path.is_file() for path in artefacts.rglob("*")))
        os.kill(daemon.pid, signal.SIGTERM)
        assert daemon.wait(timeout=PAGE_S) == 0
    finally:
        daemon.kill()
        daemon.communicate()
    assert [line["state"] for line in house.documents()] in ([], ["working"])
    house.run("batch")
    (line,) = house.documents()
    assert (line["state"], line["pages"]) == ("filed", list(range(1, 13)))
    house.run("verify")
