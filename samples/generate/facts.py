"""What a page says of a person: each printed value with its field, its owner's role and its true value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from .names import without_accents
from .person import Person

EVERYTHING = frozenset({"name", "birth_date", "sex", "mrn", "account_number", "phone", "ssn_last4", "address"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One value as printed (`raw`), what it means (`value`), and whose it is."""

    field: str
    role: str
    raw: str
    value: str
    source: str = "text"

    def __str__(self) -> str:
        return self.raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """How one house writes names, dates and numbers; drawn once a document."""

    date_format: str
    long_date_format: str
    last_first: bool
    upper: bool
    middle: str  # "full", "initial", "none"
    accents: bool
    suffix_style: str  # "Jr", "JR", "Jr."
    phone_style: str

    def date(self, day: date) -> str:
        """A date in the house's usual form."""
        return _formatted(day, self.date_format)

    def long_date(self, day: date) -> str:
        """A date as letters write it."""
        return _formatted(day, self.long_date_format)

    def phone(self, digits: str) -> str:
        """440-551-2345 in the house's form."""
        area, exchange, line = digits.split("-")
        return self.phone_style.format(area, exchange, line)


def _formatted(day: date, form: str) -> str:
    if form.startswith("short "):
        return f"{day.month}/{day.day}/{day.year}"
    text = day.strftime(form)
    return text.upper() if "%b-" in form else text


def draw_writing(rng: Random) -> Writing:
    """One house's habits."""
    return Writing(
        date_format=rng.choice(
            (
                "%m/%d/%Y",
                "%m/%d/%Y",
                "%m/%d/%Y",
                "short m/d/y",
                "%m-%d-%Y",
                "%m/%d/%y",
                "%d-%b-%Y",
                "%b %d, %Y",
                "%Y-%m-%d",
            )
        ),
        long_date_format=rng.choice(("%B %d, %Y", "%B %d, %Y", "%m/%d/%Y", "%d %B %Y", "%b %d, %Y")),
        last_first=rng.random() < 0.6,
        upper=rng.random() < 0.5,
        middle=rng.choice(("full", "initial", "initial", "none")),
        accents=rng.random() < 0.4,
        suffix_style=rng.choice(("plain", "upper", "dot")),
        phone_style=rng.choice(("({0}) {1}-{2}", "{0}-{1}-{2}", "{0}.{1}.{2}", "{0}/{1}-{2}")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A person as one document prints them. Values not in `shown` are not on the paper: `None`."""

    person: Person
    writing: Writing
    role: str = "patient"
    shown: frozenset[str] = EVERYTHING

    def hiding(self, *fields: str) -> Identity:
        """The same without these fields."""
        return replace(self, shown=self.shown - set(fields))

    def _fact(self, field: str, raw: str, value: str) -> Fact | None:
        if field not in self.shown or not raw:
            return None
        return Fact(field=field, role=self.role, raw=raw, value=value)

    def name(self, order: str = "", *, upper: bool | None = None, middle: str = "") -> Fact | None:
        """The full name; `order` is "last_first", "first_last" or the house's own."""
        house = self.writing
        raw = written_name(
            self.person,
            house,
            order or ("last_first" if house.last_first else "first_last"),
            upper=house.upper if upper is None else upper,
            middle=middle or house.middle,
        )
        return self._fact("name", raw, written_name(self.person, house, "last_first", upper=False, middle="full"))

    def family_name(self) -> str:
        """Mr. *Smith* in running prose; no identifier by itself."""
        return self._plain(self.person.last_name)

    def birth_date(self, form: str = "") -> Fact | None:
        """The birth date; `form` "long" or "" for the house's usual."""
        day = self.person.birth_date
        raw = self.writing.long_date(day) if form == "long" else self.writing.date(day)
        return self._fact("birth_date", raw, day.isoformat())

    def sex(self, long: bool = False) -> Fact | None:
        """F or Female."""
        letter = self.person.sex
        words = {"F": "Female", "M": "Male", "X": "Nonbinary", "U": "Unknown"}
        return self._fact("sex", words.get(letter, "") if long else letter, letter)

    def mrn(self) -> Fact | None:
        """The record number, as text."""
        return self._fact("mrn", self.person.mrn, self.person.mrn)

    def account(self) -> Fact | None:
        """The latest visit's account number."""
        number = self.person.accounts[-1] if self.person.accounts else ""
        return self._fact("account_number", number, number)

    def ssn(self) -> Fact | None:
        """Masked, as forms print it."""
        digits = self.person.ssn_last4
        return self._fact("ssn_last4", f"XXX-XX-{digits}" if digits else "", digits)

    def phone(self) -> Fact | None:
        """The home phone."""
        digits = self.person.phone
        return self._fact("phone", self.writing.phone(digits) if digits.count("-") == 2 else digits, digits)

    def street(self) -> Fact | None:
        """The first line of the address."""
        return self._fact("address", self._plain(self.person.address), self.person.address)

    def town(self) -> str:
        """City, state ZIP."""
        p = self.person
        return self._plain(f"{p.city}, {p.state} {p.zip}") if p.city and "address" in self.shown else ""

    def _plain(self, text: str) -> str:
        text = text if self.writing.accents else without_accents(text)
        return text.upper() if self.writing.upper else text


def written_name(person: Person, house: Writing, order: str, *, upper: bool, middle: str) -> str:
    """A name as a house writes it: DOE, JOHN Q JR or John Q. Doe Jr."""
    suffix = {"plain": person.suffix, "upper": person.suffix.upper(), "dot": person.suffix}[house.suffix_style]
    if house.suffix_style == "dot" and person.suffix in ("Jr", "Sr"):
        suffix += "."
    middle_part = {"full": person.middle_name, "initial": person.middle_name[:1], "none": ""}[middle]
    if order == "first_last":
        dotted = middle_part + "." if len(middle_part) == 1 and not upper else middle_part
        text = " ".join(part for part in (person.first_name, dotted, person.last_name, suffix) if part)
    else:
        family = (
            " ".join(part for part in (person.last_name, suffix) if part)
            if house.suffix_style == "upper"
            else person.last_name
        )
        after = suffix if house.suffix_style != "upper" else ""
        text = family + ", " + " ".join(part for part in (person.first_name, middle_part, after) if part)
    text = text if house.accents else without_accents(text)
    return text.upper() if upper else text
