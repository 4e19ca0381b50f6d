"""Is anything lost? The ledger held against the disk, both ways.

Promises: read only; every scan's bytes, every artefact and every filed PDF is read and hashed; every page
of every scan stands in exactly one living document; files that nobody knows are named; the audit chain is
followed from its first event. Problems name ids and paths inside the site, never what a page says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.intake.spool import Spool, digest_of
from ingest.ledger import Problem, RenditionRow, ScanRow
from ingest.model import DocumentState
from ingest.running.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was looked at, with counts, and everything found wrong."""

    checked: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]


def verify_site(site: Site, *, kept_head: str | None = None) -> Verification:
    """Checks everything; takes as long as reading all kept bytes once. `kept_head` is an audit head of before."""
    scans = tuple(site.ledger.scans())
    problems = [
        *_check_kept(site.spool, {row.scan.sha256 for row in scans if row.spooled}, "scan"),
        *_check_kept(site.artefacts, {address for row in scans for address in row.artefacts}, "page artefact"),
        *_check_law_of_pages(site, scans),
        *_check_records(site),
        *(Problem(kind="audit", subject="chain", reason=reason) for reason in site.ledger.check_audit(kept_head)),
        *site.ledger.check_rows(),
    ]
    checked = (
        ("scans", len(scans)),
        ("pages", sum(row.page_count or 0 for row in scans)),
        ("documents", sum(site.ledger.counts().values())),
        ("filed PDFs", sum(1 for row in site.ledger.all_renditions() if row.withdrawn_at is None)),
        ("audit events", sum(1 for _ in site.ledger.audit())),
    )
    return Verification(checked=checked, problems=tuple(problems))


def _check_kept(store: Spool, known: set[str], what: str) -> Iterator[Problem]:
    present = set(store.addresses())
    for address in sorted(known - present):
        yield Problem(kind="missing", subject=f"{what} {address}", reason="its bytes are gone")
    for address in sorted(known & present):
        if digest_of(store.path(address)) != address:
            yield Problem(kind="damaged", subject=f"{what} {address}", reason="its bytes have changed")
    for address in sorted(present - known):
        # a crash between the copy and the ledger row leaves such a file; the scan is then taken again
        if not _is_whole(store, address):
            reason = "no row of the ledger knows it and it is not what its name says"
            yield Problem(kind="foreign", subject=f"{what} {address}", reason=reason)


def _is_whole(store: Spool, address: str) -> bool:
    path = store.path(address)
    return path.is_file() and digest_of(path) == address


def _check_law_of_pages(site: Site, scans: tuple[ScanRow, ...]) -> Iterator[Problem]:
    lines: Counter[str] = Counter()
    pages: Counter[tuple[str, int]] = Counter()
    for document in site.ledger.documents():
        if document.copy_of is None:  # a copy stands on top of the law: `check_pages` looks at it
            lines[document.scan.id] += 1
            pages.update((document.scan.id, page) for page in document.pages)
        if document.state is DocumentState.FILED and document.filed_as is None:
            yield Problem(kind="unfiled", subject=document.id, reason="filed, but no file is recorded for it")
    for row in scans:
        scan = row.scan.id
        if lines[scan] == 0:
            if site.ledger.open_jobs(scans=(scan,)) == 0:
                yield Problem(kind="lost", subject=scan, reason="no document and no open job stands for it")
            continue
        for page in range(1, (row.page_count or 0) + 1):
            if pages[scan, page] != 1:
                reason = f"page {page} stands in {pages[scan, page]} documents"
                yield Problem(kind="pages", subject=scan, reason=reason)
    for copy in site.ledger.unlawful_copies():
        yield Problem(kind="pages", subject=copy, reason="it is called a copy, and has other pages than what it names")


def _check_records(site: Site) -> Iterator[Problem]:
    known: set[str] = set()
    for row in site.ledger.all_renditions():
        path = lies_at(site, row)
        known.add(str(path))
        if row.filed_at is None and not path.is_file():  # announced, and not there yet or never
            continue
        if not path.is_file():
            yield Problem(kind="missing", subject=row.document_id, reason=f"{_within(site, str(path))} is gone")
        elif digest_of(path) != row.rendition.sha256:
            yield Problem(kind="damaged", subject=row.document_id, reason="its filed PDF has changed")
    for folder in (site.paths.records, site.paths.withdrawn):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and str(file) not in known:
                reason = "no row of the ledger knows this file"
                yield Problem(kind="foreign", subject=_within(site, str(file)), reason=reason)


def lies_at(site: Site, row: RenditionRow) -> Path:
    """Where the file of a rendition is to be found now; a crash may have cut its way out of the records in half."""
    if row.removed_at is not None:
        return site.home / (row.kept_as or "")
    path = site.home / row.rendition.path
    on_its_way = site.paths.withdrawn / f"{row.id}.pdf"
    return on_its_way if row.withdrawn_at is not None and on_its_way.is_file() and not path.is_file() else path


def _within(site: Site, path: str) -> str:
    return path.removeprefix(f"{site.home}/")
