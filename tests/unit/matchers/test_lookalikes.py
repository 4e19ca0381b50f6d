"""Edits that OCR explains are told from edits that it does not."""

from __future__ import annotations

import pytest

from matchers.lookalikes import difference, look_alike


@pytest.mark.parametrize(
    ("one", "other"),
    [("SMITH", "SM1TH"), ("BURN", "BUM"), ("CLARK", "DARK"), ("WALL", "VVALL"),
     ("0012345", "OO12345"), ("1234567", "1284567"),
     ("8812", "BB12"), ("65", "G5"), ("27", "Z7"), ("JOHN", "JOHM")],
)  # fmt: skip
def test_what_looks_alike_is_explained(one: str, other: str) -> None:
    assert difference(one, other).lookalike


@pytest.mark.parametrize(
    ("one", "other"), [("JAYDEN", "KAYDEN"), ("1234567", "1243567"), ("MARIA", "MARIE"), ("123456", "1234567")]
)
def test_one_true_edit_stays_unexplained(one: str, other: str) -> None:
    apart = difference(one, other)
    assert (apart.edits, apart.unexplained) == (1, 1)


def test_far_texts_are_counted_to_the_limit_only() -> None:
    assert difference("ABCDEFGH", "STUVWXYZ", limit=2).edits == 3
    assert difference("RNRNRN", "MMM", limit=2).lookalike


def test_single_characters() -> None:
    assert look_alike("0", "O")
    assert look_alike("3", "8")
    assert not look_alike("3", "4")
