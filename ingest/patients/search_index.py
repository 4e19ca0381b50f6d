"""The patient index on disk, kept in step with the ledger's patients.

Promises: what is opened holds every change up to its generation at least; a build that is broken off
leaves the former segment; a damaged segment is built again from the ledger, which is the truth.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from ingest.ledger import Ledger
from matchers import PatientIndex, SegmentDamaged, build_index


def open_index(ledger: Ledger, folder: Path) -> PatientIndex:
    """The index of the ledger's present patients, built first when there is none of this generation."""
    generation = ledger.patient_generation()  # read before the patients: later changes make a later one
    segment = folder / f"patients-{generation:012d}"
    if segment.exists():
        try:
            return PatientIndex.open(segment)
        except SegmentDamaged:
            _remove(segment)
    build_index(ledger.patients(), segment, generation=generation)
    for older in folder.glob("patients-*"):
        if older.name < segment.name:
            _remove(older)  # processes that have it open keep their mapping
    return PatientIndex.open(segment)


def _remove(segment: Path) -> None:
    if segment.is_dir():
        shutil.rmtree(segment, ignore_errors=True)
    else:
        segment.unlink(missing_ok=True)
