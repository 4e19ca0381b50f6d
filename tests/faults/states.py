"""Every state in which a crash can leave the recorded disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.disk import Crash, Tree
from tests.faults.recording import Command, Place, Player
from tests.faults.trace import Kind

_CHANGES = (Kind.SYNC_ENDS, Kind.CREATE, Kind.FOLDER, Kind.LINK, Kind.RENAME, Kind.REMOVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The power went behind so many steps of a command, or when it had `ended` and somebody had been told so."""

    command: int
    step: int
    ended: bool
    crash: Crash
    tree: Tree


def states(
    commands: Sequence[Command], place: Place, *, every: int = 1, first: int = 0, scattered: int = 3
) -> Iterator[State]:
    """The states before and behind each sync and each change of names, each tree once for each command.

    `every`: only at each so-manieth of these points, from the `first` on, and at each command's end. `scattered`: so
    many different ones of that kind at each point.
    """
    player = Player()
    point = 0
    for number, command in enumerate(commands):
        player.drop(command.dropped, place)
        seen: set[tuple[str, bool]] = set()
        for count in range(len(command.steps) + 1):
            if count:
                player.play(command.steps[count - 1])
            ended = count == len(command.steps)
            if not ended and not _matters(command, count):
                continue
            point += 1
            if not ended and (point - first) % every:
                continue
            for crash in Crash:
                for seed in range(scattered if crash is Crash.SCATTERED else 1):
                    tree = player.disk.after(crash, seed=1000 * point + seed)
                    mark = (_digest(tree), ended)
                    if mark not in seen:
                        seen.add(mark)
                        yield State(command=number, step=count, ended=ended, crash=crash, tree=tree)


def points(command: Command) -> int:
    """At how many points of a command the power can be cut."""
    return 1 + sum(_matters(command, count) for count in range(len(command.steps)))


def _matters(command: Command, count: int) -> bool:
    """Whether a sync is about to begin, or has ended, or a name has just changed."""
    last, following = command.steps[count - 1].kind if count else None, command.steps[count].kind
    return following is Kind.SYNC_BEGINS or last in _CHANGES


def _digest(tree: Tree) -> str:
    digest = hashlib.sha256()
    for path, content in tree.items():
        digest.update(f"{path}\0{type(content).__name__}\0".encode("utf-8", "surrogateescape"))
        digest.update(os.fsencode(content) if isinstance(content, Path) else content or b"")
    return digest.hexdigest()
