"""Why a candidate got its probability: from "one of all patients" to the odds, step by step, in bits.

One value for every face: `Waterfall.lines` for a terminal, `waterfall_to_json` for programs,
`waterfall_html` for a web page. The steps add up to the log-odds that `posterior` computed
(Fellegi and Sunter 1969: weights are log2 likelihood ratios, so evidence adds).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from typing import Any

from matchers.decision import Candidate
from matchers.explain import field_words, quoted
from matchers.patient import Field

_PRIOR = "before anything is read: one of all registered patients"
_UNKNOWN = "who else it may be: somebody who is not registered"
_RIVALS = "who else it may be: the other candidates"
_OTHERS = "who else it may be: other candidates, somebody who is not registered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: what was found, what it weighs, and where that leads. Field and values where it has any."""

    words: str
    bits: float
    total_bits: float
    field: Field | None = None
    query: str | None = None
    patient: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """All steps for one candidate, and what stands against filing however high the sum.

    `threshold_bits` are the log-odds that filing needs. `complete` is False for decisions of older
    versions, which recorded only the fields' weights: their steps do not lead to the probability. Somebody
    who is not registered and the other candidates are one step in decisions that did not tell them apart.
    """

    mrn: str
    steps: tuple[Step, ...]
    probability: float
    threshold: float | None
    vetoes: tuple[str, ...]
    complete: bool

    @property
    def threshold_bits(self) -> float | None:
        """The threshold as log-odds in bits."""
        return None if self.threshold is None else odds_bits(self.threshold)

    def lines(self) -> tuple[str, ...]:
        """For a terminal: one line a step, then the threshold, then the vetoes."""
        shown = [
            f"{step.bits:+7.1f} bits  {step.total_bits:+7.1f}  {step.words}"
            + (f" ({quoted(step.query or '')} / {quoted(step.patient or '')})" if step.field else "")
            for step in self.steps
        ]
        shown.append(f"{'':12}  probability {_probability(self.probability)}")
        if self.threshold is not None:
            shown.append(f"{'':12}  filing needs {self.threshold_bits:+.1f} bits ({self.threshold:.4%})")
        return (*shown, *(f"{'':12}  against filing: {reason}" for reason in self.vetoes))


def waterfall_of(candidate: Candidate, threshold: float | None = None) -> Waterfall:
    """The steps of a recorded candidate, heaviest evidence first. Pure and total."""
    fields = sorted(candidate.fields, key=lambda shown: -abs(shown.weight_bits))
    prior, odds = candidate.prior_bits, candidate.odds_bits
    complete = prior is not None and odds is not None
    found: list[tuple[float, dict[str, Any]]] = []
    if prior is not None:
        words = _PRIOR if candidate.people is None else _PRIOR.replace("all", f"{candidate.people:,}")
        found.append((prior, {"words": words}))
    for shown in fields:
        words = f"{field_words(shown.field)}: {shown.level}"
        values = {"field": shown.field, "query": shown.query, "patient": shown.patient}
        found.append((shown.weight_bits, {"words": words, **values}))
    if prior is not None and odds is not None:
        evidence, known = math.fsum(bits for bits, _ in found), candidate.against_unknown_bits
        if known is None:
            found.append((odds - evidence, {"words": _OTHERS}))
        else:
            found += [(known - evidence, {"words": _UNKNOWN}), (min(0.0, odds - known), {"words": _RIVALS})]
    totals = accumulate(bits for bits, _ in found)
    return Waterfall(
        mrn=candidate.mrn,
        steps=tuple(
            Step(bits=bits, total_bits=total, **rest) for (bits, rest), total in zip(found, totals, strict=True)
        ),
        probability=candidate.probability,
        threshold=threshold,
        vetoes=tuple(veto.reason for veto in candidate.vetoes),
        complete=complete,
    )


def odds_bits(probability: float) -> float:
    """Log-odds in bits; ±64 at the ends."""
    if probability <= 0.0 or probability >= 1.0:
        return math.copysign(64.0, probability - 0.5)
    return math.log2(probability / (1.0 - probability))


def waterfall_to_json(waterfall: Waterfall) -> dict[str, Any]:
    """The same for programs; bits to three decimals."""
    return {
        "mrn": waterfall.mrn,
        "probability": waterfall.probability,
        "threshold": waterfall.threshold,
        "threshold_bits": _rounded(waterfall.threshold_bits),
        "complete": waterfall.complete,
        "steps": [_step_to_json(step) for step in waterfall.steps],
        "vetoes": list(waterfall.vetoes),
    }


def _step_to_json(step: Step) -> Mapping[str, Any]:
    return {
        "words": step.words,
        "field": step.field.value if step.field else None,
        "query": step.query,
        "patient": step.patient,
        "bits": _rounded(step.bits),
        "total_bits": _rounded(step.total_bits),
    }


def waterfall_html(waterfall: Waterfall) -> str:
    """The same as an HTML table (a fragment), everything from paper or index escaped."""
    rows = "".join(
        f"<tr><th scope='row'>{escape(step.words)}</th><td>{escape(step.query or '')}</td>"
        f"<td>{escape(step.patient or '')}</td><td>{step.bits:+.1f}</td><td>{step.total_bits:+.1f}</td></tr>"
        for step in waterfall.steps
    )
    caption = f"MRN {escape(waterfall.mrn)}: probability {_probability(waterfall.probability)}"
    if waterfall.threshold is not None:
        caption += f"; filing needs {waterfall.threshold_bits:+.1f} bits ({waterfall.threshold:.4%})"
    vetoes = "".join(f"<li>{escape(reason)}</li>" for reason in waterfall.vetoes)
    return (
        f"<table class='waterfall'><caption>{caption}</caption>"
        "<thead><tr><th scope='col'>Evidence</th><th scope='col'>On paper</th><th scope='col'>Registered</th>"
        f"<th scope='col'>Bits</th><th scope='col'>Sum</th></tr></thead><tbody>{rows}</tbody></table>"
        + (f"<ul class='vetoes'>{vetoes}</ul>" if vetoes else "")
    )


def _probability(value: float) -> str:
    """Never rounded to certainty."""
    if 0.0 < value < 5e-7:
        return "under 0.000001"
    return "over 0.999999" if value > 0.9999995 else f"{value:.6f}"


def _rounded(bits: float | None) -> float | None:
    return None if bits is None else round(bits, 3) + 0.0  # no "-0.0"
