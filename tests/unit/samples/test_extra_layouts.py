"""The layouts that are drawn on request only: they print whom they are about, and nobody gets them unasked."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest

from samples.generate.batch import Order, draw_set
from samples.generate.cases import CASES
from samples.generate.extra import EXTRA_LAYOUTS, SETS, extra_layouts_for
from samples.generate.fonts import missing_packages
from samples.generate.job import make_job
from samples.generate.layouts import LAYOUTS
from samples.generate.names import without_accents
from samples.generate.person import read_patients
from samples.generate.relations import PatientIndex

SAMPLES = Path(__file__).parents[3] / "samples"


def need_fonts_of(which: str) -> None:
    """Skips where the fonts of a set are missing; the other sets are tested all the same."""
    if packages := missing_packages(which):
        pytest.skip(f"fonts of the {which} layouts are not installed: {' '.join(packages)}")


@pytest.fixture(scope="module")
def index() -> PatientIndex:
    return PatientIndex(read_patients(SAMPLES / "patients.csv"))


@pytest.mark.parametrize("name", EXTRA_LAYOUTS)
def test_every_value_of_the_patient_stands_in_ink_where_the_truth_says(name: str, index: PatientIndex) -> None:
    need_fonts_of(next(which for which, layouts in SETS.items() if name in layouts))
    for seed in range(4):
        rng = Random(f"{name}-{seed}")
        person = rng.choice(index.people)
        job = make_job(rng, person, index, faces=EXTRA_LAYOUTS[name].faces)
        sheets = EXTRA_LAYOUTS[name].draw(job)
        told = {(mark.fact.field, mark.fact.value) for sheet in sheets for mark in sheet.marks
                if mark.fact.role == "patient"}  # fmt: skip
        assert ("mrn", person.mrn) in told
        assert ("birth_date", person.birth_date.isoformat()) in told
        for sheet in sheets:
            names = [mark.fact for mark in sheet.marks if (mark.fact.field, mark.fact.role) == ("name", "patient")]
            assert names or sheet is not sheets[-1]  # a fax's cover names nobody
            assert all(without_accents(person.last_name).upper() in _plain(fact.value) for fact in names)
            grey = np.asarray(sheet.image.convert("L"))
            for mark in sheet.marks:
                x0, y0, x1, y1 = (round(v) for v in mark.box)
                window = grey[max(0, y0) : y1 + 1, max(0, x0) : x1 + 1]
                assert 0 <= x0 < x1 <= sheet.image.width, mark
                assert int(window.max()) - int(window.min()) > 100, mark


def _plain(name: str) -> str:
    return without_accents(name).upper()


@pytest.mark.parametrize("which", SETS)
def test_a_set_is_drawn_when_asked_for_and_its_cases_stay_what_they_are(
    which: str, tmp_path: Path, index: PatientIndex
) -> None:
    need_fonts_of(which)
    cases = {"ordinary": 2.0, "no_mrn": 1.0, "absent_relative": 1.0, "nobody": 1.0}
    if any(layout.sticker for layout in SETS[which].values()):
        cases["wrong_sticker"] = 1.0
    order = Order(seed=3, count=12, cases=cases, grades={"typical": 1}, layouts=(which,))
    truths = draw_set(order, index, tmp_path)
    for truth in truths.values():
        assert (truth.layout in SETS[which]) == (truth.case != "nobody")
        if truth.case == "wrong_sticker":
            owners = {p.value for page in truth.pages for p in page.printed if (p.field, p.role) == ("name", "patient")}
            assert len(owners) == 2
    assert len({truth.layout for truth in truths.values()} & set(SETS[which])) >= 4


def test_nobody_gets_one_of_a_set_unasked() -> None:
    assert not set(EXTRA_LAYOUTS) & set(LAYOUTS)
    assert Order(seed=1, count=1, cases={}, grades={}).sets == ()
    assert Order(seed=1, count=1, cases={}, grades={}, layouts=("late", "later_ekg_tracing")).sets == ("late", "later")


def test_a_page_without_a_patient_is_on_none_of_them(index: PatientIndex) -> None:
    for name in ("nobody", "blank"):
        cast = CASES[name].cast(Random(1), index)
        assert cast is not None
        assert extra_layouts_for(cast) == ()
