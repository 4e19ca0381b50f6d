"""Documents as the contract's JSON lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ingest.model import Document, Finding, Flag
from matchers import candidate_to_json


def document_to_json(document: Document, flags: Sequence[Flag] | None = None) -> dict[str, Any]:
    """One line of `ingest documents --json`; names and meanings are the contract's. `flags`: else its own."""
    line: dict[str, Any] = {
        "document": document.id,
        "scan": document.scan.id,
        "source": document.scan.source,
        "source_sha256": document.scan.sha256,
        "origin": document.scan.origin,
        "pages": list(document.pages),
        "state": document.state.value,
        "mrn": document.mrn,
        "probability": document.probability,
        "reasons": list(document.reasons),
        "type": document.type,
        "document_date": document.document_date.isoformat() if document.document_date else None,
        "flags": [_flag_to_json(flag) for flag in (document.traits.flags if flags is None else flags)],
        "evidence": [_finding_to_json(finding) for finding in document.findings],
        "candidates": [candidate_to_json(candidate) for candidate in document.candidates],
        "filed_as": document.filed_as,
        "text": document.text_state,
        "received_at": utc(document.scan.received_at),
        "decided_at": utc(document.decided_at),
        "decided_by": document.decided_by,
        "version": document.version,
    }
    if document.would_file_mrn is not None:
        line["would_file_mrn"] = document.would_file_mrn
    if document.parents:
        line["parents"] = list(document.parents)
    if document.copy_of is not None:
        line["copy_of"] = document.copy_of
    if document.retired:
        line["retired"] = True
    return line


def _flag_to_json(flag: Flag) -> dict[str, Any]:
    line = {"flag": flag.kind.value, "detail": flag.detail}
    return line if flag.other is None else line | {"document": flag.other}


def _finding_to_json(finding: Finding) -> dict[str, Any]:
    box = finding.box
    return {
        "field": finding.field.value,
        "role": finding.role.value,
        "value": finding.value,
        "raw": finding.raw,
        "page": finding.page,
        "box": [round(edge, 5) for edge in (box.x0, box.y0, box.x1, box.y1)],
        "confidence": round(finding.confidence, 4),
        "source": finding.source.value,
        "label": finding.label,
        "alternatives": [{"value": other.value, "probability": other.weight} for other in finding.alternatives],
    }


def utc(moment: datetime | None) -> str | None:
    """ISO time in UTC with milliseconds and "Z"."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None
