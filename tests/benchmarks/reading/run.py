"""How much of what is printed is read, how surely, and where the documents end that a clerk would file.

    python -m tests.benchmarks.reading.run [--scans 300] [--seed N] [--people 100000] [--layouts late] [--wear rough]
                                           [--plain] [--json FILE] [--wrong FILE]

Draws scans of people from an index of their own (samples/generate), reads every page, finds the identifiers,
decides. Grades of damage are told apart, and handwriting. A seed that rules were looked at on says nothing new.
`--layouts late` and `later` take six layouts each, made after the rules had met those before, `--wear rough` the
other kind of damage, `--plain` lets the plain script of the demo's table have the same scans.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ingest.evidence.doctypes import load_doctypes
from ingest.evidence.find import find_evidence
from ingest.evidence.labels import load_labels
from ingest.evidence.values import SiteFacts
from ingest.house import House
from ingest.model import DocumentState, FileOpened, PageArtefact, Scan
from ingest.page import Guide, read_page
from ingest.pipeline import dispose, refuse
from ingest.reading.opening import open_scan
from ingest.reading.options import ReadingOptions
from ingest.settings import Settings
from matchers import Patient, PatientIndex, Sex, build_index, load_policy
from matchers.calibrate import upper_bound
from matchers.population import usual_shapes
from samples.generate.batch import GRADES, WEARS, Order, draw_set, usual_cases, write_truth
from samples.generate.person import Person
from samples.generate.population import make_population
from samples.generate.relations import PatientIndex as People
from samples.generate.truth import FileTruth
from tests.benchmarks.reading.judged import FIELDS, Read, Told, read_of, told_of
from tests.benchmarks.reading.plain import plain_ends, plain_table

TODAY = date(2026, 11, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One scan: which it is, and how it ended."""

    file: str
    case: str
    layout: str
    grade: str
    fileable: bool
    pages: int
    filed: int
    wrong: int
    seconds: float
    read: tuple[Read, ...]
    told: tuple[Told, ...]
    kinds: tuple[tuple[str | None, str], ...]  # of the filed documents: as typed, and what their first pages are
    reasons: str

    @property
    def by_hand(self) -> bool:
        """Whether its patient's identifiers, or some of them, are written by hand."""
        return any(one.hand for one in self.read)


def main() -> None:
    """Draws, reads, judges, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scans", type=int, default=300)
    parser.add_argument("--seed", type=int, default=930_101)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--layouts", default="", help="names, with commas, late, later; without, all the usual ones")
    parser.add_argument("--wear", choices=WEARS, default=WEARS[0], help="the kind of damage; either has all grades")
    parser.add_argument("--plain", action="store_true", help="a plain script on the same scans too")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--wrong", type=Path, help="a file for every wrong filing and every certain misreading")
    options = parser.parse_args()
    people = make_population(options.seed, options.people)
    with tempfile.TemporaryDirectory() as temporary:
        folder, path = Path(temporary) / "scans", Path(temporary) / "patients"
        order = Order(
            seed=options.seed,
            count=options.scans,
            cases=usual_cases(),
            grades=dict.fromkeys(GRADES, 1.0),
            layouts=tuple(filter(None, options.layouts.split(","))),
            wear=options.wear,
        )
        context = multiprocessing.get_context("spawn")
        with context.Pool(options.workers) as pool:
            shares = [(order, people, folder, first, options.workers) for first in range(1, options.workers + 1)]
            drawn = pool.starmap(draw_share, shares)
        write_truth(folder / "truth.json", order, dict(item for share in drawn for item in share.items()))
        build_index(map(as_patient, people), path, generation=1)
        truths = read_truths(folder / "truth.json")
        with context.Pool(options.workers, initializer=open_house, initargs=(path, folder)) as pool:
            ended = list(pool.imap(ended_of, truths, chunksize=4))
        plain = plain_ends(folder, truths, people, options.workers) if options.plain else []
    figures = figures_of(ended)
    print(f"{datetime.now(UTC).date()}, {_processor()}, seed {options.seed}, {len(people):,} patients, "
          f"{len(ended):,} scans, {sum(e.pages for e in ended):,} pages, {options.layouts or 'usual'} layouts, "
          f"{options.wear} wear.\n")  # fmt: skip
    print("\n".join(table_of(figures)))
    if options.plain:
        print("", *plain_table(truths, plain), sep="\n")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    if options.wrong:
        options.wrong.write_text("\n".join(shown_wrong(ended)))


def draw_share(order: Order, people: Sequence[Person], folder: Path, first: int, every: int) -> dict[str, FileTruth]:
    """Draws the scans of these numbers of the set: each one is the same, whoever draws the others."""
    return draw_set(order, People(people), folder, numbers=range(first, order.count + 1, every))


def read_truths(path: Path) -> list[dict[str, Any]]:
    """What `write_truth` wrote: one record a file, by name."""
    files: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["files"]
    return files


def as_patient(person: Person) -> Patient:
    """The registration as `ingest patients load` would have it."""
    return Patient(
        mrn=person.mrn,
        last_name=person.last_name,
        first_name=person.first_name,
        birth_date=person.birth_date,
        middle_name=person.middle_name or None,
        suffix=person.suffix or None,
        former_last_names=(person.former_last_name,) if person.former_last_name else (),
        sex=Sex(person.sex) if person.sex else None,
        ssn_last4=person.ssn_last4 or None,
        phones=(person.phone,) if person.phone else (),
        address=person.address or None,
        city=person.city or None,
        state=person.state or None,
        zip=person.zip or None,
        account_numbers=person.accounts,
    )


_HOUSE: House | None = None
_FOLDER = Path()
_OPTIONS = ReadingOptions(max_pixels=178_000_000)


def open_house(path: Path, folder: Path, options: ReadingOptions = _OPTIONS) -> None:
    """Makes this process ready for `ended_of`: the index at `path`, the scans in `folder`, how to read them."""
    global _HOUSE, _FOLDER, _OPTIONS
    _HOUSE, _FOLDER, _OPTIONS = house_of(path), folder, options


def house_of(path: Path) -> House:
    """A site as shipped, with the index at `path`."""
    index = PatientIndex.open(path)
    return House(
        labels=load_labels(),
        doctypes=load_doctypes(),
        facts=SiteFacts(today=TODAY, mrn_shapes=usual_shapes(index.population)),
        index=index,
        policy=load_policy(),
        settings=Settings(),
        filing_stopped=False,
    )


def ended_of(truth: dict[str, Any]) -> Ended:
    """Reads one scan, decides, and holds both against its truth. Needs `open_house`."""
    assert _HOUSE is not None
    path, options = _FOLDER / truth["file"], _OPTIONS
    start = time.process_time()
    opened = open_scan(path, options)
    scan = Scan(id="S1", source=truth["file"], origin="", sha256="", size=0, received_at=datetime.now(UTC))
    kind, count = (opened.kind, opened.pages) if isinstance(opened, FileOpened) else (None, 0)
    guide = Guide(labels=_HOUSE.labels, facts=_HOUSE.facts)
    pages = [read_page(path, kind, number, options, guide) for number in range(1, count + 1)] if kind else []
    read: list[Read] = []
    told: list[Told] = []
    for page, outcome in zip(truth["pages"], pages, strict=False):
        found = find_evidence(outcome, _HOUSE.labels, _HOUSE.facts) if isinstance(outcome, PageArtefact) else ()
        read += read_of(page, found, truth["grade"], truth["layout"])
        told += told_of(page, found, truth["grade"], truth["layout"])
    dispositions = dispose(scan, pages, _HOUSE) if isinstance(opened, FileOpened) else refuse(opened)
    owners = {page["page"]: page["mrn"] for page in truth["pages"]}
    kinds = {page["page"]: page["type"] for page in truth["pages"]}
    filed = [(page, d.mrn) for d in dispositions if d.state is DocumentState.FILED for page in d.pages]
    # A page with nobody's identity may lie in anybody's document; a document of nobody's pages may not be filed.
    wrong = [(page, mrn) for page, mrn in filed if owners[page] not in (mrn, None) or mrn not in owners.values()]
    return Ended(
        file=truth["file"],
        case=truth["case"],
        layout=truth["layout"],
        grade=truth["grade"],
        fileable=truth["fileable"],
        pages=len(pages),
        filed=len(filed),
        wrong=len(wrong),
        seconds=time.process_time() - start,
        read=tuple(read),
        told=tuple(told),
        kinds=tuple((d.type, kinds[d.pages[0]]) for d in dispositions if d.state is DocumentState.FILED),
        reasons=" / ".join(reason for d in dispositions for reason in d.reasons),
    )


def figures_of(ended: Sequence[Ended]) -> dict[str, Any]:
    """By grade, and by layout: values read, told as certain, certain and wrong; documents filed, pages misfiled."""
    grades = {grade: _figures([e for e in ended if e.grade == grade]) for grade in GRADES}
    layouts = {name: _figures([e for e in ended if e.layout == name]) for name in sorted({e.layout for e in ended})}
    return {"grades": grades, "layouts": layouts, "all": _figures(ended)}


def _figures(ended: Sequence[Ended]) -> dict[str, Any]:
    read = [one for e in ended for one in e.read]
    told = [one for e in ended for one in e.told]
    fileable = [e for e in ended if e.fileable]
    kinds = [kind for e in ended for kind in e.kinds]
    filed, wrong = sum(e.filed for e in ended), sum(e.wrong for e in ended)
    return {
        "scans": len(ended),
        "pages": sum(e.pages for e in ended),
        "seconds_a_page": sum(e.seconds for e in ended) / max(1, sum(e.pages for e in ended)),
        "fields": {str(field): _shares([r for r in read if r.field is field and not r.hand]) for field in FIELDS},
        "print": _shares([r for r in read if not r.hand]),
        "hand": _shares([r for r in read if r.hand]),
        "certain": len(told),
        "certain_wrong": sum(not one.right for one in told),
        "fileable": len(fileable),
        "fileable_filed": sum(e.filed > 0 and not e.wrong for e in fileable),
        "by_hand": sum(e.by_hand for e in fileable),
        "by_hand_filed": sum(e.by_hand and e.filed > 0 and not e.wrong for e in fileable),
        "documents_filed": len(kinds),
        "documents_typed": sum(typed is not None for typed, _ in kinds),
        "documents_typed_right": sum(typed == kind for typed, kind in kinds),
        "pages_filed": filed,
        "pages_wrong": wrong,
        "wrong_at_most": upper_bound(wrong, filed, confidence=0.95) if filed else 1.0,
    }


def _shares(read: Sequence[Read]) -> dict[str, float]:
    right = [one for one in read if one.right]
    return {
        "values": len(read),
        "right": len(right) / max(1, len(read)),
        "certain": sum(one.certain for one in right) / max(1, len(right)),
    }


def table_of(figures: dict[str, Any]) -> Iterable[str]:
    """Markdown for people."""
    yield "| | values | name | birth date | MRN | of the right ones certain | certain but wrong | by hand read |"
    yield "|---|---|---|---|---|---|---|---|"
    rows = [*figures["grades"].items(), *((f"*{name}*", row) for name, row in figures["layouts"].items())]
    for name, row in rows:
        fields = " | ".join(_percent(row["fields"][str(field)]) for field in FIELDS)
        hand = f"{row['hand']['right']:.0%} of {row['hand']['values']}" if row["hand"]["values"] else "–"
        wrong = f"{row['certain_wrong']} of {row['certain']}"
        sure = f"{row['print']['certain']:.1%}"
        yield f"| {name.replace('_', ' ')} | {row['print']['values']:,} | {fields} | {sure} | {wrong} | {hand} |"
    yield ""
    yield (
        "| | scans | fileable | filed | of them by hand | pages filed | wrong | at most (95 %) | untyped | "
        "typed right | s a page |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for name, row in (*figures["grades"].items(), ("all", figures["all"])):
        share = f"{row['fileable_filed']} ({row['fileable_filed'] / max(1, row['fileable']):.1%})"
        by_hand = f"{row['by_hand_filed']} of {row['by_hand']}"
        untyped = _share(row["documents_filed"] - row["documents_typed"], row["documents_filed"])
        right = _share(row["documents_typed_right"], row["documents_typed"])
        yield (
            f"| {name} | {row['scans']} | {row['fileable']} | {share} | {by_hand} | "
            f"{row['pages_filed']} | {row['pages_wrong']} | {row['wrong_at_most']:.1e} | {untyped} | {right} | "
            f"{row['seconds_a_page']:.2f} |"
        )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%} of {whole}" if whole else "–"


def _percent(shares: dict[str, float]) -> str:
    return f"{shares['right']:.1%}" if shares["values"] else "–"


def shown_wrong(ended: Sequence[Ended]) -> Iterable[str]:
    """Wrong filings, certain misreadings, and what was not filed though it could be; to look at."""
    for one in ended:
        if one.wrong:
            yield f"MISFILED {one.file} {one.case} {one.layout} {one.grade}: {one.reasons}"
        elif one.fileable and not one.filed:
            yield f"not filed {one.file} {one.case} {one.layout} {one.grade}: {one.reasons}"
        yield from (f"certain and wrong: {one.file} {told.shown}" for told in one.told if not told.right)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} cores"


if __name__ == "__main__":
    main()
