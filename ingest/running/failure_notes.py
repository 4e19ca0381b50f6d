"""What a note in the failure folder says: why a file was quarantined, and what a person may do about it."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.model import Document, Scan
from ingest.running.failure_files import head_of
from ingest.running.malware import FOUND


def is_malware(documents: Sequence[Document]) -> bool:
    """Whether the site's scanner found something in it: then nobody gets a copy."""
    return any(FOUND in document.reasons for document in documents)


def note_of(scan: Scan, documents: Sequence[Document], *, copied: bool) -> str:
    """The note of a scan and its quarantined documents; `copied` says whether a copy stands beside it."""
    lines = [head_of(scan), "This file could not be put into a patient's record, or not all of it.", ""]
    for document in documents:
        pages = f", page(s) {', '.join(map(str, document.pages))}" if document.pages else ""
        lines += [f"Document {document.id}{pages}:", *(f"  {reason}" for reason in document.reasons), ""]
    discard = [f"    ingest review discard {document.id}" for document in documents]
    lines += ["What to do:"]
    if not scan.sha256:
        lines += ["- The file still lies in the drop folder: do what is said above, or remove it. Then:", *discard]
    elif not copied:
        lines += ["- No copy is put here. Ask your administrator; then:", *discard]
    else:
        lines += ["- If the paper is at hand, scan it again into the drop folder. Then discard what failed:", *discard]
        lines += ["- If the file is good and a setting was not (a password, a limit), correct that. Then:"]
        lines += [f"    ingest retry {scan.id}", ""]
        lines += ["The file beside this note is a copy. Both go by themselves when that is done. If they are deleted"]
        lines += ["before, they come back when the program is started again."]
    return "\n".join(lines) + "\n"
