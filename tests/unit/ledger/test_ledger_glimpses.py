"""What is found in a decision's JSON without decoding it is what decoding it gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.ledger import codec, glimpses
from ingest.model import Finding, Flag, FlagKind, ReportStatus, Sketch, Traits
from matchers.decision import Candidate
from matchers.patient import Source
from tests.unit.ledger.test_ledger_codec import CANDIDATE, FINDING, TEXT

# What would look like a key, were quotes not escaped.
_TRAPS = st.sampled_from(
    ['"confidence":0.5,"field":', '"source":"text","value":', '"vetoes":[', '],"weight_bits":', '"flags":[],"report":']
)
_FLAGS = st.builds(Flag, kind=st.sampled_from(FlagKind), detail=TEXT | _TRAPS, other=st.none() | TEXT)
_SKETCH = st.builds(
    Sketch, pages=st.just(1), words=st.just((1, 2)), numbers=st.just((3,)), places=st.integers(0, 2**64)
)
_TRAITS = st.builds(
    Traits,
    flags=st.lists(_FLAGS, max_size=3).map(tuple),
    report=st.none() | st.sampled_from(ReportStatus),
    accession=st.none() | TEXT | _TRAPS,
    sketch=st.none() | _SKETCH,
)


@given(findings=st.lists(FINDING, max_size=4).map(tuple))
def test_confidences_are_those_of_the_findings_read_as_text(findings: tuple[Finding, ...]) -> None:
    read = tuple(finding.confidence for finding in findings if finding.source is Source.TEXT)
    assert glimpses.text_confidences(codec.encode_findings(findings)) == read


@given(candidates=st.lists(CANDIDATE, max_size=3).map(tuple))
def test_vetoes_are_those_of_the_first_candidate(candidates: tuple[Candidate, ...]) -> None:
    vetoes = candidates[0].vetoes if candidates else ()
    found = glimpses.first_vetoes(codec.encode_candidates(candidates))
    assert found == tuple((veto.name, veto.reason) for veto in vetoes)


@given(traits=_TRAITS)
def test_flags_are_those_of_the_traits(traits: Traits) -> None:
    kinds = tuple(flag.kind for flag in traits.flags)
    assert glimpses.flag_kinds(codec.encode_traits(traits)) == kinds


def test_older_decisions_have_no_traits() -> None:
    assert glimpses.flag_kinds(None) == ()


@pytest.mark.parametrize("trap", ['"vetoes":[', '],"weight_bits":', '"confidence":0.5,"field":'])
def test_paper_that_looks_like_json_deceives_nobody(trap: str) -> None:
    text = codec.encode_texts((trap,))
    assert glimpses.text_confidences(text) == ()
    assert glimpses.first_vetoes(text) == ()
