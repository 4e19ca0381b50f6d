"""The set that is committed: its seed and mix, so that it can be drawn again."""

from __future__ import annotations

from .batch import Order

COMMITTED = Order(
    seed=2089,
    count=38,
    cases={
        "ordinary": 15,
        "no_mrn": 3,
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
    grades={"clean": 2.5, "typical": 6, "hard": 1.5},
)  # fmt: skip
