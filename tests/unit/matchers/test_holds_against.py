"""Each page is held against the patient of its document: noise passes, another identity does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from matchers import Identifiers, Patient, Reading, Source, VetoName
from tests.unit.matchers.clinic import Clinic

JOHN = Patient(
    mrn="2003456", last_name="Smith", first_name="John", birth_date=date(1962, 4, 7), account_numbers=("400123456",)
)
MARY = Patient(
    mrn="2003458", last_name="Novak", first_name="Mary", birth_date=date(1971, 9, 2), account_numbers=("400765432",)
)


@pytest.fixture(scope="module")
def clinic(clinic_of: Callable[..., Clinic]) -> Clinic:
    return clinic_of(JOHN, MARY)


def page(**values: tuple[str, float | None]) -> Identifiers:
    fields = {name: (Reading(value=value, certainty=certainty),) for name, (value, certainty) in values.items()}
    return Identifiers(**fields)


@pytest.mark.parametrize(
    "paper",
    [
        Identifiers(),
        page(names=("SMITH, JOHN", None)),
        page(names=("SM1TH, J0HN", 0.5), birth_dates=("04/01/1962", 0.5), mrns=("20O3456", 0.7)),
        page(names=("XQRZ TLVW", 0.3)),
        page(mrns=("2003458", 0.3)),
        page(mrns=("2009099", 0.2)),
        page(birth_dates=("11/12/2013", 0.4)),
        page(names=("BAKER, HELEN", 0.1), birth_dates=("11/12/2013", 0.1)),
        page(account_numbers=("499999999", 0.99)),
        page(account_numbers=("400765432", 0.1)),
        page(mrns=("H-77", 0.99)),
        page(zips=("99999", 0.99), phones=("555-999-9999", 0.99)),
    ],
)
def test_noise_and_silence_hold_nothing_against_the_patient(clinic: Clinic, paper: Identifiers) -> None:
    assert clinic.against("2003456", paper) == ()


@pytest.mark.parametrize(
    ("paper", "veto"),
    [
        (page(names=("NOVAK, MARY", None)), VetoName.GIVEN_NAME_CONTRADICTS),
        (page(names=("NOVAK, MARY", 0.9)), VetoName.FAMILY_NAME_CONTRADICTS),
        (page(mrns=("2003458", 0.97)), VetoName.MRN_OF_ANOTHER),
        (page(mrns=("2003458", None)), VetoName.MRN_OF_ANOTHER),
        (page(mrns=("2006789", None)), VetoName.MRN_CONTRADICTS),
        (page(account_numbers=("400765432", None)), VetoName.ACCOUNT_OF_ANOTHER),
        (page(birth_dates=("09/02/1971", None)), VetoName.BIRTH_DATE_CONTRADICTS),
        (page(names=("NOVAK, MARY", 0.4)), VetoName.GIVEN_NAME_CONTRADICTS),
        (page(names=("JONES, MARY", 0.4), birth_dates=("09/02/1971", 0.4)), VetoName.BIRTH_DATE_CONTRADICTS),
    ],
)
def test_another_identity_on_a_page_is_found(clinic: Clinic, paper: Identifiers, veto: VetoName) -> None:
    found = clinic.against("2003456", paper)
    assert veto in {item.name for item in found}
    assert all(item.reason for item in found)


def test_a_barcode_of_another_patient_is_found(clinic: Clinic) -> None:
    paper = Identifiers(mrns=(Reading(value="2003458", source=Source.BARCODE),))
    names = [veto.name for veto in clinic.against("2003456", paper)]
    assert VetoName.MRN_OF_ANOTHER in names
