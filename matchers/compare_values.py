"""Dates, numbers and addresses in levels: one printed value against one patient. Pure, total.

Each function answers with a level's key (see `levels.LEVELS_OF`); the first that is true, in the
order tried here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import date

from rapidfuzz.distance import Hamming

from matchers.levels import LEVELS_OF, Part, Surety
from matchers.lookalikes import difference, fold_lookalikes, look_alike
from matchers.numbers import StreetAddress, digits_for_letters, without_leading_zeros
from matchers.readings import DateForm

_SHORTEST_FOR_EDITS = 5
_FAR = 3
_FEW_DAMAGED = 4  # dates that one character put right makes of a text: more are namesakes' dates too
_CENTURIES = ("19", "20")

BIRTH_DATE_ORDER = (
    "exact", "lookalike", "day_month", "transposed", "one_digit", "damaged", "two_digits", "same_year",
    "different",
)  # fmt: skip


def birth_date_level(form: DateForm, born: date) -> str:
    """The best level over the plausible readings of a date; "unreadable" when it has no meaning."""
    damaged = _few_damaged(form, born)
    if not form.dates:
        return damaged or _damaged_level(form.digits, born, in_pieces=bool(form.damaged))
    level = min((_date_level(read, born) for read in form.dates), key=BIRTH_DATE_ORDER.index)
    return min(filter(None, (level, damaged)), key=BIRTH_DATE_ORDER.index)


def _few_damaged(form: DateForm, born: date) -> str | None:
    """One character put right makes that date of it: an agreement where it makes few dates, else a near miss."""
    if born not in form.damaged:
        return None
    return "damaged" if len(form.damaged) <= _FEW_DAMAGED else "one_digit"


def _damaged_level(digits: str, born: date, *, in_pieces: bool) -> str:
    """What the digits of a date without meaning still say; of one `in_pieces` that said what it may mean, no more
    than that they are far from it."""
    whole = _whole_dates(digits)
    if whole:
        return min((_date_level(read, born) for read in whole), key=BIRTH_DATE_ORDER.index)
    spellings = (f"{born:%m%d}{born.year:04}", f"{born.year:04}{born:%m%d}")
    if 7 <= len(digits) <= 9:
        apart = min(difference(digits, spelling, limit=_FAR).edits for spelling in spellings)
        if apart <= 1 and not in_pieces:
            return "damaged" if len(digits) == 8 else "one_digit"
        if len(digits) == 8 and apart > _FAR:
            return "damaged_other"
    year = f"{born.year:04}"
    shown = [part for part in (digits[-4:], digits[:4]) if part[:2] in _CENTURIES and len(digits) > 5]
    far = all(sum(a != b for a, b in zip(part, year, strict=True)) > 1 for part in shown)
    return "damaged_other" if shown and far else "unreadable"


def _whole_dates(digits: str) -> tuple[date, ...]:
    """Eight digits that are a date by themselves, whatever stood between them."""
    if len(digits) != 8:
        return ()
    found = []
    for year, month, day in ((digits[4:], digits[:2], digits[2:4]), (digits[:4], digits[4:6], digits[6:])):
        if year[:2] in _CENTURIES:
            with contextlib.suppress(ValueError):
                found.append(date(int(year), int(month), int(day)))
    return tuple(found)


def _date_level(read: date, born: date) -> str:
    if read == born:
        return "exact"
    if read.year == born.year and read.month == born.day and read.day == born.month:
        return "day_month"
    seen, known = read.isoformat().replace("-", ""), born.isoformat().replace("-", "")
    if Hamming.distance(seen, known, score_cutoff=2) > 2:
        return "same_year" if read.year == born.year else "different"
    apart = [at for at in range(8) if seen[at] != known[at]]
    if len(apart) == 1:
        return "lookalike" if look_alike(seen[apart[0]], known[apart[0]]) else "one_digit"
    first, second = apart
    swapped = second == first + 1 and seen[first] == known[second] and seen[second] == known[first]
    return "transposed" if swapped else "two_digits"


def number_level(seen: str, known: str) -> str | None:
    """How two identifying numbers agree: from "exact" to "two_edits", or None when they do not.

    Short numbers allow no edit: too many of them are neighbours.
    """
    if seen == known:
        return "exact"
    if without_leading_zeros(seen) == without_leading_zeros(known):
        return "leading_zeros"
    if digits_for_letters(seen) == digits_for_letters(known):
        return "lookalike"
    if min(len(seen), len(known)) < _SHORTEST_FOR_EDITS:
        return None
    apart = difference(seen, known, limit=2)
    if apart.edits == 1:
        return "one_lookalike" if apart.unexplained == 0 and len(seen) == len(known) else "one_edit"
    return "two_edits" if apart.edits == 2 else None


def mrn_level(seen: str, known: str, *, accounts: Sequence[str], issued_here: bool) -> str:
    """The level of an MRN: as `number_level`, then whether it is the account, foreign, or another's."""
    level = number_level(seen, known)
    if level in (None, "two_edits") and seen in accounts:
        return "account"
    if level is None or (level == "two_edits" and not issued_here):
        return "different" if issued_here else "foreign"
    return level


def account_level(seen: str, known: Sequence[str]) -> str:
    """The best level over the patient's account numbers; an account that is none of them is "unknown"."""
    order = ("exact", "leading_zeros", "lookalike", "one_lookalike", "one_edit")
    levels = {number_level(seen, account) for account in known}
    return next((level for level in order if level in levels), "unknown")


def phone_level(seen: str, known: Sequence[str]) -> str:
    """The best level over the patient's phones."""
    if seen in known:
        return "exact"
    if any(seen[-7:] == phone[-7:] for phone in known):
        return "local"
    if any(difference(seen, phone, limit=1).edits == 1 for phone in known):
        return "one_edit"
    return "different"


def digits_level(seen: str, known: str) -> str:
    """ "exact", "one_digit" or "different" for short numbers of fixed length."""
    if seen == known:
        return "exact"
    return "one_digit" if sum(a != b for a, b in zip(seen, known, strict=False)) == 1 else "different"


def address_level(seen: StreetAddress, known: StreetAddress) -> str:
    """The level of a street line; the house number decides between one household and one street."""
    same_street = seen.street == known.street
    limit = max(1, min(len(seen.street), len(known.street)) // 4)
    if not same_street and difference(seen.street, known.street, limit=limit).edits > limit:
        return "different"
    if seen.number == known.number:
        return "exact" if same_street else "near"
    if seen.number and known.number and fold_lookalikes(seen.number) == fold_lookalikes(known.number):
        return "near"
    return "street"


def best_address_level(seen: StreetAddress, known: Sequence[StreetAddress]) -> str:
    """The best level over the street lines where somebody lives or lived."""
    levels = {address_level(seen, line) for line in known}
    return next(key for key in LEVELS_OF[Part.ADDRESS] if key in levels)


def best_zip_level(seen: str, known: Sequence[str]) -> str:
    """The best level over the ZIP codes where somebody lives or lived."""
    levels = {digits_level(seen, code) for code in known}
    return next(key for key in LEVELS_OF[Part.ZIP] if key in levels)


def tolerates(tolerated: Surety, surety: Surety) -> bool:
    """True when a reading of that surety may differ so without contradicting."""
    return surety <= tolerated or surety is Surety.NOISE
