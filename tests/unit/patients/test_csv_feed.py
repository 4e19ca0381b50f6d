"""The patients CSV: what is taken, what is skipped, and what the reasons say."""

from __future__ import annotations

import csv
import io
import os
import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import BadFile
from ingest.patients.csv_feed import CsvFeed
from ingest.patients.csv_row import RowProblem, to_patient
from matchers.patient import Patient, Sex

TODAY = date(2026, 11, 23)
HEADER = "mrn,last_name,first_name,birth_date"
SOUND = "0012,Doe,John,1962-04-07"


@pytest.fixture
def feed(tmp_path: Path) -> object:
    def make(content: str | bytes) -> tuple[list[Patient], CsvFeed]:
        file = tmp_path / "patients.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        made = CsvFeed(file, today=TODAY)
        return list(made.patients()), made

    return make


def lines(made: CsvFeed) -> list[int]:
    return [problem.line for problem in made.problems]


def test_every_column_is_taken(feed) -> None:  # type: ignore[no-untyped-def]
    content = (
        "zip,mrn,last_name,first_name,middle_name,suffix,former_last_name,birth_date,sex,ssn_last4,phone,"
        "address,city,state,account_number\n"
        '01234,0012,Doe,John,Q,Jr,Roe; Poe,1962-04-07,m,0042,555-0100,"1 Elm St, Apt 4",York,PA,0007;0008;0007;\n'
    )

    patients, made = feed(content)

    assert patients == [
        Patient(
            mrn="0012",
            last_name="Doe",
            first_name="John",
            birth_date=date(1962, 4, 7),
            middle_name="Q",
            suffix="Jr",
            former_last_names=("Roe", "Poe"),
            sex=Sex.MALE,
            ssn_last4="0042",
            phones=("555-0100",),
            address="1 Elm St, Apt 4",
            city="York",
            state="PA",
            zip="01234",
            account_numbers=("0007", "0008"),
        )
    ]
    assert (made.problems, made.warnings) == ([], [])


def test_required_columns_are_enough_in_any_order_and_case(feed) -> None:  # type: ignore[no-untyped-def]
    patients, made = feed("First_Name, BIRTH_DATE ,mrn,last_name\nJohn,1962-04-07, 0012 ,Doe\n")

    assert patients == [Patient(mrn="0012", last_name="Doe", first_name="John", birth_date=date(1962, 4, 7))]
    assert made.warnings == []


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_byte_order_mark_and_line_ends_make_no_difference(feed, mark: bytes, end: bytes, last: bool) -> None:  # type: ignore[no-untyped-def]
    content = mark + end.join([HEADER.encode(), SOUND.encode()]) + (end if last else b"")

    patients, made = feed(content)

    assert [patient.mrn for patient in patients] == ["0012"]
    assert (made.problems, made.warnings) == ([], [])


def test_unknown_columns_are_ignored_with_one_warning(feed) -> None:  # type: ignore[no-untyped-def]
    patients, made = feed(f"{HEADER},ward,bed\n{SOUND},7,b\n0013,Roe,Ann,1970-01-01,8,c\n")

    assert len(patients) == 2
    assert made.warnings == ["2 unknown column(s) ignored: 'ward', 'bed'"]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("mrn,first_name\n1,John\n", "last_name, birth_date"),
        ("mrn;last_name;first_name;birth_date\n1;2;3;4\n", "separated by commas"),
        (f"{SOUND}\n", "mrn, last_name, first_name, birth_date"),
        ("mrn,mrn,last_name,first_name,birth_date\n", "mrn twice"),
        ("", "no header"),
        ("\n\n", "no header"),
        ('"mrn,last_name\n', "no header"),
        (HEADER.encode("utf-16"), "UTF-16"),
        (f"{HEADER}\r{SOUND}\r", "Macintosh"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(feed, content: str | bytes, named: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BadFile, match=named) as refused:
        feed(content)

    assert "Doe" not in str(refused.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for missing in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(BadFile, match="cannot be read"):
            list(CsvFeed(missing, today=TODAY).patients())


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",Doe,John,1962-04-07", "mrn is empty"),
        ("   ,Doe,John,1962-04-07", "mrn is empty"),
        ("1,,John,1962-04-07", "last_name is empty"),
        ("1,Doe,,1962-04-07", "first_name is empty"),
        ("1,Doe,John,", "birth_date is empty"),
        ("1,Doe,John,1962-02-30", "no day of the calendar"),
        ("1,Doe,John,0000-01-01", "no day of the calendar"),
        ("1,Doe,John,04/07/1962", "YYYY-MM-DD"),
        ("1,Doe,John,19620407", "YYYY-MM-DD"),
        ("1,Doe,John,1962-04-07T00:00", "YYYY-MM-DD"),
        ("1,Doe,John,१९६२-04-07", "YYYY-MM-DD"),
        ("1,Doe,John,2026-11-24", "future"),
        ("1,Doe,John,1875-01-01", "more than 150 years"),
        ("1,Doe,John", "3 fields, the header has 4"),
        ("1,Doe,John,1962-04-07,x", "5 fields, the header has 4"),
        ("1,Do\x00e,John,1962-04-07", "last_name has control characters"),
        ("1,Do\x07e,John,1962-04-07", "last_name has control characters"),
        ("1,Do\u202ee,John,1962-04-07", "last_name has control characters"),
        ("1,Do\ufffde,John,1962-04-07", "last_name has control characters"),
        (f"1,{'D' * 10_000},John,1962-04-07", "last_name is longer than 200"),
        (f"{'1' * 65},Doe,John,1962-04-07", "mrn is longer than 64"),
        (f"1,{'D' * 70_000},John,1962-04-07", "line is longer"),
        ('1,"Doe"x,John,1962-04-07', "quote"),
        ('1,"Doe,John,1962-04-07', "quote"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_the_others_are_taken(feed, row: str, reason: str) -> None:  # type: ignore[no-untyped-def]
    patients, made = feed(f"{HEADER}\n{SOUND}\n{row}\n0013,Roe,Ann,1970-01-01\n")

    assert [patient.mrn for patient in patients] == ["0012", "0013"]
    (problem,) = made.problems
    assert problem.line == 3
    assert reason in problem.reason
    for value in ("Doe", "Do", "John", "1962", "2026"):
        assert value not in problem.reason


@pytest.mark.parametrize(
    ("column", "good", "bad", "reason"),
    [
        ("sex", ["F", "m", "X", "U", ""], ["male", "W", "1"], "sex is not one of"),
        ("ssn_last4", ["0000", "1234", ""], ["123", "12345", "12a4", "１２３４"], "ssn_last4 is not four digits"),
    ],
)
def test_closed_values_are_checked(feed, column: str, good: list[str], bad: list[str], reason: str) -> None:  # type: ignore[no-untyped-def]
    rows = [f"{number},Doe,John,1962-04-07,{value}" for number, value in enumerate(good + bad)]

    patients, made = feed("\n".join([f"{HEADER},{column}", *rows]))

    assert len(patients) == len(good)
    assert [problem.reason.startswith(reason) for problem in made.problems] == [True] * len(bad)


def test_an_mrn_that_stands_there_twice_counts_once(feed) -> None:  # type: ignore[no-untyped-def]
    patients, made = feed(f"{HEADER}\n{SOUND}\n012,Ann,Roe,1970-01-01\n0012,Berg,Eva,1980-01-01\n")

    assert [(patient.mrn, patient.last_name) for patient in patients] == [("0012", "Doe"), ("012", "Ann")]
    assert lines(made) == [4]
    assert "0012" not in made.problems[0].reason


def test_patients_of_skipped_rows_are_known_where_they_can_be(feed) -> None:  # type: ignore[no-untyped-def]
    _, made = feed(f"{HEADER}\n1,Doe,John,1962-02-30\n2,,John,1962-01-01\n3,Doe,John\n,Doe,John,1962-01-01\n{SOUND}\n")

    assert made.skipped_mrns == {"1", "2"}


def test_lines_that_are_no_utf8_are_read_as_windows_1252_with_a_warning(feed) -> None:  # type: ignore[no-untyped-def]
    content = (
        f"{HEADER}\n1,Müller,Zoë,1962-04-07\n".encode()
        + "2,Müller,Zoë,1962-04-07\n".encode("cp1252")
        + b"3,M\x81ller,Zo,1962-04-07\n"
        + f"{SOUND}\n".encode()
    )

    patients, made = feed(content)

    assert [(patient.mrn, patient.last_name) for patient in patients] == [
        ("1", "Müller"),
        ("2", "Müller"),
        ("0012", "Doe"),
    ]
    assert lines(made) == [4]
    (warning,) = made.warnings
    assert "line 3" in warning
    assert "ller" not in warning


def test_names_of_every_script_are_taken_as_they_stand(feed) -> None:  # type: ignore[no-untyped-def]
    names = ["O'Brien-Smith", "Ñandú", "Дмитриев", "李", "عبد‌الله", "Nguyễn", "D’Arcy", "van\u00a0Dyk"]
    rows = "".join(f"{number},{name},x,1962-04-07\n" for number, name in enumerate(names))

    patients, made = feed(f"{HEADER}\n{rows}")

    assert [patient.last_name for patient in patients] == names
    assert made.problems == []


@given(texts=st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=25), min_size=3, max_size=3))
def test_a_short_row_is_read_as_a_long_one_is(texts: list[str]) -> None:
    row = {
        "mrn": "1",
        "birth_date": "1962-04-07",
        **dict(zip(("last_name", "first_name", "suffix"), texts, strict=True)),
    }

    assert taken(row) == taken({**row, "address": "x" * 150, "city": "y" * 150})


def taken(row: dict[str, str]) -> object:
    try:
        patient = to_patient(row, today=TODAY)
    except RowProblem as problem:
        return str(problem)
    return patient.last_name, patient.first_name, patient.suffix


def test_an_address_may_be_written_over_several_lines(feed) -> None:  # type: ignore[no-untyped-def]
    patients, made = feed(f'{HEADER},address\n{SOUND},"1 Elm St\r\nApt 4"\n0013,Roe,Ann,1970-01-01,x\n0014,Roe,Ann\n')

    assert [patient.address for patient in patients] == ["1 Elm St Apt 4", "x"]
    assert lines(made) == [5]


def test_a_name_over_two_lines_is_no_name(feed) -> None:  # type: ignore[no-untyped-def]
    patients, made = feed(f'{HEADER}\n1,"Do\ne",John,1962-04-07\n{SOUND}\n')

    assert [patient.mrn for patient in patients] == ["0012"]
    assert lines(made) == [2]


def test_a_quote_that_is_never_closed_costs_its_own_line_only(feed) -> None:  # type: ignore[no-untyped-def]
    many = "".join(f"{number},Doe,John,1962-04-07\n" for number in range(100, 150))

    patients, made = feed(f'{HEADER}\n1,"Doe,John,1962-04-07\n{many}2,"Roe,Ann,1970-01-01\n{SOUND}')

    assert len(patients) == 51
    assert lines(made) == [2, 53]


def test_rows_between_two_stray_quotes_are_taken(feed) -> None:  # type: ignore[no-untyped-def]
    patients, made = feed(
        f'{HEADER}\n1,"Doe,John,1962-04-07\n{SOUND}\n2,Roe",Ann,1970-01-01,x,y\n3,Roe,Ann,1970-01-01\n'
    )

    assert [patient.mrn for patient in patients] == ["0012", "3"]
    assert lines(made) == [2, 4]


def test_empty_lines_are_no_rows(feed) -> None:  # type: ignore[no-untyped-def]
    patients, made = feed(f"\n{HEADER}\n\n{SOUND}\n\n,,,\n\r\n")

    assert (len(patients), made.problems) == (1, [])


def test_a_line_without_an_end_is_not_read_into_memory(tmp_path: Path) -> None:
    file = tmp_path / "patients.csv"
    with file.open("wb") as out:
        out.write(f"{HEADER}\n1,".encode())
        for _ in range(64):
            out.write(b"D" * (1 << 20))
        out.write(f"\n{SOUND}\n".encode())
    made = CsvFeed(file, today=TODAY)
    tracemalloc.start()
    try:
        patients = list(made.patients())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert [patient.mrn for patient in patients] == ["0012"]
    assert lines(made) == [2]
    assert peak < 4 << 20


def test_rows_stream(tmp_path: Path) -> None:
    """Reads from a pipe that is written row by row: each patient comes before the next row exists."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    keeper = os.open(pipe, os.O_RDWR)  # holds both ends open, so that neither side waits for the other
    try:
        stream = CsvFeed(pipe, today=TODAY).patients()
        for number in range(200):
            block = "" if number else f"{HEADER}\n"
            os.write(keeper, f"{block}{number},Doe,John,1962-04-07\n".encode())
            assert next(stream).mrn == str(number)
        stream.close()  # type: ignore[attr-defined]
    finally:
        os.close(keeper)


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def peak_of(rows: int) -> int:
        file = tmp_path / f"{rows}.csv"
        body = "".join(f"{number:07d},Doe{number},John,1962-04-07\n" for number in range(rows))
        file.write_text(f"{HEADER}\n{body}")
        tracemalloc.start()
        try:
            assert sum(1 for _ in CsvFeed(file, today=TODAY).patients()) == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few, many = peak_of(1_000), peak_of(11_000)

    assert (many - few) / 10_000 < 200  # bytes a row: the MRNs that were seen


ROW = st.tuples(*(st.text(max_size=12) for _ in range(4)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, max_size=6), noise=st.binary(max_size=60), at=st.integers(0, 6))
def test_whatever_stands_in_the_file_sound_rows_are_whole(
    tmp_path: Path, rows: list[tuple[str, ...]], noise: bytes, at: int
) -> None:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    written = [line.encode("utf-8", "surrogatepass") for line in out.getvalue().splitlines(keepends=True)]
    written.insert(min(at, len(written)), noise + b"\n")
    file = tmp_path / "patients.csv"
    file.write_bytes(HEADER.encode() + b"\n" + b"".join(written))
    made = CsvFeed(file, today=TODAY)

    for patient in drained(made):
        assert patient.mrn
        assert patient.last_name
        assert patient.first_name
        assert patient.birth_date <= TODAY
    assert all(problem.reason and problem.line >= 2 for problem in made.problems)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=200).filter(lambda noise: b"\n\r" not in noise))
def test_damage_never_reaches_the_rows_around_it(tmp_path: Path, noise: bytes) -> None:
    noise = noise.replace(b"\n", b" ").replace(b"\r", b" ")
    file = tmp_path / "patients.csv"
    file.write_bytes(HEADER.encode() + b"\n1,Doe,John,1962-04-07\n" + noise + b"\n2,Roe,Ann,1970-01-01\n")

    mrns = [patient.mrn for patient in drained(CsvFeed(file, today=TODAY))]

    assert {"1", "2"} <= set(mrns)


def drained(made: CsvFeed) -> Iterator[Patient]:
    yield from made.patients()
