"""What the paper says where its identity stands, fetched for the desk in the terminal."""

from __future__ import annotations

from ingest.errors import Damaged
from ingest.evidence.identity_rows import IdentityRow, identity_rows, page_of_identity
from ingest.model import Document, PageArtefact
from ingest.running.outcomes import load
from ingest.running.site import Site


def paper_of(site: Site, document: Document) -> tuple[IdentityRow, ...]:
    """Rows of the page that says most about whose the document is; none where it was not read or is damaged."""
    number = page_of_identity(document.pages, document.findings)
    for row in site.ledger.pages_of(document.scan.id):
        if row.number == number and row.artefact_sha256 is not None:
            try:
                page = load(row, site)
            except Damaged:  # `verify` tells of it; the picture and the findings are still there
                return ()
            return identity_rows(page, document.findings) if isinstance(page, PageArtefact) else ()
    return ()
