"""Names drawn as often as they occur in the US census, and the ways that a name is written differently."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

DATA = Path(__file__).parent / "data"

COMPOUND_SURNAMES = (
    "Muñoz",
    "Núñez",
    "Peña",
    "Ibáñez",
    "García",
    "Hernández",
    "Rodríguez",
    "Gutiérrez",
    "Castañeda",
    "Böhm",
    "Müller",
    "Strömberg",
    "Lefèvre",
    "Beaulieu",
    "Nuñez-Ortega",
    "García-López",
    "Smith-Jones",
    "Taylor-Reed",
    "Ortiz-Rivera",
    "Kim-Park",
    "O'Brien",
    "O'Connor",
    "O'Neal",
    "D'Angelo",
    "De La Cruz",
    "De Leon",
    "Van Dyke",
    "Van der Berg",
    "St. Clair",
    "Dos Santos",
    "Del Rosario",
    "La Rosa",
    "Mc Allister",
    "Al-Hassan",
    "Nguyen-Tran",
    "Williams-Brown",
    "Johnson-Lee",
    "Abdul-Rahman",
    "Fitz-Gerald",
    "Le Blanc",
)

NICKNAMES = {
    "Robert": ("Bob", "Rob"),
    "William": ("Bill", "Will"),
    "James": ("Jim",),
    "John": ("Jack",),
    "Richard": ("Rick", "Dick"),
    "Michael": ("Mike",),
    "Joseph": ("Joe",),
    "Thomas": ("Tom",),
    "Charles": ("Chuck", "Charlie"),
    "Daniel": ("Dan",),
    "Matthew": ("Matt",),
    "Anthony": ("Tony",),
    "Steven": ("Steve",),
    "Edward": ("Ed", "Ted"),
    "Kenneth": ("Ken",),
    "Ronald": ("Ron",),
    "Timothy": ("Tim",),
    "Gregory": ("Greg",),
    "Lawrence": ("Larry",),
    "Benjamin": ("Ben",),
    "Samuel": ("Sam",),
    "Alexander": ("Alex",),
    "Elizabeth": ("Liz", "Beth", "Betty"),
    "Margaret": ("Peggy", "Maggie"),
    "Patricia": ("Pat", "Patty"),
    "Jennifer": ("Jen", "Jenny"),
    "Katherine": ("Kate", "Kathy"),
    "Catherine": ("Cathy",),
    "Susan": ("Sue",),
    "Deborah": ("Debbie", "Deb"),
    "Barbara": ("Barb",),
    "Jessica": ("Jess",),
    "Rebecca": ("Becky",),
    "Christine": ("Chris",),
    "Victoria": ("Vicky",),
    "Dorothy": ("Dot",),
    "Kimberly": ("Kim",),
    "Theresa": ("Terry",),
    "Jacqueline": ("Jackie",),
    "Judith": ("Judy",),
    "Cynthia": ("Cindy",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NameTables:
    """Names with cumulative frequencies, ready for `Random.choices`."""

    surnames: tuple[str, ...]
    surname_weights: tuple[float, ...]
    given: dict[str, tuple[str, ...]]
    given_weights: dict[str, tuple[float, ...]]

    def surname(self, rng: Random) -> str:
        """One surname as often as it occurs; about one in sixteen is compound, hyphened or accented."""
        if rng.random() < 0.06:
            return rng.choice(COMPOUND_SURNAMES)
        return rng.choices(self.surnames, cum_weights=self.surname_weights)[0]

    def first(self, rng: Random, sex: str) -> str:
        """One given name of that sex (F or M) as often as it occurs."""
        return rng.choices(self.given[sex], cum_weights=self.given_weights[sex])[0]


@cache
def name_tables() -> NameTables:
    """The embedded tables (a cut of public US census counts)."""
    surnames = list(csv.DictReader((DATA / "surnames.csv").read_text(encoding="utf-8").splitlines()))
    given = list(csv.DictReader((DATA / "given_names.csv").read_text(encoding="utf-8").splitlines()))
    by_sex = {sex: [row for row in given if row["sex"] == sex] for sex in "FM"}
    return NameTables(
        surnames=tuple(capitalised(row["name"]) for row in surnames),
        surname_weights=tuple(accumulate(float(row["count"]) for row in surnames)),
        given={sex: tuple(capitalised(row["name"]) for row in rows) for sex, rows in by_sex.items()},
        given_weights={sex: tuple(accumulate(float(row["percent"]) for row in rows)) for sex, rows in by_sex.items()},
    )


def capitalised(name: str) -> str:
    """MCDONALD -> McDonald, SMITH -> Smith."""
    title = name.title()
    if title.startswith("Mc") and len(title) > 4:
        return "Mc" + title[2:].capitalize()
    return title


def without_accents(text: str) -> str:
    """Muñoz -> Munoz, as older systems print it."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def nickname(rng: Random, first_name: str) -> str | None:
    """A name that this person may go by, or `None`."""
    known = NICKNAMES.get(first_name)
    return rng.choice(known) if known else None
