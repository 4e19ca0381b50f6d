"""What people script in an afternoon: rules of thumb and one fuzzy ratio, on the same candidates as ours.

Giving them our candidates favours them: alone they would have to search a million names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from matchers import Patient
from matchers.dates import LATEST_BIRTH, read_dates
from tests.benchmarks.matching.paper import Document


@dataclass(frozen=True)
class Guess:
    """Whom a rule would file to, how sure it is (0..100), and whether that is right."""

    score: float
    right: bool


def rule_of_thumb(doc: Document, candidates: Sequence[Patient]) -> Guess | None:
    """The exact MRN with a name of ratio 85 or more, or the only one with the exact name and birth date."""
    names = [default_process(r.value) for r in doc.identifiers.names]
    mrns = {r.value for r in doc.identifiers.mrns}
    dates = {d for r in doc.identifiers.birth_dates for d in read_dates(r.value, born_before=LATEST_BIRTH)}
    best: Guess | None = None
    for p in candidates:
        score = max((fuzz.token_sort_ratio(name, _name(p)) for name in names), default=0.0)
        if p.mrn in mrns and score >= 85 and (best is None or score > best.score):
            best = Guess(score, p.mrn == doc.right)
    if best:
        return best
    exact = {p.mrn: p for p in candidates if p.birth_date in dates and any(_same(name, p) for name in names)}
    return Guess(90.0, next(iter(exact)) == doc.right) if len(exact) == 1 else None


def weighted_ratio(doc: Document, candidates: Sequence[Patient]) -> Guess | None:
    """rapidfuzz WRatio over name, birth date and MRN as one text."""
    i = doc.identifiers
    text = default_process(" ".join(r[0].value for r in (i.names, i.birth_dates, i.mrns) if r))
    if not text or not candidates:
        return None
    scored = [(fuzz.WRatio(text, f"{_name(p)} {p.birth_date:%m %d %Y} {p.mrn.lower()}"), p) for p in candidates]
    score, best = max(scored, key=lambda item: item[0])
    return Guess(score, best.mrn == doc.right)


def _name(p: Patient) -> str:
    return default_process(f"{p.last_name} {p.first_name}")


def _same(name: str, p: Patient) -> bool:
    return set(name.split()) >= set(_name(p).split())
