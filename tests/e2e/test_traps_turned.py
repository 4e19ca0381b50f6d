"""Papers that name somebody else than they seem to are filed for nobody, whichever way up they were scanned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageSequence

from ingest.reading.options import ReadingOptions
from matchers import build_index
from samples.generate.batch import Order, draw_set, write_truth
from samples.generate.cases import CASES
from samples.generate.population import make_population
from samples.generate.relations import PatientIndex as People
from tests.benchmarks.reading import run

SEED, PEOPLE, DPI = 1_530_000, 3_000, 200
TRAPS = tuple(name for name, case in CASES.items() if case.never_file and name != "blank")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """A scan of every trap and three ordinary ones, undamaged, with their truth."""
    folder = tmp_path_factory.mktemp("traps")
    people = make_population(SEED, PEOPLE)
    build_index(map(run.as_patient, people), folder / "index", generation=1)
    cases = dict.fromkeys(TRAPS, 1.0) | {"ordinary": 3.0}
    order = Order(seed=SEED, count=round(sum(cases.values())), cases=cases, grades={"clean": 1.0})
    write_truth(folder / "truth.json", order, draw_set(order, People(people), folder))
    return folder, run.read_truths(folder / "truth.json")


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_no_trap_is_filed_and_ordinary_papers_are(
    drawn: tuple[Path, list[dict[str, Any]]], tmp_path: Path, degrees: int
) -> None:
    folder, truths = drawn
    run.open_house(folder / "index", tmp_path, ReadingOptions(max_pixels=178_000_000, upper_first=True))
    ended = []
    for number, truth in enumerate(truths):
        first, *others = (page.rotate(degrees, expand=True) for page in pages_of(folder / truth["file"]))
        first.save(
            tmp_path / f"{number}.tif", save_all=True, append_images=others, dpi=(DPI, DPI), compression="tiff_lzw"
        )
        ended.append(run.ended_of(truth | {"file": f"{number}.tif"}))
    assert [f"{one.case}: {one.reasons}" for one in ended if one.wrong] == []
    assert {one.case for one in ended} == {*TRAPS, "ordinary"}
    assert sum(one.filed for one in ended if one.case == "ordinary") >= 2


def pages_of(path: Path) -> list[Image.Image]:
    """A scan's pages in greys, at `DPI` where they are drawn anew."""
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as pdf:
            return [page.render(scale=DPI / 72).to_pil().convert("L") for page in pdf]
    with Image.open(path) as image:
        return [page.convert("L") for page in ImageSequence.Iterator(image)]
