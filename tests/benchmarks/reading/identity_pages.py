"""Pages filed by the thousand, and how many of them to a wrong patient: the proof takes hours and may be interrupted.

    python -m tests.benchmarks.reading.identity_pages --pages 10000 --state FILE [--seed N] [--block 100] [--workers 2]
    python -m tests.benchmarks.reading.identity_pages --again SEED:NUMBER --out DIR [the same --people, --seed, --block]

Block after block of scans is drawn (block n with the seed N + n; people with the seed N), read for identity alone
(`reading.text`), decided, judged and deleted; one line a block goes to FILE. Run again
it goes on with the blocks that are missing, until so many pages are filed. The cases are the usual ones with their
usual weights, traps among them (wrong stickers, two patients in one file, twins who are not in the index), but no
empty pages. `--cases wrong_sticker,two_patients` draws these alone, to find holes sooner than their usual share would.
`--again` draws one scan of a block once more, to look at.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import multiprocessing
import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path

from ingest.reading.options import ReadingOptions
from ingest.settings import TextMode
from matchers import build_index
from samples.generate.batch import GRADES, WEARS, Order, draw_set, usual_cases, write_truth
from samples.generate.population import make_population
from samples.generate.relations import PatientIndex as People
from tests.benchmarks.reading import run
from tests.benchmarks.reading.blocks import Block, OtherState, Wrong, add, begin, fingerprint, summary

_EMPTY = ("blank", "blank_back")
_BLOCKS_A_WORKER = 10


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What every block is drawn and read with. `text` is how much of a page is read."""

    seed: int
    block: int
    people: int
    layouts: tuple[str, ...]
    cases: tuple[str, ...]
    wear: str
    text: TextMode

    def order(self, seed: int) -> Order:
        """The block that is drawn with that seed."""
        return Order(
            seed=seed,
            count=self.block,
            cases={name: weight for name, weight in usual_cases().items() if self._drawn(name)},
            grades=dict.fromkeys(GRADES, 1.0),
            layouts=self.layouts,
            wear=self.wear,
        )

    def _drawn(self, case: str) -> bool:
        return case in self.cases if self.cases else case not in _EMPTY

    def reading(self) -> ReadingOptions:
        """How its pages are read."""
        return ReadingOptions(max_pixels=178_000_000, upper_first=self.text is not TextMode.FULL)


_PLAN: Plan | None = None
_PEOPLE: People | None = None
_INDEX = Path()


def _open(plan: Plan, index: Path) -> None:
    global _PLAN, _PEOPLE, _INDEX
    threading.Thread(target=_die_with_parent, daemon=True).start()
    _PLAN, _PEOPLE, _INDEX = plan, People(make_population(plan.seed, plan.people)), index


def _die_with_parent() -> None:
    """A run that was killed leaves no worker behind that draws for nobody."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _block(number: int) -> Block:
    """Draws, reads, judges and deletes one block."""
    assert _PLAN is not None
    assert _PEOPLE is not None
    seed = _PLAN.seed + number
    with tempfile.TemporaryDirectory() as temporary:
        folder, order = Path(temporary), _PLAN.order(seed)
        truths = draw_set(order, _PEOPLE, folder)
        write_truth(folder / "truth.json", order, truths)
        told = {truth["file"]: truth for truth in run.read_truths(folder / "truth.json")}
        run.open_house(_INDEX, folder, _PLAN.reading())
        ended = []
        for file in truths:
            ended.append(run.ended_of(told[file]))
            (folder / file).unlink()
    return block_of(number, seed, ended)


def block_of(number: int, seed: int, ended: Sequence[run.Ended]) -> Block:
    """The sums of one block, whose scans are given in the order of their numbers. Pure."""
    wrong = [
        Wrong(
            file=one.file,
            seed=seed,
            number=place,
            case=one.case,
            layout=one.layout,
            grade=one.grade,
            reasons=one.reasons,
        )
        for place, one in enumerate(ended, 1)
        if one.wrong
    ]
    return Block(
        block=number,
        seed=seed,
        scans=len(ended),
        pages=sum(one.pages for one in ended),
        fileable=sum(one.fileable for one in ended),
        fileable_filed=sum(one.fileable and one.filed > 0 and not one.wrong for one in ended),
        filed=sum(one.filed for one in ended),
        wrong=sum(one.wrong for one in ended),
        seconds=round(sum(one.seconds for one in ended), 2),
        wrong_ones=tuple(wrong),
    )


def missing(done: Sequence[Block]) -> Iterator[int]:
    """The numbers of the blocks that are not done, without end."""
    finished = {block.block for block in done}
    return (number for number in itertools.count(1) if number not in finished)


def main() -> int:
    """Goes on until enough pages are filed, then prints the sums."""
    given = _arguments()
    plan = Plan(
        seed=given.seed,
        block=given.block,
        people=given.people,
        layouts=tuple(filter(None, given.layouts.split(","))),
        cases=tuple(filter(None, given.cases.split(","))),
        wear=given.wear,
        text=TextMode(given.text),
    )
    if given.again:
        return _draw_again(plan, given.again, given.out)
    if given.state is None:
        print("--state FILE is needed", file=sys.stderr)
        return 2
    options = dataclasses.asdict(plan) | {"layouts": list(plan.layouts), "cases": list(plan.cases)}
    try:
        done = list(begin(given.state, options, fingerprint(), anyway=given.anyway))
    except OtherState as error:
        print(error, file=sys.stderr)
        return 2
    if _filed(done) < given.pages:
        _go_on(plan, done, given)
    print(f"{len(done)} blocks of {plan.block}, seeds {plan.seed} + 1, 2, …; text = {plan.text}, "
          f"{plan.wear} wear, code {fingerprint()}\n")  # fmt: skip
    print(*summary(sorted(done, key=lambda block: block.block)), sep="\n")
    return 0


def _go_on(plan: Plan, done: list[Block], given: argparse.Namespace) -> None:
    """Until enough pages are filed; the workers are new ones every so often, so that their memory stays bounded."""
    with tempfile.TemporaryDirectory() as temporary:
        index = Path(temporary) / "patients"
        build_index(map(run.as_patient, make_population(plan.seed, plan.people)), index, generation=1)
        context = multiprocessing.get_context("spawn")
        while _filed(done) < given.pages:
            with ProcessPoolExecutor(given.workers, context, initializer=_open, initargs=(plan, index)) as pool:
                _some_blocks(pool, done, given)


def _some_blocks(pool: ProcessPoolExecutor, done: list[Block], given: argparse.Namespace) -> None:
    """A block at a time for each worker; each one that ends is written down at once."""
    numbers = itertools.islice(missing(done), given.workers * _BLOCKS_A_WORKER)
    under_way: set[Future[Block]] = set()
    while True:
        while len(under_way) < given.workers and _filed(done) < given.pages and (number := next(numbers, None)):
            under_way.add(pool.submit(_block, number))
        if not under_way:
            return
        ended, under_way = wait(under_way, return_when=FIRST_COMPLETED)
        for future in ended:
            block = future.result()
            add(given.state, block)
            done.append(block)
            print(f"block {block.block}: {block.filed} filed, {block.wrong} wrong; "
                  f"{_filed(done):,} filed of {given.pages:,}", file=sys.stderr, flush=True)  # fmt: skip


def _filed(done: Sequence[Block]) -> int:
    return sum(block.filed for block in done)


def _draw_again(plan: Plan, which: str, out: Path | None) -> int:
    if out is None:
        print("--out DIR is needed", file=sys.stderr)
        return 2
    seed, number = (int(part) for part in which.split(":"))
    order = plan.order(seed)
    truths = draw_set(order, People(make_population(plan.seed, plan.people)), out, numbers={number})
    write_truth(out / "truth.json", order, truths)
    print(f"{', '.join(truths)} in {out}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=10_000, help="so many filed pages")
    parser.add_argument("--state", type=Path, help="the file that the run is kept in")
    parser.add_argument("--seed", type=int, default=990_000)
    parser.add_argument("--block", type=int, default=100, help="scans a block")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--layouts", default="", help="names, with commas, late, later; without, all the usual ones")
    parser.add_argument("--cases", default="", help="names, with commas; without, all the usual ones but the empty")
    parser.add_argument("--wear", choices=WEARS, default=WEARS[0])
    parser.add_argument("--text", choices=list(TextMode), default=TextMode.IDENTITY, help="how much of a page is read")
    parser.add_argument("--anyway", action="store_true", help="goes on with a state that other code made")
    parser.add_argument("--again", help="SEED:NUMBER of one scan to draw once more")
    parser.add_argument("--out", type=Path, help="where that goes")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
