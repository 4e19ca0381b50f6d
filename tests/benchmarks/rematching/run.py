"""What a load of changed patients costs where much waits: which documents are looked at, and which are missed.

    python -m tests.benchmarks.rematching.run --lists FOLDER [--people 100000] [--open 20000] [--changed 1000]

A town is registered but for some of its people; documents are drawn for it with OCR noise and mix-ups and decided,
until so many wait (what is certain is filed beside them). Then patients change: some are registered, the others move,
get a new phone or account number, marry, or have their birth date corrected. Told: how long the load takes, how many
documents it concerns, how long matching them again takes, what becomes of them; beside it what matching everything
would cost, and how many documents that would decide otherwise were not found.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import insert

from ingest.house import House
from ingest.judging import decided
from ingest.ledger.counters import Counter as Numbers
from ingest.ledger.counters import take_number
from ingest.ledger.documents import PIPELINE, add_document, decide, of_disposition
from ingest.ledger.schema import pages, scans
from ingest.model import Box, Disposition, DocumentState, Finding, Role, ScanKind
from ingest.reading import artefact
from ingest.running.rematch import _weighs_the_same
from ingest.running.rematching import rematch
from ingest.running.runner import utc_now
from ingest.running.site import Site, create_site, open_site
from matchers import Decision, Identifiers, Outcome, Patient
from matchers.patient import Field
from tests.benchmarks.matching.paper import Desk
from tests.benchmarks.matching.people import Names, Town
from tests.fakes.pages import at, page_of

_LABELS = {
    Field.NAME: "Patient", Field.BIRTH_DATE: "DOB", Field.MRN: "MRN", Field.ACCOUNT_NUMBER: "Account No",
    Field.SEX: "Sex", Field.PHONE: "Phone", Field.SSN_LAST4: "SSN", Field.ADDRESS: "Address", Field.ZIP: "ZIP",
}  # fmt: skip
_KINDS = {"ordinary": 12, "absent": 30, "twin": 4, "mrn_typo": 6, "duplicate": 8, "nickname": 4, "absent_relative": 4,
          "maiden": 4, "same_name_and_day": 3, "absent_twin": 3, "service_date": 3, "near_mrn_absent": 2}  # fmt: skip
_BATCH = 200


def main() -> None:
    """Makes the site, loads the changes, and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lists", type=Path, required=True)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--open", dest="waiting", type=int, default=20_000)
    parser.add_argument("--changed", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=980_001)
    parser.add_argument("--in", dest="folder", type=Path, help="where the site is made (default: a temporary folder)")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    town = Town(Names.load(options.lists), options.people, options.seed)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        create_site(Path(folder) / "site")
        with open_site(Path(folder) / "site") as site:
            registered = [person.patient for person in town.registrations]
            new = [
                person.patient for person in rng.sample(town.absent, min(options.changed * 3 // 10, len(town.absent)))
            ]
            site.ledger.load_patients(registered, now=utc_now())
            while site.ledger.queue_rematches(now=utc_now()):
                pass
            told = _fill(site, Desk(town, options.seed + 1), options.waiting, rng)
            print(f"{len(registered)} patients, {told[DocumentState.REVIEW]} documents wait, "
                  f"{told[DocumentState.FILED]} are filed", flush=True)  # fmt: skip
            others = rng.sample(registered, options.changed - len(new))
            _measure(site, [*new, *(_changed(patient, rng) for patient in others)])


def _fill(site: Site, desk: Desk, waiting: int, rng: random.Random) -> Counter[DocumentState]:
    """Documents decided as they are read, until so many wait."""
    told: Counter[DocumentState] = Counter()
    house = site.house()
    while told[DocumentState.REVIEW] < waiting:
        with site.ledger._database.write() as connection:
            for _ in range(_BATCH):
                kind = rng.choices(list(_KINDS), list(_KINDS.values()))[0]
                quality = rng.choices(("clean", "middling", "awful"), (60, 28, 12))[0]
                paper = getattr(desk, f"_{kind}")(kind, quality).identifiers
                findings = tuple(_findings(paper))
                decision = decided(findings, house)
                told[_add(site, connection, paper, findings, decision)] += 1
    return told


def _add(site: Site, connection, paper: Identifiers, findings: tuple[Finding, ...], decision: Decision):
    number = take_number(connection, Numbers.SCAN)
    lines = [at(row, 1, f"{_LABELS[one.field]}: {one.raw}") for row, one in enumerate(findings, start=1)]
    read = site.artefacts.keep_bytes(artefact.encode(page_of(*lines))).sha256
    now = utc_now()
    row = {"number": number, "source": f"{number}.pdf", "origin": "", "sha256": f"{number:064x}", "size": 1}
    connection.execute(
        insert(scans).values(received_at=now, spooled=False, kind=ScanKind.PDF, page_count=1, released_at=now, **row)
    )
    connection.execute(insert(pages).values(scan=number, page=1, artefact_sha256=read, recorded_at=now))
    document = add_document(connection, number, [1], now=now)
    files = decision.outcome is Outcome.FILE
    state = DocumentState.FILED if files else DocumentState.REVIEW
    disposition = Disposition(
        pages=(1,), state=state, reasons=decision.reasons, mrn=decision.mrn, probability=decision.probability,
        findings=findings, candidates=decision.candidates, index_generation=decision.index_generation,
        fingerprint=decision.fingerprint, threshold=decision.threshold,
    )  # fmt: skip
    decide(connection, document, of_disposition(disposition, now=now, actor=PIPELINE))
    return state


def _findings(paper: Identifiers) -> Iterator[Finding]:
    for field in Field:
        for reading in paper.of(field):
            yield Finding(
                field=field, role=Role.PATIENT, value=reading.value, raw=reading.value, page=1,
                box=Box(x0=0.1, y0=0.1, x1=0.3, y1=0.12), confidence=reading.certainty or 0.9, source=reading.source,
                place=reading.place or "body", label=reading.label, alternatives=reading.alternatives,
            )  # fmt: skip


def _changed(patient: Patient, rng: random.Random) -> Patient:
    """As feeds change them: mostly where somebody lives and what they come for."""
    what = rng.choices(("phone", "address", "account", "married", "birth date"), (30, 30, 30, 5, 5))[0]
    match what:
        case "phone":
            return replace(patient, phones=(f"410{rng.randrange(2_000_000, 9_999_999)}", *patient.phones))
        case "address":
            return replace(patient, address=f"{rng.randrange(1, 999)} New St", zip=f"{rng.randrange(21_000, 21_999)}")
        case "account":
            fresh = str(rng.randrange(10_000_000, 99_999_999))
            return replace(patient, account_numbers=(*patient.account_numbers, fresh))
        case "married":
            married = f"{patient.last_name}son"
            return replace(patient, last_name=married, former_last_names=(patient.last_name,))
        case _:
            return replace(patient, birth_date=date(patient.birth_date.year - 1, 7, rng.randrange(1, 29)))


def _measure(site: Site, changed: list[Patient]) -> None:
    start = time.perf_counter()
    site.ledger.load_patients(changed, now=utc_now())
    loaded_s = time.perf_counter() - start
    before = {document.id: document for document in site.ledger.documents()}
    start = time.perf_counter()
    while site.ledger.queue_rematches(now=utc_now()):
        pass
    queued_s = time.perf_counter() - start
    concerned = {one.document_id for one in site.ledger.concerned(now=utc_now(), limit=10**9)}
    states = Counter(before[one].state for one in concerned)
    site.index()
    start, processor = time.perf_counter(), time.process_time()
    done = rematch(site, now=utc_now)
    matched_s, processor_s = time.perf_counter() - start, time.process_time() - processor
    fates = ", ".join(f"{count} {fate.value}" for fate, count in sorted(done.fates.items()))
    counts = f"{states[DocumentState.REVIEW]} that wait and {states[DocumentState.FILED]} that are filed"
    print(
        f"{len(changed)} changes loaded in {loaded_s:.1f} s; looked through in {queued_s:.1f} s: they concern {counts}"
    )
    told = f"{matched_s:.1f} s ({processor_s:.1f} s of processor; {done.judged_scans} scans judged from their pages)"
    print(f"matched again in {told}: {fates}", flush=True)
    _miss(site.house(), before, concerned)


def _miss(house: House, before: dict, concerned: set[str]) -> None:
    """Everything matched again, to see what it costs and what the keys missed."""
    otherwise: Counter[str] = Counter()
    start = time.process_time()
    for name, document in before.items():
        fresh = decided(document.findings, house)
        filed = document.mrn or (document.candidates[0].mrn if document.state is DocumentState.FILED else None)
        if filed is not None:
            differs = "filed otherwise" if fresh.mrn != filed else ""
        elif fresh.outcome is Outcome.FILE:
            differs = "waits and would be filed"
        else:
            differs = "" if _weighs_the_same(fresh.candidates, document.candidates) else "waits with other suspects"
        if differs:
            otherwise[f"{differs}: {'found' if name in concerned else 'missed'}"] += 1
    spent_s = time.process_time() - start
    told = ", ".join(f"{count} {what}" for what, count in sorted(otherwise.items()))
    print(f"matching all {len(before)} again takes {spent_s:.0f} s of processor; decided otherwise then: {told}")


if __name__ == "__main__":
    main()
