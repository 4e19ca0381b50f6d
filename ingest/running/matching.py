"""Questions in, decisions out: a stream of JSON lines answered in order, on all cores, in bounded memory.

Promises: line n of the output answers line n of the input; an empty one, or one that cannot be
understood, is answered with "none", the latter named; never more than a few blocks of lines are in memory; whoever
waits for an answer before asking on gets it; the processes that answer end with this one, however it ends.

Each process opens the site's index with its first block and keeps it: patients loaded during a run are not
followed. Every answer carries the index generation that it rests on.
"""

from __future__ import annotations

import json
import math
import resource
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Final

from ingest.errors import CannotRunNow
from ingest.running.line_blocks import LONGEST_LINE, Block, blocks, is_ready
from ingest.running.pool import Limits, TaskTrouble, WorkerPool
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

_IN_PROCESS_LINES: Final = 400
"""So many are answered about as fast as other processes start."""
_PAUSE_S: Final = 0.05
"""Input that stays away so long comes from somebody who waits for answers, not from a file."""
_LOOK_S: Final = 0.01
_AHEAD: Final = 4
"""So many blocks for each process may be under way."""
_BLOCK_S: Final = 900.0
"""Far more than a block takes, were the index to be built first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of output (JSON, without its end), and what was wrong with the question, if anything was."""

    number: int
    text: str
    problem: str | None = None


def match_lines(site: Site, source: BinaryIO, *, workers: int, explain: bool = False) -> Iterator[Answer | None]:
    """The answers in the order of the lines; None where the reader should now see what was written.

    Raises CannotRunNow when another process gave no answer, BadFile when no more can be read.
    """
    here = Matcher.of(site, explain=explain)
    incoming = blocks(source)
    in_a_row = 0
    for block in incoming:
        if block is None:
            yield None
            if not is_ready(source, _PAUSE_S):
                in_a_row = 0
            continue
        yield from here.answers(block)
        in_a_row += len(block)
        if workers > 1 and in_a_row >= _IN_PROCESS_LINES:
            yield from _on_all_cores(site.home, source, incoming, workers=workers, explain=explain)
            return


def _on_all_cores(
    home: Path, source: BinaryIO, incoming: Iterator[Block | None], *, workers: int, explain: bool
) -> Iterator[Answer | None]:
    waiting: deque[Future[bytes]] = deque()
    pool = WorkerPool(workers, _no_limits())
    finished = False
    try:
        for block in incoming:
            if block is not None:
                waiting.append(pool.submit(answer_block, home, explain, block, timeout_s=_BLOCK_S))
            while waiting and (waiting[0].done() or len(waiting) > _AHEAD * workers):
                yield from _received(waiting.popleft())
            if block is None:
                # Nobody may be kept waiting for what is answered, and no core for what can be read.
                yield None
                while waiting and not is_ready(source, _LOOK_S):
                    if waiting[0].done():
                        yield from _received(waiting.popleft())
                        yield None
        while waiting:
            yield from _received(waiting.popleft())
        finished = True
    except TaskTrouble as trouble:
        msg = f"a matching process gave no answer ({trouble}); run it again with --workers 1"
        raise CannotRunNow(msg) from None
    finally:
        pool.close(kill=not finished)


def _received(result: Future[bytes]) -> Iterator[Answer]:
    return (Answer(*told) for told in json.loads(result.result()))


def _no_limits() -> Limits:
    """An index of any size may be mapped; the lines are bounded already."""
    return Limits(
        memory_bytes=resource.getrlimit(resource.RLIMIT_AS)[1],
        file_bytes=resource.getrlimit(resource.RLIMIT_FSIZE)[1],
    )


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
            if not line.strip():
                return _refused(number, "empty", named=False)
            question = _question(line)
            if question is None:
                return _refused(number, "not a JSON object")
            return Answer(number, _text(self._decided(question)))
        except RecursionError:  # also an `id` that could just be read and is too deep to be given back
            return _refused(number, "nested too deeply")

    def _decided(self, question: dict[str, Any]) -> dict[str, Any]:
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
        return told


def answer_block(home: Path, explain: bool, block: Block) -> bytes:
    """The answers to one block as JSON: a task for a process of the pool."""
    answers = _matcher(home, explain).answers(block)
    return json.dumps([(answer.number, answer.text, answer.problem) for answer in answers]).encode()


@cache
def _matcher(home: Path, explain: bool) -> Matcher:
    """One for each process, for as long as it lives."""
    return Matcher.of(open_site(home), explain=explain)


def _question(line: bytes) -> dict[str, Any] | None:
    try:
        question = json.loads(line.decode("utf-8", "replace"), parse_float=_number, parse_constant=str)
    except ValueError:
        return None
    return question if isinstance(question, dict) else None


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


def _refused(number: int, problem: str, *, named: bool = True) -> Answer:
    answer = {"id": None, "outcome": "none", "mrn": None, "probability": None}
    text = json.dumps(answer | {"reasons": [f"This line is {problem}."], "candidates": []})
    return Answer(number, text, problem if named else None)
