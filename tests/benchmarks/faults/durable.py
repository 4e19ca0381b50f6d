"""Every durable step of a small site's life, and the power cut there in every way: how many next starts end wrong?

    python -m tests.benchmarks.faults.durable [--every K] [--first N]

Exit status 1 when one does. Each wrong end is printed with the step it came from.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import structlog
from rich.console import Console
from rich.table import Table

from tests.faults.disk import Crash
from tests.faults.nextstart import wrong_ends
from tests.faults.recording import SETTINGS, Command, make_place, record
from tests.faults.states import State, points, states
from tests.faults.trace import Kind, can_trace


def main() -> int:
    """Records, tries, tells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="only every so-manieth point of the record")
    parser.add_argument("--first", type=int, default=0, help="which of them comes first")
    asked = parser.parse_args()
    if not can_trace():
        print("strace is missing, or may not follow a program here", file=sys.stderr)
        return 2
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    os.environ.update(SETTINGS)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        place = make_place(Path(folder))
        commands = record(place, Path(folder))
        tried: Counter[tuple[int, Crash]] = Counter()
        wrong: Counter[int] = Counter()
        for state in states(commands, place, every=asked.every, first=asked.first):
            tried[state.command, state.crash] += 1
            if found := wrong_ends(state, commands, place):
                wrong[state.command] += 1
                _tell(state, commands, found)
    Console(width=130).print(_table(commands, tried, wrong))
    print(f"{sum(tried.values())} states, {sum(wrong.values())} wrong ends, {time.monotonic() - started:.0f} s")
    return 1 if wrong else 0


def _tell(state: State, commands: Sequence[Command], found: list[str]) -> None:
    command = commands[state.command]
    last = command.steps[state.step - 1] if state.step else None
    behind = f"{last.kind} {last.path}" if last else "nothing"
    print(f"{command.name}, step {state.step}, behind {behind!r}, kept: {state.crash}: {found}", flush=True)


def _table(commands: Sequence[Command], tried: Counter[tuple[int, Crash]], wrong: Counter[int]) -> Table:
    table = Table("command", "steps", "syncs", "points", *(crash.value for crash in Crash), "wrong ends")
    for number, command in enumerate(commands):
        syncs = sum(step.kind is Kind.SYNC_ENDS for step in command.steps)
        table.add_row(
            command.name,
            *(str(count) for count in (len(command.steps), syncs, points(command))),
            *(str(tried[number, crash]) for crash in Crash),
            str(wrong[number]),
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
