"""The line format of `patients match`: tolerant coming in, exact going out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from matchers import Outcome, Patient, decision_to_json, identifiers_from_json
from matchers.patient import Field
from tests.unit.matchers.clinic import Clinic

JOHN = Patient(
    mrn="2003456",
    last_name="Smith",
    first_name="John",
    middle_name="Quincy",
    birth_date=date(1962, 4, 7),
    phones=("555-123-4567",),
    account_numbers=("400123456", "400123457"),
    address="12 Oak St",
    zip="02139",
)


def test_names_come_whole_or_in_parts() -> None:
    parts = identifiers_from_json({"last_name": "Smith, ", "first_name": "John", "middle_name": "Q", "suffix": "Jr"})
    assert [reading.value for reading in parts.names] == ["Smith, John Q, Jr"]
    assert identifiers_from_json({"first_name": "John"}).names[0].value == ", John"
    both = identifiers_from_json({"name": "John Smith", "last_name": "Smith"})
    assert [reading.value for reading in both.names] == ["John Smith", "Smith, "]


def test_the_label_stands_on_the_mrn() -> None:
    found = identifiers_from_json({"mrn": "123", "mrn_label": "Outside MRN"})
    assert found.mrns[0].label == "Outside MRN"


def test_numbers_lists_and_oddities_are_tolerated() -> None:
    found = identifiers_from_json(
        {
            "mrn": 2003456,
            "name": ["John Smith", 7, None, ["x"]],
            "phone": True,
            "zip": {},
            "birth_date": " ",
            "shoe": 43,
        }
    )
    assert [reading.value for reading in found.mrns] == ["2003456"]
    assert [reading.value for reading in found.names] == ["John Smith", "7"]
    assert (found.phones, found.zips, found.birth_dates) == ((), (), ())
    assert found.of(Field.MRN) == found.mrns
    assert identifiers_from_json({}).empty


def test_a_decision_has_the_shape_of_the_contract(clinic_of: Callable[..., Clinic]) -> None:
    line = {
        "name": "SMITH, JOHN Q",
        "birth_date": "04/07/1962",
        "mrn": "2003456",
        "phone": "5551234567",
        "account_number": "400123456",
        "address": "12 Oak St",
        "zip": "02139",
        "sex": "M",
    }
    decision = clinic_of(JOHN).decide(**line)
    out = json.loads(json.dumps(decision_to_json(decision, "row-7")))
    assert (out["id"], out["outcome"], out["mrn"]) == ("row-7", "file", "2003456")
    assert out["reasons"]
    fields = {field["field"]: field for field in out["candidates"][0]["fields"]}
    assert fields["account_number"]["patient"] == "400123456; 400123457"
    assert fields["birth_date"] == {
        "field": "birth_date",
        "query": "04/07/1962",
        "patient": "1962-04-07",
        "level": "birth date agrees",
        "weight_bits": fields["birth_date"]["weight_bits"],
    }
    assert out["candidates"][0]["vetoes"] == []
    total = sum(field["weight_bits"] for field in out["candidates"][0]["fields"])
    assert abs(total - out["candidates"][0]["weight_bits"]) < 0.1


def test_reasons_show_no_control_characters(clinic_of: Callable[..., Clinic]) -> None:
    decision = clinic_of(JOHN).decide(name="SMITH, RO\x1b[31mBERT", mrn="2003456")
    assert decision.outcome is Outcome.REVIEW
    assert all(reason.isprintable() for reason in decision.reasons)
    assert all(field.query.isprintable() for field in decision.candidates[0].fields)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    ["id", "name", "last_name", "first_name", "suffix", "birth_date", "sex", "mrn", "mrn_label", "account_number",
     "phone", "ssn_last4", "address", "zip"]
)  # fmt: skip


@given(st.dictionaries(KEYS, JSON, max_size=8))
def test_any_line_is_decided(line: dict[str, object]) -> None:
    decision = SMALL.judge(identifiers_from_json(line))
    assert decision.outcome in (Outcome.NONE, Outcome.REVIEW)
    assert decision.reasons


def _small() -> Clinic:
    from matchers import PatientIndex, load_policy

    return Clinic(PatientIndex.of([JOHN]), load_policy())


SMALL = _small()
