"""What an engine would give as choices for the digits of a value: measured on drawn scans, drawn again here.

Of 17,600 digits of MRNs and birth dates as Tesseract read them in four drawn sets, 194 were misread; of these 158
had the right digit among the choices. One in nine of the others had wrong choices, more on bad paper.
"""

from __future__ import annotations

import random

from rapidfuzz.distance import Levenshtein

from ingest.evidence.alternatives import likeliest
from ingest.model import Character
from matchers.normalise import digits_for_letters, read_dates, shape_of
from matchers.patient import Alternative
from tests.benchmarks.matching.people import TODAY

KNOWN = 158 / 194
DOUBTED = {"clean": 0.05, "middling": 0.15, "awful": 0.35}
"""How often a digit that was read right has other choices."""
FROM = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
RIGHT = (0, 1, 3, 12, 10, 15, 17, 14, 16, 26, 23, 19, 2, 0)
"""How many of the right choices got a share between these, where the digit was misread."""
WRONG = (274, 344, 550, 493, 377, 311, 235, 105, 82, 68, 42, 35, 6, 33)
ALIKE = {
    "0": "689", "1": "724", "2": "173", "3": "895", "4": "169", "5": "789", "6": "085", "7": "194", "8": "036",
    "9": "043",
}  # fmt: skip


class Engine:
    """Chooses by itself, so that the documents stay what they are without it."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(f"choices {seed}")

    def alternatives(self, printed: str, seen: str, quality: str, wanted: str) -> tuple[Alternative, ...]:
        """The likeliest other values for what was seen of an MRN ("mrn") or a birth date ("birth")."""
        if wanted not in ("mrn", "birth"):
            return ()
        true = {}
        for op in Levenshtein.opcodes(seen, printed):
            if op.src_end - op.src_start == op.dest_end - op.dest_start:
                true |= zip(range(op.src_start, op.src_end), printed[op.dest_start : op.dest_end], strict=True)
        letters = [(at, self._letter(c, true.get(at, c), quality)) for at, c in enumerate(seen) if c.isalnum()]
        return likeliest(seen, letters, _birth_date if wanted == "birth" else lambda text: _number(text, seen))

    def _letter(self, seen: str, true: str, quality: str) -> Character:
        rng, read = self.rng, digits_for_letters(seen.upper())
        choices: dict[str, float] = {}
        if read.isdigit():
            misread = true.isdigit() and true != read
            if misread or rng.random() < DOUBTED[quality]:
                for digit in rng.sample(ALIKE[read], rng.choice((1, 1, 1, 2, 2, 3))):
                    choices[digit] = self._share(WRONG)
            choices.pop(true, None)
            if misread and rng.random() < KNOWN:
                choices[true] = self._share(RIGHT)
        ordered = sorted(choices.items(), key=lambda choice: -choice[1])
        return Character(text=seen, confidence=0.99, alternatives=tuple(ordered[:4]))

    def _share(self, counts: tuple[int, ...]) -> float:
        at = self.rng.choices(range(len(FROM)), counts)[0]
        return self.rng.uniform(FROM[at], (*FROM, 1.0)[at + 1])


def _number(text: str, seen: str) -> str | None:
    return text if shape_of(text) == shape_of(seen) else None


def _birth_date(text: str) -> str | None:
    dates = read_dates(text, born_before=TODAY)
    return dates[0].isoformat() if dates else None
