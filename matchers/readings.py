"""What paper says, prepared for comparing: each reading parsed once, with how surely it was read.

Values that say nothing are left out; a badly read value that is a near neighbour of a better read
one is that value again, with OCR noise, and is left out too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

from matchers.damaged_dates import damaged_dates
from matchers.dates import LATEST_BIRTH, date_digits, read_dates
from matchers.lettering import fold
from matchers.levels import Surety
from matchers.lookalikes import difference
from matchers.names import PersonName, name_words, parse_name, shows_provider
from matchers.numbers import (
    StreetAddress,
    normalise_address,
    normalise_identifier,
    normalise_phone,
    normalise_sex,
    normalise_ssn4,
    normalise_zip,
)
from matchers.patient import Alternative, Identifiers, Reading, Sex, Source
from matchers.population import Population, plausible_mrn
from matchers.weights import Policy

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Other(Generic[T]):
    """An alternative in plain form."""

    form: T
    alternative: Alternative


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Generic[T]):
    """One reading in plain form. `foreign` says that its label names another institution.

    `others`: what else it may be, heaviest first; nothing where it was read with certainty.
    """

    form: T
    reading: Reading
    surety: Surety
    foreign: bool = False
    others: tuple[Other[T], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DateForm:
    """The plausible dates of one reading, its digits for when there are none, and what a damaged text means with
    one character put right."""

    dates: tuple[date, ...]
    digits: str
    damaged: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameForm:
    """The hypotheses of one name reading; whether it only stands in for an unknown name; whether a title or
    credentials make it a provider's, unless it is the patient's too."""

    hypotheses: tuple[PersonName, ...]
    temporary: bool
    provider: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Everything usable that the paper says of its patient."""

    names: tuple[Read[NameForm], ...]
    birth_dates: tuple[Read[DateForm], ...]
    sexes: tuple[Read[Sex], ...]
    mrns: tuple[Read[str], ...]
    accounts: tuple[Read[str], ...]
    phones: tuple[Read[str], ...]
    ssn4s: tuple[Read[str], ...]
    addresses: tuple[Read[StreetAddress], ...]
    zips: tuple[Read[str], ...]
    other_names: tuple[Read[NameForm], ...]

    @property
    def single(self) -> bool:
        """True when no two readings can be of two people: at most one of each person-specific field."""
        return all(len(reads) < 2 for reads in (self.names, self.birth_dates, self.mrns, self.accounts, self.ssn4s))

    @property
    def empty(self) -> bool:
        """True when nothing usable stands on the paper."""
        found = (
            self.names,
            self.birth_dates,
            self.mrns,
            self.accounts,
            self.phones,
            self.ssn4s,
            self.addresses,
        )
        return not any(found)


def surety_of(reading: Reading, policy: Policy) -> Surety:
    """How surely a value was read: barcodes are certain, what nobody measured is ordinary."""
    if reading.source is Source.BARCODE:
        return Surety.CERTAIN
    if reading.certainty is None:
        return Surety.ORDINARY
    if reading.certainty >= policy.certain_from:
        return Surety.CERTAIN
    if reading.certainty >= policy.weak_below:
        return Surety.ORDINARY
    return Surety.WEAK if reading.certainty >= policy.noise_below else Surety.NOISE


def prepare(identifiers: Identifiers, *, population: Population, policy: Policy) -> Query:
    """All readings in plain form; total: what cannot be understood is left out."""

    def read(readings: Iterable[Reading], form: Callable[[str], T | None]) -> tuple[Read[T], ...]:
        return _without_noise(_distinct(_forms(readings, form, policy)))

    def name(text: str) -> NameForm | None:
        return name_form(text, policy)

    def mrn(text: str) -> str | None:
        return plausible_mrn(population, text) or None

    return Query(
        names=without_echoes(read(identifiers.names, name)),
        birth_dates=_without_damaged_echoes(read(identifiers.birth_dates, _date_form)),
        sexes=read(identifiers.sexes, normalise_sex),
        mrns=read(identifiers.mrns, mrn),
        accounts=read(identifiers.account_numbers, lambda text: normalise_identifier(text) or None),
        phones=read(identifiers.phones, normalise_phone),
        ssn4s=read(identifiers.ssn_last4s, normalise_ssn4),
        addresses=read(identifiers.addresses, normalise_address),
        zips=read(identifiers.zips, normalise_zip),
        other_names=read(identifiers.other_names, name),
    )


def name_form(text: str, policy: Policy) -> NameForm | None:
    """The hypotheses of a printed name; None when it holds no word."""
    hypotheses = parse_name(text)
    if not hypotheses:
        return None
    return NameForm(
        hypotheses=hypotheses,
        temporary=is_temporary(name_words(text), policy.temporary_names),
        provider=shows_provider(text),
    )


def is_temporary(words: tuple[str, ...], temporary: frozenset[str]) -> bool:
    """True when the words hold one of the declared stand-ins for a name nobody knows."""
    return not temporary.isdisjoint((*words, *map(" ".join, pairwise(words))))


def _date_form(text: str) -> DateForm | None:
    dates, digits = read_dates(text, born_before=LATEST_BIRTH), date_digits(text)
    return DateForm(dates=dates, digits=digits, damaged=damaged_dates(text)) if dates or digits else None


def _forms(readings: Iterable[Reading], form: Callable[[str], T | None], policy: Policy) -> Iterable[Read[T]]:
    for reading in readings:
        plain = form(reading.value)
        if plain is not None:
            label, surety = set(fold(reading.label or "").split()), surety_of(reading, policy)
            yield Read(
                form=plain,
                reading=reading,
                surety=surety,
                foreign=bool(label & policy.foreign_labels),
                others=tuple(_others(reading, form, plain, policy)) if surety < Surety.CERTAIN else (),
            )


def _others(reading: Reading, form: Callable[[str], T | None], read: T, policy: Policy) -> Iterable[Other[T]]:
    for alternative in sorted(reading.alternatives, key=lambda one: (-one.weight, one.value)):
        other = form(alternative.value) if alternative.weight >= policy.alternative_least else None
        if other is not None and other != read:
            yield Other(form=other, alternative=alternative)


def _distinct(found: Iterable[Read[T]]) -> tuple[Read[T], ...]:
    # The same value twice is one reading, as sure as the surer of the two.
    best: dict[tuple[T, bool], Read[T]] = {}
    for read in found:
        known = best.get((read.form, read.foreign))
        if known is None or _rank(read) > _rank(known):
            best[read.form, read.foreign] = read
    return tuple(sorted(best.values(), key=_rank, reverse=True))


def _rank(read: Read[T]) -> tuple[Surety, float, str]:
    return read.surety, read.reading.certainty or 0.0, read.reading.value


def _without_noise(found: tuple[Read[T], ...]) -> tuple[Read[T], ...]:
    return tuple(
        read
        for at, read in enumerate(found)
        if read.surety > Surety.WEAK
        or not any(better.surety > Surety.WEAK and _near(read, better) for better in found[:at])
    )


def without_echoes(
    found: tuple[Read[NameForm], ...], clear: Iterable[Read[NameForm]] | None = None
) -> tuple[Read[NameForm], ...]:
    """Leaves out damaged readings of a name that another reading shows for certain (one of `clear`, if given).

    A running header at the edge of a fax reads "Lb. STANLEY MARC" for "LEE, STANLEY MARC": that is no
    other person. Nothing may differ but damage, so a relative's given name stays.
    """
    certain = [read for read in (found if clear is None else clear) if read.surety is Surety.CERTAIN]
    return tuple(
        read for read in found if read.surety is Surety.CERTAIN or not any(_echoes(read, better) for better in certain)
    )


def _echoes(read: Read[NameForm], better: Read[NameForm]) -> bool:
    """True when every word of three letters is the better reading's, but for damage; two of them at least."""
    left = list(name_words(better.reading.value))
    same = 0
    for word in name_words(read.reading.value):
        if len(word) < 3:
            continue
        match = next((known for known in left if _is_damaged(word, known, weak=read.surety < Surety.ORDINARY)), None)
        if match is None:
            return False
        left.remove(match)
        same += 1
    return same > 1


def _is_damaged(word: str, known: str, *, weak: bool) -> bool:
    limit = len(known) // 3 if weak else len(known) // 5
    apart = difference(word, known, limit=max(1, limit))
    return apart.edits <= limit or apart.equal or apart.lookalike


def _without_damaged_echoes(found: tuple[Read[DateForm], ...]) -> tuple[Read[DateForm], ...]:
    """Leaves out damaged dates that may mean a date which stands whole elsewhere: they are that date again."""
    whole = {value for read in found if not read.form.damaged for value in read.form.dates}
    return tuple(
        read for read in found if not (read.form.damaged & whole or (not read.form.dates and _one_off(read, whole)))
    )


def _one_off(read: Read[DateForm], whole: Iterable[date]) -> bool:
    digits = read.form.digits
    return any(difference(digits, f"{v:%m%d}{v.year:04}", limit=1).edits <= 1 for v in whole)


def _near(read: Read[T], better: Read[T]) -> bool:
    one, other = (fold(r.reading.value).replace(" ", "") for r in (read, better))
    limit = max(1, min(len(one), len(other)) // 4)
    return difference(one, other, limit=limit).edits <= limit
