"""A report as tables: one description for the terminal, CSV, JSON and the page."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.reporting.figures import Report, Share
from ingest.reporting.reviewers import LONGEST_PAUSE_S
from ingest.reporting.table import Column, Kind, Table, count, duration, seconds, share, words, words_of


def tables_of(report: Report) -> tuple[Table, ...]:
    """All tables, in the order in which they are read."""
    return (
        *_what_came_and_went(report),
        *_the_queue(report),
        *_people(report),
        *_unattended(report),
        *_wrong(report),
        *_paper(report),
    )


def _what_came_and_went(report: Report) -> tuple[Table, ...]:
    received = report.received
    return (
        Table(
            name="received",
            title="Received",
            note="Scans taken in in the period. Documents are those that their pages make now, without blank pages, "
            "separators and duplicates; scans that nobody could open (yet) have no counted pages.",
            columns=(
                count("scans"),
                count("pages"),
                count("documents"),
                count("unopened_scans", "Unopened scans"),
            ),
            rows=((received.scans, received.pages, received.documents, received.unopened),),
            single=True,
        ),
        Table(
            name="outcomes",
            title="What became of documents",
            note="Documents decided on in the period, whenever they were received, as they stood at its end. One that "
            "was taken back is in review; one that was moved to another patient was filed by people; one that was cut "
            "up counts as its parts, which are never unattended.",
            columns=(words("outcome"), count("documents"), count("pages")),
            rows=tuple((words_of(one.outcome), one.documents, one.pages) for one in report.outcomes),
        ),
        Table(
            name="turnaround",
            title="Turnaround",
            note="From a scan's receipt until the document's PDF is in the records, of filings of the period that "
            "stand at its end.",
            columns=(
                words("filed_by", "Filed by"),
                count("documents"),
                seconds("median_s", "Median"),
                seconds("ninetieth_s", "90 % within"),
            ),
            rows=tuple((one.filer.value, one.documents, one.median_s, one.ninetieth_s) for one in report.turnaround),
        ),
    )


def _the_queue(report: Report) -> tuple[Table, ...]:
    queue, length = report.queue, report.queue.length
    bands = [_band(one.below_s) for one in queue.ages]
    return (
        Table(
            name="queue",
            title="The queue now",
            note="As the report was made, whatever its period. Late: beyond the limit for its folder and type.",
            columns=(
                count("waiting"),
                count("late"),
                count("held", "In work"),
                count("deferred", "Put off"),
                count("asked", "Asked"),
                seconds("median_age_s", "Median age"),
                seconds("oldest_s", "Oldest"),
                seconds("latest_s", "Late by up to"),
            ),
            rows=(
                (
                    length.waiting,
                    length.late,
                    length.held,
                    length.deferred,
                    length.asked,
                    queue.median_age_s,
                    queue.oldest_s,
                    queue.latest_s,
                ),
            ),
            single=True,
        ),
        Table(
            name="queue_age",
            title="Age of the queue",
            note="Since the scan was received.",
            columns=(words("age"), count("documents"), count("late")),
            rows=tuple((band, one.documents, one.late) for band, one in zip(bands, queue.ages, strict=True)),
        ),
    )


def _people(report: Report) -> tuple[Table, ...]:
    work = report.reviewing
    return (
        Table(
            name="reviewing",
            title="Documents a reviewer-hour",
            note="From the audit. A person's time on a document runs from their first look at it, or their decision "
            "before if that was later, until they decided; pauses of more than "
            f"{LONGEST_PAUSE_S / 60:.0f} minutes between two of their steps do not count. Decisions without a look "
            "are left out; taking back costs time and is no document done.",
            columns=(
                count("people"),
                count("documents"),
                Column("work_hours", "Hours", Kind.NUMBER),
                Column("per_hour", "An hour", Kind.NUMBER),
                count("without_look", "Without a look"),
                count("taken_back", "Taken back"),
            ),
            rows=((work.people, work.documents, work.seconds / 3600, work.per_hour, work.unseen, work.taken_back),),
            single=True,
        ),
        Table(
            name="reasons",
            title="Reasons for review",
            note=f"Of {report.sent_to_review:,} documents that went to people in the period; one may have several "
            "reasons.",
            columns=(words("reason"), count("documents"), share("share", "Of all")),
            rows=tuple(
                (words_of(one.reason), one.documents, one.documents / report.sent_to_review) for one in report.reasons
            ),
        ),
    )


def _unattended(report: Report) -> tuple[Table, ...]:
    note = (
        "Of documents that the program decided on for the first time, those that stood filed by it alone at the "
        "period's end; without blank pages, separators, duplicates and quarantined files."
    )
    return (
        Table(
            name="days",
            title="Day by day",
            note=f"Filed: on that day. Unattended share: {note[0].lower()}{note[1:]}",
            columns=(
                Column("day", "Day", Kind.DAY),
                count("scans"),
                count("pages"),
                count("filed_unattended", "Unattended"),
                count("filed_by_people", "By people"),
                count("decided", "Decided"),
                share("unattended_share", "Share"),
            ),
            rows=tuple(
                (
                    one.day,
                    one.scans,
                    one.pages,
                    one.filed_unattended,
                    one.filed_by_people,
                    one.decided.documents,
                    one.decided.share,
                )
                for one in report.days
            ),
        ),
        _shares("by_folder", "Unattended by folder", "folder", note, report.by_origin),
        _shares("by_type", "Unattended by type", "type", note, report.by_type),
    )


def _wrong(report: Report) -> tuple[Table, ...]:
    return (
        Table(
            name="misfiles",
            title="Known misfiles",
            note="A floor: most filings are never looked at again. Known: of the period's filings, those taken back "
            "included. Found: in the period, whenever they were filed.",
            columns=(
                words("filed_by", "Filed by"),
                count("filings"),
                count("known"),
                count("found"),
                count("found_by_refile", "By refile"),
                count("found_by_second_look", "By second look"),
            ),
            rows=tuple(
                (one.filer.value, one.filings, one.of_these, one.found, one.found_by_refile, one.found_by_second_look)
                for one in report.misfiles
            ),
        ),
        Table(
            name="misfile_bounds",
            title="How often decisions can be wrong",
            note="From second looks at decisions of the months that the period touches: with 95 % confidence at most "
            "this share of all of them is wrong. What is drawn and not yet looked at counts as wrong, and so do "
            "answers that differ and wait for a supervisor. No row: nothing was drawn, and nothing is known.",
            columns=(
                words("decision"),
                count("decisions"),
                count("looked_at", "Looked at"),
                count("waiting"),
                count("wrong"),
                count("unsettled"),
                share("at_most", "At most"),
            ),
            rows=tuple(
                (
                    words_of(one.kind),
                    one.decisions,
                    one.looked_at,
                    one.waiting,
                    one.wrong,
                    one.unsettled,
                    one.at_most,
                )
                for one in report.bounds
            ),
        ),
    )


def _paper(report: Report) -> tuple[Table, ...]:
    return (
        Table(
            name="flags",
            title="What may be lacking",
            note="Documents decided on in the period, by what is wrong with them as paper.",
            columns=(words("flag"), count("documents")),
            rows=tuple((words_of(one.kind), one.documents) for one in report.flags),
        ),
        Table(
            name="confidence",
            title="Reading confidence by scanner",
            note="The confidence of identifiers read as text on documents decided on in the period; by the station "
            "that a sidecar names, else by folder. A tenth of them is below the last figure.",
            columns=(
                words("scanner"),
                count("documents"),
                count("identifiers"),
                share("median"),
                share("tenth", "Tenth below"),
            ),
            rows=tuple(
                (one.scanner, one.documents, one.identifiers, one.median, one.tenth) for one in report.confidence
            ),
        ),
    )


def _shares(name: str, title: str, column: str, note: str, shares: Sequence[Share]) -> Table:
    return Table(
        name=name,
        title=title,
        note=note,
        columns=(words(column), count("documents"), count("unattended"), share("share")),
        rows=tuple((one.name, one.documents, one.unattended, one.share) for one in shares),
    )


def _band(below_s: float | None) -> str:
    return "longer" if below_s is None else f"under {duration(below_s)}"
