"""Stacks of documents: where they are split, what is filed, and to whom.

    python -m tests.benchmarks.stacks.run [--stacks 160] [--scans 240] [--seed N] [--people 100000] [--readings FILE]

Draws single documents (samples/generate: every grade of damage, blank backs, pages upside down, two patients in a
file), reads each page once, and composes stacks of 2 to 40 pages of them: half with a separator between any two
documents, half without. The separators are drawn (our own sheets, patch T, patch 2), worn, and read too. A page's
reading does not depend on its neighbours; splitting and deciding see the whole stack. `--readings` keeps what was
read, so that stacks can be composed again. A seed that rules were looked at on says nothing new.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import pickle
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np

from ingest.evidence.separators import OWN_CODE, OWN_WORDS
from ingest.filing.sheets import DPI, draw_separator
from ingest.house import House
from ingest.model import FileOpened, PageArtefact, PageOutcome, Scan
from ingest.page import Guide, read_page
from ingest.pipeline import dispose
from ingest.reading.ocr.select import engine_for
from ingest.reading.opening import open_scan
from ingest.reading.options import ReadingOptions
from ingest.reading.page import read_raster
from matchers import build_index
from samples.generate.batch import GRADES, Order, draw_set, usual_cases, write_truth
from samples.generate.population import make_population
from samples.generate.relations import PatientIndex as People
from tests.benchmarks.reading.run import as_patient, house_of, read_truths
from tests.benchmarks.stacks.compose import Paper, compose, papers_of
from tests.benchmarks.stacks.judged import Judged, f1, judge
from tests.fakes.drawn import noisy, raster, skewed

_OPTIONS = ReadingOptions(max_pixels=178_000_000)
_SCAN = Scan(
    id="S000001", source="s", origin="", sha256="0" * 64, size=1, received_at=datetime(2026, 11, 1, tzinfo=UTC)
)
_HOUSE: House | None = None


def main() -> None:
    """Draws, reads, composes, judges, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stacks", type=int, default=160)
    parser.add_argument("--scans", type=int, default=240)
    parser.add_argument("--seed", type=int, default=770_501)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--readings", type=Path, help="a file for what was read; read from there when it is there")
    parser.add_argument("--wrong", type=Path, help="a file for every boundary missed or made up")
    options = parser.parse_args()
    people = make_population(options.seed, options.people)
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "patients"
        build_index(map(as_patient, people), path, generation=1)
        context = multiprocessing.get_context("spawn")
        with context.Pool(options.workers, initializer=_open, initargs=(path,)) as pool:
            if options.readings and options.readings.exists():
                papers, sheets = pickle.loads(options.readings.read_bytes())  # noqa: S301
            else:
                papers = _read_set(options, People(people), Path(temporary) / "scans", pool)
                sheets = pool.map(_read_sheet, range(9))
                if options.readings:
                    options.readings.write_bytes(pickle.dumps((papers, sheets)))
            orders = [(options.seed, n, papers, sheets if n % 2 else ()) for n in range(options.stacks)]
            judged = list(pool.imap(_judged, orders, chunksize=4))
    print(f"{datetime.now(UTC).date()}, seed {options.seed}, {len(people):,} patients, {len(papers)} documents, "
          f"{len(judged)} stacks, {sum(one.pages for one in judged):,} pages.\n")  # fmt: skip
    print("\n".join(table_of(judged)))
    if options.wrong:
        lines = [f"{kind} {what}" for one in judged
                 for kind, many in (("made up", one.made_up), ("missed", one.missed), ("MISFILED", one.wrong))
                 for what in many]  # fmt: skip
        options.wrong.write_text("\n".join(lines))


def table_of(judged: Sequence[Judged]) -> list[str]:
    """Markdown for people."""
    rows = ["| | stacks | boundaries | made up | missed (asked about) | F1 | pages filed | misfiled | law of pages |",
            "|---|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for name, some in (
        ("with separators", [one for one in judged if one.separated]),
        ("without", [one for one in judged if not one.separated]),
    ):
        right, missed = sum(one.right for one in some), sum(len(one.missed) for one in some)
        rows.append(
            f"| {name} | {len(some)} | {right + missed} | {sum(len(one.made_up) for one in some)}"
            f" | {missed} ({sum(one.proposed for one in some)}) | {f1(some):.3f} | {sum(one.filed for one in some)}"
            f" of {sum(one.pages for one in some)} | {sum(len(one.wrong) for one in some)}"
            f" | {'holds' if all(one.lawful for one in some) else 'BROKEN'} |"
        )
    return rows


def _open(index: Path) -> None:
    global _HOUSE
    _HOUSE = house_of(index)


def _read_set(options: argparse.Namespace, people: People, folder: Path, pool: Any) -> list[Paper]:
    order = Order(seed=options.seed, count=options.scans, cases=usual_cases(), grades=dict.fromkeys(GRADES, 1.0))
    write_truth(folder / "truth.json", order, draw_set(order, people, folder))
    truths = read_truths(folder / "truth.json")
    read = pool.imap(_read_file, [folder / truth["file"] for truth in truths], chunksize=2)
    return [paper for truth, pages in zip(truths, read, strict=True) if pages for paper in papers_of(truth, pages)]


def _read_file(path: Path) -> tuple[PageOutcome, ...]:
    assert _HOUSE is not None
    opened = open_scan(path, _OPTIONS)
    if not isinstance(opened, FileOpened):
        return ()
    guide = Guide(labels=_HOUSE.labels, facts=_HOUSE.facts)
    return tuple(read_page(path, opened.kind, page, _OPTIONS, guide) for page in range(1, opened.pages + 1))


def _read_sheet(number: int) -> PageArtefact:
    """A separator as it comes out of the scanner, read: ours, patch T or patch 2; copied, askew, any way up."""
    kinds = (_own_sheet(), _patch_sheet("NWNW"), _patch_sheet("WNNW"))
    rng = Random(number)
    sheet = cv2.GaussianBlur(kinds[number % 3], (0, 0), 0.4 + rng.random())
    worn, _ = skewed(noisy(np.asarray(sheet, dtype=np.uint8), 4 + 10 * rng.random()), rng.uniform(-2, 2))
    turned = np.ascontiguousarray(np.rot90(worn, rng.choice((0, 0, 2, 1))))
    read = read_raster(raster(turned, DPI), 1, engine_for(_OPTIONS), _OPTIONS)
    assert isinstance(read, PageArtefact)
    return read


def _own_sheet() -> Any:
    sheet = draw_separator(OWN_CODE, OWN_WORDS, "Lay this sheet before each document, any way up. It is not filed.")
    return np.where(np.asarray(sheet), np.uint8(245), np.uint8(25))


def _patch_sheet(pattern: str) -> Any:
    page = np.full((11 * DPI, round(8.5 * DPI)), 245, np.uint8)
    for top in (0.6, 9.4):
        y = top
        for letter in pattern:
            thick = 0.20 if letter == "W" else 0.08
            page[round(y * DPI) : round((y + thick) * DPI), 2 * DPI : round(6.5 * DPI)] = 25
            y += thick + 0.08
    return page


def _judged(order: tuple[int, int, Sequence[Paper], Sequence[PageArtefact]]) -> Judged:
    seed, number, papers, sheets = order
    assert _HOUSE is not None
    stack = compose(Random(f"stack-{seed}-{number}"), papers, sheets)
    return judge(stack, dispose(_SCAN, stack.pages, _HOUSE))


if __name__ == "__main__":
    main()
