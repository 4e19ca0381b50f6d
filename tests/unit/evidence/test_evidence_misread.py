"""Labels, small print and strokes that the engine misread: what they still say, and what they no longer say."""

from __future__ import annotations

from datetime import date

from ingest.evidence.find import SiteFacts, find_evidence
from ingest.evidence.labels import load_labels
from ingest.model import Finding, Role
from matchers.patient import Field
from tests.fakes.pages import lines_of

LABELS = load_labels()
FACTS = SiteFacts(today=date(2026, 11, 23), mrn_shapes=("9999999",))


def found(body: str, field: Field, role: Role = Role.PATIENT) -> list[Finding]:
    return [f for f in find_evidence(lines_of(body), LABELS, FACTS) if f.field is field and f.role is role]


def test_a_misread_patient_is_no_parent() -> None:
    page = """
PATIENT INFORMATION
Panents Name              DOB
Doe, Jane                 04/07/1962
"""
    (name,) = found(page, Field.NAME)
    assert name.raw == "Doe, Jane"
    assert name.label == "Panents Name"


def test_a_parent_well_read_stays_a_parent() -> None:
    assert not found("Parent's Name: Doe, Jane", Field.NAME)


def test_what_may_be_a_parent_is_not_told_as_surely_as_a_patient() -> None:
    (doubtful,) = found("Panents Name: Doe, Jane", Field.NAME)
    (clear,) = found("Patient's Name: Doe, Jane", Field.NAME)
    assert doubtful.confidence < clear.confidence


def test_what_may_be_a_parent_is_the_parent_in_the_section_of_another_person() -> None:
    page = """
GUARANTOR INFORMATION
Panents Name              DOB
Doe, Jane                 04/07/1962
"""
    assert not found(page, Field.NAME)


def test_a_last_name_like_a_clerk_is_no_clerk_before_a_birth_date() -> None:
    page = "RE: Joseph Clark DOB 09-JUL-2019"
    (birth,) = found(page, Field.BIRTH_DATE)
    assert (birth.value, birth.label) == ("2019-07-09", "DOB")


def test_small_print_that_was_misread_is_no_name() -> None:
    page = """
2. PATIENT'S NAME (Last Name, First Name, Atidate Inival)     3. PATIENT'S BIRTH DATE
DOE, JOHN Q                                                   04/07/1962
"""
    assert [f.raw for f in found(page, Field.NAME)] == ["DOE, JOHN Q"]


def test_a_name_after_small_print_is_kept_where_its_bracket_was_lost() -> None:
    assert [f.raw for f in found("Patient Name (Last First Jane Roe", Field.NAME)][:1] == ["Jane Roe"]


def test_strokes_read_as_other_signs_part_a_date() -> None:
    assert [f.value for f in found("Patient: DOE, JOHN   DOB: 09/13! 1956", Field.BIRTH_DATE)] == ["1956-09-13"]
    assert [f.value for f in found("Patient: DOE, JOHN   DOB: 08°11/1982", Field.BIRTH_DATE)] == ["1982-08-11"]


def test_an_exclamation_mark_inside_a_day_stays_a_one() -> None:
    assert [f.value for f in found("Patient: DOE, JOHN   DOB: 0!/13/1956", Field.BIRTH_DATE)] == ["1956-01-13"]


def test_an_article_read_as_a_sign_does_not_part_a_name_from_its_age() -> None:
    page = "Jane Roe is 2 41-year-old woman, bom September 19, 1985, who came in today."
    assert [f.raw for f in found(page, Field.NAME)] == ["Jane Roe"]
    assert [f.value for f in found(page, Field.BIRTH_DATE)] == ["1985-09-19"]


def test_a_unit_number_that_lost_its_second_word_is_an_mrn_only_in_the_sites_shape() -> None:
    assert [f.value for f in found("PATIENT: DOE, JOHN   UNIT 0012345", Field.MRN)] == ["0012345"]
    assert not found("PATIENT: DOE, JOHN   UNIT 412", Field.MRN)


def test_a_date_of_service_stays_one() -> None:
    assert not found("Patient: DOE, JOHN   DOS: 04/07/1962   Age: 64   Sex: M", Field.BIRTH_DATE)
    assert not found("Patient: DOE, JOHN   DOS: 08/21/2026   Sex: M", Field.BIRTH_DATE)
    assert not found("Patient: DOE, JOHN   DOS: 08/21/2006", Field.BIRTH_DATE)
    both = found("Patient: DOE, JOHN   DOB: 04/07/1962   Sex: M   DOS: 08/21/2006", Field.BIRTH_DATE)
    assert [f.value for f in both] == ["1962-04-07"]


def test_an_inpatient_is_no_label_of_the_patient() -> None:
    page = """
Admitted     Class           Attending
08/01/2026   apatient        SIMPSON, ANN
"""
    assert not found(page, Field.NAME)


def test_a_patient_behind_a_ruled_line_is_one() -> None:
    assert [f.raw for f in found("|Patient: DOE, JOHN Q", Field.NAME)] == ["DOE, JOHN Q"]


def test_a_name_is_not_cut_off_at_its_comma() -> None:
    page = """
PATIENT        MRN
Del Rosario, Emma    0012345
"""
    assert [f.raw for f in found(page, Field.NAME)] == ["Del Rosario, Emma"]


def test_an_unlabelled_name_beside_the_labelled_patient_is_not_told_for_certain() -> None:
    page = """
Patient Name                        XQZ
DOE, JANE Q             04/07/1962  DOE, JOHN R   F
"""
    others = [f for f in found(page, Field.NAME) if f.raw == "DOE, JOHN R"]
    assert all(f.confidence < 0.6 for f in others)


def test_small_print_in_small_letters_leaves_a_label_one() -> None:
    page = """
2. PATIENT'S NAME (Last Name, First Name, Middie inital)     3. PATIENT'S BIRTH DATE
DOE, JOHN Q                                                  04/07/1962
"""
    (name,) = found(page, Field.NAME)
    assert name.raw == "DOE, JOHN Q"
    assert name.label is not None


def test_a_family_name_that_is_an_ordinary_word_stands_behind_an_initial() -> None:
    for name in ("Terry J. English", "Ann M White"):
        assert [f.raw for f in found(f"RE: {name}\nDate of Birth: 4/27/1972\n", Field.NAME)] == [name]
