"""Processor time told to steps from the outside."""

from __future__ import annotations

import time

import pytest

from tests.benchmarks.reading.sampler import Sampler, Step, code_of, step_of
from tests.benchmarks.reading.steps import LAYOUT, OCR, ORDER, boundaries, table_of


def _outer() -> None:
    _inner()


def _inner() -> None:
    _busy(0.1)


def _busy(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_the_inner_step_counts_unless_the_outer_one_is_whole() -> None:
    stack = [code_of(test_the_inner_step_counts_unless_the_outer_one_is_whole), code_of(_outer), code_of(_inner)]
    inner = {code_of(_outer): Step(name="outer"), code_of(_inner): Step(name="inner")}
    assert step_of(stack, inner) == "inner"
    assert step_of(stack, inner | {code_of(_outer): Step(name="outer", whole=True)}) == "outer"
    assert step_of(stack[:1], inner) is None


def test_time_goes_to_the_step_that_took_it() -> None:
    sampler = Sampler({_outer: Step(name="outer"), _inner: Step(name="inner")}, "rest")
    with sampler.running():
        _outer()
        _busy(0.05)
    assert sampler.seconds["inner"] == pytest.approx(0.1, abs=0.04)
    assert sampler.seconds["rest"] == pytest.approx(0.05, abs=0.04)


def test_what_is_no_python_function_cannot_be_a_boundary() -> None:
    with pytest.raises(TypeError):
        code_of(len)


def test_every_boundary_has_a_line_in_the_table() -> None:
    assert {step.name for step in boundaries().values()} <= set(ORDER)


def test_the_layouts_share_is_taken_off_the_engines() -> None:
    lines = list(table_of({OCR: 3.0, "PDF": 1.0}, 1.0, 10))
    assert f"| {OCR} | 200 | 50% |" in lines
    assert f"| {LAYOUT} | 100 | 25% |" in lines
    assert lines[-1] == "| together | 400 | |"
