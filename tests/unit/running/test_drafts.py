"""Names of temporary files: a living owner's are spared, those of everybody else are cleared away."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ingest.drafts import began, draft_name, owner_is_gone


def test_the_draft_of_a_living_process_is_spared() -> None:
    code = "from ingest.drafts import draft_name; print(draft_name('work'), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        name = other.stdout.readline().strip()
        assert not owner_is_gone(name)
        other.communicate("\n")
    assert owner_is_gone(name)


def test_who_only_has_the_number_of_one_that_is_gone_owns_nothing() -> None:
    parent = os.getppid()
    assert not owner_is_gone(f"work-{parent}-{began(parent)}-abcdef")
    assert owner_is_gone(f"work-{parent}-{(began(parent) or 0) - 1}-abcdef")


def test_names_of_before_are_spared_as_long_as_the_number_lives() -> None:
    assert not owner_is_gone(f"work-{os.getppid()}-abcdef0123456789")


@pytest.mark.parametrize("name", ["", "anything", "work-abc-1-2", "work-999999999999-1-2", "x.tmp"])
def test_what_is_nobodys_goes(name: str) -> None:
    assert owner_is_gone(name)


def test_ones_own_is_from_before() -> None:
    assert owner_is_gone(draft_name("own"))
