"""Numbers and addresses in one plain form each."""

from __future__ import annotations

import pytest

from matchers.numbers import (
    StreetAddress,
    digits_for_letters,
    normalise_address,
    normalise_identifier,
    normalise_phone,
    normalise_sex,
    normalise_ssn4,
    normalise_zip,
    shape_of,
    without_leading_zeros,
)
from matchers.patient import Sex


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("00-123 45", "0012345"),
        ("MRN: 12345", "12345"),
        ("mrn000123", "000123"),
        ("H-77a", "H77A"),
        ("", ""),
        ("—", ""),
    ],
)
def test_identifiers_keep_their_letters_digits_and_zeros(text: str, plain: str) -> None:
    assert normalise_identifier(text) == plain


def test_shapes_and_zeros_of_identifiers() -> None:
    assert shape_of("MR00123") == "AA99999"
    assert without_leading_zeros("00120") == "120"
    assert without_leading_zeros("000") == "0"
    assert digits_for_letters("1OO4S") == "10045"


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("(555) 123-4567", "5551234567"),
        ("+1 555 123 4567", "5551234567"),
        ("555-123-4567 x12", "5551234567"),
        ("555.123.4567 ext. 9", "5551234567"),
        ("555-123-456O", "5551234560"),
        ("123-4567", "1234567"),
        ("000-0000", None),
        ("12345", None),
        ("", None),
    ],
)
def test_phones(text: str, phone: str | None) -> None:
    assert normalise_phone(text) == phone


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("xxx-xx-1234", "1234"),
        ("123-45-6789", "6789"),
        ("SSN: ***-**-12E4", None),
        ("12E4", None),
        ("12O4", "1204"),
        ("", None),
    ],
)
def test_last_four_of_the_ssn(text: str, digits: str | None) -> None:
    assert normalise_ssn4(text) == digits


@pytest.mark.parametrize(
    ("text", "code"), [("02139-1234", "02139"), ("021391234", "02139"), ("0Z139", "02139"), ("213", None)]
)
def test_zip_codes(text: str, code: str | None) -> None:
    assert normalise_zip(text) == code


@pytest.mark.parametrize(
    ("text", "sex"), [("f", Sex.FEMALE), ("Male", Sex.MALE), ("other", Sex.OTHER), ("U", None), ("", None)]
)
def test_sex(text: str, sex: Sex | None) -> None:
    assert normalise_sex(text) is sex


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("123 North Main Street Apt 4, Boston MA", StreetAddress(number="123", street="N MAIN", unit="4")),
        ("l23 Oak Ave", StreetAddress(number="123", street="OAK")),
        ("12B Elm St", StreetAddress(number="12B", street="ELM")),
        ("PO Box 12", StreetAddress(number=None, street="PO BOX 12")),
        ("Main St", StreetAddress(number=None, street="MAIN")),
        ("", None),
        (", Boston", None),
    ],
)
def test_addresses(text: str, address: StreetAddress | None) -> None:
    assert normalise_address(text) == address
