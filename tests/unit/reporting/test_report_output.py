"""What a report is written as: JSON, CSV, and a page that stands alone."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from ingest.ledger.figure_records import DecidedDocument, ReceivedScan, SentToReview, WaitingSince
from ingest.model import DocumentState, FlagKind
from ingest.reporting import Report, as_csv, as_html, as_json, plots, tables_of
from matchers.decision import VetoName
from tests.unit.reporting.conftest import EMPTY_QUEUE, NOON

CANARY = ("HOLLOWAY", "MARGARET", "00412345", "1951")


@pytest.fixture
def full(document: Callable[..., DecidedDocument], count: Callable[..., Report]) -> Report:
    """A report with something in every table, from rows in which a patient's data stand wherever they can."""
    words = ("Page 1: HOLLOWAY, MARGARET, born 1951-03-14, MRN 00412345.", "MARGARET HOLLOWAY")
    sent = SentToReview(act="pipeline", vetoes=(VetoName.RIVAL,), words=words)
    folder = "HOLLOWAY MARGARET 1951"
    return count(
        scans=(ReceivedScan(received_at=NOON, pages=2, documents=1),),
        documents=(
            document(origin=folder, station="MARGARET", type="HOLLOWAY", confidences=(0.9,)),
            document(origin="er", confidences=(0.8,), flags=(FlagKind.UNSIGNED,)),
            document(state=DocumentState.REVIEW, origin=f"er/{folder}", sent_to_review=(sent,)),
        ),
        queue=replace(EMPTY_QUEUE, waiting=2, late=1, oldest=NOON),
        waiting=(
            WaitingSince(received_at=NOON - timedelta(hours=2), due_at=NOON - timedelta(hours=1)),
            WaitingSince(received_at=NOON, due_at=NOON + timedelta(hours=1)),
        ),
    )


def test_json_is_one_object_with_every_table(full: Report) -> None:
    told = json.loads(json.dumps(as_json(full)))
    assert (told["from"], told["to"], told["zone"]) == ("2026-11-09", "2026-11-11", "UTC")
    assert told["made_at"] == "2026-11-10T12:00:00Z"
    assert told["received"] == {"scans": 1, "pages": 2, "documents": 1, "unopened_scans": 0}
    assert told["outcomes"][0] == {"outcome": "filed unattended", "documents": 2, "pages": 2}
    assert told["days"][1] == {
        "day": "2026-11-10", "scans": 1, "pages": 2, "filed_unattended": 2, "filed_by_people": 0, "decided": 3,
        "unattended_share": round(2 / 3, 9),
    }  # fmt: skip
    assert told["queue"]["latest_s"] == 3600.0
    assert told["reviewing"]["per_hour"] is None
    assert set(told) - {"from", "to", "zone", "made_at"} == {table.name for table in tables_of(full)}


def test_csv_has_a_header_and_plain_numbers(full: Report) -> None:
    tables = {table.name: list(csv.reader(io.StringIO(as_csv(table)))) for table in tables_of(full)}
    assert tables["received"] == [["scans", "pages", "documents", "unopened_scans"], ["1", "2", "1", "0"]]
    assert tables["days"][1] == ["2026-11-09", "0", "0", "0", "0", "0", ""]
    assert tables["confidence"][1:] == [["(other scanners)", "1", "1", "0.9", "0.9"], ["er", "1", "1", "0.8", "0.8"]]


def test_a_folder_that_looks_like_a_formula_calculates_nothing(full: Report) -> None:
    (table,) = [one for one in tables_of(full) if one.name == "by_folder"]
    evil = replace(table, rows=(("=HYPERLINK(1)", 1, 1, 1.0),))
    assert as_csv(evil).splitlines()[1] == "'=HYPERLINK(1),1,1,1.0"


def test_no_patient_is_in_any_output(full: Report) -> None:
    everything = json.dumps(as_json(full)) + as_html(full) + "".join(as_csv(table) for table in tables_of(full))
    assert [word for word in CANARY if word.casefold() in everything.casefold()] == []
    assert "(other folders)" in everything


def test_the_page_is_well_formed_and_stands_alone(full: Report) -> None:
    page = as_html(full)
    root = ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>"))  # noqa: S314 - our own page
    assert root.get("lang") == "en"
    assert not re.search(r"https?:|//|@import|<script|\bsrc=|<link", page)
    assert set(re.findall(r"url\(([^)]*)\)", page)) == {"#hatched"}
    assert {one.get("href", "")[0] for one in root.iter("a")} == {"#"}
    assert "prefers-color-scheme: dark" in page
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    named = {name for one in root.iter() for name in (one.get("aria-labelledby") or "").split()}
    named |= {one.get("href", "")[1:] for one in root.iter("a")}
    assert named <= set(ids)


def test_every_plot_is_told_in_words_and_stands_in_a_table(full: Report) -> None:
    root = ElementTree.fromstring(as_html(full).removeprefix("<!DOCTYPE html>"))  # noqa: S314 - our own page
    drawn = root.findall(".//svg[@role='img']")
    assert len(drawn) == 9
    for plot in drawn:
        assert plot[0].tag == "title"
        assert plot[0].text
        assert plot[1].tag == "desc"
        assert plot[1].text
    for section in root.iter("section"):
        assert section.find(".//table") is not None or section.find("p[2]") is not None
        headings = section.findall(".//thead//th")
        assert all(heading.get("scope") == "col" for heading in headings)


def test_a_folders_name_is_text_and_nothing_else(full: Report) -> None:
    evil = "<script>alert(1)</script>"
    page = as_html(replace(full, by_origin=(replace(full.by_origin[0], name=evil),)))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_an_empty_report_is_a_page_too(count: Callable[..., Report]) -> None:
    page = as_html(count())
    ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>"))  # noqa: S314 - our own page
    assert "None in this period." in page


def test_columns_stand_one_upon_the_other() -> None:
    plot = plots.columns("x", "X", ["2026-11-09"], [("one", [3]), ("two", [1])], noun="things")
    low, high = plot.bars
    assert high.y + high.height == low.y
    assert (low.height, high.height) == (135.0, 45.0)  # of 180 for 4
    assert [label.text for label in plot.labels] == ["0", "2", "4", "11-09"]
    assert plot.description == "1 day, 3 one; 1 two; at most 4 things on a day."


def test_a_line_has_a_gap_where_a_day_has_no_share() -> None:
    plot = plots.line("x", "X", ["a", "b", "c", "d", "e"], [1.0, 0.5, None, 0.0, 0.25])
    assert [len(run) for run in plot.lines] == [2, 2]
    assert [dot.y for dot in plot.dots] == [10.0, 100.0, 190.0, 145.0]
