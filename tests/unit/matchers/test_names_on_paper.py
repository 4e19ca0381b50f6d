"""Names as printed become every sensible reading, likeliest first."""

from __future__ import annotations

from datetime import date

import pytest

from matchers.names import (
    PersonName,
    name_words,
    normalise_suffix,
    parse_name,
    patient_name,
    show_name,
    shows_provider,
)
from matchers.patient import Patient


def first(text: str) -> PersonName:
    return parse_name(text)[0]


@pytest.mark.parametrize(
    ("text", "family", "given", "middle", "suffix"),
    [
        ("DOE, JOHN Q", ("DOE",), "JOHN", ("Q",), None),
        ("DOE, JOHN Q JR", ("DOE",), "JOHN", ("Q",), "JR"),
        ("DOE JR, JOHN", ("DOE",), "JOHN", (), "JR"),
        ("DOE, JOHN, III", ("DOE",), "JOHN", (), "III"),
        ("DOE, JOHN lll", ("DOE",), "JOHN", (), "III"),
        ("DOE, JOHN Q LI", ("DOE",), "JOHN", ("Q",), "II"),
        ("LI, CHARLES M", ("LI",), "CHARLES", ("M",), None),
        ("Charles M. Li", ("LI",), "CHARLES", ("M",), None),
        ("LI, CHARLES M, II", ("LI",), "CHARLES", ("M",), "II"),
        ("John Q. Doe Jr.", ("DOE",), "JOHN", ("Q",), "JR"),
        ("Dr. Ana María de la Cruz", ("DE", "LA", "CRUZ"), "ANA", ("MARIA",), None),
        ("Smith-Jones, Mary", ("SMITH", "JONES"), "MARY", (), None),
        ("O'Brien, Patrick", ("OBRIEN",), "PATRICK", (), None),
        ("5MITH, J0HN", ("SMITH",), "JOHN", (), None),
        ("Smith, John, M.D.", ("SMITH",), "JOHN", (), None),
        ("Bob Vanderbilt II MD", ("VANDERBILT",), "BOB", (), "II"),
        ("J.R. Smith", ("SMITH",), "J", ("R",), None),
        ("Do, Lan", ("DO",), "LAN", (), None),
        ("Smith, Junior", ("SMITH",), "JUNIOR", (), None),
        (", MARY", (), "MARY", (), None),
        ("MRS. JANE SMITH", ("SMITH",), "JANE", (), None),
    ],
)
def test_the_likeliest_reading(
    text: str, family: tuple[str, ...], given: str, middle: tuple[str, ...], suffix: str | None
) -> None:
    name = first(text)
    assert (name.family, name.given, name.middle, name.suffix) == (family, given, middle, suffix)


def test_without_a_comma_both_orders_are_readings() -> None:
    orders = {(name.surname, name.given) for name in parse_name("MARTIN JAMES")}
    assert orders == {("JAMES", "MARTIN"), ("MARTIN", "JAMES")}


def test_two_words_may_be_one_surname_or_one_given_name() -> None:
    orders = {(name.surname, name.given) for name in parse_name("MARIA GARCIA LOPEZ")}
    assert {("GARCIALOPEZ", "MARIA"), ("LOPEZ", "MARIAGARCIA")} <= orders


def test_the_order_against_the_comma_is_marked() -> None:
    against = [name for name in parse_name("JOHN, SMITH") if name.out_of_order]
    assert [(name.surname, name.given) for name in against] == [("SMITH", "JOHN")]


def test_boxes_of_a_form_mixed_up_are_a_reading_too() -> None:
    assert ("CAFFEY", "CYNTHIA") in {(name.surname, name.given) for name in parse_name("Caffey K Cynthia")}


@pytest.mark.parametrize("text", ["", " ", "\x00\x01", ",;", "123", "--", ","])
def test_nothing_readable_is_no_name(text: str) -> None:
    assert parse_name(text) == ()


def test_long_names_control_characters_and_other_scripts_do_no_harm() -> None:
    assert len(first("A" * 10_000).surname) <= 32
    assert first("SM\x07ITH, JO\u202eHN").family == ("SM", "ITH")
    assert {name.surname for name in parse_name("李 明")} == {"李", "明"}
    assert first("Иванов, Пётр").surname == "ИВАНОВ"


def test_digits_alone_are_no_word_of_a_name() -> None:
    assert name_words("SMITH 1234 J0HN") == ("SMITH", "JOHN")


def test_a_registered_name_gives_its_suffix_wherever_it_stands() -> None:
    def registered(last: str, given: str, suffix: str | None = None) -> PersonName:
        return patient_name(
            Patient(mrn="1", last_name=last, first_name=given, suffix=suffix, birth_date=date(1950, 1, 1))
        )

    assert registered("Smith Jr", "John").suffix == "JR"
    assert registered("Smith", "John", "Junior").suffix == "JR"
    assert registered("Smith", "Mary Ann").middle == ("ANN",)
    assert registered("", "").given == ""


def test_only_generations_are_suffixes() -> None:
    assert [normalise_suffix(text) for text in ("Jr.", "sr", "3rd", "IV", "MD", "", None)] == [
        "JR", "SR", "III", "IV", None, None, None,
    ]  # fmt: skip


def test_a_shown_name_is_read_back_as_itself() -> None:
    for text in ("DOE, JOHN Q, JR", "DE LA CRUZ, ANA", "SMITH", ", MARY"):
        assert show_name(first(text)) == text


@pytest.mark.parametrize(
    ("text", "surname", "given", "middle"),
    [
        ("JOHNPMABE", "MABE", "JOHN", ("P",)),
        ("JohnMabe", "MABE", "JOHN", ()),
        ("SIMMONSAELSIE", "SIMMONS", "ELSIE", ("A",)),
        ("SIMMONSELSIE", "SIMMONS", "ELSIE", ()),
    ],
)
def test_one_word_may_be_a_whole_name_whose_spaces_were_lost(
    text: str, surname: str, given: str, middle: tuple[str, ...]
) -> None:
    readings = parse_name(text)
    assert readings[0].surname == text.upper(), "a word is one name first of all"
    assert (surname, given, middle) in [(r.surname, r.given, r.middle) for r in readings if r.run_together]


@pytest.mark.parametrize("text", ["JOHNSON", "DOE", "JOHN", "Smith, JOHNPMABE", "X" * 9999])
def test_what_leaves_no_family_name_is_not_taken_apart(text: str) -> None:
    assert not any(reading.run_together for reading in parse_name(text))


@pytest.mark.parametrize(
    ("text", "provider"),
    [
        ("Eric Walker, MD", True),
        ("WALKER, ERIC M.D.", True),
        ("Walker, Eric, MD, PhD", True),
        ("Dr. Ana Ruiz", True),
        ("SMITH, JOHN PA", True),
        ("Do, John", False),
        ("PA, KIM", False),
        ("MD, JOHN", False),
        ("John Do", False),
        ("Andrea Smith", False),
        ("", False),
    ],
)
def test_titles_and_credentials_tell_a_provider(text: str, provider: bool) -> None:
    assert shows_provider(text) is provider
