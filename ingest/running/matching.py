"""Questions in, decisions out: a stream of JSON lines answered in order, on all cores, in bounded memory.

Promises: line n of the output answers line n of the input (empty lines ask nothing); a line that cannot be
understood is answered with "none" and named; never more than a few blocks of lines are in memory; whoever
waits for an answer before asking on gets it.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import select
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from ingest.errors import CannotRunNow
from ingest.running.site import Site, open_site
from matchers import (
    PatientIndex,
    Policy,
    decide,
    decision_to_json,
    identifiers_from_json,
    waterfall_of,
    waterfall_to_json,
)

LONGEST_LINE: Final = 1 << 20
_READ_BYTES: Final = 1 << 16
_BLOCK_LINES: Final = 200
_IN_PROCESS_LINES: Final = 2000
"""So many lines are answered before other processes are worth their start."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of output (JSON, without its end), and what was wrong with the question, if anything was."""

    number: int
    text: str
    problem: str | None = None


Block = tuple[tuple[int, bytes | None], ...]
"""Numbered lines; None for one that was too long to keep."""


def match_lines(site: Site, source: BinaryIO, *, workers: int, explain: bool = False) -> Iterator[Answer | None]:
    """The answers in the order of the lines; None where the reader should now see what was written.

    Raises CannotRunNow when a process of the pool died.
    """
    here = Matcher.of(site, explain=explain)
    blocks = _blocks(source)
    answered = 0
    for block in blocks:
        if block is None:
            yield None
            continue
        yield from here.answers(block)
        answered += len(block)
        if workers > 1 and answered >= _IN_PROCESS_LINES:
            yield from _on_all_cores(site.home, blocks, workers, explain)
            return


def _on_all_cores(home: Path, blocks: Iterator[Block | None], workers: int, explain: bool) -> Iterator[Answer | None]:
    context = multiprocessing.get_context("spawn")
    waiting: deque[Future[list[Answer]]] = deque()
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_open_matcher, initargs=(home, explain))
    try:
        for block in blocks:
            if block is not None:
                waiting.append(pool.submit(_answers, block))
            # Without further input nobody may be kept waiting; else as much as keeps all cores busy.
            while waiting and (block is None or len(waiting) > 4 * workers):
                yield from waiting.popleft().result()
            if block is None:
                yield None
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool:
        msg = "a matching process died (out of memory?); run again with --workers 1"
        raise CannotRunNow(msg) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class Matcher:
    """What one process answers with."""

    index: PatientIndex
    policy: Policy
    explain: bool

    @classmethod
    def of(cls, site: Site, *, explain: bool) -> Matcher:
        """A matcher over the site's present patients."""
        return cls(site.index(), site.policy, explain)

    def answers(self, block: Block) -> list[Answer]:
        """One answer for each line. Total."""
        return [self._answer(number, line) for number, line in block]

    def _answer(self, number: int, line: bytes | None) -> Answer:
        if line is None:
            return _refused(number, f"longer than {LONGEST_LINE >> 20} MB")
        try:
            question = json.loads(line.decode("utf-8", "replace"), parse_float=_number, parse_constant=str)
        except (ValueError, RecursionError):
            question = None
        if not isinstance(question, dict):
            return _refused(number, "not a JSON object")
        identifiers = identifiers_from_json(question)
        index, policy = self.index, self.policy
        decision = decide(
            identifiers,
            index.candidates(identifiers),
            population=index.population,
            policy=policy,
            generation=index.generation,
        )
        told = decision_to_json(decision, question.get("id"))
        if self.explain:
            for shown, candidate in zip(told["candidates"], decision.candidates, strict=True):
                shown["waterfall"] = waterfall_to_json(waterfall_of(candidate, decision.threshold))
        return Answer(number, _text(told))


def _text(told: dict[str, Any]) -> str:
    text = json.dumps(told, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate, escaped in the question
        return json.dumps(told)
    return text


def _number(text: str) -> float | str:
    value = float(text)
    return value if math.isfinite(value) else text


def _refused(number: int, problem: str) -> Answer:
    told = {"id": None, "outcome": "none", "mrn": None, "probability": None}
    return Answer(number, json.dumps(told | {"reasons": [f"This line is {problem}."], "candidates": []}), problem)


_matcher: Callable[[Block], list[Answer]] | None = None


def _open_matcher(home: Path, explain: bool) -> None:
    """In a process of the pool: opens the site once."""
    global _matcher
    _matcher = Matcher.of(open_site(home), explain=explain).answers


def _answers(block: Block) -> list[Answer]:
    if _matcher is None:
        msg = "the matching process was not opened"
        raise CannotRunNow(msg)
    return _matcher(block)


# -- lines


def _blocks(source: BinaryIO) -> Iterator[Block | None]:
    """Numbered lines in blocks as they come; None whenever no further input is there yet."""
    lines: list[tuple[int, bytes | None]] = []
    for number, line in _numbered(source):
        if number is not None:
            lines.append((number, line))
        if lines and (number is None or len(lines) == _BLOCK_LINES):
            yield tuple(lines)
            lines = []
        if number is None:
            yield None
    if lines:
        yield tuple(lines)


def _numbered(source: BinaryIO) -> Iterator[tuple[int | None, bytes | None]]:
    """(number, line) for each line that is not empty; (None, None) whenever no further input is there yet."""
    number, rest, too_long = 0, b"", False
    while data := _read(source):
        *whole, rest = (rest + data).split(b"\n")
        for line in whole:
            number += 1
            if too_long or len(line) > LONGEST_LINE:
                yield number, None
                too_long = False
            elif line.strip():
                yield number, line
        if len(rest) > LONGEST_LINE:
            rest, too_long = b"", True
        if not _is_ready(source):
            yield None, None
    if too_long or rest.strip():
        yield number + 1, None if too_long else rest


def _read(source: BinaryIO) -> bytes:
    """What is there, at least one byte; b"" at the end."""
    read_some = getattr(source, "read1", source.read)
    data: bytes = read_some(_READ_BYTES)
    return data


def _is_ready(source: BinaryIO) -> bool:
    """Whether reading on would not wait."""
    try:
        return bool(select.select([source.fileno()], [], [], 0)[0])
    except (OSError, ValueError):
        return True  # no file behind it: all of it is there
