"""What one document needs to be drawn: whose it is, who else appears on it, the house that prints it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from .facts import Fact, Identity, Writing, draw_writing
from .names import name_tables
from .person import Person
from .places import Facility, draw_facility, draw_home, draw_phone
from .population import TODAY, Registry, make_person
from .relations import PatientIndex

NAME_LABELS = (
    "Patient Name",
    "Patient",
    "Name",
    "Pt. Name",
    "PATIENT NAME",
    "Patient's Name",
    "Name of Patient",
)
BIRTH_LABELS = ("DOB", "Date of Birth", "Birth Date", "D.O.B.", "Birthdate", "DATE OF BIRTH")
MRN_LABELS = (
    "MRN",
    "MR #",
    "Med Rec No",
    "Medical Record Number",
    "MRN #",
    "Medical Record No.",
    "Unit No.",
    "Med. Rec. #",
    "M.R. No.",
)
ACCOUNT_LABELS = ("Account #", "Acct No", "Account Number", "Patient Acct", "Acct. No.", "ACCT #")
SEX_LABELS = ("Sex", "Gender", "Sex")
PHONE_LABELS = ("Phone", "Home Phone", "Telephone", "Tel")
SSN_LABELS = ("SSN", "Social Security No.", "SS#")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The words a house prints before values."""

    name: str
    birth_date: str
    mrn: str
    account: str
    sex: str
    phone: str
    ssn: str
    colon: str

    def of(self, label: str) -> str:
        """The label with the house's punctuation."""
        return label + self.colon


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctor:
    """A provider, whose name and number are not the patient's."""

    name: str
    degree: str
    npi: str

    def fact(self) -> Fact:
        """As signed: Alan R. Whitfield, MD."""
        return Fact(field="name", role="provider", raw=f"{self.name}, {self.degree}", value=self.name)

    def inverted(self) -> Fact:
        """As systems print it: WHITFIELD, ALAN R MD."""
        first, _, last = self.name.rpartition(" ")
        raw = f"{last}, {first} {self.degree}".upper().replace(".", "")
        return Fact(field="name", role="provider", raw=raw, value=self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One document to draw. `rng` is its own stream; `stranger` is whose sticker or second page gets in."""

    rng: Random
    patient: Identity
    house: Writing
    labels: Labels
    facility: Facility
    service_date: date
    doctors: tuple[Doctor, ...]
    relative: Identity
    face: str
    sticker: Identity | None = None
    stranger: Identity | None = None
    pages: int = 0

    @property
    def printed_date(self) -> date:
        """When the page came out of the printer: days after the service."""
        return min(self.service_date + timedelta(days=len(self.facility.name) % 9), TODAY)

    @property
    def year_before(self) -> date:
        """About a year before the service: an older visit."""
        return self.service_date - timedelta(days=364)

    def number(self, digits: int) -> str:
        """A number that is nobody's: an accession, an order, a form."""
        return f"{self.rng.randrange(10 ** (digits - 1), 10**digits)}"

    def person_noun(self) -> str:
        """Woman, man, girl or boy, by age on the day of service."""
        woman = self.patient.person.sex == "F"
        if self.patient.person.age_on(self.service_date) >= 16:
            return "woman" if woman else "man"
        return "girl" if woman else "boy"

    def relation(self) -> str:
        """What the relative is to the patient, by their ages and household."""
        years = self.patient.person.birth_date.year - self.relative.person.birth_date.year
        if 15 <= years <= 48:
            return "Parent"
        if -48 <= years <= -15:
            return "Child"
        same_name = self.relative.person.last_name == self.patient.person.last_name
        return (
            "Spouse"
            if same_name and abs(years) < 15 and self.patient.person.sex != self.relative.person.sex
            else "Friend"
        )

    def age(self) -> str:
        """The patient's age on the day of service in words of the trade."""
        born = self.patient.person.birth_date
        days = (self.service_date - born).days
        if days < 90:
            return f"{max(days, 0)}-day-old"
        years = self.patient.person.age_on(self.service_date)
        return f"{days // 30}-month-old" if years < 2 else f"{years}-year-old"


def draw_labels(rng: Random) -> Labels:
    """One house's vocabulary."""
    return Labels(
        name=rng.choice(NAME_LABELS),
        birth_date=rng.choice(BIRTH_LABELS),
        mrn=rng.choice(MRN_LABELS),
        account=rng.choice(ACCOUNT_LABELS),
        sex=rng.choice(SEX_LABELS),
        phone=rng.choice(PHONE_LABELS),
        ssn=rng.choice(SSN_LABELS),
        colon=rng.choice((":", ":", ":", "")),
    )


def draw_doctor(rng: Random) -> Doctor:
    """A provider with a plausible NPI."""
    tables, sex = name_tables(), rng.choice("FM")
    middle = rng.choice(("", f" {rng.choice('ABCDEFGJKLMRST')}."))
    return Doctor(
        name=f"{tables.first(rng, sex)}{middle} {rng.choices(tables.surnames, cum_weights=tables.surname_weights)[0]}",
        degree=rng.choice(("MD", "MD", "M.D.", "DO", "NP", "PA-C")),
        npi=f"1{rng.randrange(100_000_000, 999_999_999)}",
    )


def draw_relative(rng: Random, person: Person, index: PatientIndex) -> Person:
    """Somebody of the household (often in the index too), else an invented one."""
    household = [p for p in index.household(person) if p.age_on(TODAY) >= 18]
    if household and rng.random() < 0.75:
        return rng.choice(household)
    home = draw_home(rng)
    return make_person(rng, Registry(rng, 50), home, surname=rng.choice((person.last_name, "")), ages=(22, 75))


def make_job(
    rng: Random,
    person: Person,
    index: PatientIndex,
    *,
    outside: bool = False,
    faces: tuple[str, ...] = ("sans", "serif", "humanist", "dejavu"),
    service_date: date | None = None,
) -> Job:
    """A document about this person, printed by a house that is drawn."""
    house = draw_writing(rng)
    newest = max(person.birth_date, TODAY - timedelta(days=rng.choice((20, 200, 500))))
    day = service_date or newest + timedelta(days=rng.randint(0, max(1, (TODAY - newest).days - 2)))
    relative = draw_relative(rng, person, index)
    return Job(
        rng=rng,
        patient=Identity(person=person, writing=house),
        house=house,
        labels=draw_labels(rng),
        facility=draw_facility(rng, outside=outside),
        service_date=min(day, TODAY),
        doctors=tuple(draw_doctor(rng) for _ in range(3)),
        relative=Identity(person=relative, writing=house, role="other"),
        face=rng.choice(faces),
    )


__all__ = ["Doctor", "Job", "Labels", "draw_doctor", "draw_labels", "draw_phone", "make_job"]
