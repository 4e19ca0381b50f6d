"""What a filed PDF says of itself, as the site's `filing.metadata` allows."""

from __future__ import annotations

from ingest.filing.archive import About
from ingest.model import Document
from ingest.settings import Metadata


def about(document: Document, mrn: str, allowed: Metadata) -> About:
    """Title and identifier of a document's PDF. Nothing of the patient, unless the site allows all."""
    numbers = f"{document.id} {document.scan.id}"
    match allowed:
        case Metadata.NONE:
            return About()
        case Metadata.IDS:
            return About(title=document.id, identifier=numbers)
        case Metadata.FULL:
            kind = document.type.replace("_", " ").capitalize() if document.type else "Document"
            day = document.document_date.isoformat() if document.document_date else None
            return About(title=", ".join(filter(None, (kind, day, f"MRN {mrn}"))), identifier=f"{numbers} {mrn}")
