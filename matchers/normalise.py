"""Paper and register in one plain form: the one door to names, dates, numbers and addresses."""

from __future__ import annotations

from matchers.dates import LATEST_BIRTH, date_digits, read_dates
from matchers.lettering import fold
from matchers.names import PersonName, name_words, normalise_suffix, parse_name, patient_name, show_name
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

__all__ = [
    "LATEST_BIRTH",
    "PersonName",
    "StreetAddress",
    "date_digits",
    "digits_for_letters",
    "fold",
    "name_words",
    "normalise_address",
    "normalise_identifier",
    "normalise_phone",
    "normalise_sex",
    "normalise_ssn4",
    "normalise_suffix",
    "normalise_zip",
    "parse_name",
    "patient_name",
    "read_dates",
    "shape_of",
    "show_name",
    "without_leading_zeros",
]
