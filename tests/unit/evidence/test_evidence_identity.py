"""From findings to the matcher's question, and whether they speak of two patients."""

from __future__ import annotations

from ingest.evidence.identity import identifiers_of
from ingest.evidence.people import two_people
from ingest.model import Box, Finding, Role
from matchers.patient import Field, Source


def finding(
    field: Field,
    value: str,
    *,
    role: Role = Role.PATIENT,
    page: int = 1,
    place: str = "body-1",
    confidence: float = 0.98,
    raw: str | None = None,
) -> Finding:
    return Finding(
        field=field,
        role=role,
        value=value,
        raw=raw or value,
        page=page,
        box=Box(x0=0.1, y0=0.1, x1=0.2, y1=0.12),
        confidence=confidence,
        source=Source.TEXT,
        place=place,
        label="x",
    )


def test_only_the_patients_values_become_readings_and_others_names_are_kept_apart() -> None:
    found = identifiers_of(
        [
            finding(Field.NAME, "DOE, JOHN"),
            finding(Field.NAME, "STONE, ANN", role=Role.PROVIDER),
            finding(Field.BIRTH_DATE, "1960-09-12", role=Role.GUARANTOR),
            finding(Field.MRN, "0012345"),
        ]
    )

    assert [r.value for r in found.names] == ["DOE, JOHN"]
    assert [r.value for r in found.other_names] == ["STONE, ANN"]
    assert found.birth_dates == ()
    assert [r.value for r in found.mrns] == ["0012345"]


def test_the_best_read_stands_first_and_one_place_counts_once() -> None:
    found = identifiers_of(
        [
            finding(Field.MRN, "0012845", confidence=0.7),
            finding(Field.MRN, "0012345", confidence=0.9),
            finding(Field.MRN, "0012345", confidence=0.8),
            finding(Field.MRN, "0012345", page=2, confidence=0.2),
        ]
    )

    assert [(r.value, r.page) for r in found.mrns] == [("0012345", 1), ("0012845", 1), ("0012345", 2)]
    assert found.mrns[0].certainty == 0.9


def test_two_places_that_agree_are_surer_than_either_but_never_certain() -> None:
    found = identifiers_of(
        [finding(Field.MRN, "0012345", confidence=0.9), finding(Field.MRN, "0012345", page=2, confidence=0.9)]
    )

    assert found.mrns[0].certainty is not None
    assert 0.95 < found.mrns[0].certainty <= 0.99


def test_dates_and_names_go_to_the_matcher_as_printed() -> None:
    found = identifiers_of(
        [
            finding(Field.BIRTH_DATE, "1962-04-07", raw="4/7/62"),
            finding(Field.NAME, "DOE, JOHN Q", raw="John Q. Doe"),
        ]
    )

    assert [r.value for r in found.birth_dates] == ["4/7/62"]
    assert [r.value for r in found.names] == ["John Q. Doe"]


def test_a_newborn_is_the_patient_of_a_record_that_names_no_other() -> None:
    own = [
        finding(Field.NAME, "ROE, BABY GIRL", role=Role.NEWBORN),
        finding(Field.NAME, "ROE, JANE", role=Role.MOTHER),
    ]
    mothers = [*own, finding(Field.NAME, "ROE, JANE")]

    assert [r.value for r in identifiers_of(own).names] == ["ROE, BABY GIRL"]
    assert [r.value for r in identifiers_of(mothers).names] == ["ROE, JANE"]
    assert {r.value for r in identifiers_of(mothers).other_names} == {"ROE, BABY GIRL", "ROE, JANE"}


def test_nothing_found_is_empty() -> None:
    assert identifiers_of([]).empty


def test_two_mrns_are_two_people_and_the_pages_are_named() -> None:
    reason = two_people([finding(Field.MRN, "0012345"), finding(Field.MRN, "0098761", page=3)])

    assert reason is not None
    assert "page 1" in reason
    assert "page 3" in reason
    assert "0098761" in reason


def test_other_people_by_birth_date_and_by_name() -> None:
    dates = [finding(Field.BIRTH_DATE, "1962-04-07"), finding(Field.BIRTH_DATE, "1981-11-30", page=2)]
    names = [finding(Field.NAME, "DOE, JOHN"), finding(Field.NAME, "MILLER, SUSAN", page=2)]
    twins = [finding(Field.NAME, "DOE, JOHN"), finding(Field.NAME, "DOE, STEPHANIE", page=2)]

    assert two_people(dates) is not None
    assert two_people(names) is not None
    assert two_people(twins) is not None


def same(field: Field, one: str, other: str, confidence: float = 0.96) -> str | None:
    return two_people(
        [finding(field, one, confidence=confidence), finding(field, other, page=2, confidence=confidence)]
    )


def test_one_persons_values_written_or_read_differently_are_one_person() -> None:
    assert same(Field.NAME, "DOE, JOHN Q", "John Doe") is None
    assert same(Field.NAME, "DOE, JOHN Q", "DOE, J") is None
    assert same(Field.NAME, "MILLER-DOE, JANE", "DOE, JANE") is None
    assert same(Field.NAME, "ROE, JANE", "STONE, JANE") is None  # married since: left to the matcher
    assert same(Field.NAME, "HARRISON, HENRY", "HARRlSON, HENRY R") is None
    assert same(Field.MRN, "0012345", "12345") is None
    assert same(Field.MRN, "0012345", "0012845") is None
    assert same(Field.BIRTH_DATE, "1962-04-07", "1962-07-04") is None
    assert same(Field.BIRTH_DATE, "1962-04-07", "1962-04-01") is None


def test_badly_read_values_prove_nothing() -> None:
    assert same(Field.MRN, "0012345", "0098761", confidence=0.8) is None


def test_other_peoples_values_prove_nothing() -> None:
    found = [finding(Field.NAME, "DOE, JOHN"), finding(Field.NAME, "MILLER, SUSAN", role=Role.GUARANTOR)]

    assert two_people(found) is None
