"""A patient as a few bytes, and back. Fields that the index does not need to search stay in here."""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchers.patient import OtherMrn, Patient, Residence, Sex

_FIELD: Final = "\x1f"
_ITEM: Final = "\x1e"
_PART: Final = "\x1d"
_CLEAN: Final = str.maketrans(dict.fromkeys((_FIELD, _ITEM, _PART), " "))


def encode(patient: Patient) -> bytes:
    """The registration as bytes; the separator characters inside values become spaces."""
    p = patient
    texts = [
        p.mrn,
        p.last_name,
        p.first_name,
        p.birth_date.isoformat(),
        p.middle_name or "",
        p.suffix or "",
        p.sex.value if p.sex else "",
        p.ssn_last4 or "",
        p.address or "",
        p.city or "",
        p.state or "",
        p.zip or "",
        "1" if p.active else "0",
        p.merged_into or "",
    ]
    several: list[tuple[str, ...]] = [p.former_last_names, p.phones, p.account_numbers]
    if not "".join(chain(texts, *several)).isprintable():  # most are, and one look tells
        texts = [_clean(text) for text in texts]
        several = [tuple(map(_clean, values)) for values in several]
    texts += [_ITEM.join(values) for values in several]
    if not p.former_residences and not p.other_mrns:
        return _FIELD.join((*texts, "", "")).encode("utf-8", "surrogatepass")
    texts += [
        _ITEM.join(f"{_clean(r.address or '')}{_PART}{_clean(r.zip or '')}" for r in p.former_residences),
        _ITEM.join(f"{_clean(o.value)}{_PART}{_clean(o.issuer or '')}" for o in p.other_mrns),
    ]
    return _FIELD.join(texts).encode("utf-8", "surrogatepass")


def decode(record: bytes) -> Patient:
    """The registration that `encode` was given."""
    texts = record.decode("utf-8", "surrogatepass").split(_FIELD)
    former, phones, accounts, homes, mrns = (tuple(text.split(_ITEM)) if text else () for text in texts[14:])
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
        merged_into=texts[13] or None,
        former_last_names=former,
        phones=phones,
        account_numbers=accounts,
        former_residences=tuple(Residence(address=a or None, zip=z or None) for a, z in map(_parts, homes)),
        other_mrns=tuple(OtherMrn(value=v, issuer=i or None) for v, i in map(_parts, mrns)),
    )


def record_of(records: NDArray[np.uint8], ends: NDArray[np.uint64], row: int) -> Patient:
    """The registration of one row."""
    start = int(ends[row - 1]) if row else 0
    return decode(records[start : int(ends[row])].tobytes())


def _parts(item: str) -> tuple[str, str]:
    first, _, second = item.partition(_PART)
    return first, second


def _clean(text: str) -> str:
    return text.translate(_CLEAN)
