"""How a stack was split and filed, held against its truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.model import Disposition, DocumentState
from tests.benchmarks.stacks.compose import Stack

_NO_DOCUMENT = (DocumentState.BLANK, DocumentState.SEPARATOR, DocumentState.QUARANTINED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Boundaries right, made up and missed; pages filed, and filed to another patient; whether the law holds.

    `proposed` counts the missed ones that a person is asked about; `glued` the documents that hold two patients' pages.
    """

    separated: bool
    pages: int
    right: int
    made_up: tuple[str, ...]
    missed: tuple[str, ...]
    proposed: int
    filed: int
    wrong: tuple[str, ...]
    lawful: bool


def judge(stack: Stack, dispositions: Sequence[Disposition]) -> Judged:
    """One stack's figures."""
    documents = sorted((d for d in dispositions if d.state not in _NO_DOCUMENT), key=lambda d: d.pages[0])
    made = {document.pages[0] for document in documents[1:]}
    asked = " ".join(reason for document in documents for reason in document.reasons)
    held = sorted(page for disposition in dispositions for page in disposition.pages)
    filed = [(page, document) for document in documents if document.mrn is not None for page in document.pages]
    missed = stack.begins - made
    return Judged(
        separated=stack.separated,
        pages=len(stack.pages),
        right=len(made & stack.begins),
        made_up=tuple(f"{page} of {' '.join(stack.sources)}" for page in sorted(made - stack.begins)),
        missed=tuple(f"{page} of {' '.join(stack.sources)}" for page in sorted(missed)),
        proposed=sum(f"before page {page}?" in asked for page in missed),
        filed=len(filed),
        wrong=tuple(
            f"{page} to {document.mrn}: {' '.join(stack.sources)}"
            for page, document in filed
            if stack.mrns[page - 1] != document.mrn
        ),
        lawful=held == list(range(1, len(stack.pages) + 1)),
    )


def f1(judged: Sequence[Judged]) -> float:
    """Of the boundaries of several stacks."""
    right = sum(one.right for one in judged)
    off = sum(len(one.made_up) + len(one.missed) for one in judged)
    return 2 * right / (2 * right + off) if right or off else 1.0
