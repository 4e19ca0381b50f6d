"""What is gone or damaged is put back, where it can be proven: by bytes that hash to what the ledger says.

Promises: nothing else is touched; damaged bytes move to `damaged/` in the site, never away; what was done is one event
in the audit. Bytes come from backups that are named, or a filed PDF is written once more: the same pages give the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.errors import PaperchartError, StorageTrouble
from ingest.intake.spool import Spool, digest_of
from ingest.ledger import FilingOrder, RenditionRow
from ingest.running.custody import lies_at
from ingest.running.pool import WorkerPool
from ingest.running.site import Site
from ingest.running.work import Hands, write_draft
from ingest.syncing import copy_whole, make_folders, sync_folder

DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """One file that is as the ledger says again. `subject` as `verify` names it."""

    subject: str
    how: str


def repair_site(site: Site, backups: Sequence[Path], *, by: str, now: Callable[[], datetime]) -> tuple[Mended, ...]:
    """Everything that was mended. Raises StorageTrouble."""
    try:
        mended = (
            *_mend_store(site, site.spool, _scans(site), "scan", [backup / "spool" for backup in backups]),
            *_mend_store(site, site.artefacts, _artefacts(site), "page artefact", [b / "artefacts" for b in backups]),
            *_mend_records(site, backups, now),
            *(
                Mended(subject=f"patient row {number}", how="the next load of its feed writes it anew")
                for number in site.ledger.distrust_edited_patients()
            ),
        )
    except OSError as error:
        msg = f"the site cannot be written ({error.strerror}); nothing was lost, run again"
        raise StorageTrouble(msg) from None
    if mended:
        facts = {"mended": [one.subject for one in mended]}
        site.ledger.note(action="site.repaired", actor=by, subject="site", details=None, now=now(), facts=facts)
    return mended


def _scans(site: Site) -> set[str]:
    return {row.scan.sha256 for row in site.ledger.scans() if row.spooled}


def _artefacts(site: Site) -> set[str]:
    return {address for row in site.ledger.scans() for address in row.artefacts}


def _mend_store(site: Site, store: Spool, addresses: set[str], what: str, sources: Sequence[Path]) -> Iterator[Mended]:
    for address in sorted(addresses):
        path = store.path(address)
        if not _is(path, address) and (there := _found(address, [Spool(one, one).path(address) for one in sources])):
            _replace(site, path, there, store.root)
            yield Mended(subject=f"{what} {address}", how="put back from a backup")


def _mend_records(site: Site, backups: Sequence[Path], now: Callable[[], datetime]) -> Iterator[Mended]:
    pool: WorkerPool | None = None
    try:
        for row in site.ledger.all_renditions():
            path, sha256 = lies_at(site, row), row.rendition.sha256
            if row.filed_at is None or _is(path, sha256):
                continue
            sources = [backup / path.relative_to(site.home) for backup in backups]
            if there := _found(sha256, sources):
                _replace(site, path, there, site.home)
                yield Mended(subject=row.document_id, how="its filed PDF was put back from a backup")
            elif row.withdrawn_at is None:
                pool = pool or WorkerPool(1, site.limits())
                if _written_again(site, row, path, Hands(site=site, pool=pool, now=now, stopping=lambda: False)):
                    yield Mended(subject=row.document_id, how="its filed PDF was written again, byte for byte")
    finally:
        if pool is not None:
            pool.close()


def _written_again(site: Site, row: RenditionRow, path: Path, hands: Hands) -> bool:
    """Writes the current rendition of a document once more, and keeps it when it is the very same."""
    draft = site.paths.temporary / f"repair-{row.id}-{row.rendition.sha256[:16]}"
    try:
        document = site.ledger.document(row.document_id)
        order = FilingOrder(document=document, kind=site.ledger.scan_kind(document.scan.id), mrn=row.mrn)
        if write_draft(order, draft, hands) is None or digest_of(draft) != row.rendition.sha256:
            return False
        _replace(site, path, draft, site.home)
    except PaperchartError:  # its scan or what was read of it is gone too
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def _found(sha256: str, places: Sequence[Path]) -> Path | None:
    return next((place for place in places if _is(place, sha256)), None)


def _is(path: Path, sha256: str) -> bool:
    return path.is_file() and digest_of(path) == sha256


def _replace(site: Site, path: Path, source: Path, root: Path) -> None:
    if path.exists():
        kept = site.home / DAMAGED
        make_folders(kept, site.home)
        path.rename(kept / f"{digest_of(path)[:16]}-{path.name}")
        sync_folder(kept)
    make_folders(path.parent, root)
    copy_whole(source, path)
    if path.is_relative_to(site.paths.spool):
        path.chmod(0o400)
