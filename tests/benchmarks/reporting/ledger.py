"""A made-up ledger for reports: months of scans with decisions, looks and a queue, written straight into its tables."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert

from ingest.ledger import Ledger
from ingest.ledger.codec import encode_candidates, encode_findings, encode_texts, encode_traits
from ingest.ledger.schema import audit, batches, decisions, document_pages, documents, renditions, scans
from ingest.ledger.schema_desk import waiting
from ingest.model import Box, DocumentState, Finding, Flag, FlagKind, Role, Sketch, Traits
from matchers.decision import Candidate, FieldComparison, Veto, VetoName
from matchers.patient import Field, Source

_ORIGINS = ("", "er", "ward-3", "radiology", "referrals")
_STATIONS = ("scanner-1", "scanner-2", None)
_TYPES = ("lab_report", "radiology_report", "consent", "correspondence", "progress_note", None)
_FIELDS = tuple(Field)
_STEP = 2000


def fill(ledger: Ledger, *, count: int, first: date, days: int, seed: int) -> None:
    """`count` documents, one a scan, spread over the working hours of `days` days from `first` on."""
    chance = random.Random(seed)
    start = datetime(first.year, first.month, first.day, 8, tzinfo=UTC)
    batch_rows = [
        {"number": number, "origin": "er", "opened_at": start, "last_at": start, "station": station}
        for number, station in enumerate(_STATIONS, start=1)
    ]
    with ledger._database.write() as connection:
        connection.execute(insert(batches), batch_rows)
    for begin in range(0, count, _STEP):
        rows: dict[Table, list[dict[str, Any]]] = {}
        for number in range(begin + 1, min(begin + _STEP, count) + 1):
            at = start + timedelta(days=(number - 1) * days // count, seconds=chance.randrange(36_000))
            for table, row in _document(number, at, chance):
                rows.setdefault(table, []).append(row)
        with ledger._database.write() as connection:
            for table in (scans, documents, document_pages, decisions, renditions, waiting, audit):
                if found := rows.get(table):
                    connection.execute(insert(table), found)


def _document(number: int, at: datetime, chance: random.Random) -> Iterator[tuple[Table, dict[str, Any]]]:
    """One document's rows; seven in ten are filed unattended, two by people, the rest waits or is discarded."""
    luck = chance.random()
    by_program = luck < 0.7
    waits = 0.9 < luck < 0.95
    person = f"clerk{chance.randrange(8)}"
    kind = chance.choice(_TYPES)
    seen_at = at + timedelta(minutes=5 + chance.expovariate(1 / 240))
    decided_at = seen_at + timedelta(seconds=3 + chance.expovariate(1 / 12))
    states = [DocumentState.FILED] if by_program else [DocumentState.REVIEW]
    if not by_program and not waits:
        states.append(DocumentState.FILED if luck < 0.9 else DocumentState.DISCARDED)
    origin = chance.choice(_ORIGINS)
    yield (
        scans,
        {
            "number": number,
            "source": f"{number}.pdf",
            "origin": origin,
            "sha256": f"{number:064x}",
            "size": 1000,
            "received_at": at,
            "spooled": True,
            "page_count": 2,
            "batch": chance.randint(1, len(_STATIONS)),
        },
    )
    yield (
        documents,
        {
            "number": number,
            "scan": number,
            "state": states[-1],
            "version": len(states),
            "mrn": "0012" if states[-1] is DocumentState.FILED else None,
            "created_at": at,
        },
    )
    for page in (1, 2):
        yield document_pages, {"document": number, "scan": number, "page": page, "holds": True}
    findings, candidates, traits = _evidence(chance)
    for version, state in enumerate(states, start=1):
        decided = at + timedelta(minutes=2) if version == 1 else decided_at
        yield (
            decisions,
            {
                "document": number,
                "version": version,
                "act": "pipeline" if version == 1 else ("accept" if state is DocumentState.FILED else "discard"),
                "state": state,
                "mrn": "0012" if state is DocumentState.FILED else None,
                "probability": 0.9,
                "reasons": encode_texts(("Not certain enough.",)),
                "findings": findings,
                "candidates": candidates,
                "type": kind,
                "decided_at": decided,
                "decided_by": "pipeline" if version == 1 else person,
                "traits": traits,
            },
        )
        if state is DocumentState.FILED:
            yield (
                renditions,
                {
                    "number": number,
                    "document": number,
                    "version": version,
                    "mrn": "0012",
                    "path": f"records/{number}.pdf",
                    "sha256": "0" * 64,
                    "size": 1000,
                    "text_state": "layer",
                    "kind": "pdfa-2b",
                    "created_at": decided,
                    "filed_at": decided + timedelta(seconds=5),
                },
            )
    if waits:
        yield (
            waiting,
            {"document": number, "received_at": at, "due_at": at + timedelta(days=1), "origin": origin, "type": kind},
        )
    facts = '{"act":"accept","state":"filed","version":2}'
    looks = (("document.viewed", seen_at, "{}"), ("page.viewed", seen_at + timedelta(seconds=1), "{}"))
    steps = [("page.read", at, "{}")] * 4 if by_program else [*looks, ("document.decided", decided_at, facts)]
    for step, (action, moment, told) in enumerate(steps):
        yield (
            audit,
            {
                "seq": 1_000_000 + number * 4 + step,
                "at": moment,
                "action": action,
                "actor": person,
                "subject": f"D{number:06d}",
                "facts": told,
                "previous": "0" * 64,
                "hash": "1" * 64,
            },
        )


def _evidence(chance: random.Random) -> tuple[str, str, str]:
    """Findings, candidates and traits as long as those of a letter with a sticker."""
    findings = tuple(
        Finding(
            field=chance.choice(_FIELDS),
            role=Role.PATIENT,
            value="DOE, JOHN QUINCY",
            raw="DOE, J0HN QUINCY",
            page=1,
            box=Box(x0=chance.random(), y0=chance.random(), x1=chance.random(), y1=chance.random()),
            confidence=round(chance.betavariate(20, 1), 4),
            source=Source.TEXT,
            place="header",
            label="Patient name:",
        )
        for _ in range(12)
    )
    fields = tuple(
        FieldComparison(
            field=field, query="DOE, J0HN", patient="Doe, John", level="close", weight_bits=6.2, agrees=True
        )
        for field in _FIELDS
    )
    vetoes = tuple(
        Veto(name=name, reason="Two people fit almost equally well: this one and that one.")
        for name in chance.sample([*VetoName], 2)
    )
    candidates = tuple(
        Candidate(mrn=f"00{n}", probability=0.2, weight_bits=11.5, fields=fields, vetoes=vetoes) for n in range(5)
    )
    flags = (Flag(kind=FlagKind.UNSIGNED, detail="Page 2 is not signed."),) if chance.random() < 0.1 else ()
    words = tuple(chance.getrandbits(32) for _ in range(128))
    traits = Traits(flags=flags, sketch=Sketch(pages=2, words=words, numbers=words[:32], places=chance.getrandbits(64)))
    return encode_findings(findings), encode_candidates(candidates), encode_traits(traits)
