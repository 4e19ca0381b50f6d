"""Where people live and where they are treated. Every place and number is invented."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

STREETS = (
    "Maple St",
    "Oak Ave",
    "Cedar Ln",
    "Elm St",
    "Washington Blvd",
    "Lake Shore Dr",
    "Park Ave",
    "Hillcrest Rd",
    "Main St",
    "2nd St",
    "5th Ave",
    "Sunset Dr",
    "Ridge Rd",
    "Willow Ct",
    "Jefferson St",
    "Highland Ave",
    "Mill Rd",
    "Church St",
    "River Rd",
    "Franklin Ave",
    "Chestnut St",
    "Meadow Ln",
    "Spruce St",
    "Walnut St",
    "County Road 12",
    "Birch Way",
    "Prospect St",
    "Orchard Ln",
    "Dogwood Ter",
    "Lincoln Pkwy",
    "Magnolia Pl",
    "N Canal St",
)
TOWNS = (
    ("Larkspur Valley", "OH", "44090"),
    ("Fairmount", "OH", "44093"),
    ("Millbrook", "OH", "44081"),
    ("Cedar Bluff", "OH", "44102"),
    ("New Avalon", "OH", "44077"),
    ("Port Harmon", "OH", "44060"),
    ("Ashby", "PA", "16401"),
    ("West Tarrant", "PA", "16412"),
    ("Kingsley", "OH", "44048"),
)
AREA_CODES = ("440", "216", "814", "330")


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A household's address and phone."""

    address: str
    city: str
    state: str
    zip: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """Whoever printed the page."""

    name: str
    short: str
    street: str
    town: str
    phone: str
    fax: str


def draw_phone(rng: Random) -> str:
    """Ten digits with a dash after area code and exchange, in the invented 55x exchanges."""
    return f"{rng.choice(AREA_CODES)}-55{rng.randint(0, 9)}-{rng.randint(0, 9999):04}"


def draw_home(rng: Random) -> Home:
    """A new address."""
    city, state, zip_code = rng.choice(TOWNS)
    unit = rng.choice(("", "", "", "", f" Apt {rng.randint(1, 30)}{rng.choice('ABC')}", f" #{rng.randint(1, 400)}"))
    return Home(
        address=f"{rng.randint(3, 9850)} {rng.choice(STREETS)}{unit}",
        city=city,
        state=state,
        zip=zip_code,
        phone=draw_phone(rng),
    )


OWN = (
    ("Larkspur Valley Medical Center", "LVMC"),
    ("LARKSPUR VALLEY HEALTH SYSTEM", "LVHS"),
    ("Larkspur Valley Hospital", "LVH"),
    ("St. Brendan Campus - Larkspur Valley Health", "STB"),
)
OUTSIDE = (
    ("Harmon County Orthopaedic Associates", "HCOA"),
    ("Fairmount Family Practice", "FFP"),
    ("Riverbend Imaging Partners", "RIP"),
    ("QuestPoint Reference Laboratory", "QPRL"),
    ("Tri-County Cardiology, P.C.", "TCC"),
    ("Mercy Lake Regional Hospital", "MLRH"),
    ("Cedar Bluff Women's Health", "CBWH"),
    ("Northshore Dermatology Group", "NDG"),
)


def draw_facility(rng: Random, *, outside: bool = False) -> Facility:
    """The hospital whose index it is, under one of its own names, or another practice."""
    name, short = rng.choice(OUTSIDE if outside else OWN)
    city, state, zip_code = rng.choice(TOWNS) if outside else TOWNS[0]
    return Facility(
        name=name,
        short=short,
        street=f"{rng.randint(100, 4000)} {rng.choice(STREETS)}" + rng.choice(("", ", Suite 200", "")),
        town=f"{city}, {state} {zip_code}",
        phone=draw_phone(rng),
        fax=draw_phone(rng),
    )
