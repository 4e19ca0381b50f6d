"""A kill -9 of the whole process group at any instant, then a run: the same end, nothing twice, nothing lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from ingest.intake.rescan import Seen, rescan
from ingest.intake.take import intake_key
from ingest.running.runner import utc_now
from ingest.running.site import open_site
from tests.e2e.conftest import PATIENTS, House, make_site
from tests.fakes.paper import lab_report, page, save

pytestmark = pytest.mark.ocr


def _stack(folder: Path) -> None:
    for number, row in enumerate(PATIENTS.splitlines()[1:]):
        mrn, last, first, _, born, _ = row.split(",")
        save([lab_report(f"{last}, {first}", born, mrn)], folder / f"{number}.png")
    save([lab_report("HOLLOWAY, MARGARET", "03/14/1951", "00412345"), page([])], folder / "ward" / "two.tif")
    shutil.copy(folder / "1.png", folder / "copy.png")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7 and nothing more")


def _ends(house: House) -> list[tuple[str, str, str, tuple[int, ...]]]:
    return sorted(
        (line["source"], line["state"], line["mrn"] or "", tuple(line["pages"])) for line in house.documents()
    )


def test_kill_9_in_the_middle_and_again_ends_like_an_undisturbed_run(house: House, tmp_path: Path) -> None:
    _stack(tmp_path / "stack")
    calm = House(tmp_path / "calm")
    make_site(calm, tmp_path / "patients.csv")
    shutil.copytree(tmp_path / "stack", calm.inbox, dirs_exist_ok=True)
    start = time.monotonic()
    calm.run("batch", code=1)
    lasted_s = time.monotonic() - start

    shutil.copytree(tmp_path / "stack", house.inbox, dirs_exist_ok=True)
    chance = random.Random(20261123)
    killed = 0
    for _ in range(6):
        running = house.start("batch")
        time.sleep(chance.uniform(0.1, 0.45) * lasted_s)  # before the end, on fast machines and slow ones
        if running.poll() is None:
            killed += 1
            os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
    assert killed >= 2, "the kills came too late to test anything"
    house.run("batch", code=None)

    assert _ends(house) == _ends(calm)
    house.run("verify")
    filed = [line["filed_as"] for line in house.documents() if line["state"] == "filed"]
    on_disk = [path for path in (house.home / "records").rglob("*") if path.is_file()]
    assert sorted(str(house.home / name) for name in filed) == sorted(str(path) for path in on_disk)


def test_a_crash_behind_the_commit_leaves_no_duplicate(house: House) -> None:
    """The row is committed, the original still lies in the drop folder: as a crash there leaves it."""
    save([page(["A page about nobody"])], house.inbox / "a.png")
    with open_site(house.home) as site:
        (seen,) = (one for one in rescan(house.inbox) if isinstance(one, Seen))
        with seen.path.open("rb") as original:
            kept = site.spool.keep(original.fileno())
        key = intake_key(seen, kept.sha256)
        site.ledger.take_in(key=key, source=seen.source, origin=seen.origin, now=utc_now(), drop=True)
    house.run("batch")
    assert [line["state"] for line in house.documents()] == ["review"]
    assert not list(house.inbox.iterdir())
