"""Findings, candidates and texts survive the ledger without loss."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.ledger import codec
from ingest.ledger.patient_codec import decode_patient, encode_patient, fingerprint
from ingest.model import Box, Finding, Role
from matchers.decision import Candidate, FieldComparison, Veto, VetoName
from matchers.patient import Alternative, Field, Patient, Sex, Source

# Any text at all, lone surrogates and NULs too: file names and OCR know no limits.
TEXT = st.text(st.characters(exclude_categories=()), max_size=30)
REAL = st.floats(allow_nan=False)
MAYBE = st.none() | TEXT

FINDING = st.builds(
    Finding,
    field=st.sampled_from(Field),
    role=st.sampled_from(Role),
    value=TEXT,
    raw=TEXT,
    page=st.integers(1, 5000),
    box=st.builds(Box, x0=REAL, y0=REAL, x1=REAL, y1=REAL),
    confidence=REAL,
    source=st.sampled_from(Source),
    place=TEXT,
    label=MAYBE,
    other_reading=MAYBE,
    alternatives=st.lists(st.builds(Alternative, value=TEXT, weight=st.floats(0, 1)), max_size=3).map(tuple),
)
COMPARISON = st.builds(
    FieldComparison,
    field=st.sampled_from(Field),
    query=TEXT,
    patient=MAYBE,
    level=TEXT,
    weight_bits=REAL,
    agrees=st.booleans(),
)
VETO = st.builds(Veto, name=st.sampled_from(VetoName), reason=TEXT, other_mrn=st.none() | TEXT)
CANDIDATE = st.builds(
    Candidate,
    mrn=TEXT,
    probability=REAL,
    weight_bits=REAL,
    fields=st.lists(COMPARISON, max_size=3).map(tuple),
    vetoes=st.lists(VETO, max_size=3).map(tuple),
    prior_bits=st.none() | REAL,
    odds_bits=st.none() | REAL,
    people=st.none() | st.integers(1, 10**8),
    against_unknown_bits=st.none() | REAL,
)
PATIENT = st.builds(
    Patient,
    mrn=TEXT,
    last_name=TEXT,
    first_name=TEXT,
    birth_date=st.dates(),
    middle_name=MAYBE,
    suffix=MAYBE,
    former_last_names=st.lists(TEXT, max_size=3).map(tuple),
    sex=st.none() | st.sampled_from(Sex),
    ssn_last4=MAYBE,
    phones=st.lists(TEXT, max_size=3).map(tuple),
    address=MAYBE,
    city=MAYBE,
    state=MAYBE,
    zip=MAYBE,
    account_numbers=st.lists(TEXT, max_size=3).map(tuple),
    active=st.booleans(),
)


@given(findings=st.lists(FINDING, max_size=3).map(tuple))
def test_findings_come_back(findings: tuple[Finding, ...]) -> None:
    text = codec.encode_findings(findings)

    assert text.isascii()
    assert codec.decode_findings(text) == findings


@given(candidates=st.lists(CANDIDATE, max_size=3).map(tuple))
def test_candidates_come_back(candidates: tuple[Candidate, ...]) -> None:
    assert codec.decode_candidates(codec.encode_candidates(candidates)) == candidates


@given(texts=st.lists(TEXT, max_size=4).map(tuple), mapping=st.dictionaries(TEXT, TEXT, max_size=4))
def test_texts_and_mappings_come_back(texts: tuple[str, ...], mapping: dict[str, str]) -> None:
    assert codec.decode_texts(codec.encode_texts(texts)) == texts
    assert codec.decode_mapping(codec.encode_mapping(mapping)) == mapping


@given(patient=PATIENT)
def test_a_staged_patient_comes_back(patient: Patient) -> None:
    assert decode_patient(encode_patient(patient)) == patient


@given(one=PATIENT, other=PATIENT)
def test_patients_have_one_fingerprint_exactly_when_they_are_equal(one: Patient, other: Patient) -> None:
    same = fingerprint(encode_patient(one)) == fingerprint(encode_patient(other))

    assert same == (one == other)


@pytest.mark.parametrize("weight", [float("inf"), float("-inf")])
def test_infinite_weights_are_plain_json_and_come_back(weight: float) -> None:
    candidate = Candidate(mrn="1", probability=0.0, weight_bits=weight, fields=(), vetoes=())
    text = codec.encode_candidates((candidate,))

    def refuse(token: str) -> Any:
        raise AssertionError(token)

    assert json.loads(text, parse_constant=refuse)
    assert codec.decode_candidates(text) == (candidate,)


@given(mapping=st.dictionaries(st.text(max_size=5), st.integers(), max_size=5))
def test_equal_values_have_one_canonical_text(mapping: dict[str, int]) -> None:
    backwards = dict(reversed(mapping.items()))

    assert codec.canonical(mapping) == codec.canonical(backwards)


@pytest.mark.parametrize("decode", [codec.decode_findings, codec.decode_candidates, codec.decode_texts])
def test_an_empty_list_is_empty(decode: Callable[[str], tuple[object, ...]]) -> None:
    assert decode("[]") == ()


def test_candidates_that_older_versions_recorded_are_read() -> None:
    older = (
        '[{"fields":[],"mrn":"1","probability":0.5,"vetoes":[{"name":"rival","reason":"Two fit."}],'
        '"weight_bits":"inf"}]'
    )
    (candidate,) = codec.decode_candidates(older)

    assert candidate == Candidate(
        mrn="1",
        probability=0.5,
        weight_bits=math.inf,
        fields=(),
        vetoes=(Veto(name=VetoName.RIVAL, reason="Two fit."),),
    )
    assert (candidate.prior_bits, candidate.odds_bits, candidate.people, candidate.against_unknown_bits) == (None,) * 4
