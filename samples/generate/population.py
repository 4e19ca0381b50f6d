"""An index of 2,000 people that is as confusable as a real one.

Households at one address, twins, juniors and seniors, newborns with their mothers, people of one
name (some with one birth date), maiden names, nicknames registered as names, persons registered
twice, default birth dates, and record numbers so dense that a slip of one digit is often somebody else.
"""

from __future__ import annotations

from calendar import isleap
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from .names import name_tables, nickname, without_accents
from .person import Person
from .places import Home, draw_home

TODAY = date(2026, 11, 1)


class Registry:
    """Hands out record numbers, accounts and SSN digits as a registration desk would."""

    def __init__(self, rng: Random, size: int) -> None:
        self.rng = rng
        first = rng.randrange(310_000, 420_000)
        self._numbers = rng.sample(range(first, first + size * 8), size * 2)
        self._taken: set[str] = set()

    def mrn(self) -> str:
        """A free record number: eight characters, leading zeros count."""
        while True:
            number = f"{self._numbers.pop():08}"
            if number not in self._taken:
                return self.take(number)

    def take(self, number: str) -> str:
        """Marks a number as given."""
        self._taken.add(number)
        return number

    def next_to(self, mrn: str) -> str:
        """A free number one slip away from `mrn`: the next one, or two digits swapped."""
        swapped = [mrn[:i] + mrn[i + 1] + mrn[i] + mrn[i + 2 :] for i in range(3, 7) if mrn[i] != mrn[i + 1]]
        following = [f"{int(mrn) + step:08}" for step in (1, 2, -1)]
        choices = [n for n in (*swapped, *following) if n not in self._taken]
        return self.take(self.rng.choice(choices)) if choices else self.mrn()

    def accounts(self) -> str:
        """One to three visit accounts."""
        count = self.rng.choice((1, 1, 2, 3))
        return ";".join(f"40{self.rng.randrange(10_000_000, 99_999_999)}" for _ in range(count))

    def ssn_last4(self) -> str:
        """Four digits, or nothing for about one in eight."""
        return "" if self.rng.random() < 0.12 else f"{self.rng.randrange(1, 9999):04}"


def make_population(seed: int, size: int = 2000) -> list[Person]:
    """`size` registrations in random order, the same for the same seed."""
    rng = Random(f"population-{seed}")
    registry = Registry(rng, size)
    special = (_twins, _generations, _newborn, _namesakes, _neighbours, _registered_twice)
    shares = (0.030, 0.030, 0.022, 0.016, 0.020, 0.036)
    people: list[Person] = []
    for make, share in zip(special, shares, strict=True):
        while_until = len(people) + int(size * share)
        while len(people) < while_until:
            people += make(rng, registry)
    while len(people) < size:
        people += _household(rng, registry)
    people = [_with_default_date(rng, person) for person in people[:size]]
    rng.shuffle(people)
    return people


def _birth_date(rng: Random, youngest: int, oldest: int) -> date:
    return TODAY - timedelta(days=rng.randint(youngest * 365 + 1, oldest * 365 + 300))


def make_person(
    rng: Random,
    registry: Registry,
    home: Home,
    *,
    surname: str = "",
    sex: str = "",
    ages: tuple[int, int] = (0, 92),
) -> Person:
    """A person at that home; everything else is drawn."""
    tables = name_tables()
    sex = sex or rng.choice("FM")
    first = tables.first(rng, sex)
    middle = rng.choice(("", tables.first(rng, sex), tables.first(rng, sex)[0], tables.first(rng, sex)))
    last = surname or tables.surname(rng)
    born = _birth_date(rng, *ages)
    maiden = tables.surname(rng) if sex == "F" and born.year < 2001 and rng.random() < 0.22 else ""
    return Person(
        mrn=registry.mrn(),
        last_name=last,
        first_name=first,
        middle_name="" if middle == first else middle,
        former_last_name=maiden if maiden != last else "",
        birth_date=born,
        sex=sex,
        ssn_last4=registry.ssn_last4(),
        phone=home.phone if rng.random() < 0.93 else "",
        address=home.address,
        city=home.city,
        state=home.state,
        zip=home.zip,
        account_number=registry.accounts(),
    )


def _household(rng: Random, registry: Registry) -> list[Person]:
    home, surname = draw_home(rng), name_tables().surname(rng)
    kind = rng.random()
    if kind < 0.35:
        return [make_person(rng, registry, home, surname=surname, ages=(19, 92))]
    adults = [make_person(rng, registry, home, surname=surname, sex=sex, ages=(24, 70)) for sex in "FM"]
    if kind < 0.6:
        return adults
    return adults + [make_person(rng, registry, home, surname=surname, ages=(0, 18)) for _ in range(rng.randint(1, 3))]


def _twins(rng: Random, registry: Registry) -> list[Person]:
    home, surname = draw_home(rng), name_tables().surname(rng)
    one = make_person(rng, registry, home, surname=surname, ages=(1, 60))
    sex = one.sex if rng.random() < 0.7 else "FM".replace(one.sex, "")
    other = make_person(rng, registry, home, surname=surname, sex=sex)
    while other.first_name == one.first_name:
        other = replace(other, first_name=name_tables().first(rng, sex))
    if rng.random() < 0.3:  # parents who rhyme: Aidan and Adam
        alike = [n for n in name_tables().given[sex] if n[:2] == one.first_name[:2] and n != one.first_name]
        other = replace(other, first_name=rng.choice(alike)) if alike else other
    return [
        one,
        replace(other, birth_date=one.birth_date, mrn=registry.next_to(one.mrn), former_last_name=""),
    ]


def _in_year(day: date, year: int) -> date:
    """That day of another year; the 29th of February is the 28th where there is none."""
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=year, day=28 if leap_day and not isleap(year) else day.day)


def _generations(rng: Random, registry: Registry) -> list[Person]:
    home = draw_home(rng)
    senior = make_person(rng, registry, home, sex="M", ages=(45, 85))
    years = rng.randint(21, 36)
    born = _in_year(_birth_date(rng, 1, 20), min(senior.birth_date.year + years, 2025))
    if rng.random() < 0.35:  # worst of all: also the same day of the year
        born = senior.birth_date.replace(year=senior.birth_date.year + years, day=min(28, senior.birth_date.day))
    junior_home = home if rng.random() < 0.7 else draw_home(rng)
    junior = replace(
        make_person(rng, registry, junior_home, surname=senior.last_name, sex="M"),
        first_name=senior.first_name,
        middle_name=senior.middle_name,
        birth_date=born,
        suffix=rng.choice(("Jr", "Jr", "II")),
    )
    return [replace(senior, suffix=rng.choice(("Sr", ""))), junior]


def _newborn(rng: Random, registry: Registry) -> list[Person]:
    home = draw_home(rng)
    mother = make_person(rng, registry, home, sex="F", ages=(19, 41))
    born = TODAY - timedelta(days=rng.randint(0, 60))
    sexes = rng.choice(("F", "M", "F", "M", "FM", "MM"))
    babies = []
    for letter, sex in zip("AB", sexes, strict=False):
        first = ("BABY GIRL" if sex == "F" else "BABY BOY") + (f" {letter}" if len(sexes) > 1 else "")
        baby = make_person(rng, registry, home, surname=mother.last_name, sex=sex)
        mrn = registry.next_to(mother.mrn) if rng.random() < 0.5 else baby.mrn
        babies.append(
            replace(
                baby,
                mrn=mrn,
                first_name=first,
                middle_name="",
                birth_date=born,
                ssn_last4="",
                former_last_name="",
            )
        )
    return [mother, *babies]


def _namesakes(rng: Random, registry: Registry) -> list[Person]:
    """Strangers of one name; a quarter also share the birth date, a quarter differ in it by one digit."""
    one = make_person(rng, registry, draw_home(rng), ages=(20, 80))
    kind = rng.random()
    other = make_person(rng, registry, draw_home(rng), surname=one.last_name, sex=one.sex, ages=(20, 80))
    other = replace(other, first_name=one.first_name)
    if kind < 0.25:
        other = replace(other, birth_date=one.birth_date)
    elif kind < 0.5:
        other = replace(
            other,
            birth_date=_in_year(one.birth_date, one.birth_date.year - rng.choice((1, 10)))
            if one.birth_date.day < 29
            else one.birth_date,
        )
    return [one, other]


def _neighbours(rng: Random, registry: Registry) -> list[Person]:
    """Strangers whose record numbers differ by one slip of the pen."""
    one = make_person(rng, registry, draw_home(rng))
    return [one, replace(make_person(rng, registry, draw_home(rng)), mrn=registry.next_to(one.mrn))]


def _registered_twice(rng: Random, registry: Registry) -> list[Person]:
    """One person under two numbers: a nickname, a maiden name, a lost accent, an old address."""
    one = make_person(rng, registry, draw_home(rng), ages=(18, 85))
    one = replace(one, ssn_last4=one.ssn_last4 or f"{rng.randrange(1, 9999):04}")
    moved = draw_home(rng)
    again = replace(one, mrn=registry.mrn(), account_number=registry.accounts())
    if rng.random() < 0.5:
        again = replace(
            again, address=moved.address, city=moved.city, state=moved.state, zip=moved.zip, phone=moved.phone
        )
    short = nickname(rng, one.first_name)
    if short and rng.random() < 0.6:
        return [one, replace(again, first_name=short)]
    if one.former_last_name:
        return [one, replace(again, last_name=one.former_last_name, former_last_name="")]
    return [one, replace(again, last_name=without_accents(one.last_name), middle_name=one.middle_name[:1])]


def _with_default_date(rng: Random, person: Person) -> Person:
    """About one in seventy was registered without a birth date, and got the first of January."""
    return replace(person, birth_date=person.birth_date.replace(month=1, day=1)) if rng.random() < 0.014 else person
