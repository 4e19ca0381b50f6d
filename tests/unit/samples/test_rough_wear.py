"""The other kind of damage: each effect leaves a trace, none moves the print, and the seed says it all."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image

from samples.generate.batch import Order, draw_set
from samples.generate.damage import apply, draw_damage, milder, roughened
from samples.generate.facts import Fact
from samples.generate.fonts import missing_packages
from samples.generate.legibility import LEGIBLE, legibilities
from samples.generate.person import read_patients
from samples.generate.relations import PatientIndex
from samples.generate.rough import EFFECTS, Trace, draw_traces, roughen
from samples.generate.sheet import Sheet

SAMPLES = Path(__file__).parents[3] / "samples"
needs_fonts = pytest.mark.skipif(bool(missing_packages()), reason="the generator's fonts are not installed")


def _page() -> Sheet:
    sheet = Sheet()
    for line in range(12):
        fact = Fact(field="mrn", role="patient", raw="00412345", value="00412345")
        sheet.text(60 + 30 * line, 60 + 56 * line, fact, size=11)
    return sheet


@needs_fonts
@pytest.mark.parametrize("name", EFFECTS)
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_an_effect_leaves_a_trace_and_most_print_in_its_place(name: str, mode: str) -> None:
    sheet = _page()
    drawn = np.asarray(sheet.image.convert(mode))
    before = drawn.copy()
    worn = roughen(drawn, (Trace(effect=name, strength=1.0),), np.random.default_rng(3))
    assert worn.shape == drawn.shape
    assert worn.dtype == np.uint8
    assert (worn != drawn).any()
    assert (drawn == before).all()
    whole = np.array([[1 / sheet.image.width, 0, 0], [0, 1 / sheet.image.height, 0]])
    kept = [score >= LEGIBLE for score in legibilities(sheet, Image.fromarray(worn), whole)]
    assert sum(kept) >= 8


@needs_fonts
def test_worse_grades_bear_more_and_milder_damage_less() -> None:
    sums = {
        grade: sum(t.strength for seed in range(40) for t in draw_traces(Random(seed), grade))
        for grade in ("clean", "typical", "hard", "ruined")
    }
    assert sums["clean"] * 4 < sums["typical"] < sums["hard"] * 0.7
    damage = roughened(draw_damage(Random(1), "hard", "pdf"), Random(2))
    assert damage.fade == damage.shade == damage.texture == 0
    assert sum(t.strength for t in milder(damage).rough) < sum(t.strength for t in damage.rough)
    one, two = (apply(_page().image, damage, np.random.default_rng(4))[0] for _ in range(2))
    assert one.tobytes() == two.tobytes()


@needs_fonts
def test_rough_wear_changes_the_damage_and_nothing_else(tmp_path: Path) -> None:
    index = PatientIndex(read_patients(SAMPLES / "patients.csv"))
    sets = {}
    for wear in ("usual", "rough"):
        order = Order(seed=12, count=3, cases={"ordinary": 1.0}, grades={"typical": 1}, wear=wear)
        sets[wear] = draw_set(order, index, tmp_path / wear)
    assert list(sets["usual"]) == list(sets["rough"])
    for name, usual in sets["usual"].items():
        rough = sets["rough"][name]
        assert [p.raw for p in usual.pages[0].printed] == [p.raw for p in rough.pages[0].printed]
        assert (usual.mrn, usual.layout, usual.carrier) == (rough.mrn, rough.layout, rough.carrier)
        assert rough.pages[0].damage is not None
        assert rough.pages[0].damage["rough"]
        assert (tmp_path / "usual" / name).read_bytes() != (tmp_path / "rough" / name).read_bytes()
