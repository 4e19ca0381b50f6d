"""`kill -9` at any instant behind the first claim, over and over, until the day is lived; then the next site's day."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingest.running.custody import verify_site
from ingest.running.site import open_site
from tests.faults import dying, story

_LONGEST_WAIT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is dropped, and what it comes to when nobody dies."""

    drop: Callable[[Path], int]  # into a drop folder; how many files
    settings: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """What so many kills did. `wrong` tells in words what was not as in an undisturbed run."""

    kills: int
    days: int
    wrong: tuple[str, ...]


def kill_over_and_over(
    paper: Paper, kills: int, *, folder: Path, ledger_url: Callable[[], str], seed: int, within_s: float = 1.5
) -> Killed:
    """Sites below `folder`, each with a ledger of its own, until so many processes were killed."""
    chance = random.Random(seed)
    calm = folder / "calm"
    story.make(calm, ledger_url=ledger_url(), **paper.settings)
    dropped = paper.drop(calm / "inbox")
    dying.live(calm)
    expected = story.ending(calm)
    wrong = [f"undisturbed: {fault}" for fault in story.faults(calm, dropped=dropped)]
    done = days = 0
    while done < kills:
        days += 1
        home = folder / f"day{days}"
        story.make(home, ledger_url=ledger_url(), **paper.settings)
        paper.drop(home / "inbox")
        while done < kills and _killed(home, chance.uniform(0.0, within_s)):
            done += 1
            wrong += [f"day {days}, kill {done}: {fault}" for fault in _problems(home)]
        dying.live(home)
        wrong += [f"day {days}: {fault}" for fault in story.faults(home, dropped=dropped)]
        if story.ending(home) != expected:
            wrong.append(f"day {days}: another ending: {set(story.ending(home)) ^ set(expected)}")
    return Killed(kills=done, days=days, wrong=tuple(wrong))


def _killed(home: Path, after_s: float) -> bool:
    """Begins or goes on, and is killed so long after its first claim; False when it came to its end before."""
    process, claimed = dying.begin_and_tell(home)
    deadline = time.monotonic() + _LONGEST_WAIT_S
    while process.is_alive() and not claimed.poll(0.01):
        if time.monotonic() > deadline:
            process.kill()
            msg = "nothing was claimed in a minute"
            raise AssertionError(msg)
    process.join(after_s)
    alive = process.is_alive()
    process.kill()
    process.join()
    claimed.close()
    return alive


def _problems(home: Path) -> list[str]:
    with open_site(home) as site:
        return [f"{problem.kind}: {problem.reason}" for problem in verify_site(site).problems]
