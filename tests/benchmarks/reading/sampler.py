"""Processor time by step, from the outside: the call stack is looked at a few hundred times a second.

Nothing of the program is changed or wrapped. Python handles a signal only between two of its own steps, so one that
comes while a library works waits for the library's end: therefore each look counts for all the processor time that
went by since the look before, which is right for calls that are long against the interval, as those of the engines are.
"""

from __future__ import annotations

import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

_EVERY_S = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the work: `whole` ones count for all that is called below them, others give way to inner steps."""

    name: str
    whole: bool = False


class Sampler:
    """Sums processor seconds by step while `running`; main thread only, and no other use of SIGPROF."""

    def __init__(self, boundaries: Mapping[Callable[..., Any], Step], rest: str) -> None:
        self._steps = {code_of(function): step for function, step in boundaries.items()}
        self._rest = rest
        self._last = 0.0
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def running(self) -> Iterator[None]:
        """What is done inside is counted."""
        before = signal.signal(signal.SIGPROF, self._look)
        self._last = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, _EVERY_S, _EVERY_S)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            self._count(self._rest)
            signal.signal(signal.SIGPROF, before)

    def _look(self, _signal: int, frame: FrameType | None) -> None:
        codes = []
        while frame is not None:
            codes.append(frame.f_code)
            frame = frame.f_back
        self._count(step_of(codes[::-1], self._steps) or self._rest)

    def _count(self, name: str) -> None:
        now = time.process_time()
        self.seconds[name] += now - self._last
        self._last = now


def step_of(stack: list[CodeType], steps: Mapping[CodeType, Step]) -> str | None:
    """The step that a stack (outermost call first) is in: the outermost whole one, else the innermost. Pure."""
    inner: str | None = None
    for code in stack:
        step = steps.get(code)
        if step is not None:
            inner = step.name
            if step.whole:
                break
    return inner


def code_of(function: Callable[..., Any]) -> CodeType:
    """The code by which a running call of that function is known."""
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType):
        msg = f"{function!r} is no Python function"
        raise TypeError(msg)
    return code
