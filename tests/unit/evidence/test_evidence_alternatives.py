"""What doubtful digits may be instead: values from the engine's choices, and what a second engine makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.evidence.alternatives import likeliest
from ingest.evidence.find import SiteFacts, find_evidence
from ingest.evidence.identity import identifiers_of
from ingest.evidence.labels import load_labels
from ingest.model import Character, Finding, PageArtefact, SecondReading, Word
from matchers.patient import Field, Source
from tests.fakes.pages import Text, at, page_of

LABELS = load_labels()
FACTS = SiteFacts(today=date(2026, 11, 1), mrn_shapes=("9999999",))
PAGE = (
    at(2, 5, "Riverside Clinic"),
    at(5, 5, "MRN:  6234567", 0.9),
    at(7, 5, "Patient Name:  SMITH, JOHN"),
    at(9, 5, "DOB:  84/07/1962", 0.9),
)


def doubted(page: PageArtefact, text: str, choices: dict[int, tuple[tuple[str, float], ...]]) -> PageArtefact:
    """The page with other choices for some characters of one word."""

    def word(one: Word) -> Word:
        if one.text != text:
            return one
        letters = list(one.characters)
        for place, others in choices.items():
            letters[place] = replace(letters[place], alternatives=others)
        return replace(one, characters=tuple(letters))

    return replace(page, words=tuple(word(one) for one in page.words))


def found(page: PageArtefact, field: Field, facts: SiteFacts = FACTS) -> list[Finding]:
    return [finding for finding in find_evidence(page, LABELS, facts) if finding.field is field]


def values(finding: Finding) -> list[str]:
    return [other.value for other in finding.alternatives]


def test_a_number_has_what_its_digits_may_be_likeliest_first() -> None:
    page = doubted(page_of(*PAGE), "6234567", {0: (("0", 0.8), ("8", 0.5)), 5: (("8", 0.7),)})
    (mrn,) = found(page, Field.MRN)
    assert (mrn.value, values(mrn)[0]) == ("6234567", "0234567")
    assert {"8234567", "6234587", "0234587"} <= set(values(mrn))
    weights = [other.weight for other in mrn.alternatives]
    assert weights == sorted(weights, reverse=True)
    assert sum(weights) < 1
    assert len(weights) <= 5


def test_letters_stand_for_the_digits_they_resemble() -> None:
    page = doubted(page_of(*PAGE), "6234567", {0: (("O", 0.8), ("€", 0.7), ("G", 0.7))})
    (mrn,) = found(page, Field.MRN)
    assert values(mrn) == ["0234567"]  # G is the 6 that was read


def test_a_digit_that_was_read_well_leaves_nothing() -> None:
    page = doubted(page_of(*PAGE), "6234567", {0: (("0", 0.05),)})
    assert found(page, Field.MRN)[0].alternatives == ()
    assert found(page_of(*PAGE), Field.MRN)[0].alternatives == ()


def test_a_date_that_cannot_be_has_those_that_can() -> None:
    page = doubted(page_of(*PAGE), "84/07/1962", {0: (("0", 0.75), ("3", 0.7)), 8: (("8", 0.6),)})
    (born,) = found(page, Field.BIRTH_DATE)
    assert values(born)[0] == "1962-04-07"
    assert all(date.fromisoformat(value) <= FACTS.today for value in values(born))
    page = doubted(page_of(at(9, 5, "DOB:  04/07/2022", 0.9)), "04/07/2022", {8: (("4", 0.8), ("1", 0.7))})
    (born,) = found(page, Field.BIRTH_DATE)
    assert values(born) == ["2012-04-07"]  # nobody was born in 2042


def test_only_numbers_of_the_sites_shape_are_possible() -> None:
    facts = SiteFacts(today=FACTS.today, mrn_shapes=("A999999",))
    page = doubted(page_of(at(5, 5, "MRN:  E234567", 0.9)), "E234567", {0: (("8", 0.8),), 1: (("7", 0.8),)})
    (mrn,) = found(page, Field.MRN, facts)
    assert values(mrn) == ["E734567"]


def test_other_fields_and_barcodes_have_none() -> None:
    page = doubted(page_of(*PAGE, at(11, 5, "Account No:  60012345", 0.9)), "60012345", {0: (("0", 0.8),)})
    assert [finding.alternatives for finding in found(page, Field.ACCOUNT_NUMBER)] == [()]


def test_they_go_to_the_matcher_with_the_value() -> None:
    page = doubted(page_of(*PAGE), "6234567", {0: (("0", 0.8),)})
    (reading,) = identifiers_of(find_evidence(page, LABELS, FACTS)).mrns
    assert [other.value for other in reading.alternatives] == ["0234567"]


def test_what_a_second_engine_reads_alike_leaves_less_to_the_others() -> None:
    page = doubted(page_of(*PAGE), "6234567", {0: (("0", 0.8),)})
    (before,) = found(page, Field.MRN)
    (after,) = found(with_second(page, at(5, 11, "6234567", 0.98)), Field.MRN)
    assert after.confidence > before.confidence
    assert after.alternatives == () or after.alternatives[0].weight < before.alternatives[0].weight


def test_what_a_second_engine_reads_otherwise_is_heard_as_an_alternative_where_the_first_held_it_for_possible() -> None:
    page = with_second(doubted(page_of(*PAGE), "6234567", {0: (("0", 0.8),)}), at(5, 11, "0234567", 0.98))
    assert {finding.other_reading for finding in found(page, Field.MRN)} == {"6234567", "0234567"}  # recorded
    (reading,) = identifiers_of(find_evidence(page, LABELS, FACTS)).mrns
    assert (reading.value, reading.source) == ("6234567", Source.TEXT)
    assert [other.value for other in reading.alternatives] == ["0234567"]
    assert reading.certainty is not None
    assert reading.certainty < 0.95
    both = identifiers_of(find_evidence(page, LABELS, FACTS), disputed=True).mrns
    assert {reading.value for reading in both} == {"6234567", "0234567"}


def test_a_dispute_without_such_a_choice_stays_one() -> None:
    page = with_second(doubted(page_of(*PAGE), "6234567", {0: (("8", 0.8),)}), at(5, 11, "0234567", 0.98))
    assert identifiers_of(find_evidence(page, LABELS, FACTS)).mrns == ()


LETTER = st.builds(
    Character,
    text=st.text(max_size=2),
    confidence=st.floats(0, 1),
    alternatives=st.lists(st.tuples(st.text(max_size=2), st.floats(0, 1)), max_size=5).map(tuple),
)


@given(st.lists(LETTER, max_size=12), st.sampled_from(("anything", "numbers", "nothing")))
def test_any_choices_make_probabilities(letters: list[Character], possible: str) -> None:
    raw = "".join(letter.text[:1] or "0" for letter in letters)

    def meaning(text: str) -> str | None:
        match possible:
            case "anything":
                return text
            case "numbers":
                return text if text.isdigit() else None
            case _:
                return None

    others = likeliest(raw, list(enumerate(letters)), meaning)
    assert len({other.value for other in others}) == len(others) <= 5
    assert raw not in {other.value for other in others}
    assert sum(other.weight for other in others) <= 1.001
    assert possible != "nothing" or not others


@pytest.mark.parametrize("text", ["12 1 12", "1111111"])
def test_a_value_whose_letters_cannot_be_told_apart_has_no_alternatives(text: str) -> None:
    page = page_of(at(5, 5, f"MRN:  {text}", 0.9))
    for finding in found(page, Field.MRN):
        assert finding.alternatives == ()


def with_second(page: PageArtefact, text: Text) -> PageArtefact:
    """The page with its words under a text read again as that text."""
    words = page_of(text).words
    box = replace(words[0].box, x0=words[0].box.x0 - 60, x1=words[-1].box.x1 + 60)
    return replace(page, second=(SecondReading(box=box, engine="t", engine_version="1", words=words),))
