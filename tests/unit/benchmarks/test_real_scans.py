"""Findings held against what a person read on a real page."""

from __future__ import annotations

from ingest.model import Box, Finding, Role
from matchers.patient import Field, Source
from tests.benchmarks.reading.real import Judged, judge, table_of

DOC = {"name": "JOHN DOE", "ids": ["11-2234-10190"], "dob": None, "not_patient": ["MATEO JACKSON"]}


def _finding(field: Field, raw: str, confidence: float = 0.99, role: Role = Role.PATIENT) -> Finding:
    return Finding(
        field=field,
        role=role,
        value=raw,
        raw=raw,
        page=1,
        box=Box(x0=0, y0=0, x1=1, y1=1),
        confidence=confidence,
        source=Source.TEXT,
        place="body",
    )


def _by_kind(findings: list[Finding]) -> dict[str, Judged]:
    return {one.kind: one for one in judge(DOC, findings)}


def test_a_value_that_stands_there_is_right_however_it_is_written() -> None:
    judged = _by_kind([_finding(Field.NAME, "Doe, John"), _finding(Field.MRN, "11223410190", 0.5)])
    assert (judged["name"].printed, judged["name"].right, judged["name"].certain) == (1, 1, 1)
    assert (judged["number"].right, judged["number"].certain, judged["number"].wrong) == (1, 0, ())


def test_a_certain_value_that_stands_there_for_nobody_or_for_another_is_wrong() -> None:
    judged = _by_kind([_finding(Field.BIRTH_DATE, "1980-01-02"), _finding(Field.NAME, "Mateo Jackson")])
    assert judged["birth date"].printed == 0
    assert len(judged["birth date"].wrong) == 1
    assert judged["name"].right == 0
    assert len(judged["name"].wrong) == 1


def test_the_providers_own_name_and_an_uncertain_value_are_no_error() -> None:
    judged = _by_kind([
        _finding(Field.NAME, "Mateo Jackson", role=Role.PROVIDER), _finding(Field.BIRTH_DATE, "1980-01-02", 0.4)
    ])  # fmt: skip
    assert not any(one.wrong for one in judged.values())


def test_a_banks_account_is_not_judged_but_a_record_number_is() -> None:
    decoy = {"name": "Mary Major", "decoy": True}
    judged = {
        o.kind: o for o in judge(decoy, [_finding(Field.ACCOUNT_NUMBER, "570525057"), _finding(Field.MRN, "8000301")])
    }
    assert judged["number"].wrong == ("mrn: 8000301",)


def test_decoys_are_counted_apart() -> None:
    lines = list(table_of([*judge(DOC, []), *judge({"name": "Mary Major", "decoy": True}, [])]))
    assert "| name | 1 | 0 | 0 | 0 |" in lines
    assert "| name, no medical page | 1 | 0 | 0 | 0 |" in lines
    assert not any(line.startswith("| birth date") for line in lines)
