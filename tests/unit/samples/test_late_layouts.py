"""The layouts drawn after the rules were frozen: they print whom they are about, and nobody gets them unasked."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest

from samples.generate.batch import LATE, Order, draw_set
from samples.generate.cases import CASES
from samples.generate.fonts import missing_packages
from samples.generate.job import make_job
from samples.generate.late import LATE_LAYOUTS, late_layouts_for
from samples.generate.layouts import LAYOUTS
from samples.generate.names import without_accents
from samples.generate.person import read_patients
from samples.generate.relations import PatientIndex

SAMPLES = Path(__file__).parents[3] / "samples"
needs_fonts = pytest.mark.skipif(bool(missing_packages(late=True)), reason="the late layouts' fonts are not installed")


@pytest.fixture(scope="module")
def index() -> PatientIndex:
    return PatientIndex(read_patients(SAMPLES / "patients.csv"))


@needs_fonts
@pytest.mark.parametrize("name", LATE_LAYOUTS)
def test_every_value_of_the_patient_stands_in_ink_where_the_truth_says(name: str, index: PatientIndex) -> None:
    for seed in range(4):
        rng = Random(f"{name}-{seed}")
        person = rng.choice(index.people)
        job = make_job(rng, person, index, faces=LATE_LAYOUTS[name].faces)
        for sheet in LATE_LAYOUTS[name].draw(job):
            told = {(mark.fact.field, mark.fact.value) for mark in sheet.marks if mark.fact.role == "patient"}
            assert ("mrn", person.mrn) in told
            assert ("birth_date", person.birth_date.isoformat()) in told
            names = [mark.fact for mark in sheet.marks if (mark.fact.field, mark.fact.role) == ("name", "patient")]
            assert names
            assert all(without_accents(person.last_name).upper() in _plain(fact.value) for fact in names)
            grey = np.asarray(sheet.image.convert("L"))
            for mark in sheet.marks:
                x0, y0, x1, y1 = (round(v) for v in mark.box)
                window = grey[max(0, y0) : y1 + 1, max(0, x0) : x1 + 1]
                assert 0 <= x0 < x1 <= sheet.image.width, mark
                assert int(window.max()) - int(window.min()) > 100, mark


def _plain(name: str) -> str:
    return without_accents(name).upper()


@needs_fonts
def test_late_ones_are_drawn_when_asked_for_and_their_cases_stay_what_they_are(
    tmp_path: Path, index: PatientIndex
) -> None:
    cases = {"ordinary": 2.0, "no_mrn": 1.0, "wrong_sticker": 1.0, "absent_relative": 1.0, "nobody": 1.0}
    order = Order(seed=3, count=12, cases=cases, grades={"typical": 1}, layouts=(LATE,))
    truths = draw_set(order, index, tmp_path)
    for truth in truths.values():
        assert (truth.layout in LATE_LAYOUTS) == (truth.case != "nobody")
        if truth.case == "wrong_sticker":
            owners = {p.value for page in truth.pages for p in page.printed if (p.field, p.role) == ("name", "patient")}
            assert len(owners) == 2
    assert len({truth.layout for truth in truths.values()} & set(LATE_LAYOUTS)) >= 4


def test_nobody_gets_a_late_layout_unasked() -> None:
    assert not set(LATE_LAYOUTS) & set(LAYOUTS)
    assert not Order(seed=1, count=1, cases={}, grades={}).is_late


def test_a_page_without_a_patient_has_no_late_layout(index: PatientIndex) -> None:
    for name in ("nobody", "blank"):
        cast = CASES[name].cast(Random(1), index)
        assert cast is not None
        assert late_layouts_for(cast) == ()
