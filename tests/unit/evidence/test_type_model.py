"""A learned classifier of types: what its file may hold, what it says, and that it never runs anything."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import BadSettings
from ingest.evidence.doctypes import DocType
from ingest.evidence.layout import lay_out
from ingest.evidence.terms import term_of, terms_on, together
from ingest.evidence.type_model import NO_MODEL, TypeModel, type_model_from
from ingest.running.site import read_type_model
from tests.fakes.pages import lines_of

MODEL = TypeModel(
    words=("dose", "infusion", "pump"),
    rarity=np.array([1.0, 2.0, 1.5]),
    types=(DocType.CONSENT, DocType.NURSING_NOTE),
    weights=np.array([[-4.0, -4.0, -4.0], [4.0, 4.0, 4.0]]),
    intercepts=np.array([0.0, 0.0]),
    temperature=1.0,
    threshold=0.9,
    speaks_for=frozenset((DocType.NURSING_NOTE,)),
)


def test_it_says_what_it_knows_and_is_silent_otherwise() -> None:
    told = MODEL.type_of({"infusion": 2, "pump": 1, "unheard": 9})
    assert told is not None
    assert told[0] is DocType.NURSING_NOTE
    assert told[1] > 0.99
    assert MODEL.type_of({}) is None
    assert MODEL.type_of({"unheard": 3}) is None
    assert replace(MODEL, threshold=1.0).type_of({"dose": 1}) is None
    assert replace(MODEL, speaks_for=frozenset()).type_of({"dose": 1}) is None
    assert NO_MODEL.type_of({"dose": 1}) is None
    assert MODEL.known({"dose": 2, "unheard": 1}) == {"dose": 2}


def test_a_higher_temperature_is_less_sure() -> None:
    sure, unsure = MODEL.probabilities({"dose": 1}), replace(MODEL, temperature=10.0).probabilities({"dose": 1})
    assert sure.sum() == pytest.approx(1.0)
    assert sure.max() > unsure.max() > 0.5


def test_the_file_says_the_same_model(tmp_path: Path) -> None:
    file = tmp_path / "types.json"
    assert read_type_model(file) is NO_MODEL
    file.write_text(json.dumps(MODEL.to_json()))
    read = read_type_model(file)
    assert read.fingerprint == MODEL.fingerprint != ""
    assert read.to_json() == MODEL.to_json()
    assert NO_MODEL.fingerprint == ""
    assert replace(MODEL, threshold=0.95).fingerprint != MODEL.fingerprint


def changed(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda told: told.__setitem__(key, value)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: told.pop("rarity"),
        changed("more", 1),
        changed("format", 2),
        changed("words", ["dose", "dose", "pump"]),
        changed("words", ["dose", "Doe 123", "pump"]),
        changed("words", "dose"),
        changed("words", [["dose"], "infusion", "pump"]),
        changed("words", [f"a{chr(97 + n % 26)}" for n in range(9_000)]),
        changed("types", ["consent", "invoice"]),
        changed("types", ["consent", "consent"]),
        changed("speaks_for", ["order"]),
        changed("weights", [[1.0, 2.0, 3.0]]),
        changed("weights", [[1.0, 2.0], [1.0, 2.0]]),
        changed("weights", [[1.0, 2.0, float("nan")], [1.0, 2.0, 3.0]]),
        changed("weights", [[1.0, 2.0, float("inf")], [1.0, 2.0, 3.0]]),
        changed("weights", [[1.0, 2.0, 10**30], [1.0, 2.0, 3.0]]),
        changed("weights", [["1", 2.0, 3.0], [1.0, 2.0, 3.0]]),
        changed("weights", [[True, 2.0, 3.0], [1.0, 2.0, 3.0]]),
        changed("intercepts", {"0": 1.0, "1": 2.0}),
        changed("temperature", 0.0),
        changed("temperature", None),
        changed("threshold", 0.1),
    ],
)
def test_whatever_is_wrong_with_the_file_is_said_and_not_used(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], None]
) -> None:
    told = MODEL.to_json()
    spoil(told)
    file = tmp_path / "types.json"
    file.write_text(json.dumps(told))
    with pytest.raises(BadSettings, match=r"is no classifier of types .*; remove it"):
        read_type_model(file)


class Bomb:
    """What an attacker would put where a model is unpickled."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return (Path.touch, (Path(self.mark),))  # type: ignore[return-value]

    mark = ""


def test_a_pickle_in_its_place_runs_nothing(tmp_path: Path) -> None:
    mark, file = tmp_path / "ran", tmp_path / "types.json"
    Bomb.mark = str(mark)
    for content in (pickle.dumps(Bomb()), pickle.dumps(Bomb(), protocol=0), b"", b"\x00\xff", b"[" * 100_000):
        file.write_bytes(content)
        with pytest.raises(BadSettings):
            read_type_model(file)
    assert not mark.exists()


def test_a_file_without_end_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "types.json"
    with file.open("wb") as out:
        out.truncate(17 << 20)
    with pytest.raises(BadSettings, match="larger than 16 MB"):
        read_type_model(file)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda below: (
        st.lists(below, max_size=4) | st.dictionaries(st.sampled_from(sorted(MODEL.to_json())), below, max_size=4)
    ),
    max_leaves=8,
)


@given(JSON, st.dictionaries(st.sampled_from(sorted(MODEL.to_json())), JSON, max_size=2))
def test_any_json_is_a_model_or_a_value_error(told: Any, over: dict[str, Any]) -> None:
    for one in (told, MODEL.to_json() | over):
        try:
            type_model_from(one)
        except ValueError:
            continue


def test_words_are_letters_only() -> None:
    assert [term_of(text) for text in ("Dosage:", "MARÍA", "(pump)")] == ["dosage", "maria", "pump"]
    for text in ("A1c", "1962", "at", "x" * 30, "co-pay", "北京市", ""):
        assert term_of(text) is None
    assert together([{"dose": 1}, {"dose": 2, "pump": 1}]) == {"dose": 3, "pump": 1}
    assert together([{f"page{n}": 1} for n in range(9)]).keys() == {"page0", "page1", "page2", "page3"}


def test_a_pages_words_are_those_that_were_read_well_enough() -> None:
    page = lines_of("Infusion pump 40 ml/hr  bag~ changed")
    layout = lay_out(
        [replace(word, confidence=0.3) if word.text == "bag" else word for word in page.words], page.read_width_px,
        page.read_height_px,
    )  # fmt: skip
    assert terms_on(layout) == {"infusion": 1, "pump": 1, "changed": 1}
