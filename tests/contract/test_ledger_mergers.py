"""The contract of the ledger: merged registrations, other institutions' MRNs, former residences, the change log."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.errors import Conflict, NotFound
from ingest.ledger import Ledger
from matchers.patient import OtherMrn, Patient, Residence
from tests.contract.ledger_steps import NOW, later, patient


def of(ledger: Ledger, mrn: str) -> Patient:
    found = ledger.patient(mrn)
    assert found is not None
    return found


def test_a_merger_retires_one_mrn_for_the_other(ledger: Ledger) -> None:
    ledger.load_patients([patient("1"), patient("2"), patient("3")], now=NOW)

    ledger.merge_patients(retired="1", survivor="2", by="ann", now=NOW)

    retired, survivor = of(ledger, "1"), of(ledger, "2")
    assert (retired.merged_into, retired.active) == ("2", False)
    assert (survivor.merged_into, survivor.other_mrns) == (None, (OtherMrn(value="1"),))
    generation, changed = ledger.patients_changed(since=3)
    assert (generation, {p.mrn for p in changed}) == (5, {"1", "2"})
    assert ledger.patients_changed_count(since=4) == 1


def test_a_chain_of_mergers_gives_all_retired_mrns_to_the_last(ledger: Ledger) -> None:
    ledger.load_patients([patient("1"), patient("2"), patient("3")], now=NOW)
    ledger.merge_patients(retired="1", survivor="2", by="ann", now=NOW)
    ledger.merge_patients(retired="2", survivor="3", by="ann", now=NOW)

    assert {other.value for other in of(ledger, "3").other_mrns} == {"1", "2"}

    ledger.unmerge_patient(retired="2", by="ann", now=later(1))
    assert of(ledger, "3").other_mrns == ()
    assert (of(ledger, "2").merged_into, of(ledger, "2").active) == (None, True)
    assert of(ledger, "2").other_mrns == (OtherMrn(value="1"),)


@pytest.mark.parametrize(("retired", "survivor"), [("1", "2"), ("2", "2"), ("3", "1")])
def test_what_cannot_be_merged_changes_nothing(ledger: Ledger, retired: str, survivor: str) -> None:
    ledger.load_patients([patient("1"), patient("2"), patient("3")], now=NOW)
    ledger.merge_patients(retired="1", survivor="2", by="ann", now=NOW)
    before = (ledger.patient_generation(), list(ledger.patients()))

    with pytest.raises(Conflict):
        ledger.merge_patients(retired=retired, survivor=survivor, by="ann", now=NOW)
    with pytest.raises(NotFound):
        ledger.merge_patients(retired="3", survivor="77", by="ann", now=NOW)
    with pytest.raises(Conflict):
        ledger.unmerge_patient(retired="3", by="ann", now=NOW)

    assert (ledger.patient_generation(), list(ledger.patients())) == before


def test_a_later_load_neither_ends_nor_states_a_merger(ledger: Ledger) -> None:
    ledger.load_patients([patient("1"), patient("2")], now=NOW)
    ledger.merge_patients(retired="1", survivor="2", by="ann", now=NOW)

    ledger.load_patients([patient("1", city="Elsewhere"), patient("2", city="Elsewhere")], now=later(1))

    assert of(ledger, "1").merged_into == "2"
    assert of(ledger, "2").other_mrns == (OtherMrn(value="1"),)


def test_a_merger_is_an_event_that_names_nobody(ledger: Ledger) -> None:
    ledger.load_patients([patient("4711"), patient("4712")], now=NOW)
    ledger.merge_patients(retired="4711", survivor="4712", by="ann", now=NOW)

    *_, event = ledger.audit()

    assert (event.action, event.actor, event.facts["generation"]) == ("patients.merged", "ann", 4)
    assert "471" not in str(event.facts)


def test_other_institutions_mrns_come_and_go_with_the_rows(ledger: Ledger) -> None:
    other = OtherMrn(value="H-77", issuer="Mercy")
    ledger.load_patients([patient("1", other_mrns=(other,))], now=NOW)
    assert of(ledger, "1").other_mrns == (other,)

    ledger.load_patients([patient("1", other_mrns=())], now=later(1))
    assert of(ledger, "1").other_mrns == ()


def test_former_addresses_stay_as_former_residences(ledger: Ledger) -> None:
    first = patient("1", address="1 Elm St", zip="01001")
    for row in (
        first,
        replace(first, address="9 Oak Ave"),
        replace(first, address=None, zip=None, city=None, state=None),
    ):
        ledger.load_patients([row], now=NOW)

    found = of(ledger, "1")

    assert found.address is None
    assert set(found.former_residences) == {
        Residence(address="1 Elm St", zip="01001"),
        Residence(address="9 Oak Ave", zip="01001"),
    }
