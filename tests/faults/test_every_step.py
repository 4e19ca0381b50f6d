"""The process dies at each durable step in turn, and begun again it ends as if nothing had happened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.durable import Step
from ingest.running.custody import verify_site
from ingest.running.site import open_site
from tests.faults import dying, story

# `make bench-faults` tries every step on PostgreSQL too
SOME = (Step.TAKEN_IN, Step.READ, Step.FILING_ANNOUNCED, Step.PDF_PLACED, Step.DECIDED_BY_PERSON)
ON_POSTGRES = tuple(Step) if "FAULT_KILLS" in os.environ else SOME


def begun(home: Path, ledger_url: str = "") -> Path:
    story.make(home, ledger_url=ledger_url)
    story.drop(home / "inbox")
    return home


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[story.Line, ...]:
    """What the day comes to when nobody dies."""
    home = begun(tmp_path_factory.mktemp("calm") / "site")
    dying.live(home)
    assert story.faults(home, dropped=story.DROPPED) == []
    return story.ending(home)


def test_the_day_makes_every_step(tmp_path: Path) -> None:
    """Else the tests below try less than there is."""
    made = dying.steps_of(begun(tmp_path / "site"))
    assert set(made) == set(Step)


@pytest.mark.parametrize("step", Step)
def test_death_at_a_step_is_as_if_it_had_not_been(
    step: Step, tmp_path: Path, undisturbed: tuple[story.Line, ...]
) -> None:
    _dies_and_lives(begun(tmp_path / "site"), step, undisturbed)


@pytest.mark.postgres
@pytest.mark.parametrize("step", ON_POSTGRES)
def test_nor_on_postgresql(step: Step, postgres_url: str, tmp_path: Path, undisturbed: tuple[story.Line, ...]) -> None:
    _dies_and_lives(begun(tmp_path / "site", postgres_url), step, undisturbed)


def _dies_and_lives(home: Path, step: Step, undisturbed: tuple[story.Line, ...]) -> None:
    assert dying.die_at(home, step, 1)
    dying.die_at(home, step, 2)  # and at once again, where it is made again
    dying.live(home)
    assert story.ending(home) == undisturbed
    assert story.faults(home, dropped=story.DROPPED) == []


@pytest.mark.parametrize("step", [Step.WITHDRAWN_MOVED, Step.PDF_LINKED, Step.FILING_ANNOUNCED, Step.ORIGINAL_REMOVED])
@pytest.mark.parametrize("time", [1, 2])
def test_verify_finds_nothing_where_a_way_was_cut_in_half(step: Step, time: int, tmp_path: Path) -> None:
    home = begun(tmp_path / "site")
    dying.die_at(home, step, time)
    with open_site(home) as site:
        assert verify_site(site).problems == ()
