"""Cases to figures: shares with exact bounds, costs of vetoes, curves, and the tables that people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matchers.calibrate import upper_bound
from tests.benchmarks.matching.splinks import Record
from tests.benchmarks.matching.thumb import Guess

RISKS = (1e-4, 1e-3, 1e-2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One document and what became of it."""

    half: str
    kind: str
    quality: str
    fileable: bool
    answer: bool
    filed: bool
    wrong: bool
    second_filed: bool
    second_wrong: bool
    best_is_right: bool
    probability: float | None
    held_back: tuple[str, ...]
    found: bool | None
    spent_s: float
    thumb: Guess | None
    ratio: Guess | None
    splink: Guess | None
    record: Record
    right: str | None
    shown: str


def table_of(facts: Mapping[str, Any], halves: Mapping[str, Sequence[Case]]) -> tuple[str, dict[str, Any]]:
    """(markdown for people, the same figures for programs)."""
    figures: dict[str, Any] = {"facts": dict(facts), "halves": {half: _half(cases) for half, cases in halves.items()}}
    lines = [f"{facts['date']}, {facts['machine']}; {facts['people']:,} registrations, seed {facts['seed']}.", ""]
    for half, found in figures["halves"].items():
        lines += [f"### {half}", "", *_shown(found), ""]
    return "\n".join(lines), figures


def _half(cases: Sequence[Case]) -> dict[str, Any]:
    fileable = sum(case.fileable for case in cases)
    filed, wrong = sum(case.filed for case in cases), sum(case.wrong for case in cases)
    times = sorted(1000 * case.spent_s for case in cases)
    looked_for = [case.found for case in cases if case.found is not None]
    return {
        "documents": len(cases),
        "without_answer": sum(not case.answer for case in cases),
        "fileable": fileable,
        "filed": filed,
        "wrong": wrong,
        "wrong_share": wrong / max(1, filed),
        "wrong_share_at_most": upper_bound(wrong, filed, confidence=0.95),
        "fileable_filed": sum(case.filed and case.fileable for case in cases) / max(1, fileable),
        "second": {
            "filed": sum(case.second_filed for case in cases),
            "wrong": sum(case.second_wrong for case in cases),
            "fileable_filed": sum(case.second_filed and case.fileable for case in cases) / max(1, fileable),
        },
        "recall": sum(looked_for) / max(1, len(looked_for)),
        "looked_for": len(looked_for),
        "ms": {name: times[min(len(times) - 1, int(len(times) * q))] for name, q in (("p50", 0.5), ("p99", 0.99))},
        "kinds": {kind: _kind([c for c in cases if c.kind == kind]) for kind in sorted({c.kind for c in cases})},
        "vetoes": _vetoes(cases, fileable),
        "thresholds": {str(t): _at(cases, t, fileable) for t in (0.5, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999)},
        "ranked": {
            name: {str(risk): _best_share(guesses, risk, fileable) for risk in RISKS}
            for name, guesses in _methods(cases).items()
        },
    }


def _kind(cases: Sequence[Case]) -> dict[str, int]:
    return {
        "documents": len(cases),
        "fileable": sum(c.fileable for c in cases),
        "filed": sum(c.filed for c in cases),
        "wrong": sum(c.wrong for c in cases),
    }


def _vetoes(cases: Sequence[Case], fileable: int) -> dict[str, dict[str, float]]:
    """What each veto stops: of the fileable documents, at all and alone; wrong filings that it alone prevents."""
    held: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    saved: Counter[str] = Counter()
    for case in cases:
        if case.fileable and case.best_is_right:
            held.update(case.held_back)
            alone.update(case.held_back if len(case.held_back) == 1 else ())
        if len(case.held_back) == 1 and not case.best_is_right and (case.probability or 0.0) >= 0.9995:
            saved.update(case.held_back)
    return {
        name: {"held": held[name] / max(1, fileable), "alone": alone[name] / max(1, fileable), "saved": saved[name]}
        for name in sorted({*held, *saved}, key=lambda name: -held[name])
    }


def _at(cases: Sequence[Case], threshold: float, fileable: int) -> dict[str, float]:
    filed = [c for c in cases if not c.held_back and c.probability is not None and c.probability >= threshold]
    wrong = sum(not c.best_is_right for c in filed)
    return {"filed": sum(c.fileable for c in filed) / max(1, fileable), "wrong": wrong, "of": len(filed)}


def _methods(cases: Sequence[Case]) -> dict[str, list[tuple[float, bool, bool]]]:
    """Each method's guesses: (score, right, of a fileable document)."""
    ours = [
        (c.probability, c.best_is_right, c.fileable) for c in cases if not c.held_back and c.probability is not None
    ]
    return {
        "Paperchart": ours,
        "MRN and name, or unique name and birth date": [
            (c.thumb.score, c.thumb.right, c.fileable) for c in cases if c.thumb
        ],
        "Splink": [(c.splink.score, c.splink.right, c.fileable) for c in cases if c.splink],
        "rapidfuzz WRatio": [(c.ratio.score, c.ratio.right, c.fileable) for c in cases if c.ratio],
    }


def _best_share(guesses: Sequence[tuple[float, bool, bool]], risk: float, fileable: int) -> float:
    """The largest share of fileable documents filed at any threshold whose wrong share is within the risk."""
    best, right, wrong = 0.0, 0, 0
    ordered = sorted(guesses, key=lambda guess: -guess[0])
    for at, (score, is_right, counts) in enumerate(ordered):
        right += is_right and counts
        wrong += not is_right
        last = at + 1 == len(ordered) or ordered[at + 1][0] < score
        if last and wrong <= risk * (at + 1):
            best = right / max(1, fileable)
    return best


def _shown(found: Mapping[str, Any]) -> list[str]:
    second = found["second"]
    lines = [
        f"{found['documents']:,} documents, {found['without_answer']:,} without a right answer, "
        f"{found['fileable']:,} fileable.",
        f"Filed {found['fileable_filed']:.2%} of the fileable; {found['wrong']} of {found['filed']:,} filed wrongly "
        f"({found['wrong_share']:.1e}; at most {found['wrong_share_at_most']:.1e} with 95 % confidence).",
        f"By the second policy: {second['fileable_filed']:.2%}; {second['wrong']} of {second['filed']:,} wrongly "
        f"({second['wrong'] / max(1, second['filed']):.1e}).",
        f"Right person among the candidates: {found['recall']:.3%} of {found['looked_for']:,} pages with birth date or "
        f"MRN. Retrieve, compare, decide: p50 {found['ms']['p50']:.1f} ms, p99 {found['ms']['p99']:.1f} ms.",
        "",
        "| case | documents | fileable | filed | wrong |",
        "|---|---|---|---|---|",
    ]
    for kind, row in found["kinds"].items():
        lines.append(f"| {kind.replace('_', ' ')} | {row['documents']:,} | {row['fileable']:,} | {row['filed']:,} | "
                     f"{row['wrong']} |")  # fmt: skip
    lines += ["", "| veto | fileable held back | by it alone | wrong filings that it alone prevents |"]
    lines.append("|---|---|---|---|")
    for name, row in found["vetoes"].items():
        lines.append(f"| {name.replace('_', ' ')} | {row['held']:.2%} | {row['alone']:.2%} | {row['saved']:.0f} |")
    lines += ["", "| threshold | fileable filed | wrong | of |", "|---|---|---|---|"]
    for threshold, row in found["thresholds"].items():
        lines.append(f"| {threshold} | {row['filed']:.2%} | {row['wrong']} | {row['of']:,} |")
    lines += ["", "| fileable filed at an observed risk of | 1e-4 | 1e-3 | 1e-2 |", "|---|---|---|---|"]
    for name, row in found["ranked"].items():
        lines.append(f"| {name} | {row['0.0001']:.1%} | {row['0.001']:.1%} | {row['0.01']:.1%} |")
    return lines
