"""The review desk on a terminal: tables that a clerk can read, also without colour and at 80 columns.

Promise: what paper or patient data say is shown as text and nothing else (`plain`). Agreement and conflict
are told by a word and a sign; colour only repeats them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ingest.cli.cells import in_ranges, plain
from ingest.evidence.identity_rows import IdentityRow
from ingest.ledger import DecisionRow, Waiting
from ingest.model import Document, Finding, Role
from ingest.review import Item
from ingest.review.words import Verdict, percent, person, verdict_of, words
from matchers.decision import Candidate, FieldComparison
from matchers.patient import Patient

_SIDE_BY_SIDE = 132  # columns: room for a line of paper and a table of suspects
_SIGNS = {Verdict.AGREES: "✓", Verdict.SIMILAR: "≈", Verdict.CONFLICTS: "✗", Verdict.SAYS_NOTHING: "–"}
_ASCII_SIGNS = {Verdict.AGREES: "=", Verdict.SIMILAR: "~", Verdict.CONFLICTS: "X", Verdict.SAYS_NOTHING: "-"}
_STYLES = {
    Verdict.AGREES: "green",
    Verdict.SIMILAR: "yellow",
    Verdict.CONFLICTS: "bold red",
    Verdict.SAYS_NOTHING: "dim",
}


def queue_table(waiting: Iterable[tuple[Waiting, Patient | None]]) -> Table:
    """The waiting documents, each with its best suspect, and what it waits for besides a person."""
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for heading in ("Document", "Received", "Pages"):
        table.add_column(heading, no_wrap=True)
    table.add_column("Scan", overflow="fold", ratio=3)
    table.add_column("Main reason", overflow="fold", ratio=5)
    table.add_column("Best suspect", overflow="fold", ratio=4)
    for one, suspect in waiting:
        document = one.document
        table.add_row(
            plain(document.id),
            f"{document.scan.received_at:%Y-%m-%d}",
            in_ranges(document.pages),
            plain(document.scan.source),
            Text("\n").join(map(plain, (*_standing(one), document.reasons[0]))),
            _best(document, suspect),
        )
    return table


def _standing(one: Waiting) -> Iterator[str]:
    if one.deferred_until is not None:
        yield f"Put off until {one.deferred_until:%Y-%m-%d %H:%M} UTC."
    if one.inquiry is not None:
        yield f"Waits for an answer of {one.inquiry.owner}."
    if one.held_by is not None:
        yield f"{one.held_by} works on it."


def item_view(
    item: Item, console: Console, *, paper: Sequence[IdentityRow] = (), weights: bool = False
) -> RenderableType:
    """One document: why it is here, what its pages say, and each suspect field by field.

    `paper`: the rows of the page where its identity stands; beside the suspects where the terminal is wide enough.
    """
    document = item.document
    parts: list[RenderableType] = [_heading(document), _section("Why"), _bullets(document.reasons)]
    if document.traits.flags:
        parts += [_section("Look out for"), _bullets(flag.detail for flag in document.traits.flags)]
    parts += _found(document, item.suspects, console, paper, weights=weights)
    if len(item.history) > 1:
        parts += [_section("What was decided"), _history_table(item.history)]
    return Group(*parts)


def blind_view(
    document: Document, suspects: Sequence[Patient | None], console: Console, paper: Sequence[IdentityRow]
) -> RenderableType:
    """What the pages say and who might be meant: nothing of what was decided, and no id to look that up with."""
    return Group(*_found(document, suspects, console, paper, weights=False))


def _found(
    document: Document,
    suspects: Sequence[Patient | None],
    console: Console,
    paper: Sequence[IdentityRow],
    *,
    weights: bool,
) -> list[RenderableType]:
    parts: list[RenderableType] = []
    if document.findings:
        parts += [_section("What the pages say"), _findings_table(document.findings)]
    beside = _suspects(document, suspects, console, weights=weights)
    if not paper:
        return parts + beside
    if console.width < _SIDE_BY_SIDE:
        return [*parts, *_paper(paper), *beside]
    grid = Table.grid(padding=(0, 3, 0, 0), expand=True)
    grid.add_column(ratio=2)
    grid.add_column(ratio=3)
    grid.add_row(Group(*_paper(paper)), Group(*beside))
    return [*parts, grid]


def _paper(rows: Sequence[IdentityRow]) -> list[RenderableType]:
    told = Table.grid(padding=(0, 1))
    told.add_column(no_wrap=True)
    told.add_column(overflow="fold")
    for row in rows:
        told.add_row(">" if row.found else "", plain(row.text, style="bold" if row.found else ""))
    return [_section("The paper there"), told]


def _suspects(
    document: Document, suspects: Sequence[Patient | None], console: Console, *, weights: bool
) -> list[RenderableType]:
    parts: list[RenderableType] = []
    if document.candidates:
        parts.append(_section("Suspects"))
    else:
        parts += [_section("Suspects"), Text("nobody in the index comes near")]
    signs = _ASCII_SIGNS if console.options.ascii_only else _SIGNS
    for number, (candidate, patient) in enumerate(zip(document.candidates, suspects, strict=True), start=1):
        parts += [
            _suspect_line(number, candidate, patient, weights=weights),
            Padding(_fields_table(candidate.fields, signs, weights=weights), (0, 0, 0, 4)),
        ]
        if candidate.vetoes:
            parts.append(Padding(_bullets(veto.reason for veto in candidate.vetoes), (0, 0, 0, 4)))
    return parts


def _best(document: Document, suspect: Patient | None) -> Text:
    if not document.candidates:
        return Text("nobody", style="dim")
    best = document.candidates[0]
    return plain(f"{person(suspect) if suspect else f'MRN {best.mrn}'}, {percent(best.probability)}")


def _heading(document: Document) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("Document", plain(f"{document.id}, {document.state}, version {document.version}"))
    table.add_row("Scan", plain(f"{document.scan.source} ({document.scan.id})"))
    table.add_row("Pages", in_ranges(document.pages) or "none")
    table.add_row("Received", f"{document.scan.received_at:%Y-%m-%d %H:%M} UTC")
    if document.mrn is not None:
        table.add_row("Patient", plain(f"MRN {document.mrn}"))
    if document.type is not None:
        table.add_row("Type", plain(document.type))
    return table


def _section(title: str) -> Padding:
    return Padding(Text(title, style="bold underline"), (1, 0, 0, 0))


def _bullets(lines: Iterable[str]) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for line in lines:
        table.add_row("-", plain(line))
    return table


def _findings_table(findings: Iterable[Finding]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Page", no_wrap=True, justify="right")
    table.add_column("Field", no_wrap=True)
    table.add_column("Value", overflow="fold", ratio=1)
    table.add_column("As printed", overflow="fold", ratio=1)
    table.add_column("Whose", no_wrap=True)
    table.add_column("Sure", no_wrap=True, justify="right")
    for finding in sorted(findings, key=lambda finding: (finding.role is not Role.PATIENT, finding.page)):
        table.add_row(
            str(finding.page),
            words(finding.field.value),
            plain(finding.value),
            plain(finding.raw),
            words(finding.role.value),
            f"{finding.confidence:.0%}" + (" barcode" if finding.source.value == "barcode" else ""),
            style="" if finding.role is Role.PATIENT else "dim",
        )
    return table


def _suspect_line(number: int, candidate: Candidate, patient: Patient | None, *, weights: bool) -> Padding:
    who = person(patient) if patient else f"MRN {candidate.mrn} (no longer in the index)"
    bits = f", {candidate.weight_bits:+.1f} bits" if weights else ""
    return Padding(plain(f"[{number}] {who}: {percent(candidate.probability)}{bits}", style="bold"), (1, 0, 0, 0))


def _fields_table(fields: Iterable[FieldComparison], signs: dict[Verdict, str], *, weights: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Field", no_wrap=True)
    table.add_column("On paper", overflow="fold", ratio=1)
    table.add_column("In the index", overflow="fold", ratio=1)
    table.add_column("Verdict", overflow="fold", ratio=1)
    if weights:
        table.add_column("Bits", no_wrap=True, justify="right")
    for field in fields:
        verdict = verdict_of(field)
        cells: list[RenderableType] = [
            words(field.field.value),
            plain(field.query),
            plain(field.patient) if field.patient is not None else Text("not recorded", style="dim"),
            plain(f"{signs[verdict]} {verdict}: {field.level}", style=_STYLES[verdict]),
        ]
        if weights:
            cells.append(f"{field.weight_bits:+.1f}")
        table.add_row(*cells)
    return table


def _history_table(history: Iterable[DecisionRow]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("When (UTC)", "Who"):
        table.add_column(heading, no_wrap=True)
    table.add_column("What", overflow="fold", ratio=1)
    for row in history:
        who = row.decided_by + (f" for {row.acting_for}" if row.acting_for else "")
        note = f" ({row.note})" if row.note else ""
        what = plain(f"{words(row.act)}: {row.state}{note}")
        table.add_row(f"{row.decided_at:%Y-%m-%d %H:%M}", plain(who), what)
    return table
