"""`ingest review next`: the queue worked with one line a document, over any terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TextIO

from rich.console import Console

from ingest.cli.cells import plain
from ingest.cli.review_keys import (
    HELP,
    Accept,
    Ask,
    Assign,
    BringBack,
    Defer,
    Describe,
    Discard,
    Join,
    Key,
    OpenPage,
    Quit,
    Rotate,
    Search,
    Skip,
    Split,
    Undo,
    Unknown,
    Weights,
    parse_key,
)
from ingest.cli.review_tables import item_view
from ingest.errors import WrongUse
from ingest.evidence.doctypes import DocType
from ingest.evidence.identity_rows import IdentityRow
from ingest.ledger import InquiryKind
from ingest.model import Document, DocumentState
from ingest.review import AsksAgain, Desk, Item, QueueFilter
from ingest.review.typed import typed_day
from ingest.review.words import person
from matchers.patient import Patient


@dataclass(slots=True, kw_only=True)
class Sitting:
    """One person's time at the desk: where they read and type, and what was left for later."""

    desk: Desk
    console: Console
    lines: TextIO
    settle: Callable[[str], Document]
    open_picture: Callable[[str, int], None]
    paper: Callable[[Document], tuple[IdentityRow, ...]]
    search: Callable[[str], tuple[Patient, ...]]
    now: Callable[[], datetime]
    last: str | None = None  # what was decided on last, and can be taken back
    later: set[str] = field(default_factory=set)
    decided: int = 0


def work_queue(sitting: Sitting, queue: QueueFilter) -> None:
    """Item after item until the queue is empty, the person quits or standard input ends."""
    while (item := sitting.desk.next(queue, skip=sitting.later)) is not None:
        sitting.console.rule()
        _show(sitting, item)
        if not _decide(sitting, item):
            break
    else:
        sitting.console.print("nothing more waits for review")
    left = f", {len(sitting.later)} left for later" if sitting.later else ""
    sitting.console.print(f"{sitting.decided} decided{left}")


def _show(sitting: Sitting, item: Item, *, weights: bool = False) -> None:
    paper = sitting.paper(item.document)
    sitting.console.print(item_view(item, sitting.console, paper=paper, weights=weights))


def _decide(sitting: Sitting, item: Item) -> bool:
    """Reads lines until this item is settled; False to leave the desk."""
    while True:
        line = _ask(sitting, "[number, /WORDS, a MRN, s PAGE, x, d, r, t TYPE, u, o, w, q; ? for help] ")
        if line is None:
            return False
        key = parse_key(line)
        if isinstance(key, Quit):
            return False
        try:
            if _carry_out(sitting, item, key):
                return True
        except WrongUse as trouble:
            sitting.console.print(plain(str(trouble), style="bold"))
            if sitting.desk.show(item.document.id).document.version != item.document.version:
                return True  # somebody else was faster: on to what waits now


def _carry_out(sitting: Sitting, item: Item, key: Key) -> bool:
    """Does what was asked; True when the item is settled. Raises WrongUse for what cannot be done."""
    document = item.document
    match key:
        case Accept(number):
            return _file(
                sitting,
                lambda confirm: sitting.desk.accept(document.id, number, version=document.version, confirm=confirm),
            )
        case Assign(mrn):
            return _file(
                sitting,
                lambda confirm: sitting.desk.assign(document.id, mrn, version=document.version, confirm=confirm),
            )
        case Discard(reason):
            reason = reason or _ask(sitting, "Why? ") or ""
            sitting.desk.discard(document.id, reason, version=document.version)
            sitting.decided += 1
            sitting.last = document.id
            sitting.console.print(f"{document.id} discarded")
            return True
        case Split(before):
            parts = sitting.desk.split(document.id, before, version=document.version)
            return _recut(sitting, parts)
        case Join(others):
            return _recut(sitting, (sitting.desk.join((document.id, *others)),))
        case Search(words):
            _show_found(sitting, words)
        case Rotate() | Describe() | Defer() | Ask():
            return _short_of_deciding(sitting, document, key)
        case BringBack(other):
            brought = sitting.desk.bring_back(other)
            sitting.console.print(plain(f"{brought.id} waits for a person now"))
        case Undo():
            return _undo(sitting)
        case Skip():
            sitting.later.add(document.id)
            return True
        case OpenPage(page):
            sitting.open_picture(document.id, page if page is not None else next(iter(document.pages), 1))
        case Weights():
            _show(sitting, item, weights=True)
        case Quit() | Unknown():
            sitting.console.print(HELP)
    return False


def _short_of_deciding(sitting: Sitting, document: Document, key: Rotate | Describe | Defer | Ask) -> bool:
    """What leaves it open whose the document is; True when this sitting is done with it."""
    match key:
        case Rotate(page, degrees):
            number = page if page is not None else next(iter(document.pages), 1)
            turned = sitting.settle(sitting.desk.rotate(document.id, number, degrees, version=document.version).id)
            if turned.state is DocumentState.REVIEW:
                return _comes_up_again(sitting, turned)
            return _told(sitting, turned)
        case Describe(kind, day):
            described = sitting.desk.describe(
                document.id,
                type_=_type(kind),
                document_date=document.document_date if day is None else typed_day(day),
                version=document.version,
            )
            return _comes_up_again(sitting, described)
        case Defer(hours):
            sitting.desk.defer(document.id, until=sitting.now() + timedelta(hours=hours))
            sitting.console.print(f"{document.id} is put off for {hours} hours")
            return True
        case Ask(owner, question, rescan):
            kind_asked = InquiryKind.RESCAN if rescan else InquiryKind.QUERY
            asked = sitting.desk.ask(document.id, kind=kind_asked, owner=owner, question=question)
            sitting.console.print(plain(f"{document.id} waits for {owner}, until {asked.due} at the latest"))
            return True


def _file(sitting: Sitting, give: Callable[[bool], Document | AsksAgain]) -> bool:
    answer = give(False)
    if isinstance(answer, AsksAgain):
        sitting.console.print("These things speak against this patient:", style="bold")
        for objection in answer.objections:
            sitting.console.print(plain(f"  - {objection}"))
        if (_ask(sitting, "File it all the same? [y/N] ") or "").strip().casefold() not in {"y", "yes"}:
            return False
        answer = give(True)
        if isinstance(answer, AsksAgain):
            return False
    settled = sitting.settle(answer.id)
    sitting.decided += 1
    sitting.last = settled.id
    if settled.state is DocumentState.FILED:
        sitting.console.print(plain(f"{settled.id} filed to MRN {settled.mrn}"))
    else:
        sitting.later.add(settled.id)
        sitting.console.print(plain(f"{settled.id} is {settled.state}: {settled.reasons[0]}", style="bold"))
    return True


def _told(sitting: Sitting, document: Document) -> bool:
    """Says what became of a document that is settled."""
    sitting.decided += 1
    end = f"filed to MRN {document.mrn}" if document.state is DocumentState.FILED else str(document.state)
    sitting.console.print(plain(f"{document.id}: {end}"))
    return True


def _comes_up_again(sitting: Sitting, document: Document) -> bool:
    """Shows a document as it is by now, and goes on with it."""
    item = sitting.desk.show(document.id)
    _show(sitting, item)
    return _decide(sitting, item)


def _undo(sitting: Sitting) -> bool:
    if sitting.last is None:
        msg = "nothing was decided in this sitting: ingest review undo DOCUMENT takes an older decision back"
        raise WrongUse(msg)
    taken_back, sitting.last = sitting.desk.undo(sitting.last), None
    settled = sitting.settle(taken_back.id)
    sitting.console.print(plain(f"{settled.id} is {settled.state} again"))
    sitting.later.discard(settled.id)
    return False


def _show_found(sitting: Sitting, words: str) -> None:
    found = sitting.search(words)
    for patient in found:
        sitting.console.print(plain(f"  {person(patient)}   (a {patient.mrn})"))
    if not found:
        sitting.console.print("  nobody found; try fewer words, or only the birth date")


def _type(word: str) -> str:
    if word not in list(DocType):
        msg = f"there is no such type; there are {', '.join(DocType)}"
        raise WrongUse(msg)
    return word


def _recut(sitting: Sitting, documents: tuple[Document, ...]) -> bool:
    """Tells what became of the new documents; those that wait come up again in their turn."""
    for document in documents:
        settled = sitting.settle(document.id)
        pages = ", ".join(map(str, settled.pages))
        end = f"filed to MRN {settled.mrn}" if settled.state is DocumentState.FILED else str(settled.state)
        sitting.console.print(plain(f"{settled.id}, page {pages}: {end}"))
    sitting.decided += 1
    return True


def _ask(sitting: Sitting, prompt: str) -> str | None:
    """One typed line; None when there are no more."""
    sitting.console.print(prompt, end="", markup=False, highlight=False)
    line = sitting.lines.readline()
    return line.strip() if line else None
