"""Observed misfile rates of the program and of people, by month, layout or source, from second looks. Pure.

Promises: a rate stands for all decisions that had a chance of a second look, not for those that were looked at; its
bound holds with 95 % (`second_look_bounds`). Known cases stand for nothing here; they say how well people look.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from ingest.ledger import FrameCell, KnownAnswer, Look, LookKind, LookStanding
from ingest.review.second_look_bounds import Layer, at_most, estimate, so_far

ALL = "all"
NO_TYPE = "untyped"

Frame: TypeAlias = Mapping[FrameCell, int]


class RatesBy(StrEnum):
    """What rates are asked for: everything together, or by month, by layout (type) or by source (origin)."""

    NOTHING = "nothing"
    MONTH = "month"
    TYPE = "type"
    ORIGIN = "origin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How often decisions of one kind and group were wrong.

    `decisions` had a chance of a second look, `looked` got one, `waiting` were chosen and wait for it. `wrong` were
    settled so; `disputed` wait for a supervisor and count as wrong everywhere. `at_most` is of all of them, with what
    waits taken for wrong; `so_far` leaves that out, with what it stands for. `exact` says that all had the same chance.
    `estimate` is None when nothing was looked at.
    """

    kind: LookKind
    group: str
    decisions: int
    looked: int
    waiting: int
    wrong: int
    disputed: int
    estimate: float | None
    at_most: float
    so_far: float
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LookerRate:
    """How often somebody was right about known cases."""

    person: str
    shown: int
    wrong: int
    unsure: int


def rates(looks: Iterable[Look], frame: Frame, by: RatesBy) -> tuple[Rate, ...]:
    """A rate for each kind and group that has decisions, in the order of kinds and groups."""
    group = _grouping(by)
    decisions: defaultdict[tuple[LookKind, str], Counter[int]] = defaultdict(Counter)
    for cell, count in frame.items():
        decisions[cell.kind, group(cell)][cell.one_in] += count
    seen: defaultdict[tuple[LookKind, str], list[Look]] = defaultdict(list)
    for look in looks:
        seen[look.kind, group(look)].append(look)
    kinds = list(LookKind)
    found = sorted(decisions, key=lambda pair: (kinds.index(pair[0]), pair[1]))
    return tuple(_rate(kind, name, decisions[kind, name], seen[kind, name]) for kind, name in found)


def looker_rates(answers: Iterable[KnownAnswer]) -> tuple[LookerRate, ...]:
    """A rate for everybody who was shown known cases, by name."""
    told: defaultdict[str, list[bool | None]] = defaultdict(list)
    for answer in answers:
        told[answer.person].append(answer.right)
    return tuple(
        LookerRate(person=person, shown=len(rights), wrong=rights.count(False), unsure=rights.count(None))
        for person, rights in sorted(told.items())
    )


def _rate(kind: LookKind, group: str, decisions: Mapping[int, int], looks: list[Look]) -> Rate:
    by_chance = {one_in: Counter(look.standing for look in looks if look.one_in == one_in) for one_in in decisions}
    layers = [_layer(one_in, count, by_chance[one_in]) for one_in, count in sorted(decisions.items())]
    standings = Counter(look.standing for look in looks)
    return Rate(
        kind=kind,
        group=group,
        decisions=sum(decisions.values()),
        looked=standings.total() - standings[LookStanding.OPEN],
        waiting=standings[LookStanding.OPEN],
        wrong=standings[LookStanding.FIRST_WRONG],
        disputed=standings[LookStanding.DISPUTED],
        estimate=estimate(layers),
        at_most=at_most(layers),
        so_far=so_far(layers),
        exact=len(layers) == 1,
    )


def _layer(one_in: int, decisions: int, standings: Counter[LookStanding]) -> Layer:
    return Layer(
        one_in=one_in,
        decisions=decisions,
        looked=standings.total() - standings[LookStanding.OPEN],
        wrong=standings[LookStanding.FIRST_WRONG] + standings[LookStanding.DISPUTED],
        waiting=standings[LookStanding.OPEN],
    )


def _grouping(by: RatesBy) -> Callable[[FrameCell | Look], str]:
    match by:
        case RatesBy.NOTHING:
            return lambda _: ALL
        case RatesBy.MONTH:
            return lambda one: one.month
        case RatesBy.TYPE:
            return lambda one: one.type or NO_TYPE
        case RatesBy.ORIGIN:
            return lambda one: one.origin
