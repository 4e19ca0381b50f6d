"""The patient index: an immutable, memory-mapped segment and the probes into it."""

from __future__ import annotations

from matchers.index.build import build_index
from matchers.index.patient_index import PatientIndex
from matchers.index.population import IndexPopulation
from matchers.index.segment import SegmentDamaged

__all__ = ["IndexPopulation", "PatientIndex", "SegmentDamaged", "build_index"]
