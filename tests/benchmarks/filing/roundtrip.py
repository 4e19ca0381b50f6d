"""Every page of a site's or a drawn set's scans, filed and read back by poppler: words, places, pictures, PDF/A.

    python -m tests.benchmarks.filing.roundtrip FOLDER [--first N]

Each scan in FOLDER is read as the program reads it and filed as one PDF. Told: how many of the words that were read
`pdftotext -bbox` gives back, and how many of these stand within 0.1 inch of their place on the paper; how many
Group 4 and JPEG pictures `pdfimages -all` gives back byte for byte; how many files are PDF/A-2b, by the program and
by the checker on the file as written; and how many are larger than 1.1 of the scan plus 20 KB and 8 KB a page.
"""

from __future__ import annotations

import argparse
import html
import math
import re
import subprocess
import tempfile
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pikepdf
from pikepdf import pdfa

from ingest.evidence.labels import load_labels
from ingest.evidence.values import SiteFacts
from ingest.filing.archive import PdfKind
from ingest.filing.order import PdfOrder
from ingest.filing.pdf import write_pdf
from ingest.filing.textlayer import readable
from ingest.model import FileOpened, PageArtefact, ScanKind
from ingest.page import Guide, read_task
from ingest.reading import artefact
from ingest.reading.options import ReadingOptions
from ingest.reading.tasks import open_task

_NEAR_IN = 0.1
_WORD = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')
_POINTS = 72.0


def main() -> None:
    """Files every scan of the folder and prints the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=int)
    given = parser.parse_args()
    scans = sorted(path for path in given.folder.iterdir() if path.suffix in (".pdf", ".tif", ".tiff", ".jpg", ".png"))
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as temporary:
        for scan in scans[: given.first]:
            opened = artefact.decode_file(open_task(str(scan), ReadingOptions()))
            if isinstance(opened, FileOpened):
                counts += _filed(scan, opened, Path(temporary))
    for name, count in sorted(counts.items()):
        print(f"{name}: {count}")


def _filed(scan: Path, opened: FileOpened, folder: Path) -> Counter[str]:
    numbers = tuple(range(1, opened.pages + 1))
    guide = Guide(labels=load_labels(), facts=SiteFacts(today=date(2026, 11, 1), mrn_shapes=()))
    pages = (read_task(str(scan), opened.kind, number, ReadingOptions(), guide) for number in numbers)
    outcomes = map(artefact.decode, pages)
    read = tuple(outcome for outcome in outcomes if isinstance(outcome, PageArtefact))
    target = folder / "filed.pdf"
    facts = write_pdf(PdfOrder(scan=scan, kind=opened.kind, pages=numbers, artefacts=read, target=target))
    counts = Counter({"files": 1, "pages": len(numbers), f"files called {facts.kind.value}": 1})
    passed = pdfa.validate_written(target, "2b").passed
    counts["files whose checker and name differ"] += passed is not (facts.kind is PdfKind.PDFA_2B)
    counts["files too large"] += facts.size > 1.1 * scan.stat().st_size + 20_000 + 8_000 * len(numbers)
    for page in read:
        counts += words_back(target, page)
    counts += _pictures_back(scan, opened.kind, target, folder)
    return counts


def words_back(filed: Path, page: PageArtefact) -> Counter[str]:
    """Words read, given back, and given back at their place, of one page of a PDF whose pages are in order."""
    number = str(page.page)
    made = subprocess.run(
        ["pdftotext", "-bbox", "-f", number, "-l", number, filed, "-"], capture_output=True, check=True, text=True
    ).stdout
    seen: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for left, top, right, bottom, text in _WORD.findall(made):
        x, y = (float(left) + float(right)) / 2, (float(top) + float(bottom)) / 2
        seen[html.unescape(text)].append((x, y))
    width, height = _size_in(page)
    counts: Counter[str] = Counter()
    for word in page.words:
        if not readable(word.text):
            continue
        counts["words read"] += 1
        places = seen.get(readable(word.text), [])
        counts["words given back"] += bool(places)
        x, y = page.to_page.apply((word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2)
        at = (x * width, y * height)
        counts["words at their place"] += any(
            math.dist((px / _POINTS, py / _POINTS), at) <= _NEAR_IN for px, py in places
        )
    return counts


def _size_in(page: PageArtefact) -> tuple[float, float]:
    """Of the upright page."""
    picture = page.picture
    width, height = picture.width_px / picture.dpi_x, picture.height_px / picture.dpi_y
    return (height, width) if int(page.turn) % 180 else (width, height)


def _pictures_back(scan: Path, kind: ScanKind, filed: Path, folder: Path) -> Counter[str]:
    """Of a PDF the very Group 4 and JPEG streams, of a JPEG the very file."""
    if kind is ScanKind.JPEG:
        wanted = [scan.read_bytes()]
    elif kind is ScanKind.PDF:
        with pikepdf.open(scan) as pdf:
            wanted = [
                item.read_raw_bytes()
                for item in pdf.objects
                if isinstance(item, pikepdf.Stream) and str(item.get("/Filter")) in ("/DCTDecode", "/CCITTFaxDecode")
            ]
    else:
        return Counter()
    out = folder / "pictures"
    out.mkdir(exist_ok=True)
    for old in out.iterdir():
        old.unlink()
    subprocess.run(["pdfimages", "-all", filed, out / "p"], check=True, capture_output=True)
    given = {path.read_bytes() for path in out.iterdir()}
    return Counter({"pictures": len(wanted), "pictures identical": sum(data in given for data in wanted)})


if __name__ == "__main__":
    main()
