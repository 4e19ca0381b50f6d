"""Parts of the late layouts: values in several boxes, dates with their own order, words of forms."""

from __future__ import annotations

from dataclasses import replace

from ..facts import Fact, Identity
from ..names import without_accents
from ..sheet import INK, Colour, Piece, Sheet

_WITHOUT_ACCENTS = frozenset({"hand_late_pen", "late_embossed"})
"""Faces that have none: people who write block letters leave them away."""


def born(who: Identity, form: str) -> Fact | None:
    """The birth date in a form of `strftime`, when the paper has it."""
    day = who.person.birth_date
    if "birth_date" not in who.shown:
        return None
    return Fact(field="birth_date", role=who.role, raw=day.strftime(form), value=day.isoformat())


def plain_name(who: Identity) -> Fact | None:
    """DOE JOHN Q: as machines for plates and wristbands write it, without a comma."""
    fact = who.name("last_first", upper=True)
    return fact and replace(fact, raw=without_accents(fact.raw.replace(",", "")))


def cell(sheet: Sheet, x: float, y: float, width: float, height: float, label: str, *, size: float = 6) -> None:
    """An empty box with its label inside, at the top left."""
    sheet.box(x, y, x + width, y + height, width=0.5)
    sheet.text(x + 2.5, y + size + 1.5, label, size=size, max_width=width - 5)


def filled(
    sheet: Sheet,
    x: float,
    y: float,
    width: float,
    height: float,
    label: str,
    value: Piece,
    *,
    face: str = "",
    size: float = 10,
    colour: Colour = INK,
) -> float:
    """A labelled box with a value on its floor; returns where the value ends."""
    cell(sheet, x, y, width, height, label)
    return sheet.text(x + 5, y + height - 4, value, face=face, size=size, colour=colour, max_width=width - 8)


def split_name(
    sheet: Sheet,
    who: Identity,
    family_box: tuple[float, float, float, float, str],
    given_box: tuple[float, float, float, float, str],
    *,
    face: str = "",
    size: float = 10,
    colour: Colour = INK,
) -> None:
    """The name in two boxes, (x, y, width, height, label) each: family name, given names. One fact over both."""
    fact = who.name("last_first")
    if fact and face in _WITHOUT_ACCENTS:
        fact = replace(fact, raw=without_accents(fact.raw))
    family, _, given = fact.raw.partition(", ") if fact else ("", "", "")
    ends = []
    for (x, y, width, height, label), part in ((family_box, family), (given_box, given)):
        ends.append(filled(sheet, x, y, width, height, label, part, face=face, size=size, colour=colour))
    if fact:
        floor = [box[1] + box[3] - 4 for box in (family_box, given_box)]
        sheet.remember(
            fact,
            min(family_box[0], given_box[0]) + 5,
            min(floor) - size * 0.8,
            max(ends),
            max(floor) + size * 0.2,
            hand=face.startswith("hand_"),
        )


def split_date(
    sheet: Sheet,
    fact: Fact | None,
    x: float,
    floor: float,
    widths: tuple[float, float, float],
    *,
    face: str = "",
    size: float = 10,
    colour: Colour = INK,
) -> None:
    """A date's three parts, parted by blanks in `raw`, each in a column of its own. One fact over all."""
    if fact is None:
        return
    left = end = x
    for part, width in zip(fact.raw.split(" "), widths, strict=True):
        end = sheet.text(left + 4, floor, part, face=face, size=size, colour=colour)
        left += width
    sheet.remember(fact, x + 4, floor - size * 0.8, end, floor + size * 0.2, hand=face.startswith("hand_"))
