"""Does a document look like one that its patient's record has already? A suspicion on it, nothing more.

Promise: nothing is suppressed or held back for it; the same blank form of two patients is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.evidence.likeness import alike
from ingest.model import Disposition, DocumentState, Flag, FlagKind
from ingest.running.site import Site


def with_suspicions(site: Site, scan: str, dispositions: Sequence[Disposition]) -> tuple[Disposition, ...]:
    """The dispositions, flagged where the patient's record holds what looks the same; `scan` is their own."""
    return tuple(_suspected(site, scan, disposition) for disposition in dispositions)


def _suspected(site: Site, scan: str, disposition: Disposition) -> Disposition:
    best = disposition.candidates[0].mrn if disposition.candidates else None
    mrn = disposition.mrn if disposition.mrn is not None else best
    sketch = disposition.traits.sketch
    if mrn is None or sketch is None or disposition.state not in (DocumentState.FILED, DocumentState.REVIEW):
        return disposition
    flags = [
        Flag(
            kind=FlagKind.LOOKS_ALIKE,
            detail=f"It looks like {held.id} of the same patient, received {held.scan.received_at:%Y-%m-%d}.",
            other=held.id,
        )
        for held in site.ledger.documents(mrn=mrn)
        if held.scan.id != scan and held.traits.sketch is not None and alike(sketch, held.traits.sketch)
    ]
    if not flags:
        return disposition
    traits = replace(disposition.traits, flags=(*disposition.traits.flags, *flags))
    return replace(disposition, traits=traits)
