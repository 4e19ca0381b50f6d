"""How much memory a worker takes at most over pages at 600 dpi: one fresh worker a scan, as the program runs it.

    python -m tests.benchmarks.reading.memory [--engine auto]

Colour, grey and bilevel pages, A4 and legal, as PDF, JPEG, TIFF and PNG. A worker opens the scan, reads its page and
writes the searchable PDF; then the kernel is asked for the most memory that it held (VmHWM: resident, shared
libraries included; never what its parent held, as ru_maxrss tells). Wanted: under 400 MB.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ingest.evidence.labels import load_labels
from ingest.evidence.values import SiteFacts
from ingest.filing.order import PdfFacts, PdfOrder
from ingest.filing.pdf import write_task
from ingest.model import FileOpened, PageArtefact
from ingest.page import Guide, read_task
from ingest.reading import artefact
from ingest.reading.options import ReadingOptions
from ingest.reading.tasks import open_task
from ingest.running.pool import Limits, WorkerPool
from tests.benchmarks.reading.noisy import with_noise
from tests.fakes import tasks

DPI = 600
WANTED_MB = 400
PAPERS = {"A4": (8.27, 11.69), "legal": (8.5, 14.0)}
SUFFIXES = {"colour": (".pdf", ".jpg", ".png"), "grey": (".pdf", ".jpg", ".png"), "bilevel": (".pdf", ".tif")}
TIMEOUT_S = 300.0
_LIMITS = Limits(memory_bytes=4000 << 20, file_bytes=1 << 30)
_LINES = (
    "LAKESIDE GENERAL HOSPITAL          DISCHARGE SUMMARY",
    "Patient: HOLLOWAY, MARGARET      Date of Birth: 03/14/1951",
    "MRN: 00412345      Attending physician: Alan Whitfield, MD",
    *(f"{number}. The patient was seen on the ward and feels well; continue as before." for number in range(1, 39)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """One scan's worker: what it read of the page, in words, and the most memory it held."""

    words: int
    mb: float


def main() -> None:
    """Draws each page, reads it in a worker of its own, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", default="auto")
    options = ReadingOptions(engine=parser.parse_args().engine)
    print(f"| page at {DPI} dpi | words read | memory at most, MB |\n|---|---|---|")
    most = 0.0
    with tempfile.TemporaryDirectory() as temporary:
        for name, path in draw_pages(Path(temporary)):
            peak = peak_of(path, options)
            most = max(most, peak.mb)
            print(f"| {name} | {peak.words} | {peak.mb:.0f} |", flush=True)
    print(f"at most {most:.0f} MB; wanted: under {WANTED_MB}")


def draw_pages(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each kind of page as a file, with its name."""
    stream = np.random.default_rng(20_261_125)
    for paper, size_in in PAPERS.items():
        for colours, suffixes in SUFFIXES.items():
            picture = draw_page(size_in, colours, stream)
            for suffix in suffixes:
                path = folder / f"{paper}-{colours}{suffix}"
                ways = {"compression": "group4"} if suffix == ".tif" else {}
                picture.save(path, **({"resolution": DPI} if suffix == ".pdf" else {"dpi": (DPI, DPI)}), **ways)
                yield f"{paper}, {colours}, {suffix[1:]}", path


def draw_page(size_in: tuple[float, float], colours: str, stream: np.random.Generator) -> Image.Image:
    """A page full of text, 600 dpi; grey and colour with a sensor's noise."""
    size = (round(size_in[0] * DPI), round(size_in[1] * DPI))
    paper = Image.new("L", size, 255)
    pen, font = ImageDraw.Draw(paper), ImageFont.load_default(size=DPI * 0.14)
    for number, line in enumerate(_LINES):
        pen.text((DPI * 0.8, DPI * (0.6 + 0.27 * number)), line, fill=0, font=font)
    if colours == "bilevel":
        return paper.convert("1", dither=Image.Dither.NONE)
    grey = Image.fromarray(with_noise(np.asarray(paper, dtype=np.float32) * 0.9, 6.0, stream))
    if colours == "grey":
        return grey
    return Image.merge("RGB", (grey, grey, grey.point(lambda value: round(value * 0.9))))


def peak_of(path: Path, options: ReadingOptions) -> Peak:
    """A fresh worker opens, reads and files one page; its peak. Raises what its task raises."""
    pool = WorkerPool(1, _LIMITS)
    guide = Guide(labels=load_labels(), facts=SiteFacts(today=date(2026, 11, 1), mrn_shapes=()))
    target = path.with_name(f"{path.name}.filed.pdf")
    try:
        opened = artefact.decode_file(pool.submit(open_task, str(path), options, timeout_s=TIMEOUT_S).result())
        assert isinstance(opened, FileOpened), opened
        future = pool.submit(read_task, str(path), opened.kind, 1, options, guide, timeout_s=TIMEOUT_S)
        read = artefact.decode(future.result())
        assert isinstance(read, PageArtefact), read
        order = PdfOrder(
            scan=path, kind=opened.kind, pages=(1,), artefacts=(read,), target=target, max_pixels=options.max_pixels
        )
        PdfFacts.decode(pool.submit(write_task, order, timeout_s=TIMEOUT_S).result())
        most_kb = int(pool.submit(tasks.most_held, timeout_s=TIMEOUT_S).result())
    finally:
        pool.close()
        target.unlink(missing_ok=True)
    return Peak(words=len(read.words), mb=most_kb / 1024)


if __name__ == "__main__":
    main()
