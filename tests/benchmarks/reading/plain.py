"""The plain script on the scans that the program is measured on: were they easy, it would file most of them."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from samples.generate.batch import GRADES
from samples.generate.person import Person, write_patients
from tests.benchmarks.plain_script import ENDS, end_of, patients_in

TOO_EASY = 0.6
"""Scans of which the plain script files more than this share say little."""


def plain_ends(folder: Path, truths: Sequence[dict[str, Any]], people: list[Person], workers: int) -> list[str]:
    """How the script ends each scan of `folder`, in order; leaves `folder/patients.csv` there."""
    register = folder / "patients.csv"
    write_patients(register, people)
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, initializer=_open, initargs=(folder, register)) as pool:
        return list(pool.imap(_end, truths, chunksize=4))


def plain_table(truths: Sequence[dict[str, Any]], ends: Sequence[str]) -> Iterable[str]:
    """Markdown: by grade, how many scans it filed, of all and of those that a clerk would file; how many wrongly."""
    yield "| plain script | scans | filed | of the fileable filed right | filed wrong |"
    yield "|---|---|---|---|---|"
    grades = [grade for grade in (*GRADES, "ruined") if any(true["grade"] == grade for true in truths)]
    for name in (*grades, "all"):
        rows = [(true, end) for true, end in zip(truths, ends, strict=True) if name in (true["grade"], "all")]
        ended = Counter(end for _, end in rows)
        filed = ended[ENDS[0]] + ended[ENDS[1]]
        fileable = [end for true, end in rows if true["fileable"]]
        right = sum(end == ENDS[0] for end in fileable)
        yield (
            f"| {name} | {len(rows)} | {filed} ({filed / max(1, len(rows)):.1%}) "
            f"| {right} of {len(fileable)} ({right / max(1, len(fileable)):.1%}) | {ended[ENDS[1]]} |"
        )
    share = sum(end != ENDS[2] for end in ends) / max(1, len(ends))
    if share > TOO_EASY:
        yield f"\nIt files {share:.0%}: these scans are too easy."


_FOLDER = Path()
_PATIENTS: dict[str, dict[str, str]] = {}


def _open(folder: Path, register: Path) -> None:
    global _FOLDER, _PATIENTS
    _FOLDER, _PATIENTS = folder, patients_in(register)


def _end(true: dict[str, Any]) -> str:
    return end_of(_FOLDER / true["file"], true, _PATIENTS)
