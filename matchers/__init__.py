"""Who is this? Noisy identifiers from paper in, a decision about the patient out.

    index = PatientIndex.open(path)
    decision = decide(identifiers, index.candidates(identifiers), population=index.population,
                      policy=load_policy(), generation=index.generation)

Stands alone: no OCR, no ledger, no site.
"""

from __future__ import annotations

from matchers.decide import agreeing_fields, decide, holds_against, lives_elsewhere
from matchers.decision import Candidate, Decision, FieldComparison, Outcome, Veto, VetoName
from matchers.exchange import candidate_to_json, decision_to_json, identifiers_from_json
from matchers.index import PatientIndex, SegmentDamaged, build_index
from matchers.normalise import PersonName, parse_name, read_dates, show_name
from matchers.patient import Alternative, Field, Identifiers, Patient, Reading, Sex, Source
from matchers.population import CountedPopulation, Population
from matchers.waterfall import Step, Waterfall, waterfall_html, waterfall_of, waterfall_to_json
from matchers.weights import Policy, PolicyError, load_policy

__all__ = [
    "Alternative",
    "Candidate",
    "CountedPopulation",
    "Decision",
    "Field",
    "FieldComparison",
    "Identifiers",
    "Outcome",
    "Patient",
    "PatientIndex",
    "PersonName",
    "Policy",
    "PolicyError",
    "Population",
    "Reading",
    "SegmentDamaged",
    "Sex",
    "Source",
    "Step",
    "Veto",
    "VetoName",
    "Waterfall",
    "agreeing_fields",
    "build_index",
    "candidate_to_json",
    "decide",
    "decision_to_json",
    "holds_against",
    "identifiers_from_json",
    "lives_elsewhere",
    "load_policy",
    "parse_name",
    "read_dates",
    "show_name",
    "waterfall_html",
    "waterfall_of",
    "waterfall_to_json",
]
