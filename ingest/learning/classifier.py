"""A classifier of types trained on papers: scikit-learn here, numpy alone wherever it is used.

Promises: deterministic; what it returns is plain numbers. Its temperature, its threshold and the types that it may name
are chosen on papers that the model asked had not seen (cross-validation, a scan's papers together), so that at most
`MOST_WRONG` of its answers are wrong with 95 % confidence, by the same fixed-sequence test as filing thresholds
(`matchers.calibrate`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, Final

import numpy as np

from ingest.errors import MissingPart, NothingToLearn
from ingest.evidence.doctypes import DocType
from ingest.evidence.type_model import Array, TypeModel, softened, weigh
from ingest.learning.papers import Paper
from ingest.learning.vocabulary import vocabulary
from matchers import Population
from matchers.calibrate import Audited, calibrate

FEWEST_OF_TYPE: Final = 10
MOST_WRONG: Final = 0.05
_CONFIDENCE: Final = 0.95
_FOLDS: Final = 5
_FEWEST_NAMED: Final = 5
_MOST_WRONG_OF_TYPE: Final = 0.1
_STRENGTH: Final = 10.0  # of TF-IDF vectors of length 1: weak regularisation
_UNKNOWN: Final = -30.0  # log-odds of a type that a fold did not hold
_TEMPERATURES: Final = np.geomspace(0.05, 5.0, 81)
_MOST_BITS: Final = 40.0


def require_trainer() -> None:
    """Raises MissingPart without scikit-learn."""
    if find_spec("sklearn") is None:
        msg = (
            "training a classifier needs scikit-learn, which is not installed; get it with: "
            "pip install 'paperchart[learning]' (applying what was learned needs nothing)"
        )
        raise MissingPart(msg)


def train(papers: Sequence[Paper], population: Population) -> TypeModel:
    """A classifier of the types that enough of the papers have.

    Raises NothingToLearn when the papers do not bear one. Needs scikit-learn.
    """
    enough = {type_ for type_, count in Counter(paper.type for paper in papers).items() if count >= FEWEST_OF_TYPE}
    known = [paper for paper in papers if paper.type in enough]
    if len(enough) < 2:
        msg = (
            f"nothing was proposed: of {len(enough)} type(s) {FEWEST_OF_TYPE} older documents were told by people, "
            "two such types are needed; correct types at the desk, and run this again"
        )
        raise NothingToLearn(msg)
    words = vocabulary(known, population)
    if not words:
        msg = "nothing was proposed: no word stands on the papers of enough patients; decide more, and run this again"
        raise NothingToLearn(msg)
    types = tuple(sorted(enough))
    rarity = _rarity(known, words)
    vectors = _vectors(known, words, rarity)
    truth = np.array([types.index(paper.type) for paper in known])
    unseen = _unseen_odds(vectors, truth, [paper.scan_id for paper in known], len(types))
    temperature = _temperature(unseen, truth)
    likely = softened(unseen, temperature)
    threshold = _threshold(likely, truth)
    weights, intercepts = _fitted(vectors, truth, len(types))
    return TypeModel(
        words=words,
        rarity=rarity,
        types=types,
        weights=weights.round(4),
        intercepts=intercepts.round(4),
        temperature=temperature,
        threshold=threshold,
        speaks_for=_speaks_for(likely, truth, types, threshold),
    )


def _rarity(papers: Sequence[Paper], words: Sequence[str]) -> Array:
    counts = Counter(word for paper in papers for word in paper.terms)
    rarity: Array = np.log((1.0 + len(papers)) / (1.0 + np.array([counts[word] for word in words]))) + 1.0
    return rarity.round(4)


def _vectors(papers: Sequence[Paper], words: Sequence[str], rarity: Array) -> Any:
    """A sparse matrix: a row for each paper, a column for each word."""
    from scipy.sparse import csr_matrix

    places = {word: at for at, word in enumerate(words)}
    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    for paper in papers:
        for place, value in weigh(paper.terms, places, rarity):
            columns.append(place)
            values.append(value)
        ends.append(len(columns))
    return csr_matrix((values, columns, ends), shape=(len(papers), len(words)))


def _unseen_odds(vectors: Any, truth: Array, scans: Sequence[str], types: int) -> Array:
    """Each paper's log-odds by a model that saw neither it nor another paper of its scan."""
    from sklearn.model_selection import StratifiedGroupKFold

    odds = np.full((len(truth), types), _UNKNOWN)
    for seen, unseen in StratifiedGroupKFold(_FOLDS).split(vectors, truth, scans):
        if len(np.unique(truth[seen])) > 1:
            weights, intercepts = _fitted(vectors[seen], truth[seen], types)
            odds[unseen] = vectors[unseen] @ weights.T + intercepts
    return odds


def _fitted(vectors: Any, truth: Array, types: int) -> tuple[Array, Array]:
    """Weights and intercepts of every type; of two types, half of the one's odds for it and half against the other."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=_STRENGTH, max_iter=2_000).fit(vectors, truth)
    found, free = fitted.coef_, fitted.intercept_
    if len(fitted.classes_) == 2:
        found, free = np.vstack([-found / 2, found / 2]), np.concatenate([-free / 2, free / 2])
    weights, intercepts = np.zeros((types, vectors.shape[1])), np.full(types, _UNKNOWN)
    weights[fitted.classes_], intercepts[fitted.classes_] = found, free
    return weights, intercepts


def _temperature(odds: Array, truth: Array) -> float:
    """The one at which papers not seen surprise least."""
    at = np.arange(len(truth))
    losses = [-np.log(np.maximum(softened(odds, one)[at, truth], 1e-12)).mean() for one in _TEMPERATURES]
    return round(float(_TEMPERATURES[int(np.argmin(losses))]), 4)


def _threshold(likely: Array, truth: Array) -> float:
    best = likely.argmax(1)
    answers = [
        Audited(odds_bits=_bits(probability), right=bool(right), threshold_bits=0.0)
        for probability, right in zip(likely.max(1), best == truth, strict=True)
    ]
    found = calibrate(answers, risk=MOST_WRONG, confidence=_CONFIDENCE)
    if found.threshold is None:
        msg = (
            f"nothing was proposed: of {len(answers):,} documents that it had not seen, the classifier took "
            f"{found.wrong:,} for something else, and cannot promise at most {MOST_WRONG:.0%} wrong answers; correct "
            "more types, and run this again"
        )
        raise NothingToLearn(msg)
    return max(0.5, found.threshold)


def _bits(probability: float) -> float:
    return min(_MOST_BITS, math.log2(max(probability, 1e-12)) - math.log2(max(1.0 - probability, 1e-12)))


def _speaks_for(likely: Array, truth: Array, types: Sequence[DocType], threshold: float) -> frozenset[DocType]:
    """The types that it named often enough, and rarely wrongly."""
    best, sure = likely.argmax(1), likely.max(1) >= threshold
    spoken = set()
    for at, type_ in enumerate(types):
        named = sure & (best == at)
        if named.sum() >= _FEWEST_NAMED and (truth[named] != at).mean() <= _MOST_WRONG_OF_TYPE:
            spoken.add(type_)
    return frozenset(spoken)
