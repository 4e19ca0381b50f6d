"""Where a page's processor time goes, step by step.

    python -m tests.benchmarks.reading.steps [--pages 60] [--seed N] [--noise none|usual|heavy]

Mixed one-page scans are drawn, as for the cost; each is opened, read, decided and written as a searchable PDF in this
process, one thread, engines warm. sampler.py says how time is told to steps. The layout analysis of the engine is
one call with its recognition: it is run once more alone on the same pictures, and taken off.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tesserocr
from PIL import Image

from ingest.evidence.doubt import regions_in_doubt
from ingest.evidence.find import evidence_of
from ingest.evidence.unread import find_unread
from ingest.filing.order import PdfOrder
from ingest.filing.pdf import write_pdf
from ingest.house import House
from ingest.model import FileOpened, PageArtefact, PageFailure, Scan, Word
from ingest.page import Guide, read_again, read_page
from ingest.pipeline import dispose
from ingest.reading.barcodes import find_barcodes
from ingest.reading.blank import find_marks
from ingest.reading.leftovers import add_leftovers
from ingest.reading.ocr.data import data_folder
from ingest.reading.ocr.port import Layout
from ingest.reading.ocr.smaller import read_smaller
from ingest.reading.ocr.tesserocr_engine import TesserocrEngine
from ingest.reading.opening import open_scan
from ingest.reading.options import ReadingOptions
from ingest.reading.orient import best_turn, reads_somehow
from ingest.reading.pages import take_picture
from ingest.reading.prepare import prepare
from ingest.reading.raster import Picture
from matchers import PatientIndex, build_index, decide
from samples.generate.person import read_patients
from tests.benchmarks.reading.cost import drawn, noisy_again
from tests.benchmarks.reading.noisy import NOISES
from tests.benchmarks.reading.run import as_patient, house_of
from tests.benchmarks.reading.sampler import Sampler, Step

REST, OCR, LAYOUT = "the rest (joining, packing, Python itself)", "OCR: recognition", "OCR: layout analysis"
ORDER = (
    "opening the file", "its picture", "cleaning, straightening", "marks that are no print", "which way up", LAYOUT,
    OCR, "leftovers", "bar codes", "what is in doubt", "second reader", "evidence", "matching", "deciding", "PDF", REST,
)  # fmt: skip


def boundaries() -> Mapping[Callable[..., Any], Step]:
    """The calls at which one step ends and another begins."""
    return {
        open_scan: Step(name=ORDER[0], whole=True),
        take_picture: Step(name=ORDER[1], whole=True),
        prepare: Step(name=ORDER[2], whole=True),
        find_marks: Step(name=ORDER[3], whole=True),
        best_turn: Step(name=ORDER[4], whole=True),
        reads_somehow: Step(name=ORDER[4], whole=True),
        TesserocrEngine.read: Step(name=OCR),
        add_leftovers: Step(name=ORDER[7], whole=True),
        find_barcodes: Step(name=ORDER[8], whole=True),
        regions_in_doubt: Step(name=ORDER[9], whole=True),
        read_again: Step(name=ORDER[10]),
        evidence_of: Step(name=ORDER[11], whole=True),
        find_unread: Step(name=ORDER[11], whole=True),
        PatientIndex.candidates: Step(name=ORDER[12], whole=True),
        decide: Step(name=ORDER[12], whole=True),
        dispose: Step(name=ORDER[13]),
        write_pdf: Step(name=ORDER[14], whole=True),
    }


def go(file: Path, house: House, options: ReadingOptions, target: Path) -> None:
    """The whole way of one scan of one page, its PDF too whatever was decided."""
    opened = open_scan(file, options)
    assert isinstance(opened, FileOpened)
    read = read_page(file, opened.kind, 1, options, Guide(labels=house.labels, facts=house.facts))
    scan = Scan(id="S1", source=file.name, origin="", sha256="", size=0, received_at=datetime.now(UTC))
    dispose(scan, [read], house)
    if isinstance(read, PageArtefact):
        write_pdf(
            PdfOrder(
                scan=file, kind=opened.kind, pages=(1,), artefacts=(read,), target=target, max_pixels=options.max_pixels
            )
        )


class _LayoutAlone:
    """An engine that finds the lines and reads none."""

    name, version = "tesserocr", "layout alone"

    def __init__(self) -> None:
        self.languages = ("eng",)
        folder = data_folder(self.languages, None)
        self._api: Any = tesserocr.PyTessBaseAPI(path=str(folder), lang="eng", psm=tesserocr.PSM.AUTO)
        self._api.SetVariable("debug_file", "/dev/null")

    def read(self, picture: Picture, *, dpi: int, layout: Layout, timeout_s: float) -> tuple[Word, ...]:
        """No words; `layout` is always a page's, time is not bounded."""
        self._api.SetImage(Image.fromarray(picture))
        self._api.SetSourceResolution(dpi)
        self._api.AnalyseLayout()
        self._api.Clear()
        return ()


def layout_seconds(files: Sequence[Path], options: ReadingOptions) -> float:
    """Layout analysis alone, once for each page, at three quarters of its size as the engine is usually given it."""
    engine, spent = _LayoutAlone(), 0.0
    for file in files:
        opened = open_scan(file, options)
        assert isinstance(opened, FileOpened)
        raster = take_picture(file, opened.kind, 1, options)
        assert not isinstance(raster, PageFailure)
        prepared = prepare(raster)
        start = time.process_time()
        read_smaller(engine, prepared.black, 0.75, dpi=prepared.dpi, layout=Layout.PAGE, timeout_s=60)
        spent += time.process_time() - start
    return spent


def table_of(seconds: Mapping[str, float], layout_s: float, pages: int) -> Iterator[str]:
    """Markdown: milliseconds a page and shares, in the order of the work. `layout_s` is taken off the OCR's time."""
    parted = Counter(seconds)
    layout_s = min(layout_s, parted[OCR])
    parted[OCR] -= layout_s
    parted[LAYOUT] += layout_s
    total = sum(parted.values())
    yield "| step | ms a page | share |"
    yield "|---|---|---|"
    for name in ORDER:
        yield f"| {name} | {1000 * parted[name] / pages:.0f} | {parted[name] / max(total, 1e-9):.0%} |"
    yield f"| together | {1000 * total / pages:.0f} | |"


def main() -> None:
    """Draws, warms up, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=940_301)
    parser.add_argument("--noise", choices=("none", *NOISES), default="none")
    given = parser.parse_args()
    options = ReadingOptions()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        files = drawn(folder, given.pages, given.seed)
        if given.noise != "none":
            files = noisy_again(files, folder / "noisy", given.seed, given.noise)
        index = folder / "index"
        build_index(map(as_patient, read_patients(folder / "patients.csv")), index, generation=1)
        house, target = house_of(index), folder / "filed.pdf"
        for file in files[:2]:
            go(file, house, options, target)
        sampler = Sampler(boundaries(), REST)
        for file in files:
            with sampler.running():
                go(file, house, options, target)
        layout_s = layout_seconds(files, options)
    print(f"{len(files)} pages, noise: {given.noise}, seed {given.seed}, 2,000 patients\n")
    print(*table_of(sampler.seconds, layout_s, len(files)), sep="\n")


if __name__ == "__main__":
    main()
