"""What a person types at the desk, as one value. Pure: the loop that reads and acts is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

HELP = (
    "a number accepts that suspect; /WORDS searches the index; a MRN assigns to that patient; x discards; "
    "s PAGE… splits before these pages; j DOCUMENT… joins with others of the scan; r or r PAGE DEGREES has a page read "
    "as it lies; t TYPE or t TYPE DAY corrects type and date; d leaves it for later, d HOURS puts it off; "
    "? WHO: QUESTION asks somebody, ! WHO: WHAT for the paper once more; b DOCUMENT brings a blank page back; "
    "u takes your last decision back; o or o PAGE opens the picture; "
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
class Search:
    """Show whom the index has by these words."""

    words: str


@dataclass(frozen=True, slots=True)
class Rotate:
    """Have a page read as it lies; `None` is the document's first page."""

    page: int | None
    degrees: int


@dataclass(frozen=True, slots=True)
class Describe:
    """It is of another type, and of a day where one is named."""

    type: str
    day: str | None


@dataclass(frozen=True, slots=True)
class Defer:
    """Put it off for so many hours."""

    hours: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody is to answer a question, or to scan the paper once more."""

    owner: str
    question: str
    rescan: bool = False


@dataclass(frozen=True, slots=True)
class BringBack:
    """This blank page or separator is none."""

    document: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the last decision of this sitting."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Leave the desk."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing that can be done: say what can."""


Key: TypeAlias = (
    Accept
    | Assign
    | Discard
    | Split
    | Join
    | Skip
    | Search
    | Rotate
    | Describe
    | Defer
    | Ask
    | BringBack
    | Undo
    | OpenPage
    | Weights
    | Quit
    | Unknown
)

_HOURS_MOST = 720


def parse_key(line: str) -> Key:
    """What one typed line asks for."""
    if line.strip().startswith("/") and line.strip("/ \n"):
        return Search(line.strip()[1:].strip())
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
        case "d" if _is_number(rest) and 0 < int(rest) <= _HOURS_MOST:
            return Defer(int(rest))
        case "r" if not rest:
            return Rotate(None, 90)
        case "r" if (turn := _turn(rest.split())) is not None:
            return turn
        case "t" if rest and len(rest.split()) <= 2:
            kind, *day = rest.split()
            return Describe(kind, day[0] if day else None)
        case "?" | "!" if ":" in rest:
            owner, _, question = rest.partition(":")
            return Ask(owner.strip(), question.strip(), rescan=word == "!")
        case "b" if rest and " " not in rest:
            return BringBack(rest)
        case "u" if not rest:
            return Undo()
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


def _turn(words: list[str]) -> Rotate | None:
    """A page, or a page and degrees."""
    if not 1 <= len(words) <= 2 or not all(map(_is_number, words)):
        return None
    return Rotate(int(words[0]), int(words[1]) if len(words) == 2 else 90)


def _is_number(word: str) -> bool:
    """Digits, and not thousands of them: Python refuses to count those."""
    return word.isascii() and word.isdigit() and len(word) < 100
