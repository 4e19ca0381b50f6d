"""What is asked of the index for one paper: values and their keys, ready to be looked up."""

from __future__ import annotations

from dataclasses import dataclass

from matchers.index.segment import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberQuery:
    """Hashes to ask a table of numbers: as printed (they own the number), respelled or misplaced, one edit away."""

    owners: Array
    exact: Array
    near: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class NameQuery:
    """One name in plain form, the hashes of its deletions, and its nicknames."""

    name: str
    deletions: Array
    nicknames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """What is asked of every layer of the index."""

    mrns: NumberQuery
    accounts: NumberQuery
    phones: Array
    houses: Array
    ssn4s: Array
    dates: Array
    near_dates: Array
    surnames: tuple[NameQuery, ...]
    givens: tuple[NameQuery, ...]
    pairs: tuple[tuple[str, str], ...]
