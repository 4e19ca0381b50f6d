"""Scans that lie in a site's spool and ledger already, for tests of what comes behind intake."""

from __future__ import annotations

import io
from datetime import datetime

from PIL import Image

from ingest.ledger import Job, JobKind
from ingest.model import IntakeKey, Scan, ScanKind
from ingest.running.site import Site
from tests.contract.ledger_steps import HERE


def take_white_page(site: Site, now: datetime, *, name: str = "a.png", origin: str = "") -> Scan:
    """A small white picture, taken in; another name makes other bytes."""
    held = io.BytesIO()
    Image.new("L", (200, 100), 255).save(held, "PNG")
    kept = site.spool.keep_bytes(held.getvalue() + name.encode())
    key = IntakeKey(path=f"/inbox/{name}", device=1, inode=1, size=kept.size, mtime_ns=1, sha256=kept.sha256)
    return site.ledger.take_in(key=key, source=name, origin=origin, now=now, drop=True)


def open_white_page(site: Site, now: datetime, *, name: str = "a.png", origin: str = "") -> Job:
    """The same, opened: its READ job."""
    scan = take_white_page(site, now, name=name, origin=origin)
    job = site.ledger.claim(worker=HERE, kinds=(JobKind.READ,), lease_s=60, now=now, subject=scan.id)
    assert job is not None
    site.ledger.record_opened(job, kind=ScanKind.PNG, pages=1)
    return job
