"""Nothing is lost and nothing done twice, whenever the process is killed. `FAULT_KILLS=500` makes it a benchmark."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes import scripted
from tests.fakes.paper import page, save
from tests.faults import story
from tests.faults.killing import Paper, kill_over_and_over

KILLS = int(os.environ.get("FAULT_KILLS", "6"))
SEED = int(os.environ.get("FAULT_SEED", "20261126"))
REAL_SHARE = 10  # one kill in so many is of a run that really reads
COPIES = 4


def scripted_paper(inbox: Path) -> int:
    """The day's usual paper and some more, so that there is time to die in."""
    story.drop(inbox)
    for copy in range(COPIES):
        for number in (1, 2, 3, scripted.NOBODY):
            scripted.save((scripted.page(number, salt=10 + copy),), inbox / f"more{copy}" / f"{number}.png")
    return story.DROPPED + 4 * COPIES


def printed_paper(inbox: Path) -> int:
    """Pages for the real engine."""
    for number in range(1, scripted.NOBODY + 1):
        save([page(scripted.lines(number), dpi=150)], _made(inbox / "ward") / f"{number}.png")
    save([page(scripted.lines(1)), page(scripted.lines(2))], inbox / "two.tif")
    return scripted.NOBODY + 1


SCRIPTED = Paper(drop=scripted_paper, settings={})
PRINTED = Paper(drop=printed_paper, settings={"engine": '"auto"', "text": '"full"'})


@pytest.mark.parametrize("ledger", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_kills_at_any_instant(ledger: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    url: Callable[[], str] = (lambda: "") if ledger == "sqlite" else request.getfixturevalue("make_postgres")
    _kill(SCRIPTED, KILLS, f"scripted OCR, {ledger}", tmp_path, url)


@pytest.mark.ocr
def test_kills_while_tesseract_reads(tmp_path: Path) -> None:
    _kill(PRINTED, max(2, KILLS // REAL_SHARE), "Tesseract, sqlite", tmp_path, lambda: "")


def _kill(paper: Paper, kills: int, what: str, folder: Path, url: Callable[[], str]) -> None:
    killed = kill_over_and_over(paper, kills, folder=folder, ledger_url=url, seed=SEED)
    print(f"| {what} | {killed.kills} | {killed.days} | {len(killed.wrong)} |")
    assert killed.wrong == ()
    assert killed.kills == kills


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
