"""What both databases keep of a page, and how their failures are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ingest.errors import LedgerUnreachable, MissingPart, PaperchartError, StorageTrouble
from ingest.finding.port import FiledPages, Search
from ingest.finding.tokens import mark_of_patient, mark_of_type, marks_of_day, marks_of_span

PAGES_MOST = 1 << 20
_STORAGE = (
    "the store of full text cannot be used (its disk is full or read-only, or it is damaged); "
    "make room, or make it anew with: ingest find --rebuild"
)
_SILENT = "the store of full text is busy or does not answer; run it again in a moment"
_FAULT = "the store of full text is not as it should be; make it anew with: ingest find --rebuild"


def key_of(document: int, page: int) -> int:
    """Newer documents have greater keys, and so do a document's earlier pages: the greatest key is shown first."""
    return document * PAGES_MOST + PAGES_MOST - 1 - page


def keys_of(document: int) -> tuple[int, int]:
    """The least and the greatest key that a page of the document can have."""
    return document * PAGES_MOST, (document + 1) * PAGES_MOST - 1


def document_and_page(key: int) -> tuple[int, int]:
    """Whose key it is."""
    return key // PAGES_MOST, PAGES_MOST - 1 - key % PAGES_MOST


def marks_of(filed: FiledPages) -> tuple[str, ...]:
    """What the document's pages are found by besides their words."""
    return (
        *((mark_of_patient(filed.mrn),) if filed.mrn is not None else ()),
        *((mark_of_type(filed.type),) if filed.type is not None else ()),
        *(marks_of_day(filed.day) if filed.day is not None else ()),
    )


def marks_wanted(search: Search) -> tuple[tuple[str, ...], ...] | None:
    """Groups of marks, of each of which a page must have one; None where no page can."""
    groups: list[tuple[str, ...]] = []
    if search.mrn is not None:
        groups.append((mark_of_patient(search.mrn),))
    if search.type is not None:
        groups.append((mark_of_type(search.type),))
    if search.first is not None or search.last is not None:
        groups.append(tuple(marks_of_span(search.first, search.last)))
    return tuple(groups) if all(groups) else None


@contextmanager
def told() -> Iterator[None]:
    """A database's failure as one of this store, not of the ledger."""
    try:
        yield
    except StorageTrouble:
        raise StorageTrouble(_STORAGE) from None
    except LedgerUnreachable:
        raise LedgerUnreachable(_SILENT) from None
    except MissingPart:
        raise
    except PaperchartError:
        raise StorageTrouble(_FAULT) from None
