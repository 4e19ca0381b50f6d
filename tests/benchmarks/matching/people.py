"""A made-up town: families, twins, juniors, namesakes, duplicate registrations, from real name counts.

Nobody in it exists. Names follow the US census lists given; everything else is drawn.
"""

from __future__ import annotations

import csv
import random
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

from matchers.patient import OtherMrn, Patient, Sex

TODAY = date(2026, 11, 23)
STREETS = [
    "Oak St",
    "Maple Ave",
    "Main Street",
    "Cedar Lane",
    "Washington Blvd",
    "Lake Dr",
    "Hill Rd",
    "Park Ave",
    "Elm Street",
    "Pine Ct",
    "2nd St",
    "Sunset Dr",
    "Church Rd",
    "North Street",
    "River Rd",
    "Highland Ave",
    "Spring St",
    "Ridge Rd",
    "Walnut St",
    "Willow Ln",
    "Franklin Ave",
    "Mill Rd",
    "Center St",
]


MARKS = {"a": "áàâä", "e": "éèê", "i": "íï", "o": "óöô", "u": "úü", "n": "ñ", "c": "ç"}


def _with_marks(name: str, rng: random.Random) -> str:
    at = rng.randrange(len(name))
    return name[:at] + rng.choice(MARKS.get(name[at], name[at])) + name[at + 1 :]


def check_digit(number: str) -> int:
    """Luhn's check digit (ISO/IEC 7812-1): it finds every wrong digit and nearly every swap of neighbours."""
    doubled = (int(c) * (2 if at % 2 == 0 else 1) for at, c in enumerate(reversed(number)))
    return -sum(value // 10 + value % 10 for value in doubled) % 10


class Draw:
    """Draws names by their frequency."""

    def __init__(self, rows: Sequence[tuple[str, float]]) -> None:
        self.names = [name for name, _ in rows]
        self.sums = list(accumulate(weight for _, weight in rows))

    def one(self, rng: random.Random) -> str:
        return self.names[bisect(self.sums, rng.random() * self.sums[-1])]


@dataclass(frozen=True)
class Names:
    """Name lists in a folder: US census 1990 (`dist.*`) and nicknames."""

    last: Draw
    female: Draw
    male: Draw
    nicknames: dict[str, list[str]]

    @classmethod
    def load(cls, folder: Path) -> Names:
        def rows(file: str) -> list[tuple[str, float]]:
            lines = (line.split() for line in (folder / file).read_text().splitlines())
            return [(cells[0].title(), max(float(cells[1]), 0.0003)) for cells in lines]

        nicknames: dict[str, list[str]] = {}
        with (folder / "nicknames.csv").open() as file:
            for row in csv.DictReader(file):
                nicknames.setdefault(row["name1"].upper(), []).append(row["name2"].upper())
        return cls(
            Draw(rows("dist.all.last")), Draw(rows("dist.female.first")), Draw(rows("dist.male.first")), nicknames
        )


@dataclass(frozen=True)
class Person:
    """One human being: a registration's facts, and which human it is."""

    human: int
    patient: Patient
    household: int


class Town:
    """Everybody, in the index or not."""

    def __init__(self, names: Names, size: int, seed: int, *, absent: float = 0.06) -> None:
        self.rng = random.Random(seed)
        self.names = names
        self.mrn = 1_000_000 + self.rng.randrange(500_000)
        self.clinic, self.clinic_mrn = random.Random(seed + 1), 100_000
        self.everybody: list[Person] = []
        self.human = 0
        household = 0
        while len(self.everybody) < size * (1 + absent):
            household += 1
            self._family(household)
        rng = self.rng
        self.absent = [p for p in self.everybody if rng.random() < absent]
        gone = {p.human for p in self.absent}
        self.present = [p for p in self.everybody if p.human not in gone]
        self.registrations = list(self.present)
        for person in rng.sample(self.present, int(0.04 * len(self.present))):
            self.registrations.append(self._again(person))
        self.by_household: dict[int, list[Person]] = {}
        for person in self.everybody:
            self.by_household.setdefault(person.household, []).append(person)
        self.duplicated = {p.human for p in self.registrations[len(self.present) :]}
        self._merge()
        self._same_day()
        self._in_the_home()
        self.checked = [at for at, p in enumerate(self.registrations) if not p.patient.mrn.isdigit()]

    def _merge(self) -> None:
        """Some doubles were found and merged: the retired MRN now means the other registration."""
        rng, first = self.rng, {p.human: at for at, p in enumerate(self.present)}
        self.merged: list[Person] = []
        for at in range(len(self.present), len(self.registrations)):
            double = self.registrations[at]
            if rng.random() < 0.15:
                keep = first[double.human]
                survivor = self.registrations[keep]
                gone = replace(double.patient, merged_into=survivor.patient.mrn, active=False)
                mrns = (*survivor.patient.other_mrns, OtherMrn(value=gone.mrn))
                self.registrations[keep] = replace(survivor, patient=replace(survivor.patient, other_mrns=mrns))
                self.registrations[at] = replace(double, patient=gone)
                self.merged.append(self.registrations[at])
                self.duplicated.discard(double.human)

    def _same_day(self) -> None:
        """Strangers of one name born on one day, and names that registration wrote the wrong way round."""
        rng, known = self.rng, len(self.present)
        self.same_name_and_day: list[int] = []
        self.swapped: list[int] = []
        for _ in range(max(4, known // 5000)):
            one, other = rng.randrange(known), rng.randrange(known)
            a, b = self.registrations[one], self.registrations[other]
            if a.human == b.human or b.human in self.duplicated or b.patient.merged_into:
                continue
            p = a.patient
            same = {"last_name": p.last_name, "first_name": p.first_name, "birth_date": p.birth_date, "sex": p.sex}
            stranger = replace(b.patient, **same, suffix=None)
            self.registrations[other] = replace(b, patient=stranger)
            self.same_name_and_day += [one, other]
        for _ in range(max(4, known // 2000)):
            at = rng.randrange(known)
            p = self.registrations[at].patient
            turned = replace(p, last_name=p.first_name, first_name=p.last_name)
            self.registrations[at] = replace(self.registrations[at], patient=turned)
            self.swapped.append(at)

    def _in_the_home(self) -> None:
        """Nursing homes: dozens of people with one address and one phone."""
        rng = self.rng
        self.residents: list[int] = []
        for home in range(max(1, len(self.present) // 20_000)):
            address, phone = f"{100 + home} Sunset Dr", f"410{5_550_000 + home}"
            for at in rng.sample(range(len(self.present)), min(60, len(self.present) // 10)):
                p = self.registrations[at].patient
                moved = replace(p, address=address, zip="21201", phones=(phone,))
                self.registrations[at] = replace(self.registrations[at], patient=moved)
                self.residents.append(at)

    def _next_mrn(self) -> str:
        """The next number in the row; some people come from a clinic that was taken over, with check digits."""
        self.mrn += 1 if self.rng.random() < 0.7 else self.rng.randrange(2, 5)
        if self.clinic.random() >= 0.03:
            return str(self.mrn)
        self.clinic_mrn += self.clinic.randrange(1, 4)
        return f"C{self.clinic_mrn}{check_digit(str(self.clinic_mrn))}"

    def _born(self, low: int, high: int) -> date:
        if self.rng.random() < 0.004:
            return date(TODAY.year - self.rng.randrange(low, high + 1), 1, 1)
        return TODAY - timedelta(days=self.rng.randrange(low * 365, high * 366 + 1))

    def _family(self, household: int) -> None:
        rng, family = self.rng, []
        last = self.names.last.one(rng)
        if rng.random() < 0.05:
            last = f"{last}{rng.choice((' ', '-'))}{self.names.last.one(rng)}"
        if rng.random() < 0.02:
            last = _with_marks(last, rng)
        zip_code = f"{rng.randrange(21000, 21400):05}"
        home = {
            "address": f"{rng.randrange(1, 2500)} {rng.choice(STREETS)}"
            + (f" Apt {rng.randrange(1, 60)}" if rng.random() < 0.2 else ""),
            "zip": zip_code,
            "phone": f"{rng.choice((410, 443, 301))}{rng.randrange(2000000, 9999999)}",
        }
        adult = self._born(22, 92)
        father = self._person(household, last, Sex.MALE, adult, home)
        family.append(father)
        if rng.random() < 0.6:
            born = adult + timedelta(days=rng.randrange(-2500, 2500))
            mother = self._person(household, last, Sex.FEMALE, min(born, TODAY - timedelta(days=6600)), home)
            if rng.random() < 0.5:
                mother = replace(mother, patient=replace(mother.patient, former_last_names=(self.names.last.one(rng),)))
            family.append(mother)
        else:
            family[0] = replace(
                father,
                patient=replace(father.patient, sex=Sex.FEMALE, first_name=self.names.female.one(rng))
                if rng.random() < 0.6
                else father.patient,
            )
        for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
            born = adult + timedelta(days=rng.randrange(20 * 365, 42 * 365))
            if born > TODAY:
                continue
            sex = rng.choice((Sex.FEMALE, Sex.MALE))
            child = self._person(household, last, sex, born, home)
            if sex is Sex.MALE and family[0].patient.sex is Sex.MALE and rng.random() < 0.07:
                child = replace(
                    child, patient=replace(child.patient, first_name=family[0].patient.first_name, suffix="Jr")
                )
                if rng.random() < 0.5:
                    family[0] = replace(family[0], patient=replace(family[0].patient, suffix="Sr"))
            family.append(child)
            if rng.random() < 0.03:
                family.append(self._person(household, last, rng.choice((sex, sex, Sex.FEMALE)), born, home))
        self.everybody += family

    def _person(self, household: int, last: str, sex: Sex, born: date, home: dict[str, str]) -> Person:
        rng = self.rng
        draw = self.names.female if sex is Sex.FEMALE else self.names.male
        self.human += 1
        middle = draw.one(rng) if rng.random() < 0.3 else (draw.one(rng)[0] if rng.random() < 0.5 else None)
        first = draw.one(rng)
        if born > TODAY - timedelta(days=10) and rng.random() < 0.6:
            first, middle = ("Baby Girl" if sex is Sex.FEMALE else "Baby Boy"), None
        return Person(
            self.human,
            Patient(
                mrn=self._next_mrn(),
                last_name=last,
                first_name=first,
                middle_name=middle,
                birth_date=born,
                sex=sex,
                ssn_last4=f"{rng.randrange(1, 10000):04}" if rng.random() < 0.6 else None,
                phones=(home["phone"],) if rng.random() < 0.5 else (f"443{rng.randrange(2000000, 9999999)}",),
                address=home["address"],
                zip=home["zip"],
                account_numbers=tuple(f"{rng.randrange(400_000_000, 460_000_000)}" for _ in range(rng.randrange(4))),
                active=rng.random() > 0.005,
            ),
            household,
        )

    def _again(self, person: Person) -> Person:
        """A second registration of the same human, with what clerks get wrong."""
        rng, p = self.rng, person.patient
        changes: dict[str, object] = {
            "mrn": self._next_mrn(),
            "account_numbers": (f"{rng.randrange(400_000_000, 460_000_000)}",),
        }
        if rng.random() < 0.3:
            changes["middle_name"] = None
        if rng.random() < 0.2:
            at = rng.randrange(len(p.first_name))
            changes["first_name"] = p.first_name[:at] + p.first_name[at + 1 :] or p.first_name
        if rng.random() < 0.1:
            changes["birth_date"] = p.birth_date + timedelta(days=rng.choice((1, -1, 10)))
        if rng.random() < 0.3:
            changes |= {"address": f"{rng.randrange(1, 2500)} {rng.choice(STREETS)}", "phones": ()}
        if rng.random() < 0.5:
            changes["ssn_last4"] = None
        return replace(person, patient=replace(p, **changes))  # type: ignore[arg-type]
