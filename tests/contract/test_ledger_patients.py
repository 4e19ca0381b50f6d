"""The contract of the ledger: the master patient index, loaded and never forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import BadFile
from ingest.ledger import Ledger, LoadCounts
from matchers.patient import Patient, Sex
from tests.contract.ledger_steps import NOW, later, patient


def counts(**changes: int) -> LoadCounts:
    none = {"inserted": 0, "updated": 0, "unchanged": 0, "deactivated": 0, "repeated": 0}
    return LoadCounts(**{**none, **changes})


def only(ledger: Ledger) -> Patient:
    (found,) = ledger.patients()
    return found


def test_a_patient_comes_back_as_loaded(ledger: Ledger) -> None:
    given_patients = [patient("0012", sex=Sex.FEMALE), patient("012", sex=Sex.OTHER), patient("12", sex=None)]

    assert ledger.load_patients(given_patients, now=NOW) == counts(inserted=3)

    assert list(ledger.patients()) == given_patients
    assert ledger.patient("012") == given_patients[1]
    assert ledger.patient("00012") is None
    assert (ledger.patient_count(), ledger.patient_generation()) == (3, 3)


def test_a_patient_with_nothing_but_the_required_fields_comes_back(ledger: Ledger) -> None:
    bare = Patient(mrn="1", last_name="Li", first_name="Bo", birth_date=date(1900, 2, 28))
    ledger.load_patients([bare], now=NOW)

    assert only(ledger) == bare


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=20), born=st.dates(), account=st.text(min_size=1))
def test_any_text_and_any_date_come_back(ledger: Ledger, text: str, born: date, account: str) -> None:
    odd = Patient(
        mrn=f"m{text}", last_name=text, first_name=text, birth_date=born, address=text, account_numbers=(account,)
    )
    ledger.load_patients([odd], now=NOW)

    found = ledger.patient(odd.mrn)

    assert found is not None
    assert (found.last_name, found.birth_date, found.address) == (text, born, text)
    assert account in found.account_numbers


def test_loading_the_same_again_changes_nothing(ledger: Ledger) -> None:
    rows = [patient("1"), patient("2")]
    ledger.load_patients(rows, now=NOW)

    assert ledger.load_patients(rows, now=later(1)) == counts(unchanged=2)
    assert ledger.patient_generation() == 2


def test_the_first_row_of_an_mrn_counts(ledger: Ledger) -> None:
    rows = [patient("1", last_name="First"), patient("1", last_name="Second"), patient("2")]

    assert ledger.load_patients(rows, now=NOW) == counts(inserted=2, repeated=1)
    first = ledger.patient("1")
    assert first is not None
    assert first.last_name == "First"


def test_former_values_stay_beside_the_present_ones(ledger: Ledger) -> None:
    ledger.load_patients([patient("1", last_name="Doe", former_last_names=("Roe",))], now=NOW)
    married = patient(
        "1",
        last_name="Berg",
        first_name="Johanna",
        former_last_names=(),
        phones=("555-0199",),
        address="9 Oak Ave",
        account_numbers=("0009",),
        ssn_last4="1111",
        birth_date=date(1963, 4, 7),
        sex=Sex.FEMALE,
    )

    assert ledger.load_patients([married], now=later(1)) == counts(updated=1)

    found = only(ledger)
    assert (found.last_name, found.first_name, found.address) == ("Berg", "Johanna", "9 Oak Ave")
    assert (found.birth_date, found.sex, found.ssn_last4) == (date(1963, 4, 7), Sex.FEMALE, "1111")
    assert set(found.former_last_names) == {"Doe", "Roe"}
    assert found.phones == ("555-0199", "555-0100")
    assert found.account_numbers == ("0009", "0007", "0008")


def test_a_former_name_that_is_the_present_one_again_is_no_alias(ledger: Ledger) -> None:
    for name in ("Doe", "Berg", "Doe"):
        ledger.load_patients([patient("1", last_name=name, former_last_names=())], now=NOW)

    assert only(ledger).last_name == "Doe"
    assert only(ledger).former_last_names == ("Berg",)


def test_history_is_kept_row_by_row_with_the_change_that_ended_it(ledger: Ledger) -> None:
    ledger.load_patients([patient("1", address="1 Elm St")], now=NOW)
    ledger.load_patients([patient("1", address="9 Oak Ave")], now=NOW)

    with ledger._database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT address, since_seq, until_seq FROM patient_addresses ORDER BY id"
        ).all()

    assert [tuple(row) for row in rows] == [("1 Elm St", 1, 2), ("9 Oak Ave", 2, None)]


def test_an_account_that_another_patient_holds_now_is_no_longer_the_formers(ledger: Ledger) -> None:
    ledger.load_patients([patient("1", account_numbers=("77",)), patient("2", account_numbers=())], now=NOW)
    ledger.load_patients([patient("1", account_numbers=()), patient("2", account_numbers=("77",))], now=NOW)

    first, second = ledger.patients()

    assert first.account_numbers == ()
    assert second.account_numbers == ("77",)


def test_what_a_row_leaves_out_holds_no_longer(ledger: Ledger) -> None:
    ledger.load_patients([patient("1", sex=Sex.MALE)], now=NOW)
    ledger.load_patients([Patient(mrn="1", last_name="Doe", first_name="John", birth_date=date(1962, 4, 7))], now=NOW)

    found = only(ledger)

    assert (found.sex, found.ssn_last4, found.suffix, found.address, found.zip) == (None, None, None, None, None)


def test_replacing_marks_the_missing_as_inactive_and_deletes_nothing(ledger: Ledger) -> None:
    ledger.load_patients([patient("1"), patient("2"), patient("3")], now=NOW)

    done = ledger.load_patients([patient("2")], now=later(1), replace=True)

    assert done == counts(unchanged=1, deactivated=2)
    assert [(found.mrn, found.active) for found in ledger.patients()] == [("1", False), ("2", True), ("3", False)]
    assert ledger.patient_generation() == 5
    assert ledger.load_patients([patient("2")], now=later(2), replace=True) == counts(unchanged=1)


def test_a_patient_who_comes_back_is_active_again(ledger: Ledger) -> None:
    ledger.load_patients([patient("1"), patient("2")], now=NOW)
    ledger.load_patients([patient("2")], now=NOW, replace=True)

    assert ledger.load_patients([patient("1")], now=NOW) == counts(updated=1)
    assert ledger.patient("1") == patient("1")


def test_a_row_may_say_that_it_is_inactive(ledger: Ledger) -> None:
    ledger.load_patients([patient("1", active=False)], now=NOW)

    assert not only(ledger).active


def test_rows_that_could_not_be_used_do_not_make_their_patients_inactive(ledger: Ledger) -> None:
    ledger.load_patients([patient("1"), patient("2"), patient("3")], now=NOW)
    spared: set[str] = set()

    def rows() -> Iterator[Patient]:
        yield patient("2")
        spared.add("3")

    assert ledger.load_patients(rows(), now=NOW, replace=True, spare=spared).deactivated == 1
    assert [found.mrn for found in ledger.patients() if found.active] == ["2", "3"]


def test_replacing_by_nothing_is_refused(ledger: Ledger) -> None:
    ledger.load_patients([patient("1")], now=NOW)

    with pytest.raises(BadFile):
        ledger.load_patients([], now=NOW, replace=True)
    assert only(ledger).active
    assert ledger.load_patients([], now=NOW) == counts()


def test_a_feed_that_breaks_off_loads_nothing(ledger: Ledger) -> None:
    def rows() -> Iterator[Patient]:
        yield from (patient(str(number)) for number in range(6000))
        msg = "the share went away"
        raise OSError(msg)

    head = ledger.audit_head()
    with pytest.raises(OSError, match="share"):
        ledger.load_patients(rows(), now=NOW)

    assert ledger.patient_count() == 0
    assert ledger.audit_head() == head
    assert ledger.load_patients([patient("1")], now=NOW) == counts(inserted=1)


def test_a_load_is_one_event_that_names_nobody(ledger: Ledger) -> None:
    ledger.load_patients([patient("4711")], now=NOW)

    (event,) = ledger.audit()

    assert (event.action, event.facts["inserted"], event.facts["generation"]) == ("patients.loaded", 1, 1)
    assert "4711" not in str(event)


def test_every_change_has_its_number_without_gaps(ledger: Ledger) -> None:
    ledger.load_patients([patient(str(number)) for number in range(5)], now=NOW)
    ledger.load_patients([patient("1", city="Elsewhere"), patient("9")], now=NOW)
    ledger.load_patients([patient("9")], now=NOW, replace=True)

    with ledger._database.read() as connection:
        rows = connection.exec_driver_sql("SELECT seq, change FROM patient_changes ORDER BY seq").all()

    assert [row.seq for row in rows] == list(range(1, ledger.patient_generation() + 1))
    assert [row.change for row in rows] == ["inserted"] * 5 + ["supporting", "inserted"] + ["deactivated"] * 5


def test_many_patients_are_loaded_and_read_in_batches(ledger: Ledger) -> None:
    rows = [patient(f"{number:05d}", phones=(f"555-{number}",)) for number in range(2500)]
    assert ledger.load_patients(iter(rows), now=NOW) == counts(inserted=2500)

    assert list(ledger.patients()) == rows
    changed = [replace(row, city="Elsewhere") for row in rows[::2]] + rows[1::2]
    assert ledger.load_patients(changed, now=NOW) == counts(updated=1250, unchanged=1250)
    assert {found.city for found in ledger.patients()} == {"Elsewhere", "Springfield"}


def test_changes_far_apart_are_read_whole_and_alone(ledger: Ledger) -> None:
    ledger.load_patients((patient(str(n), account_numbers=(f"A{n}",)) for n in range(3000)), now=NOW)
    since = ledger.patient_generation()
    moved = [patient(str(n), account_numbers=(f"A{n}",), address="1 New St") for n in range(0, 3000, 5)]

    ledger.load_patients(moved, now=later(1))

    generation, changed = ledger.patients_changed(since=since)
    assert generation == since + 600
    assert [p.mrn for p in changed] == [p.mrn for p in moved]
    assert {p.address for p in changed} == {"1 New St"}
    assert [p.account_numbers for p in changed] == [p.account_numbers for p in moved]
    assert [len(p.former_residences) for p in changed] == [1] * 600


def test_registrations_are_drawn_at_random_and_alike_for_a_seed(ledger: Ledger) -> None:
    assert ledger.mrns_drawn(5, seed=1) == ()
    ledger.load_patients([patient(str(number)) for number in range(100, 160)], now=NOW)
    drawn = ledger.mrns_drawn(20, seed=1)
    assert len(set(drawn)) == 20
    assert list(drawn) == sorted(drawn)
    assert ledger.mrns_drawn(20, seed=1) == drawn != ledger.mrns_drawn(20, seed=2)
    assert len(ledger.mrns_drawn(1000, seed=1)) == 60
