"""A long run's state on disk: one JSON line a block, so that it can be killed and goes on where it was.

The first line says what ran: the fingerprint of the code that reads, decides and draws, and the options. A state of
other code or options is refused, for sums over two programs say nothing about either.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from matchers.calibrate import upper_bound

ROOT = Path(__file__).parents[3]
CODE = (  # desks, ledgers and commands change no decision of a run
    "ingest/*.py",
    "ingest/evidence/**/*.py",
    "ingest/model/**/*.py",
    "ingest/reading/**/*.py",
    "matchers/**/*.py",
    "config/**/*.toml",
    "samples/generate/**/*",
    "tests/benchmarks/reading/*.py",
)
CONFIDENCE = 0.95


class OtherState(ValueError):
    """The state file is of another code or other options."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One scan of which a page was filed to somebody else: enough to draw it again."""

    file: str
    seed: int
    number: int
    case: str
    layout: str
    grade: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What one block of scans came to."""

    block: int
    seed: int
    scans: int
    pages: int
    fileable: int
    fileable_filed: int
    filed: int
    wrong: int
    seconds: float
    wrong_ones: tuple[Wrong, ...] = ()


def fingerprint(root: Path = ROOT) -> str:
    """Of every file that can change what is drawn, read or decided."""
    digest = hashlib.sha256()
    for pattern in CODE:
        for path in sorted(root.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def begin(path: Path, options: dict[str, Any], code: str, *, anyway: bool = False) -> tuple[Block, ...]:
    """The blocks that are done; a new state is begun when there is none, a half-written last line is cut off.

    Raises OtherState for a state of other options or code (`anyway`: of other code only the options are held to).
    """
    if not path.exists():
        _append(path, {"code": code, "options": options})
        return ()
    whole, _, half = path.read_bytes().rpartition(b"\n")
    if half:
        path.write_bytes(whole + b"\n" if whole else b"")
    lines = [json.loads(line) for line in whole.splitlines()]
    if not lines:
        _append(path, {"code": code, "options": options})
        return ()
    if lines[0]["options"] != options:
        raise OtherState(f"{path} was made with other options: {lines[0]['options']}")
    if lines[0]["code"] != code and not anyway:
        raise OtherState(f"{path} was made by other code ({lines[0]['code']}, now {code}); --anyway goes on with it")
    return tuple(_block(line) for line in lines[1:])


def add(path: Path, block: Block) -> None:
    """Appends a block and waits until it is on disk."""
    _append(path, asdict(block))


def _append(path: Path, line: dict[str, Any]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _block(line: dict[str, Any]) -> Block:
    return Block(**{**line, "wrong_ones": tuple(Wrong(**one) for one in line["wrong_ones"])})


def summary(blocks: Sequence[Block]) -> Iterable[str]:
    """Markdown: what all blocks came to, with the exact bound, and every wrong one."""
    filed, wrong = sum(b.filed for b in blocks), sum(b.wrong for b in blocks)
    fileable, pages = sum(b.fileable for b in blocks), sum(b.pages for b in blocks)
    right = sum(b.fileable_filed for b in blocks)
    bound = upper_bound(wrong, filed, confidence=CONFIDENCE) if filed else 1.0
    yield "| scans | pages | fileable filed | pages filed | to a wrong patient | at most (95 %) | processor s a page |"
    yield "|---|---|---|---|---|---|---|"
    yield (
        f"| {sum(b.scans for b in blocks):,} | {pages:,} | {right:,} of {fileable:,} ({right / max(1, fileable):.1%}) "
        f"| {filed:,} | {wrong} | {bound:.2e} | {sum(b.seconds for b in blocks) / max(1, pages):.2f} |"
    )
    for block in blocks:
        for one in block.wrong_ones:
            yield (
                f"WRONG {one.file} {one.case} {one.layout} {one.grade}, drawn again with "
                f"--again {one.seed}:{one.number}: {one.reasons}"
            )
