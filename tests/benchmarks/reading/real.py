"""Real scans with what a person read on them: which identifiers are told, how surely, and which wrongly.

    python -m tests.benchmarks.reading.real [DIR]

DIR holds pictures and `fields.json`: under `docs`, by file name, the `name`, `dob` (ISO), `phone`, `address` and `ids`
that stand there for the page's own person, and in `not_patient` who else is named; `decoy` says that the page is no
medical one: its accounts are a bank's or a shop's and not judged. Other things that are absent or null are not on the
page. Without the folder nothing is measured and that is said.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest.evidence.find import find_evidence
from ingest.evidence.labels import load_labels
from ingest.evidence.values import SiteFacts
from ingest.model import FileOpened, Finding, PageArtefact, Role
from ingest.page import Guide, read_page
from ingest.reading.opening import open_scan
from ingest.reading.options import ReadingOptions
from matchers.normalise import normalise_identifier, parse_name
from matchers.patient import Field
from tests.benchmarks.reading.judged import CERTAIN_FROM

TRUTH = "fields.json"
KINDS = ("name", "birth date", "number", "phone", "address")
_FIELDS = {
    "name": (Field.NAME,),
    "birth date": (Field.BIRTH_DATE,),
    "number": (Field.MRN, Field.ACCOUNT_NUMBER),
    "phone": (Field.PHONE,),
    "address": (Field.ADDRESS,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One kind of value on one page. `wrong` are values told as certain for the page's person that are not theirs."""

    kind: str
    decoy: bool
    printed: int
    right: int
    certain: int
    wrong: tuple[str, ...]


def judge(doc: dict[str, Any], findings: Sequence[Finding]) -> Iterator[Judged]:
    """What became of each kind of value that `doc` says stands on a page. Pure."""
    own = [f for f in findings if f.role in (Role.PATIENT, Role.NEWBORN)]
    for kind in KINDS:
        printed = _printed(doc, kind)
        judged = [field for field in _FIELDS[kind] if not (doc.get("decoy") and field is Field.ACCOUNT_NUMBER)]
        told = [f for f in own if f.field in judged]
        right = [[f for f in told if _same(kind, f, value)] for value in printed]
        wrong = [
            f for f in told if f.confidence >= CERTAIN_FROM and not any(_same(kind, f, value) for value in printed)
        ]
        yield Judged(
            kind=kind,
            decoy=bool(doc.get("decoy")),
            printed=len(printed),
            right=sum(bool(found) for found in right),
            certain=sum(any(f.confidence >= CERTAIN_FROM for f in found) for found in right),
            wrong=tuple(f"{finding.field}: {finding.raw}" for finding in wrong),
        )


def _printed(doc: dict[str, Any], kind: str) -> tuple[str, ...]:
    key = {"birth date": "dob", "number": "ids"}.get(kind, kind)
    value = doc.get(key)
    if not value:
        return ()
    return tuple(value) if isinstance(value, list) else (value,)


def _same(kind: str, finding: Finding, value: str) -> bool:
    match kind:
        case "name":
            wanted = [(n.surname, n.given) for n in parse_name(value)[:2]]
            return any((n.surname, n.given) in wanted for n in parse_name(finding.raw)[:2])
        case "number":
            return normalise_identifier(finding.value) == normalise_identifier(value)
        case "address":
            return _letters(value.split(",")[0]) in _letters(finding.raw)
        case "phone":
            return _letters(finding.raw).endswith(_letters(value))
        case _:
            return finding.value == value


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).upper()


def table_of(judged: Iterable[Judged]) -> Iterator[str]:
    """Markdown: by kind, medical pages and decoys apart."""
    judged = tuple(judged)
    yield "| | printed | read right | of these certain | certain but wrong |"
    yield "|---|---|---|---|---|"
    for decoy in (False, True):
        for kind in KINDS:
            rows = [one for one in judged if one.kind == kind and one.decoy == decoy]
            counted = Counter({key: sum(getattr(one, key) for one in rows) for key in ("printed", "right", "certain")})
            wrong = sum(len(one.wrong) for one in rows)
            if counted["printed"] or wrong:
                name = f"{kind}, no medical page" if decoy else kind
                yield f"| {name} | {counted['printed']} | {counted['right']} | {counted['certain']} | {wrong} |"


def findings_of(path: Path) -> tuple[Finding, ...]:
    """What the program finds on all pages of a file."""
    options, guide = (
        ReadingOptions(),
        Guide(labels=load_labels(), facts=SiteFacts(today=datetime.now(UTC).date(), mrn_shapes=())),
    )
    opened = open_scan(path, options)
    if not isinstance(opened, FileOpened):
        return ()
    pages = [read_page(path, opened.kind, page, options, guide) for page in range(1, opened.pages + 1)]
    read = [page for page in pages if isinstance(page, PageArtefact)]
    return tuple(finding for page in read for finding in find_evidence(page, guide.labels, guide.facts))


def main() -> int:
    """Reads, judges, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    folder: Path | None = parser.parse_args().folder
    if folder is None or not (folder / TRUTH).is_file():
        print(f"Skipped: {'no folder was named' if folder is None else f'there is no {TRUTH} in {folder}'}.")
        return 0
    judged: list[Judged] = []
    docs = json.loads((folder / TRUTH).read_text(encoding="utf-8"))["docs"]
    for name, doc in sorted(docs.items()):
        if not (folder / name).is_file():
            print(f"Skipped: {name} is not there.")
            continue
        judged += (page := tuple(judge(doc, findings_of(folder / name))))
        seen = ", ".join(f"{one.kind} {one.right}/{one.printed}" for one in page if one.printed)
        wrong = "; ".join(value for one in page for value in one.wrong)
        print(f"{name}: {seen}" + (f"; CERTAIN AND WRONG {wrong}" if wrong else ""))
    print("", *table_of(judged), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
