"""What reading a page costs, the whole process tree counted: the program, plain Tesseract, OCRmyPDF, on the same pages.

    python -m tests.benchmarks.reading.cost [--pages 60] [--rounds 2] [--seed N]

Scanned one-page files are drawn. In turn: `ingest batch` takes them in, reads all their text, decides and writes
searchable PDFs; the tesseract program makes a searchable PDF of each page's picture; OCRmyPDF (where it is
installed) straightens, turns and reads each file. Seconds of processor a page, one thread each, and the ratios.
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

from PIL import Image

from ingest.model import FileOpened, PageFailure
from ingest.reading.opening import open_scan
from ingest.reading.options import ReadingOptions
from ingest.reading.pages import take_picture
from samples.generate.batch import Order, draw_set
from samples.generate.person import write_patients
from samples.generate.population import make_population
from samples.generate.relations import PatientIndex

ENVIRONMENT = os.environ | {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1"}


def main() -> None:
    """Draws, runs each in turn, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=940_101)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        files = drawn(folder, options.pages, options.seed)
        pictures = [picture_of(file, folder) for file in files]
        runs: dict[str, Callable[[int], None]] = {
            "ingest batch": lambda number: batch(folder, number),
            "tesseract": lambda _: each(files, lambda at, _: ["tesseract", pictures[at], folder / "out", "pdf"]),
        }
        if shutil.which("ocrmypdf"):
            runs["ocrmypdf"] = lambda _: each(files, lambda _, file: _ocrmypdf(file, folder / "out.pdf"))
        spent: dict[str, list[float]] = {name: [] for name in runs}
        for number in range(options.rounds):
            for name, run in runs.items():
                before = _children_s()
                run(number)
                spent[name].append((_children_s() - before) / len(files))
                print(f"round {number + 1}: {name} {spent[name][-1]:.2f} s a page", file=sys.stderr, flush=True)
    ours = spent["ingest batch"]
    print(f"{len(files)} pages, {options.rounds} rounds, seed {options.seed}")
    print("| | processor s a page | ingest batch takes of it |\n|---|---|---|")
    for name, seconds in spent.items():
        ratio = statistics.median(one / other for one, other in zip(ours, seconds, strict=True))
        print(f"| {name} | {statistics.median(seconds):.2f} | {ratio:.2f} |")


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


def picture_of(file: Path, folder: Path) -> Path:
    """The page's picture for a program that reads no PDF, with its dpi."""
    options = ReadingOptions()
    opened = open_scan(file, options)
    assert isinstance(opened, FileOpened)
    raster = take_picture(file, opened.kind, 1, options)
    assert not isinstance(raster, PageFailure)
    path = folder / f"{file.stem}.png"
    Image.fromarray(raster.picture).save(path, dpi=(raster.dpi_x, raster.dpi_y))
    return path


def batch(folder: Path, number: int) -> None:
    """A fresh site takes in all the scans, on one worker."""
    home = str(folder / f"site{number}")
    ingest = [sys.executable, "-c", "import sys; from ingest.cli.app import main; sys.exit(main())", "--home", home]
    run([*ingest, "init"], count=False)
    run([*ingest, "patients", "load", str(folder / "patients.csv")], count=False)
    run([*ingest, "batch", str(folder / "scans"), "--workers", "1"])


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
    dpi = [] if file.suffix == ".pdf" else ["--image-dpi", "200"]
    return ["ocrmypdf", "--deskew", "--rotate-pages", "--jobs", "1", "--force-ocr", *dpi, file, out]


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime - _NOT_COUNTED[0]


if __name__ == "__main__":
    main()
