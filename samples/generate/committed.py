"""The set that is committed: its seed and mix, so that it can be drawn again."""

from __future__ import annotations

from .batch import Order

COMMITTED = Order(
    seed=2043,
    count=37,
    cases={
        "ordinary": 13,
        "no_mrn": 4,
        "child": 2,
        **dict.fromkeys(
            (
                "nickname", "maiden_name", "compound_surname", "twin", "generation", "namesake", "newborn",
                "duplicate_with_mrn", "blank_back", "slipped_mrn", "wrong_sticker", "two_patients", "absent",
                "absent_twin", "absent_namesake", "absent_relative", "nobody", "blank",
            ),
            1,
        ),
    },
    grades={"clean": 2, "typical": 6, "hard": 2},
)  # fmt: skip
