"""What the program makes of pages that a person has cut anew."""

from __future__ import annotations

from ingest import pipeline
from ingest.model import Disposition, Scan
from ingest.running.filemarks import flags_held, with_flags
from ingest.running.outcomes import load
from ingest.running.site import Site


def rejudge(site: Site, scan: Scan, pages: tuple[int, ...]) -> Disposition:
    """The pages as one document, decided as if they had been scanned alone."""
    rows = [row for row in site.ledger.pages_of(scan.id) if row.number in pages]
    settled = pipeline.settle(scan, tuple(load(row, site) for row in rows), site.house())
    of_scan = (one for one in site.ledger.documents(scan=scan.id, history=True) if one.scan.id == scan.id)
    return with_flags(settled, flags_held(of_scan))
