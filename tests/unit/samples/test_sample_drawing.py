"""Drawing scans: the same order gives the same bytes; boxes follow the ink through the damage."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest

from samples.generate.batch import Order, draw_set, usual_cases
from samples.generate.cases import CASES
from samples.generate.damage import apply, draw_damage, milder
from samples.generate.facts import Fact
from samples.generate.fonts import missing_packages
from samples.generate.legibility import LEGIBLE, legibilities
from samples.generate.person import read_patients
from samples.generate.relations import PatientIndex, one_slip_away
from samples.generate.sheet import Sheet
from samples.generate.verdict import agreeing_fields, rivals

SAMPLES = Path(__file__).parents[3] / "samples"
needs_fonts = pytest.mark.skipif(bool(missing_packages()), reason="the generator's fonts are not installed")


@pytest.fixture(scope="module")
def index() -> PatientIndex:
    return PatientIndex(read_patients(SAMPLES / "patients.csv"))


def _drawn(seed: int, out: Path, index: PatientIndex) -> dict[str, bytes]:
    cases = {"ordinary": 1.0, "two_patients": 1.0, "no_mrn": 1.0}
    draw_set(Order(seed=seed, count=3, cases=cases, grades={"clean": 1, "hard": 1}), index, out)
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


@needs_fonts
def test_the_same_order_gives_the_same_bytes_and_another_seed_others(tmp_path: Path, index: PatientIndex) -> None:
    first = _drawn(11, tmp_path / "a", index)
    assert first == _drawn(11, tmp_path / "b", index)
    assert first != _drawn(12, tmp_path / "c", index)


@needs_fonts
def test_one_scan_of_a_set_can_be_drawn_again_alone(tmp_path: Path, index: PatientIndex) -> None:
    order = Order(seed=21, count=5, cases=usual_cases(), grades={"typical": 1})
    whole = draw_set(order, index, tmp_path / "all")
    alone = draw_set(order, index, tmp_path / "one", numbers={4})
    assert list(alone.values()) == [list(whole.values())[3]]
    (name,) = alone
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "all" / name).read_bytes()


@needs_fonts
def test_boxes_lie_on_the_ink_after_skew() -> None:
    sheet = Sheet()
    sheet.text(150, 200, Fact(field="mrn", role="patient", raw="00412345", value="00412345"), size=24)
    rng = Random(5)
    damage = draw_damage(rng, "hard", "tiff")
    image, to_fraction = apply(sheet.image, damage, np.random.default_rng(1))
    x0, y0, x1, y1 = sheet.marks[0].box
    left, top = to_fraction @ (x0, y0, 1)
    right, bottom = to_fraction @ (x1, y1, 1)
    picture = np.asarray(image.convert("L"))
    height, width = picture.shape
    window = picture[int(top * height) : int(bottom * height) + 1, int(left * width) : int(right * width) + 1]
    assert (window < 128).mean() > 0.1


@needs_fonts
def test_legibility_tells_a_kept_value_from_a_lost_one() -> None:
    sheet = Sheet()
    sheet.text(150, 200, Fact(field="mrn", role="patient", raw="00412345", value="00412345"), size=12)
    whole = np.array([[1 / sheet.image.width, 0, 0], [0, 1 / sheet.image.height, 0]])
    assert min(legibilities(sheet, sheet.image, whole)) > LEGIBLE
    assert max(legibilities(sheet, Sheet().image, whole)) < LEGIBLE


def test_milder_damage_never_harms_more() -> None:
    for seed in range(20):
        damage = draw_damage(Random(seed), "hard", "pdf")
        less = milder(damage)
        assert less.blur_px <= damage.blur_px
        assert less.fade <= damage.fade
        assert less.jpeg_quality >= damage.jpeg_quality


def test_every_case_can_be_cast_from_the_committed_index(index: PatientIndex) -> None:

    for name in usual_cases():
        casts = [CASES[name].cast(Random(f"{name}-{n}"), index) for n in range(30)]
        assert any(casts), name


def test_a_namesake_with_the_same_birth_date_is_a_rival_until_a_number_tells(index: PatientIndex) -> None:
    person, twin_name = next((p, q) for p in index.people for q in index.namesakes(p) if q.birth_date == p.birth_date)
    name = Fact(field="name", role="patient", raw="", value=f"{person.last_name}, {person.first_name}")
    born = Fact(field="birth_date", role="patient", raw="", value=person.birth_date.isoformat())
    number = Fact(field="mrn", role="patient", raw="", value=person.mrn)
    assert twin_name in rivals([name, born], person, index)
    assert rivals([name, born, number], person, index) == ()
    assert agreeing_fields([name, born, number], person) == {"name", "birth_date", "mrn"}


def test_a_slip_is_one_digit_or_one_swap() -> None:
    slips = one_slip_away("0012")
    assert "0021" in slips
    assert "0013" in slips
    assert "0012" not in slips
    assert all(len(slip) == 4 for slip in slips)
