"""Hostile files, all of them, dropped into the folder of a running `ingest watch`: where they end, and at what cost.

    python -m tests.benchmarks.faults.hostile [--files FOLDER] [--engine auto] [--only PART] [--page-timeout 10]

The bombs of our own making, and whatever lies in FOLDER. Prints one line of the table a set, and what went wrong.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.fakes.bombs import BOMBS
from tests.faults.hostile_run import ENDS, Ended, hostile_site, run_watch

_DAEMON_MB = 1000


def main() -> int:
    """0 when every file ended as it should, within the limits."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=Path, help="a folder of hostile files, taken whole")
    parser.add_argument("--engine", default="tests.fakes.engines:quick", help="auto: the real one")
    parser.add_argument("--only", default="", help="only files whose name holds this")
    parser.add_argument("--page-timeout", type=float, default=10.0)
    parser.add_argument("--memory-mb", type=int, default=2000)
    parser.add_argument("--within", type=float, default=3600.0, help="seconds after which a set is given up")
    asked = parser.parse_args()
    print("| set | files | filed | review | blank | quarantined | other | s | worker MB | daemon MB | wrong |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "made")
        made.mkdir()
        expected = {bomb.name: bomb.states for bomb in BOMBS if asked.only in bomb.name}
        for bomb in BOMBS:
            if bomb.name in expected:
                (made / bomb.name).write_bytes(bomb.make())
        wrong += _run("bombs", made, Path(folder, "one"), expected, asked)
        if asked.files:
            wrong += _run("collection", asked.files, Path(folder, "two"), {}, asked)
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


def _run(
    name: str, files: Path, home: Path, expected: dict[str, frozenset[str]], asked: argparse.Namespace
) -> list[str]:
    house = hostile_site(
        home,
        engine=f'"{asked.engine}"',
        page_timeout_s=str(asked.page_timeout),
        open_timeout_s="20.0",
        write_timeout_s="20.0",
        worker_memory_mb=str(asked.memory_mb),
    )
    dropped = [file for file in sorted(files.rglob("*")) if file.is_file() and asked.only in file.name]

    def drop(inbox: Path) -> int:
        for file in dropped:
            target = inbox / file.relative_to(files)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
        return len(dropped)

    ended = run_watch(house, drop, within_s=asked.within)
    wrong = _wrong(ended, expected, asked.memory_mb)
    verified = house.run("verify", code=None)
    if verified.returncode:
        wrong.append(f"verify: {verified.stdout}")
    states = Counter(line["state"] for line in ended.lines)
    listed = [states.pop(state, 0) for state in ("filed", "review", "blank", "quarantined")]
    cells = [name, len(dropped), *listed, sum(states.values()), round(ended.seconds)]
    print("|", " | ".join(map(str, [*cells, ended.most_kb >> 10, ended.daemon_kb >> 10, len(wrong)])), "|", flush=True)
    return wrong


def _wrong(ended: Ended, expected: dict[str, frozenset[str]], memory_mb: int) -> list[str]:
    wrong = [
        f"{source}: {', '.join(sorted(states))}"
        for source, states in ended.states().items()
        if not states <= expected.get(source, ENDS)
    ]
    if ended.most_kb >= memory_mb << 10:
        wrong.append(f"a worker held {ended.most_kb >> 10} MB")
    if ended.daemon_kb >= _DAEMON_MB << 10:
        wrong.append(f"the daemon held {ended.daemon_kb >> 10} MB")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
