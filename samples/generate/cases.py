"""The kinds of case: who is on the paper, what is wrong with it, and where it must end.

Each case casts its people from the index (or beside it) and says what a careful clerk would do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from .names import name_tables, nickname
from .person import Person
from .places import draw_home
from .population import TODAY, Registry, make_person
from .relations import PatientIndex, folded, one_slip_away

ON_PAPER_WITH_STICKER = ("consent", "medication_record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The people of one file. `printed` is the patient as the paper has them.

    `mrn` is the indexed patient's number, `None` when nobody in the index is meant. `show` and
    `hide` override the layout's usual identifiers.
    """

    printed: Person | None
    mrn: str | None
    why: str
    layouts: tuple[str, ...] = ()
    show: frozenset[str] = frozenset()
    hide: frozenset[str] = frozenset()
    sticker: Person | None = None
    stranger: Person | None = None
    relative: Person | None = None
    blank_back: bool = False
    ruined: bool = False
    outside: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One kind. `end` is "file", "review", "either" or "blank"; `never_file` when filing it whole is always wrong."""

    cast: Callable[[Random, PatientIndex], Cast | None]
    end: str
    weight: float
    never_file: bool = False


def _anybody(
    rng: Random, index: PatientIndex, fits: Callable[[Person], bool] = lambda _: True
) -> Person | None:
    """A random person who fits and is registered once."""
    for _ in range(4000):
        person = rng.choice(index.people)
        if not index.is_newborn(person) and not index.duplicates(person) and fits(person):
            return person
    return None


def _cast(person: Person | None, why: str, **more: object) -> Cast | None:
    return Cast(printed=person, mrn=person.mrn, why=why, **more) if person else None  # type: ignore[arg-type]


def _ordinary(rng: Random, index: PatientIndex) -> Cast | None:
    return _cast(_anybody(rng, index), "an ordinary page")


def _no_mrn(rng: Random, index: PatientIndex) -> Cast | None:
    alone = _anybody(rng, index, lambda p: not index.namesakes(p))
    layouts = (
        "referral",
        "referral",
        "referral",
        "lab_report",
        "intake_form",
        "radiology",
        "id_card",
        "typed_note",
        "nursing_note",
    )
    return _cast(
        alone,
        "full name and birth date, no number of ours",
        layouts=layouts,
        hide=frozenset({"mrn", "account_number"}),
    )


def _foreign_mrn(rng: Random, index: PatientIndex) -> Cast | None:
    person = _anybody(rng, index, lambda p: not index.namesakes(p))
    if not person:
        return None
    number = f"{rng.choice('EKMZ')}{rng.randrange(100_000, 999_999)}"
    return Cast(
        printed=replace(person, mrn=number),
        mrn=person.mrn,
        why="another house's record number",
        layouts=("lab_report", "radiology"),
        outside=True,
        show=frozenset({"birth_date", "mrn"}),
        hide=frozenset({"account_number"}),
    )


def _nickname(rng: Random, index: PatientIndex) -> Cast | None:
    person = _anybody(rng, index, lambda p: nickname(Random(1), p.first_name) is not None)
    if not person:
        return None
    return Cast(
        printed=replace(person, first_name=nickname(rng, person.first_name) or "", middle_name=""),
        mrn=person.mrn,
        why="the paper has a nickname",
        show=frozenset({"mrn", "birth_date"}),
    )


def _maiden(rng: Random, index: PatientIndex) -> Cast | None:
    person = _anybody(rng, index, lambda p: bool(p.former_last_name))
    if not person:
        return None
    return Cast(
        printed=replace(person, last_name=person.former_last_name),
        mrn=person.mrn,
        why="the paper has her former name",
        show=frozenset({"mrn", "birth_date"}),
    )


def _compound(rng: Random, index: PatientIndex) -> Cast | None:
    return _cast(
        _anybody(rng, index, lambda p: not p.last_name.isascii() or not p.last_name.isalpha()),
        "a compound or accented surname",
    )


def _twin(rng: Random, index: PatientIndex) -> Cast | None:
    person = _anybody(
        rng, index, lambda p: bool(index.twins(p)) and p.mrn not in {t.mrn for t in index.twins(p)}
    )
    return _cast(person, "a twin whose sibling is in the index", show=frozenset({"birth_date", "mrn"}))


def _generation(rng: Random, index: PatientIndex) -> Cast | None:
    return _cast(
        _anybody(rng, index, lambda p: bool(p.suffix)), "a senior or junior", show=frozenset({"birth_date"})
    )


def _namesake(rng: Random, index: PatientIndex) -> Cast | None:
    return _cast(
        _anybody(rng, index, lambda p: bool(index.namesakes(p))),
        "somebody of this name is also in the index",
        show=frozenset({"birth_date", "mrn"}),
    )


def _duplicate(rng: Random, index: PatientIndex) -> Person | None:
    twice = [p for p in index.people if index.duplicates(p) and not index.is_newborn(p)]
    return rng.choice(twice) if twice else None


def _duplicate_with_mrn(rng: Random, index: PatientIndex) -> Cast | None:
    return _cast(
        _duplicate(rng, index),
        "registered twice; the paper's number selects one",
        show=frozenset({"mrn", "birth_date"}),
    )


def _duplicate_without_mrn(rng: Random, index: PatientIndex) -> Cast | None:
    cast = _cast(
        _duplicate(rng, index),
        "registered twice and no number on the paper",
        layouts=("referral", "lab_report", "typed_note"),
    )
    return replace(cast, hide=frozenset({"mrn", "account_number"})) if cast else None


def _newborn(rng: Random, index: PatientIndex) -> Cast | None:
    babies = [p for p in index.people if index.is_newborn(p) and index.mother(p)]
    if not babies:
        return None
    baby = rng.choice(babies)
    return _cast(
        baby,
        "a newborn; the mother is in the index too",
        layouts=("newborn", "newborn", "lab_report"),
        show=frozenset({"mrn", "birth_date"}),
        relative=index.mother(baby),
    )


def _child(rng: Random, index: PatientIndex) -> Cast | None:
    def has_parent(p: Person) -> bool:
        return p.age_on(TODAY) < 17 and any(o.age_on(TODAY) > 23 for o in index.household(p))

    person = _anybody(rng, index, has_parent)
    if not person:
        return None
    parent = rng.choice([o for o in index.household(person) if o.age_on(TODAY) > 23])
    return _cast(
        person,
        "a child whose parent, also indexed, is guarantor or insured",
        layouts=("face_sheet", "claim_form", "intake_form"),
        relative=parent,
    )


def _default_date(rng: Random, index: PatientIndex) -> Cast | None:
    return _cast(
        _anybody(rng, index, lambda p: (p.birth_date.month, p.birth_date.day) == (1, 1)),
        "a default birth date of 1 January",
        show=frozenset({"mrn", "birth_date"}),
    )


def _back_page(rng: Random, index: PatientIndex) -> Cast | None:
    return _cast(_anybody(rng, index), "the scanner took the empty backs too", blank_back=True)


def _name_only(rng: Random, index: PatientIndex) -> Cast | None:
    person = _anybody(rng, index)
    return _cast(
        person,
        "nothing but a name",
        layouts=("typed_note", "referral", "nursing_note", "id_card"),
        hide=frozenset({"birth_date", "mrn", "account_number", "ssn_last4", "phone", "address"}),
    )


def _slipped_mrn(rng: Random, index: PatientIndex) -> Cast | None:
    person = _anybody(rng, index, lambda p: bool(index.mrn_slips(p)))
    if not person:
        return None
    printed = replace(person, mrn=rng.choice(index.mrn_slips(person)).mrn)
    return Cast(
        printed=printed,
        mrn=person.mrn,
        why="the number on the paper is a slip, and is another patient's",
        show=frozenset({"mrn", "birth_date"}),
        hide=frozenset({"account_number"}),
    )


def _wrong_birth_date(rng: Random, index: PatientIndex) -> Cast | None:
    person = _anybody(
        rng, index, lambda p: p.birth_date.day != p.birth_date.month and p.birth_date.year < 2015
    )
    if not person:
        return None
    born = person.birth_date
    wrong = (
        born.replace(month=born.day, day=born.month)
        if born.day <= 12
        else born.replace(year=born.year - rng.choice((1, 9)), day=min(born.day, 28))
    )
    return Cast(
        printed=replace(person, birth_date=wrong),
        mrn=person.mrn,
        why="the paper's birth date is not the registered one",
        show=frozenset({"mrn", "birth_date"}),
    )


def _wrong_sticker(rng: Random, index: PatientIndex) -> Cast | None:
    person, other = _anybody(rng, index), _anybody(rng, index)
    if not person or not other or person.mrn == other.mrn:
        return None
    return _cast(
        person,
        "the sticker is another patient's",
        layouts=ON_PAPER_WITH_STICKER,
        sticker=other,
        show=frozenset({"birth_date", "mrn"}),
    )


def _two_patients(rng: Random, index: PatientIndex) -> Cast | None:
    person, other = _anybody(rng, index), _anybody(rng, index)
    if not person or not other or person.mrn == other.mrn:
        return None
    return _cast(
        person,
        "a page of another patient was in the feeder",
        stranger=other,
        show=frozenset({"birth_date", "mrn"}),
    )


def _free_number(rng: Random, index: PatientIndex, near: str = "") -> str:
    """A number that nobody in the index has, a slip from `near` when there is one."""
    slips = [n for n in one_slip_away(near) if n not in index.by_mrn] if near else []
    while not slips:
        slips = [n for n in (f"{rng.randrange(300_000, 460_000):08}",) if n not in index.by_mrn]
    return rng.choice(slips)


def _outsider(rng: Random, index: PatientIndex) -> Person:
    person = make_person(rng, Registry(rng, 40), draw_home(rng), ages=(1, 90))
    return replace(person, mrn=_free_number(rng, index))


def _absent(rng: Random, index: PatientIndex) -> Cast | None:
    person = _outsider(rng, index)
    return Cast(printed=person, mrn=None, why="not in the index") if not index.namesakes(person) else None


def _absent_twin(rng: Random, index: PatientIndex) -> Cast | None:
    model = _anybody(rng, index, lambda p: not index.twins(p) and p.age_on(TODAY) < 60)
    if not model:
        return None
    sex = rng.choice((model.sex or "F", "F", "M"))
    first = name_tables().first(rng, "F" if sex == "F" else "M")
    if folded(first) == folded(model.first_name):
        return None
    twin = replace(
        model,
        first_name=first,
        sex=sex,
        mrn=_free_number(rng, index, model.mrn),
        account_number="",
        ssn_last4="",
        middle_name="",
        suffix="",
        former_last_name="",
    )
    return Cast(printed=twin, mrn=None, why="not in the index, but a twin is", relative=model)


def _absent_namesake(rng: Random, index: PatientIndex) -> Cast | None:
    model = _anybody(rng, index, lambda p: 20 < p.age_on(TODAY) < 80)
    if not model:
        return None
    other = replace(
        _outsider(rng, index),
        first_name=model.first_name,
        last_name=model.last_name,
        middle_name="",
        former_last_name="",
        sex=model.sex,
    )
    shift = rng.choice(
        (timedelta(days=rng.choice((1, 10))), timedelta(days=3653), timedelta(days=rng.randint(900, 9000)))
    )
    born = min(model.birth_date + shift, date(2026, 1, 1))
    return Cast(
        printed=replace(other, birth_date=born),
        mrn=None,
        why="not in the index, but somebody of this name is",
        show=frozenset({"birth_date"}),
    )


def _absent_relative(rng: Random, index: PatientIndex) -> Cast | None:
    model = _anybody(rng, index, lambda p: p.age_on(TODAY) > 25)
    if not model:
        return None
    child = make_person(rng, Registry(rng, 40), draw_home(rng), surname=model.last_name, ages=(1, 30))
    child = replace(
        child,
        mrn=_free_number(rng, index, model.mrn),
        address=model.address,
        city=model.city,
        state=model.state,
        zip=model.zip,
        phone=model.phone,
    )
    return Cast(
        printed=child,
        mrn=None,
        why="not in the index, but the relative named on the page is",
        layouts=("face_sheet", "claim_form", "intake_form", "nursing_note"),
        relative=model,
    )


def _nobody(_rng: Random, _index: PatientIndex) -> Cast | None:
    return Cast(printed=None, mrn=None, why="belongs to no patient", layouts=("invoice",))


def _blank(_rng: Random, _index: PatientIndex) -> Cast | None:
    return Cast(printed=None, mrn=None, why="empty pages", layouts=("blank",))


def _illegible(rng: Random, index: PatientIndex) -> Cast | None:
    return _cast(_anybody(rng, index), "too poor a copy to be read", ruined=True)


CASES: dict[str, Case] = {
    "ordinary": Case(cast=_ordinary, end="file", weight=34),
    "no_mrn": Case(cast=_no_mrn, end="file", weight=9),
    "foreign_mrn": Case(cast=_foreign_mrn, end="either", weight=1.5),
    "nickname": Case(cast=_nickname, end="file", weight=3),
    "maiden_name": Case(cast=_maiden, end="file", weight=3),
    "compound_surname": Case(cast=_compound, end="file", weight=3),
    "twin": Case(cast=_twin, end="file", weight=3),
    "generation": Case(cast=_generation, end="file", weight=3),
    "namesake": Case(cast=_namesake, end="file", weight=3),
    "duplicate_with_mrn": Case(cast=_duplicate_with_mrn, end="file", weight=2),
    "duplicate_without_mrn": Case(cast=_duplicate_without_mrn, end="review", weight=1.5),
    "newborn": Case(cast=_newborn, end="file", weight=3),
    "child": Case(cast=_child, end="file", weight=4),
    "default_date": Case(cast=_default_date, end="file", weight=1.5),
    "blank_back": Case(cast=_back_page, end="file", weight=3),
    "name_only": Case(cast=_name_only, end="review", weight=2),
    "slipped_mrn": Case(cast=_slipped_mrn, end="review", weight=2),
    "wrong_birth_date": Case(cast=_wrong_birth_date, end="review", weight=2),
    "wrong_sticker": Case(cast=_wrong_sticker, end="review", weight=2.5, never_file=True),
    "two_patients": Case(cast=_two_patients, end="review", weight=3, never_file=True),
    "absent": Case(cast=_absent, end="review", weight=3, never_file=True),
    "absent_twin": Case(cast=_absent_twin, end="review", weight=3, never_file=True),
    "absent_namesake": Case(cast=_absent_namesake, end="review", weight=3, never_file=True),
    "absent_relative": Case(cast=_absent_relative, end="review", weight=3, never_file=True),
    "nobody": Case(cast=_nobody, end="review", weight=2.5, never_file=True),
    "blank": Case(cast=_blank, end="blank", weight=1.5, never_file=True),
    "illegible": Case(cast=_illegible, end="review", weight=1),
}
