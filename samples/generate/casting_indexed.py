"""Cases about a patient of the index: the ordinary, the confusable, and those with something wrong."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from .cast import Cast, anybody, cast_as
from .names import nickname as goes_by
from .person import Person
from .population import TODAY
from .relations import PatientIndex

ON_PAPER_WITH_STICKER = ("consent", "medication_record")


def ordinary(rng: Random, index: PatientIndex) -> Cast | None:
    return cast_as(anybody(rng, index), "an ordinary page")


def no_mrn(rng: Random, index: PatientIndex) -> Cast | None:
    alone = anybody(rng, index, lambda p: not index.namesakes(p))
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
    return cast_as(
        alone,
        "full name and birth date, no number of ours",
        layouts=layouts,
        hide=frozenset({"mrn", "account_number"}),
    )


def foreign_mrn(rng: Random, index: PatientIndex) -> Cast | None:
    person = anybody(rng, index, lambda p: not index.namesakes(p))
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


def nickname(rng: Random, index: PatientIndex) -> Cast | None:
    person = anybody(rng, index, lambda p: goes_by(Random(1), p.first_name) is not None)
    if not person:
        return None
    return Cast(
        printed=replace(person, first_name=goes_by(rng, person.first_name) or "", middle_name=""),
        mrn=person.mrn,
        why="the paper has a nickname",
        show=frozenset({"mrn", "birth_date"}),
    )


def maiden(rng: Random, index: PatientIndex) -> Cast | None:
    person = anybody(rng, index, lambda p: bool(p.former_last_name))
    if not person:
        return None
    return Cast(
        printed=replace(person, last_name=person.former_last_name),
        mrn=person.mrn,
        why="the paper has her former name",
        show=frozenset({"mrn", "birth_date"}),
    )


def compound(rng: Random, index: PatientIndex) -> Cast | None:
    return cast_as(
        anybody(rng, index, lambda p: not p.last_name.isascii() or not p.last_name.isalpha()),
        "a compound or accented surname",
    )


def twin(rng: Random, index: PatientIndex) -> Cast | None:
    person = anybody(rng, index, lambda p: bool(index.twins(p)) and p.mrn not in {t.mrn for t in index.twins(p)})
    return cast_as(person, "a twin whose sibling is in the index", show=frozenset({"birth_date", "mrn"}))


def generation(rng: Random, index: PatientIndex) -> Cast | None:
    return cast_as(anybody(rng, index, lambda p: bool(p.suffix)), "a senior or junior", show=frozenset({"birth_date"}))


def namesake(rng: Random, index: PatientIndex) -> Cast | None:
    return cast_as(
        anybody(rng, index, lambda p: bool(index.namesakes(p))),
        "somebody of this name is also in the index",
        show=frozenset({"birth_date", "mrn"}),
    )


def _duplicate(rng: Random, index: PatientIndex) -> Person | None:
    twice = [p for p in index.people if index.duplicates(p) and not index.is_newborn(p)]
    return rng.choice(twice) if twice else None


def duplicate_with_mrn(rng: Random, index: PatientIndex) -> Cast | None:
    return cast_as(
        _duplicate(rng, index),
        "registered twice; the paper's number selects one",
        show=frozenset({"mrn", "birth_date"}),
    )


def duplicate_without_mrn(rng: Random, index: PatientIndex) -> Cast | None:
    cast = cast_as(
        _duplicate(rng, index),
        "registered twice and no number on the paper",
        layouts=("referral", "lab_report", "typed_note"),
    )
    return replace(cast, hide=frozenset({"mrn", "account_number"})) if cast else None


def newborn(rng: Random, index: PatientIndex) -> Cast | None:
    babies = [p for p in index.people if index.is_newborn(p) and index.mother(p)]
    if not babies:
        return None
    baby = rng.choice(babies)
    return cast_as(
        baby,
        "a newborn; the mother is in the index too",
        layouts=("newborn", "newborn", "lab_report"),
        show=frozenset({"mrn", "birth_date"}),
        relative=index.mother(baby),
    )


def child(rng: Random, index: PatientIndex) -> Cast | None:
    def has_parent(p: Person) -> bool:
        return p.age_on(TODAY) < 17 and any(o.age_on(TODAY) > 23 for o in index.household(p))

    person = anybody(rng, index, has_parent)
    if not person:
        return None
    parent = rng.choice([o for o in index.household(person) if o.age_on(TODAY) > 23])
    return cast_as(
        person,
        "a child whose parent, also indexed, is guarantor or insured",
        layouts=("face_sheet", "claim_form", "intake_form"),
        relative=parent,
    )


def default_date(rng: Random, index: PatientIndex) -> Cast | None:
    return cast_as(
        anybody(rng, index, lambda p: (p.birth_date.month, p.birth_date.day) == (1, 1)),
        "a default birth date of 1 January",
        show=frozenset({"mrn", "birth_date"}),
    )


def back_page(rng: Random, index: PatientIndex) -> Cast | None:
    return cast_as(anybody(rng, index), "the scanner took the empty backs too", blank_back=True)


def name_only(rng: Random, index: PatientIndex) -> Cast | None:
    person = anybody(rng, index)
    return cast_as(
        person,
        "nothing but a name",
        layouts=("typed_note", "referral", "nursing_note", "id_card"),
        hide=frozenset({"birth_date", "mrn", "account_number", "ssn_last4", "phone", "address"}),
    )


def slipped_mrn(rng: Random, index: PatientIndex) -> Cast | None:
    person = anybody(rng, index, lambda p: bool(index.mrn_slips(p)))
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


def wrong_birth_date(rng: Random, index: PatientIndex) -> Cast | None:
    person = anybody(rng, index, lambda p: p.birth_date.day != p.birth_date.month and p.birth_date.year < 2015)
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


def wrong_sticker(rng: Random, index: PatientIndex) -> Cast | None:
    person, other = anybody(rng, index), anybody(rng, index)
    if not person or not other or person.mrn == other.mrn:
        return None
    return cast_as(
        person,
        "the sticker is another patient's",
        layouts=ON_PAPER_WITH_STICKER,
        sticker=other,
        show=frozenset({"birth_date", "mrn"}),
    )


def two_patients(rng: Random, index: PatientIndex) -> Cast | None:
    person, other = anybody(rng, index), anybody(rng, index)
    if not person or not other or person.mrn == other.mrn:
        return None
    return cast_as(
        person,
        "a page of another patient was in the feeder",
        stranger=other,
        show=frozenset({"birth_date", "mrn"}),
    )


def illegible(rng: Random, index: PatientIndex) -> Cast | None:
    return cast_as(anybody(rng, index), "too poor a copy to be read", ruined=True)
