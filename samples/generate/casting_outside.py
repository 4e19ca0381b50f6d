"""Cases about people who are not in the index, some of them near to somebody who is, and about nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from .cast import Cast, anybody
from .names import name_tables
from .person import Person
from .places import draw_home
from .population import TODAY, Registry, make_person
from .relations import PatientIndex, folded, one_slip_away


def _free_number(rng: Random, index: PatientIndex, near: str = "") -> str:
    """A number that nobody in the index has, a slip from `near` when there is one."""
    slips = [n for n in one_slip_away(near) if n not in index.by_mrn] if near else []
    while not slips:
        slips = [n for n in (f"{rng.randrange(300_000, 460_000):08}",) if n not in index.by_mrn]
    return rng.choice(slips)


def _outsider(rng: Random, index: PatientIndex) -> Person:
    person = make_person(rng, Registry(rng, 40), draw_home(rng), ages=(1, 90))
    return replace(person, mrn=_free_number(rng, index))


def absent(rng: Random, index: PatientIndex) -> Cast | None:
    person = _outsider(rng, index)
    return Cast(printed=person, mrn=None, why="not in the index") if not index.namesakes(person) else None


def absent_twin(rng: Random, index: PatientIndex) -> Cast | None:
    model = anybody(rng, index, lambda p: not index.twins(p) and p.age_on(TODAY) < 60)
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


def absent_namesake(rng: Random, index: PatientIndex) -> Cast | None:
    model = anybody(rng, index, lambda p: 20 < p.age_on(TODAY) < 80)
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


def absent_relative(rng: Random, index: PatientIndex) -> Cast | None:
    model = anybody(rng, index, lambda p: p.age_on(TODAY) > 25)
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


def nobody(_rng: Random, _index: PatientIndex) -> Cast | None:
    return Cast(printed=None, mrn=None, why="belongs to no patient", layouts=("invoice",))


def blank(_rng: Random, _index: PatientIndex) -> Cast | None:
    return Cast(printed=None, mrn=None, why="empty pages", layouts=("blank",))
