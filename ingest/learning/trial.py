"""Weights tried on past decisions: what the program would have filed by itself, and how much of it wrongly.

Promises: pure as far as the index stands still; each document is decided as the pipeline decides on its identifiers,
with all vetoes and what its pages say against the patient. What only its picture shows (barcodes, places that could
not be read) is not asked again, for no weights: it is the same before and after.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np

from ingest.evidence.identity import identifiers_of
from ingest.house import House
from ingest.model import Document
from ingest.running.objections import objections
from matchers import Decision, Outcome, Patient, Policy, decide

_BINS: Final = 10
_LEAST_PROBABILITY: Final = 1e-6
_NOTICED: Final = 0.01  # a log-loss that is larger by less than this share is the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What some weights do with past decisions. `filed` unattended, `filed_wrong` of these; the rest is `reviewed`.

    `log_loss_bits`: how surprised the probabilities are by the right patients, on average. `calibration_error`: how far
    the best candidates' probabilities are from the share of right ones (in ten groups of equal size; Naeini, Cooper and
    Hauskrecht 2015).
    """

    documents: int
    filed: int
    filed_wrong: int
    reviewed: int
    log_loss_bits: float
    calibration_error: float

    def to_json(self) -> dict[str, Any]:
        """As figures of a proposal."""
        return asdict(self)


def tried(papers: Iterable[tuple[Document, str]], policies: Sequence[Policy], house: House) -> tuple[Trial, ...]:
    """One trial for each of the policies, on documents with the MRN of the right patient.

    A document whose right patient is not in the index any more is left out.
    """
    answers: list[list[_Answer]] = [[] for _ in policies]
    for document, mrn in papers:
        meant = house.index.patient(mrn)
        if meant is None:
            continue
        identifiers = identifiers_of(document.findings)
        candidates = house.index.candidates(identifiers)
        for held, policy in zip(answers, policies, strict=True):
            own = replace(house, policy=policy)
            decision = decide(
                identifiers, candidates, population=own.index.population, policy=policy, generation=own.index.generation
            )
            held.append(_answer(decision, document, meant, own))
    return tuple(_trial(held) for held in answers)


def worse_in(before: Trial, after: Trial) -> tuple[str, ...]:
    """What would be worse than before, in words; () when nothing."""
    told = []
    if after.filed_wrong > before.filed_wrong:
        told.append(f"{after.filed_wrong} instead of {before.filed_wrong} would be filed to the wrong patient")
    if after.log_loss_bits > before.log_loss_bits * (1 + _NOTICED):
        told.append(
            f"the right patients surprise it more: {after.log_loss_bits:.3f} bits instead of {before.log_loss_bits:.3f}"
        )
    if after.filed < before.filed and after.filed_wrong >= before.filed_wrong:
        told.append(f"{after.filed} instead of {before.filed} documents would be filed unattended, no fewer wrongly")
    return tuple(told)


@dataclass(frozen=True, slots=True)
class _Answer:
    """One document's: whether it would be filed, to the right patient; what probability the right one got."""

    filed: bool
    filed_right: bool
    right_probability: float
    best_probability: float
    best_right: bool


def _answer(decision: Decision, document: Document, meant: Patient, house: House) -> _Answer:
    filed_to = house.index.patient(decision.mrn) if decision.outcome is Outcome.FILE and decision.mrn else None
    filed = filed_to is not None and not objections(document, filed_to, house)
    best = decision.candidates[0] if decision.candidates else None
    right = next((one.probability for one in decision.candidates if one.mrn == meant.mrn), 0.0)
    return _Answer(
        filed=filed,
        filed_right=filed and decision.mrn == meant.mrn,
        right_probability=right,
        best_probability=best.probability if best else 0.0,
        best_right=best is not None and best.mrn == meant.mrn,
    )


def _trial(answers: Sequence[_Answer]) -> Trial:
    filed = sum(one.filed for one in answers)
    losses = [-math.log2(max(one.right_probability, _LEAST_PROBABILITY)) for one in answers]
    return Trial(
        documents=len(answers),
        filed=filed,
        filed_wrong=sum(one.filed and not one.filed_right for one in answers),
        reviewed=len(answers) - filed,
        log_loss_bits=round(math.fsum(losses) / max(1, len(losses)), 4),
        calibration_error=round(calibration_error([(one.best_probability, one.best_right) for one in answers]), 4),
    )


def calibration_error(told: Sequence[tuple[float, bool]]) -> float:
    """The mean distance between probabilities and the shares of right ones, in groups of equal size; 0 for none."""
    if not told:
        return 0.0
    groups = np.array_split(np.array(sorted(told), float), min(_BINS, len(told)))
    return float(sum(len(one) * abs(one[:, 0].mean() - one[:, 1].mean()) for one in groups) / len(told))
