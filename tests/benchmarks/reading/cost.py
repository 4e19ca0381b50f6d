"""What reading a page costs, the whole process tree counted: the program, plain Tesseract, OCRmyPDF, on the same pages.

    python -m tests.benchmarks.reading.cost [--pages 60] [--rounds 2] [--seed N] [--papers mixed|noisy|both]
                                            [--noise usual|heavy]

Scanned one-page files are drawn: "mixed", of every carrier and grade, and "noisy", the same pages as grey scans at
300 dpi with a sensor's noise (noisy.py says how much and why; `--noise heavy` is so much that the tesseract program
becomes slow). In turn, for each: `ingest batch` takes them in, reads all their text, decides and writes searchable
PDFs; where the site can be told to read identity alone, once more so; the tesseract program makes a searchable PDF of
each page's picture; OCRmyPDF (where it is on the path: `pip install ocrmypdf`) straightens, turns and reads each file.
Seconds of processor a page, one thread each, and the ratios: medians over the rounds, each round compared with itself.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from ingest.model import FileOpened, PageFailure
from ingest.reading.opening import open_scan
from ingest.reading.options import ReadingOptions
from ingest.reading.pages import take_picture
from ingest.reading.raster import Raster
from ingest.settings import ReadingSettings
from samples.generate.batch import Order, draw_set
from samples.generate.person import write_patients
from samples.generate.population import make_population
from samples.generate.relations import PatientIndex
from tests.benchmarks.reading.noisy import NOISES, save, scan_again

WHOLE, IDENTITY = "ingest batch", "ingest batch, identity alone"
ENVIRONMENT = os.environ | {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1"}


PAPERS = ("mixed", "noisy")


def main() -> None:
    """Draws, runs each in turn, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=940_101)
    parser.add_argument("--papers", choices=(*PAPERS, "both"), default="both")
    parser.add_argument("--noise", choices=tuple(NOISES), default="usual")
    options = parser.parse_args()
    papers = PAPERS if options.papers == "both" else (options.papers,)
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        mixed = drawn(folder, options.pages, options.seed)
        for paper in papers:
            files = mixed if paper == "mixed" else noisy_again(mixed, folder / "noisy", options.seed, options.noise)
            rows += compared(paper if paper == "mixed" else f"{options.noise}-noise", files, folder, options.rounds)
    print(f"{len(mixed)} pages, {options.rounds} rounds, seed {options.seed}")
    print("| paper | | processor s a page | ingest batch takes of it | identity alone takes of it |")
    print("|---|---|---|---|---|", *rows, sep="\n")


def compared(paper: str, files: list[Path], folder: Path, rounds: int) -> list[str]:
    """The table's rows for one kind of paper."""
    pictures = [picture_of(file, folder) for file in files]
    scans = files[0].parent
    runs: dict[str, Callable[[int], None]] = {
        WHOLE: lambda number: batch(folder / f"{paper}-whole{number}", scans),
        "tesseract": lambda _: each(files, lambda at, _: ["tesseract", pictures[at], folder / "out", "pdf"]),
    }
    if "text" in ReadingSettings.model_fields:
        runs[IDENTITY] = lambda number: batch(folder / f"{paper}-identity{number}", scans, text="identity")
    if shutil.which("ocrmypdf"):
        runs["ocrmypdf"] = lambda _: each(files, lambda _, file: _ocrmypdf(file, folder / "out.pdf"))
    spent: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds):
        for name, run in runs.items():
            before = _children_s()
            run(number)
            spent[name].append((_children_s() - before) / len(files))
            print(f"{paper}, round {number + 1}: {name} {spent[name][-1]:.2f} s a page", file=sys.stderr, flush=True)
    return [
        f"| {paper} | {name} | {statistics.median(seconds):.2f} "
        f"| {_ratio(spent[WHOLE], seconds)} | {_ratio(spent.get(IDENTITY, []), seconds)} |"
        for name, seconds in spent.items()
    ]


def _ratio(ours: list[float], theirs: list[float]) -> str:
    if not ours:
        return ""
    return f"{statistics.median(one / other for one, other in zip(ours, theirs, strict=True)):.2f}"


def noisy_again(files: list[Path], folder: Path, seed: int, noise: str) -> list[Path]:
    """The same pages as grey scans with noise of that name."""
    folder.mkdir()
    stream = np.random.default_rng(seed)
    again = []
    for file in files:
        again.append(folder / f"{file.stem}.pdf")
        save(scan_again(raster_of(file), stream, NOISES[noise]), again[-1], stream)
    return again


def drawn(folder: Path, pages: int, seed: int) -> list[Path]:
    """One-page scans of all grades, and the register of their people."""
    people = make_population(seed, 2_000)
    write_patients(folder / "patients.csv", people)
    inbox = folder / "scans"
    order = Order(
        seed=seed,
        count=pages * 2,
        cases={"ordinary": 3.0, "no_mrn": 1.0},
        grades={"clean": 1.0, "typical": 1.0, "hard": 1.0},
    )
    truths = draw_set(order, PatientIndex(people), inbox)
    scanned = [truth for truth in truths.values() if len(truth.pages) == 1 and truth.carrier != "text_pdf"]
    kept = [inbox / truth.file for truth in scanned[:pages]]
    for file in set(inbox.iterdir()) - set(kept):
        file.unlink()
    return kept


def raster_of(file: Path) -> Raster:
    """The scan's one page as reading takes it."""
    options = ReadingOptions()
    opened = open_scan(file, options)
    assert isinstance(opened, FileOpened)
    raster = take_picture(file, opened.kind, 1, options)
    assert not isinstance(raster, PageFailure)
    return raster


def picture_of(file: Path, folder: Path) -> Path:
    """The page's picture for a program that reads no PDF, with its dpi."""
    raster = raster_of(file)
    path = folder / f"{file.stem}.png"
    Image.fromarray(raster.picture).save(path, dpi=(raster.dpi_x, raster.dpi_y))
    return path


def batch(home: Path, scans: Path, *, text: str | None = None) -> None:
    """A fresh site takes in all the scans, on one worker; `text` is how much of each page it reads."""
    ingest = [
        sys.executable,
        "-c",
        "import sys; from ingest.cli.app import main; sys.exit(main())",
        "--home",
        str(home),
    ]
    run([*ingest, "init"], count=False)
    if text is not None:
        settings = home / "ingest.toml"
        lines = [line for line in settings.read_text().splitlines() if not line.startswith("text = ")]
        lines.insert(lines.index("[reading]") + 1, f'text = "{text}"')
        settings.write_text("\n".join(lines) + "\n")
    run([*ingest, "patients", "load", str(home.parent / "patients.csv")], count=False)
    run([*ingest, "batch", str(scans), "--workers", "1"])


_NOT_COUNTED = [0.0]


def run(command: list[str], *, count: bool = True) -> None:
    """Runs one command; what it says is kept back. `count`: its cost is part of the comparison."""
    before = _children_s()
    done = subprocess.run(command, capture_output=True, env=ENVIRONMENT, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command[0]} failed: {done.stderr.decode(errors='replace')[-500:]}")
    if not count:
        _NOT_COUNTED[0] += _children_s() - before


def each(files: list[Path], command: Callable[[int, Path], list[object]]) -> None:
    """One command for each file."""
    for at, file in enumerate(files):
        run([str(part) for part in command(at, file)])


def _ocrmypdf(file: Path, out: Path) -> list[object]:
    """Plain PDF, for PDF/A needs Ghostscript and more time."""
    dpi = [] if file.suffix == ".pdf" else ["--image-dpi", "200"]
    ways = ["--deskew", "--rotate-pages", "--jobs", "1", "--force-ocr", "--output-type", "pdf"]
    return ["ocrmypdf", *ways, *dpi, file, out]


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime - _NOT_COUNTED[0]


if __name__ == "__main__":
    main()
