"""What a person types at the desk, as one value. Pure: the loop that reads and acts is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

HELP = (
    "a number accepts that suspect; a MRN assigns to that patient; x discards; s PAGE… splits before these pages; "
    "j DOCUMENT… joins with others of the scan; d leaves it for later; o or o PAGE opens the picture; "
    "w shows the weights; q quits"
)


@dataclass(frozen=True, slots=True)
class Accept:
    """This suspect is the patient."""

    number: int


@dataclass(frozen=True, slots=True)
class Assign:
    """Another patient is."""

    mrn: str


@dataclass(frozen=True, slots=True)
class Discard:
    """It belongs in no record; the reason may still have to be asked for."""

    reason: str | None


@dataclass(frozen=True, slots=True)
class Split:
    """Other documents begin with these pages."""

    before: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Join:
    """It is one with these documents."""

    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Skip:
    """Not now."""


@dataclass(frozen=True, slots=True)
class OpenPage:
    """Show the picture; `None` is the document's first page."""

    page: int | None


@dataclass(frozen=True, slots=True)
class Weights:
    """Show the item again with the weights of evidence."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Leave the desk."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing that can be done: say what can."""


Key: TypeAlias = Accept | Assign | Discard | Split | Join | Skip | OpenPage | Weights | Quit | Unknown


def parse_key(line: str) -> Key:
    """What one typed line asks for."""
    word, _, rest = line.strip().partition(" ")
    rest = rest.strip()
    if _is_number(word) and not rest and int(word) > 0:
        return Accept(int(word))
    match word.casefold():
        case "a" if rest:
            return Assign(rest)
        case "x":
            return Discard(rest or None)
        case "s" if rest and all(map(_is_number, rest.split())):
            return Split(tuple(map(int, rest.split())))
        case "j" if rest:
            return Join(tuple(rest.split()))
        case "d" if not rest:
            return Skip()
        case "o" if not rest:
            return OpenPage(None)
        case "o" if _is_number(rest):
            return OpenPage(int(rest))
        case "w" if not rest:
            return Weights()
        case "q" if not rest:
            return Quit()
        case _:
            return Unknown()


def _is_number(word: str) -> bool:
    """Digits, and not thousands of them: Python refuses to count those."""
    return word.isascii() and word.isdigit() and len(word) < 100
