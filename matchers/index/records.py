"""A patient as a few bytes, and back. Fields that the index does not need to search stay in here."""

from __future__ import annotations

from datetime import date
from typing import Final

from matchers.patient import Patient, Sex

_FIELD: Final = "\x1f"
_ITEM: Final = "\x1e"
_CLEAN: Final = str.maketrans({_FIELD: " ", _ITEM: " "})


def encode(patient: Patient) -> bytes:
    """The registration as bytes; the two separator characters inside values become spaces."""
    values = (
        patient.mrn,
        patient.last_name,
        patient.first_name,
        patient.birth_date.isoformat(),
        patient.middle_name,
        patient.suffix,
        patient.sex.value if patient.sex else None,
        patient.ssn_last4,
        patient.address,
        patient.city,
        patient.state,
        patient.zip,
        "1" if patient.active else "0",
    )
    several = (patient.former_last_names, patient.phones, patient.account_numbers)
    texts = [value or "" for value in values] + [_ITEM.join(items) for items in several]
    separators = (len(texts) - 1, sum(max(0, len(items) - 1) for items in several))
    record = _FIELD.join(texts)
    if (record.count(_FIELD), record.count(_ITEM)) != separators:
        texts = [(value or "").translate(_CLEAN) for value in values]
        texts += [_ITEM.join(item.translate(_CLEAN) for item in items) for items in several]
        record = _FIELD.join(texts)
    return record.encode("utf-8", "surrogatepass")


def decode(record: bytes) -> Patient:
    """The registration that `encode` was given."""
    texts = record.decode("utf-8", "surrogatepass").split(_FIELD)
    former, phones, accounts = (tuple(text.split(_ITEM)) if text else () for text in texts[13:])
    return Patient(
        mrn=texts[0],
        last_name=texts[1],
        first_name=texts[2],
        birth_date=date.fromisoformat(texts[3]),
        middle_name=texts[4] or None,
        suffix=texts[5] or None,
        sex=Sex(texts[6]) if texts[6] else None,
        ssn_last4=texts[7] or None,
        address=texts[8] or None,
        city=texts[9] or None,
        state=texts[10] or None,
        zip=texts[11] or None,
        active=texts[12] == "1",
        former_last_names=former,
        phones=phones,
        account_numbers=accounts,
    )
