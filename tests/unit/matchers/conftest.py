"""Fixtures of the matching tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matchers import Patient, PatientIndex, Policy, load_policy
from tests.unit.matchers.clinic import Clinic, background


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The policy as shipped."""
    return load_policy()


@pytest.fixture(scope="session")
def clinic_of(policy: Policy) -> Callable[..., Clinic]:
    """Makes a clinic of the background and some more patients."""

    def make(*patients: Patient) -> Clinic:
        return Clinic(PatientIndex.of([*background(), *patients], generation=7), policy)

    return make
