"""The committed scans and their truth agree with each other and with the index."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageSequence

from matchers.patient import Field
from samples.generate.facts import Fact
from samples.generate.legibility import LEGIBLE
from samples.generate.person import read_patients
from samples.generate.relations import PatientIndex
from samples.generate.verdict import agreeing_fields, rivals

SAMPLES = Path(__file__).parents[3] / "samples"
FILES: list[dict[str, Any]] = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))["files"]
ROLES = {"patient", "provider", "guarantor", "insured", "mother", "newborn", "emergency_contact", "other"}


@pytest.fixture(scope="module")
def index() -> PatientIndex:
    return PatientIndex(read_patients(SAMPLES / "patients.csv"))


def _facts(true: dict[str, Any]) -> list[Fact]:
    return [
        Fact(field=p["field"], role=p["role"], raw=p["raw"], value=p["value"], source=p["source"])
        for page in true["pages"]
        for p in page["printed"]
        if p["legibility"] >= LEGIBLE
    ]


def test_every_scan_has_its_truth_and_every_truth_its_scan() -> None:
    assert sorted(true["file"] for true in FILES) == sorted(p.name for p in (SAMPLES / "scans").iterdir())


def test_the_committed_scans_stay_small() -> None:
    assert sum(path.stat().st_size for path in (SAMPLES / "scans").iterdir()) < 15_000_000


def test_the_set_is_as_varied_as_it_must_be() -> None:
    assert len({true["layout"] for true in FILES}) >= 12
    assert {true["carrier"] for true in FILES} >= {"pdf", "text_pdf", "tiff", "fax", "jpeg", "png"}
    assert {page["mode"] for true in FILES for page in true["pages"]} >= {"grey", "colour", "bilevel", "text"}
    assert any(page["turned"] for true in FILES for page in true["pages"])
    assert {"two_patients", "wrong_sticker", "absent_twin", "nobody"} <= {true["case"] for true in FILES}


def test_six_in_seven_of_those_with_an_indexed_patient_can_be_filed() -> None:
    indexed = [true for true in FILES if true["indexed_patient"]]
    assert len(indexed) >= 25
    assert sum(true["fileable"] for true in indexed) >= 6 / 7 * len(indexed)


def test_every_patient_named_in_the_truth_is_in_the_index(index: PatientIndex) -> None:
    for true in FILES:
        numbers = {true["mrn"], *(page["mrn"] for page in true["pages"])} - {None}
        assert numbers <= set(index.by_mrn)
        assert true["indexed_patient"] == (true["mrn"] is not None)


def test_fields_roles_and_boxes_are_the_programs() -> None:
    for true in FILES:
        assert [page["page"] for page in true["pages"]] == list(range(1, len(true["pages"]) + 1))
        for printed in (p for page in true["pages"] for p in page["printed"]):
            assert printed["field"] in {field.value for field in Field}
            assert printed["role"] in ROLES
            x0, y0, x1, y1 = printed["box"]
            assert 0 <= x0 < x1 <= 1
            assert 0 <= y0 < y1 <= 1


def test_what_is_called_fileable_has_two_identifiers_in_ink_and_no_rival(index: PatientIndex) -> None:
    for true in FILES:
        if true["fileable"]:
            patient = index.by_mrn[true["mrn"]]
            assert len(agreeing_fields(_facts(true), patient)) >= 2, true["file"]
            assert not rivals(_facts(true), patient, index), true["file"]


def test_people_called_absent_share_no_record_number_with_the_index(index: PatientIndex) -> None:
    for true in FILES:
        if true["case"].startswith("absent"):
            numbers = {f.value for f in _facts(true) if f.field == "mrn" and f.role == "patient"}
            assert not numbers & set(index.by_mrn), true["file"]


@pytest.mark.parametrize("true", FILES, ids=[true["file"] for true in FILES])
def test_a_picture_file_has_the_pages_that_its_truth_says(true: dict[str, Any]) -> None:
    path = SAMPLES / "scans" / true["file"]
    if path.suffix == ".pdf":
        assert path.read_bytes().startswith(b"%PDF")
        return
    with Image.open(path) as image:
        assert sum(1 for _ in ImageSequence.Iterator(image)) == len(true["pages"])
