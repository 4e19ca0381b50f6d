"""A small clinic to decide in: a few hundred ordinary people as background, and those of the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from matchers import (
    Decision,
    Identifiers,
    Patient,
    PatientIndex,
    Policy,
    Veto,
    VetoName,
    decide,
    holds_against,
    identifiers_from_json,
)

_SURNAMES = tuple(
    str.split(
        "Anderson Baker Carter Diaz Edwards Foster Griffin Hayes Ingram Jordan Keller Lawson Mitchell Norris Owens "
        "Parker Quinn Ramirez Sanders Turner Underwood Vargas Walters Young Zimmerman Brown "
        "Johnson Williams Jones Miller"
    )
)
_GIVENS = tuple(
    str.split(
        "Alice Brian Carol Daniel Emily Frank Grace Henry Irene Jacob Karen Larry Megan Nathan Olivia Peter Rachel "
        "Samuel Teresa Victor Wendy Aaron Betty Carlos Diana Eric Fiona George Helen Isaac"
    )
)


def background() -> list[Patient]:
    """900 people with MRNs 2000000 to 2000899 x 10, nobody of whom a case speaks."""
    people = []
    for s, surname in enumerate(_SURNAMES):
        for g, given in enumerate(_GIVENS):
            number = s * len(_GIVENS) + g
            people.append(
                Patient(
                    mrn=str(2000000 + number * 10),
                    last_name=surname,
                    first_name=given,
                    birth_date=date(1931, 3, 4) + timedelta(days=number * 37),
                )
            )
    return people


@dataclass(frozen=True)
class Clinic:
    """An index with its policy."""

    index: PatientIndex
    policy: Policy

    def decide(self, **line: Any) -> Decision:
        """The decision on one line of `patients match`."""
        return self.judge(identifiers_from_json(line))

    def judge(self, identifiers: Identifiers) -> Decision:
        """The decision on identifiers."""
        return decide(
            identifiers,
            self.index.candidates(identifiers),
            population=self.index.population,
            policy=self.policy,
            generation=self.index.generation,
        )

    def vetoes(self, mrn: str, identifiers: Identifiers) -> set[VetoName]:
        """The names of the vetoes against one candidate."""
        found = {candidate.mrn: candidate for candidate in self.judge(identifiers).candidates}
        return {veto.name for veto in found[mrn].vetoes}

    def against(self, mrn: str, identifiers: Identifiers) -> tuple[Veto, ...]:
        """What a page says against a chosen patient."""
        patient = self.index.patient(mrn)
        assert patient is not None
        return holds_against(
            identifiers,
            patient,
            population=self.index.population,
            policy=self.policy,
            owners=self.index.candidates(identifiers),
        )
