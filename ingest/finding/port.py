"""What a store of full text promises, whichever database keeps it.

Promises: a page is found by words that stand on it, newest paper first, and nothing is found of a document that
was taken out; how far the ledger's events are taken in (`Reached`) is stored in the transaction of what they
changed, so that a crash at any instant leaves a store that only has to go on. All of it can be made anew from
the ledger and the pages' artefacts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol


class Term(NamedTuple):
    """Words that must stand next to each other in this order; with `prefix` the last one may go on."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """One page: its number in the scan, and its text with line breaks."""

    page: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledPages:
    """What the store shall hold of one document; `pages` is () for one that is not filed (any more).

    `day` is the day the document speaks of, or else the one it was received on.
    """

    document: int
    pages: tuple[PageText, ...]
    mrn: str | None = None
    type: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """The newest event of the ledger that the store has taken in: sequence number and hash. 0 and "" for none."""

    seq: int
    hash: str


NOTHING = Reached(seq=0, hash="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """All terms must stand on one page. `first` and `last` are days, both included; None asks for nothing."""

    terms: tuple[Term, ...]
    mrn: str | None = None
    type: str | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A page on which all terms stand, with its whole text."""

    document: int
    page: int
    text: str


class TextStore(Protocol):
    """The port. Failures are `ingest.errors` with a remedy, without any word of a page or a search."""

    def reached(self) -> Reached:
        """How far the ledger's events are taken in; NOTHING for a store that is new or of another version."""
        ...

    def take(self, documents: tuple[FiledPages, ...], *, after: Reached, now: Reached) -> bool:
        """Puts each document's pages in place of what was there. One transaction.

        False, and nothing is changed, when the store has not reached `after`: another process was quicker.
        """
        ...

    def find(self, search: Search, *, limit: int) -> tuple[Hit, ...]:
        """At most `limit` pages, newest document first, a document's pages in order."""
        ...

    def clear(self) -> None:
        """Empties the store, also one that is damaged or of another version."""
        ...

    def close(self) -> None:
        """Lets go of the database; idempotent."""
        ...
