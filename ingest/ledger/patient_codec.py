"""A patient as one line of text, while a load is staged; and its fingerprint, to tell what changed."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from matchers.patient import OtherMrn, Patient, Sex

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
_decode = json.JSONDecoder().raw_decode  # of text that we encoded ourselves: nothing stands around it
_SEXES = {sex.value: sex for sex in Sex}


def encode_patient(patient: Patient) -> str:
    """JSON that `decode_patient` reads: what a feed may state of a patient. Equal patients give equal text."""
    return _encode(
        [
            patient.mrn,
            patient.last_name,
            patient.first_name,
            patient.birth_date.isoformat(),
            patient.middle_name,
            patient.suffix,
            patient.former_last_names,
            patient.sex,
            patient.ssn_last4,
            patient.phones,
            patient.address,
            patient.city,
            patient.state,
            patient.zip,
            patient.account_numbers,
            patient.active,
            # Only where there are some: what was stated before there was such a thing stays the same text.
            *([[[o.value, o.issuer] for o in patient.other_mrns]] if patient.other_mrns else ()),
        ]
    )


def decode_patient(text: str) -> Patient:
    """The patient again."""
    mrn, last, first, born, middle, suffix, former, sex, ssn, phones, *rest = _decode(text)[0]
    address, city, state, postcode, accounts, active, *others = rest
    return Patient(
        mrn=mrn,
        last_name=last,
        first_name=first,
        birth_date=date.fromisoformat(born),
        middle_name=middle,
        suffix=suffix,
        former_last_names=tuple(former),
        sex=None if sex is None else _SEXES[sex],
        ssn_last4=ssn,
        phones=tuple(phones),
        address=address,
        city=city,
        state=state,
        zip=postcode,
        account_numbers=tuple(accounts),
        active=active,
        other_mrns=tuple(OtherMrn(value=value, issuer=issuer) for value, issuer in (others[0] if others else ())),
    )


def fingerprint(text: str) -> str:
    """Tells one statement of a patient from another; of the encoded text."""
    return hashlib.blake2b(text.encode("ascii"), digest_size=16).hexdigest()
