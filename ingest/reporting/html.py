"""A report as one HTML file that stands alone: plots drawn in it, no script, nothing from anywhere else.

Promise: everything a plot shows stands in a table too; what comes from outside (names of folders) is text and nothing
else. The file is well-formed XML as well, so that other programs can read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from ingest.reporting.figures import Report
from ingest.reporting.plots import WIDTH_PX, Plot, columns, line, rows
from ingest.reporting.table import Kind, Table, cell_text, words_of
from ingest.reporting.tables import tables_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A table with the plots of its figures."""

    table: Table
    plots: tuple[Plot, ...]


def as_html(report: Report) -> str:
    """The whole file."""
    sections = [Section(table=table, plots=_plots(table.name, report)) for table in tables_of(report)]
    return _template().render(report=report, sections=sections, cell_text=cell_text, Kind=Kind, width=WIDTH_PX)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("ingest.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


def _plots(table: str, report: Report) -> tuple[Plot, ...]:
    """The plots that belong to a table; none where there is nothing to draw."""
    match table:
        case "outcomes":
            counted = [one for one in report.outcomes if one.documents]
            names = [words_of(one.outcome) for one in counted]
            return _counts("outcomes", "Documents by what became of them", names, [one.documents for one in counted])
        case "days":
            return _by_day(report)
        case "queue_age" if report.queue.length.waiting:
            return (_queue(report, [str(row[0]) for row in _table(report, table).rows]),)
        case "reasons":
            names = [words_of(one.reason) for one in report.reasons]
            return _counts(
                "reasons", "Documents by reason for review", names, [one.documents for one in report.reasons]
            )
        case "by_folder":
            return _shares(table, "Unattended share by folder", report)
        case "by_type":
            return _shares(table, "Unattended share by type", report)
        case "confidence" if report.confidence:
            medians = [one.median for one in report.confidence]
            return (
                rows(
                    "confidence",
                    "Median confidence by scanner",
                    [one.scanner for one in report.confidence],
                    [("median", medians)],
                    values=[f"{median:.1%}" for median in medians],
                    most=1.0,
                ),
            )
        case _:
            return ()


def _by_day(report: Report) -> tuple[Plot, ...]:
    days = [one.day.isoformat() for one in report.days]
    unattended = [one.filed_unattended for one in report.days]
    by_people = [one.filed_by_people for one in report.days]
    return (
        columns("pages", "Pages received by day", days, [("pages", [one.pages for one in report.days])], noun="pages"),
        columns(
            "filed",
            "Documents filed by day",
            days,
            [("unattended", unattended), ("by people", by_people)],
            noun="documents",
        ),
        line("share", "Unattended share by day", days, [one.decided.share for one in report.days]),
    )


def _counts(name: str, title: str, names: list[str], counts: list[int]) -> tuple[Plot, ...]:
    if not counts:
        return ()
    return (rows(name, title, names, [("documents", counts)], values=[f"{count:,}" for count in counts]),)


def _queue(report: Report, bands: list[str]) -> Plot:
    in_time = [one.documents - one.late for one in report.queue.ages]
    late = [one.late for one in report.queue.ages]
    values = [f"{one.documents:,}" + (f", {one.late:,} late" if one.late else "") for one in report.queue.ages]
    return rows("queue_age", "Waiting documents by age", bands, [("in time", in_time), ("late", late)], values=values)


def _shares(table: str, title: str, report: Report) -> tuple[Plot, ...]:
    shares = report.by_origin if table == "by_folder" else report.by_type
    if not shares:
        return ()
    parts = [one.share or 0.0 for one in shares]
    names = [words_of(one.name) if table == "by_type" else one.name for one in shares]
    values = [f"{part:.1%}" for part in parts]
    return (rows(table, title, names, [("unattended", parts)], values=values, most=1.0),)


def _table(report: Report, name: str) -> Table:
    return next(table for table in tables_of(report) if table.name == name)
