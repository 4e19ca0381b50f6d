"""Older lessons teach, newer ones try: no moment and no scan on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from ingest.learning.split import by_time
from tests.contract.ledger_steps import later


@dataclass(frozen=True)
class Told:
    scan_id: str
    told_at: datetime


TOLD = st.lists(st.builds(Told, st.sampled_from("abcdefgh"), st.integers(0, 30).map(later)), max_size=60)


@given(TOLD)
def test_everything_that_teaches_was_told_before_everything_that_tries(lessons: list[Told]) -> None:
    split = by_time(lessons)
    if split.older and split.newer:
        assert max(one.told_at for one in split.older) < min(one.told_at for one in split.newer)
    assert not {one.scan_id for one in split.older} & {one.scan_id for one in split.newer}
    assert len(split.older) <= max(1, int(0.7 * len(lessons)) + 1)
    assert set(split.older) | set(split.newer) <= set(lessons)


def test_seven_tenths_teach() -> None:
    split = by_time([Told(str(at), later(at)) for at in reversed(range(100))])
    assert (len(split.older), len(split.newer), split.cut) == (70, 30, later(70))


def test_what_was_told_in_one_moment_cannot_be_parted() -> None:
    split = by_time([Told(str(at), later(0)) for at in range(100)])
    assert (split.older, len(split.newer)) == ((), 100)
