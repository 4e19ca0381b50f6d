"""Stacks of paper composed of documents that were read one by one: what lies on what, and where documents begin.

A page's artefact does not depend on its neighbours, so a stack of read pages is what reading the whole stack gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from ingest.model import PageArtefact, PageOutcome

MOST_PAGES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One document as it was read, blank backs included, and whose each page is (None: nobody's in the index)."""

    source: str
    mrn: str | None
    person: str
    pages: tuple[PageOutcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """`begins` are the pages, from 1, with which documents begin, the stack's first one left out."""

    pages: tuple[PageOutcome, ...]
    mrns: tuple[str | None, ...]
    begins: frozenset[int]
    separated: bool
    sources: tuple[str, ...]


def papers_of(truth: dict[str, Any], pages: Sequence[PageOutcome]) -> tuple[Paper, ...]:
    """The documents of one drawn file: of a file of two patients two. Files without writing are no documents."""
    if truth["case"] in ("blank", "illegible"):
        return ()
    runs: list[list[int]] = []
    last: str | None = None
    for at, page in enumerate(truth["pages"]):
        back = page["type"] == "blank"
        if not runs or (not back and page["mrn"] != last):
            runs.append([])
        if not back:
            last = page["mrn"]
        runs[-1].append(at)
    return tuple(
        Paper(
            source=f"{truth['file']}/{run[0] + 1}",
            mrn=truth["pages"][run[0]]["mrn"],
            person=truth["pages"][run[0]]["mrn"] or f"{truth['file']}",
            pages=tuple(pages[at] for at in run),
        )
        for run in runs
    )


def compose(rng: Random, papers: Sequence[Paper], sheets: Sequence[PageArtefact]) -> Stack:
    """A stack of 2 to 40 pages; with `sheets` a separator lies between any two documents.

    A third of the documents follow one of the same person where there is one, and documents of several pages are
    drawn as often as those of one.
    """
    wanted = rng.randint(2, MOST_PAGES)
    long = [paper for paper in papers if sum(not _blank(page) for page in paper.pages) > 1]
    of: dict[str, list[Paper]] = {}
    for paper in papers:
        of.setdefault(paper.person, []).append(paper)
    chosen: list[Paper] = []
    size = 0
    while len(chosen) < len(papers) and (not chosen or size < wanted):
        same = [p for p in of[chosen[-1].person] if p not in chosen] if chosen else []
        if same and rng.random() < 1 / 3:
            paper = rng.choice(same)
        else:
            paper = rng.choice(long) if long and rng.random() < 0.5 else rng.choice(papers)
        if any(paper is other for other in chosen):
            continue
        added = len(paper.pages) + (1 if sheets and chosen else 0)
        if chosen and size + added > MOST_PAGES:
            break
        chosen.append(paper)
        size += added
    return _stacked(rng, chosen, sheets)


def _stacked(rng: Random, chosen: Sequence[Paper], sheets: Sequence[PageArtefact]) -> Stack:
    pages: list[PageOutcome] = []
    mrns: list[str | None] = []
    begins: set[int] = set()
    for paper in chosen:
        if pages and sheets:
            pages.append(replace(rng.choice(sheets), page=len(pages) + 1))
            mrns.append(None)
        if pages:
            begins.add(len(pages) + 1)
        for page in paper.pages:
            pages.append(replace(page, page=len(pages) + 1))
            mrns.append(paper.mrn)
    return Stack(
        pages=tuple(pages),
        mrns=tuple(mrns),
        begins=frozenset(begins),
        separated=bool(sheets),
        sources=tuple(paper.source for paper in chosen),
    )


def _blank(page: PageOutcome) -> bool:
    return isinstance(page, PageArtefact) and page.blank
