"""The baseline: what a competent developer writes in an afternoon to file scans by patient.

pdf2image, pytesseract, regular expressions and rapidfuzz, no more. It files when the record number is a
patient's and the name does not speak against it, or when name and birth date together match somebody well.
Run on the samples (or on any folder that `samples/make_scans.py` wrote) it prints how many scans it files
right, files wrong, and leaves to people:

    python tests/benchmarks/plain_script.py [--scans DIR] [--truth FILE] [--patients FILE] [--each]
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pdf2image
import pytesseract
from PIL import Image, ImageSequence
from rapidfuzz import fuzz, process

SAMPLES = Path(__file__).parents[2] / "samples"
MRN = re.compile(
    r"(?:MRN|MR ?#|M\.?R\.? No\.?|Med(?:ical)?\.? Rec(?:ord)?\.? ?(?:No\.?|Number|#)?|Unit No\.?|Chart ?#)"
    r"[\s:.#|_]{0,6}(\d{6,9})\b",
    re.IGNORECASE,
)
BIRTH = re.compile(
    r"(?:DOB|D\.O\.B\.?|Date of Birth|Birth ?date|Born)[\s:.|_]{0,6}"
    r"(\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}-[A-Z]{3}-\d{4}"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})",
    re.IGNORECASE,
)
NAME = re.compile(
    r"(?i:Patient'?s? Name|Patient \(print\)|Name of Patient|Pt\.? Name|Patient|Name|\bRE)"
    r"[ :.|_]{1,6}([A-Z][\w'’-]+,? [A-Z][\w .,'’-]{2,40})"
)
DATE_FORMS = (
    "%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%m-%d-%y", "%Y-%m-%d", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y",
)  # fmt: skip
GOOD_NAME, GOOD_MATCH = 80, 90
ENDS = ("filed right", "filed wrong", "queued")


def read_text(path: Path) -> str:
    """The text of every page."""
    if path.suffix == ".pdf":
        pages = pdf2image.convert_from_path(path, dpi=300)
    else:
        pages = [frame.convert("L") for frame in ImageSequence.Iterator(Image.open(path))]
    return "\n".join(pytesseract.image_to_string(page) for page in pages)


def birth_date(text: str) -> str | None:
    """The first labelled birth date, as ISO."""
    found = BIRTH.search(text)
    for form in DATE_FORMS if found else ():
        try:
            day = datetime.strptime(found[1].replace(".", ""), form).date()  # noqa: DTZ007
        except ValueError:
            continue
        return (day.replace(year=day.year - 100) if day.year > 2026 else day).isoformat()
    return None


def choose(text: str, patients: dict[str, dict[str, str]]) -> str | None:
    """The record number of the patient to file to, or `None` for a person to look at."""
    name_found, mrn_found, born = NAME.search(text), MRN.search(text), birth_date(text)
    name = re.sub(r"[^\w ]", " ", name_found[1]).upper() if name_found else ""
    if mrn_found and mrn_found[1] in patients:
        patient = patients[mrn_found[1]]
        if not name or fuzz.token_set_ratio(name, full_name(patient)) >= GOOD_NAME:
            return patient["mrn"]
    if name and born:
        choices = {mrn: f"{full_name(p)} {p['birth_date']}" for mrn, p in patients.items()}
        best = process.extractOne(f"{name} {born}", choices, scorer=fuzz.WRatio, score_cutoff=GOOD_MATCH)
        return best[2] if best else None
    return None


def full_name(patient: dict[str, str]) -> str:
    """LAST FIRST."""
    return f"{patient['last_name']} {patient['first_name']}".upper()


def patients_in(path: Path) -> dict[str, dict[str, str]]:
    """The register by record number."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["mrn"]: row for row in csv.DictReader(file)}


def end_of(scan: Path, true: dict[str, Any], patients: dict[str, dict[str, str]]) -> str:
    """What the script does with one scan, held against its truth: one of `ENDS`."""
    mrn = choose(read_text(scan), patients)
    right = mrn == true["mrn"] and not true["never_file"]
    return ENDS[2] if mrn is None else ENDS[0] if right else ENDS[1]


def main() -> None:
    """Files every scan on paper and compares with the truth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scans", type=Path, default=SAMPLES / "scans")
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--patients", type=Path, default=SAMPLES / "patients.csv")
    parser.add_argument("--each", action="store_true", help="one line a scan")
    given = parser.parse_args()
    truth_file = given.truth or next(p for p in (given.scans / "truth.json", SAMPLES / "truth.json") if p.exists())
    truth = json.loads(truth_file.read_text(encoding="utf-8"))["files"]
    patients = patients_in(given.patients)
    ends = dict.fromkeys(ENDS, 0)
    indexed = filed_indexed = 0
    for true in truth:
        source = true["file"]
        end = end_of(given.scans / source, true, patients)
        ends[end] += 1
        indexed += true["indexed_patient"]
        filed_indexed += true["indexed_patient"] and end == ENDS[0]
        if given.each:
            print(f"{source:<16} {true['layout']:<18} {true['case']:<22} {true['expected']:<7} {end}")
    for end, count in ends.items():
        print(f"{end:<12} {count:>4}  {count / len(truth):>6.1%}")
    print(
        f"{filed_indexed} of {indexed} scans with an indexed patient filed right: {filed_indexed / max(indexed, 1):.1%}"
    )


if __name__ == "__main__":
    main()
