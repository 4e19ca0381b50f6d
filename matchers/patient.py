"""The two sides of the question "who is this?": a patient of the index, and what paper says.

`Patient` is one registration in the master patient index. `Identifiers` is what one page or one
document says of its patient: for each field any number of `Reading`s, because paper repeats itself
and OCR reads it differently each time. Both are values: frozen, hashable, picklable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Field(StrEnum):
    """The identifiers that paper carries; the values are the names users see in JSON."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    MRN = "mrn"
    ACCOUNT_NUMBER = "account_number"
    PHONE = "phone"
    SSN_LAST4 = "ssn_last4"
    ADDRESS = "address"
    ZIP = "zip"


PERSONAL = (Field.NAME, Field.BIRTH_DATE, Field.MRN)
"""What tells one person from another; the rest only bears it out."""
ENOUGH_TO_FILE = 2
"""How many identifiers must agree before anything is filed."""


class Source(StrEnum):
    """Where a value was taken from."""

    TEXT = "text"
    BARCODE = "barcode"
    SECOND_READER = "second_reader"


class Sex(StrEnum):
    """Administrative sex as registration systems export it."""

    FEMALE = "F"
    MALE = "M"
    OTHER = "X"
    UNKNOWN = "U"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherMrn:
    """Another MRN of the same person: a retired one of this site (`issuer` None), or another institution's."""

    value: str
    issuer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Residence:
    """Where somebody lived: a street line and a ZIP, as far as they are known."""

    address: str | None
    zip: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """One registration in the master patient index, as registration wrote it.

    `mrn` is text: leading zeros count. Sets of values that accumulate over a life (former surnames and
    residences, phones, account numbers, other MRNs) are tuples; absence is `None` or an empty tuple,
    never `""`. `merged_into` is the MRN of the registration that took this one over: paper that fits
    this registration belongs to that one.
    """

    mrn: str
    last_name: str
    first_name: str
    birth_date: date
    middle_name: str | None = None
    suffix: str | None = None
    former_last_names: tuple[str, ...] = ()
    sex: Sex | None = None
    ssn_last4: str | None = None
    phones: tuple[str, ...] = ()
    address: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    account_numbers: tuple[str, ...] = ()
    active: bool = True
    former_residences: tuple[Residence, ...] = ()
    other_mrns: tuple[OtherMrn, ...] = ()
    merged_into: str | None = None

    @property
    def own_mrns(self) -> tuple[str, ...]:
        """The MRNs that this site gave the person, as registered: the present one, then retired ones."""
        return (self.mrn, *(other.value for other in self.other_mrns if other.issuer is None))

    @property
    def foreign_mrns(self) -> tuple[str, ...]:
        """The MRNs that other institutions gave the person, as registered."""
        return tuple(other.value for other in self.other_mrns if other.issuer is not None)

    @property
    def residences(self) -> tuple[Residence, ...]:
        """Where the person lives, then where they lived."""
        return (Residence(address=self.address, zip=self.zip), *self.former_residences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another value that the same writing may show; `weight` (0..1) is the probability that it does."""

    value: str
    weight: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.weight <= 1.0:
            msg = f"weight must lie in 0..1, not {self.weight}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value as it stands on paper, with how surely its characters were read.

    `certainty` is the probability (0..1) that every character of `value` is what the paper shows;
    `None` means that nobody measured it (a value typed or passed in by another program), and is
    treated like ordinary OCR. `label` holds the words printed before the value, when there were any.
    Readings that share a `place` (a sticker, one header) are one source, not several witnesses.
    `alternatives` are heard of MRNs and birth dates, unless the value was read with certainty.
    """

    value: str
    certainty: float | None = None
    source: Source = Source.TEXT
    page: int | None = None
    place: str | None = None
    label: str | None = None
    alternatives: tuple[Alternative, ...] = ()

    def __post_init__(self) -> None:
        if self.certainty is not None and not 0.0 <= self.certainty <= 1.0:
            msg = f"certainty must lie in 0..1, not {self.certainty}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers:
    """What paper says of its patient: every reading of every field, best-read first.

    Names come as printed ("DOE, JOHN Q JR", "John Q. Doe Jr"); dates in any format. `other_names`
    are names that the paper gives to somebody else (a provider, a guarantor, a mother): a candidate
    known only by one of those is not the patient.
    """

    names: tuple[Reading, ...] = ()
    birth_dates: tuple[Reading, ...] = ()
    sexes: tuple[Reading, ...] = ()
    mrns: tuple[Reading, ...] = ()
    account_numbers: tuple[Reading, ...] = ()
    phones: tuple[Reading, ...] = ()
    ssn_last4s: tuple[Reading, ...] = ()
    addresses: tuple[Reading, ...] = ()
    zips: tuple[Reading, ...] = ()
    other_names: tuple[Reading, ...] = ()

    def of(self, field: Field) -> tuple[Reading, ...]:
        """The readings of one field."""
        match field:
            case Field.NAME:
                return self.names
            case Field.BIRTH_DATE:
                return self.birth_dates
            case Field.SEX:
                return self.sexes
            case Field.MRN:
                return self.mrns
            case Field.ACCOUNT_NUMBER:
                return self.account_numbers
            case Field.PHONE:
                return self.phones
            case Field.SSN_LAST4:
                return self.ssn_last4s
            case Field.ADDRESS:
                return self.addresses
            case Field.ZIP:
                return self.zips

    @property
    def empty(self) -> bool:
        """True when no field has any reading (other people's names do not count)."""
        return not any(self.of(field) for field in Field)
