"""Where documents of a stack begin: page numbers, titles, strays, other patients."""

from __future__ import annotations

from dataclasses import replace

from ingest.evidence.boundaries import Cut, Leaf, find_cuts
from ingest.evidence.page_looks import PageLooks, looks_of
from ingest.evidence.page_numbers import PageNumber
from ingest.evidence.separators import Mark, separator_mark
from tests.fakes.pages import at, code, page_of


def _leaf(
    page: int,
    number: tuple[int, int | None] | None = None,
    *,
    heads: str = "",
    named: bool = True,
    continued: bool = False,
    fax_cover: bool = False,
) -> Leaf:
    looks = PageLooks(
        page=page,
        number=PageNumber(number=number[0], total=number[1]) if number else None,
        headings=frozenset(heads.split()),
        running=frozenset(),
        continued=continued,
        fax_cover=fax_cover,
    )
    return Leaf(page=page, looks=looks, named=named, introduced=named)


def _nobody_else(held: object, page: int) -> None:
    return None


def _begins(*leaves: Leaf) -> list[int]:
    return [cut.before for cut in find_cuts(leaves, _nobody_else) if cut.certain]


def test_a_first_page_begins_a_document_and_numbers_that_go_on_do_not() -> None:
    assert _begins(_leaf(1, (1, 2)), _leaf(2, (2, 2)), _leaf(3, (1, 1)), _leaf(4, (1, None))) == [3, 4]


def test_another_total_or_a_number_that_falls_begins_a_document() -> None:
    assert _begins(_leaf(1, (2, 3)), _leaf(2, (3, 4))) == [2]
    assert _begins(_leaf(1, (3, 3)), _leaf(2, (2, 3))) == [2]


def test_numbers_that_go_on_hold_pages_together_whatever_their_titles() -> None:
    assert _begins(_leaf(1, (1, 2), heads="county hospital"), _leaf(2, (2, 2), heads="surgery consent form")) == []


def test_a_new_title_and_letterhead_begin_a_document_unless_the_page_calls_itself_continued() -> None:
    first = _leaf(1, heads="county hospital discharge summary")
    assert _begins(first, _leaf(2, heads="lakeside imaging radiology report")) == [2]
    assert _begins(first, _leaf(2, heads="medicines at home list", continued=True)) == []
    assert _begins(first, _leaf(2, heads="county hospital discharge summary")) == []


def test_a_new_title_on_a_page_that_names_nobody_is_only_proposed() -> None:
    pages = _leaf(1, heads="county hospital"), _leaf(2, heads="lakeside imaging", named=False)
    (cut,) = find_cuts(pages, _nobody_else)
    assert (cut.before, cut.certain) == (2, False)


def test_a_patient_who_changes_where_page_numbers_go_on_is_proposed() -> None:
    cuts = find_cuts((_leaf(1, (1, 2)), _leaf(2, (2, 2))), lambda held, page: "Another patient.")
    assert cuts == (Cut(before=2, reason="Another patient.", certain=False),)


def test_a_page_between_two_that_leave_room_for_one_belongs_to_them() -> None:
    unread = Leaf(page=2, looks=None, named=False)
    assert _begins(_leaf(1, (1, 3)), unread, _leaf(3, (3, 3)), _leaf(4, (1, 1))) == [4]


def test_the_looks_of_a_page() -> None:
    looks = looks_of(page_of(at(1, 1, "LAKESIDE IMAGING", size=2.0), at(4, 1, "Radiology report (continued)"),
                             *(at(row, 1, "nothing remarkable was seen there") for row in range(9, 20)),
                             at(51, 30, "Page 2 of 3")))  # fmt: skip
    assert looks.headings == {"lakeside", "imaging"}
    assert looks.number == PageNumber(number=2, total=3)
    assert looks.continued


def test_a_sheet_is_a_separator_and_a_letter_that_bears_a_patch_begins_a_document() -> None:
    patch = code(1, 1, "PATCH 2", "PatchCode")
    letter = page_of(patch, *(at(row, 1, "Thank you for the referral of this person.") for row in range(4, 14)))
    assert separator_mark(page_of(patch), ()) is Mark.SHEET
    assert separator_mark(letter, ()) is Mark.BEGINS
    assert separator_mark(page_of(code(1, 1, "PATCHT")), ()) is Mark.SHEET
    assert separator_mark(page_of(at(5, 1, "PAPERCHART"), at(9, 1, "DOCUMENT SEPARAT0R")), ()) is Mark.SHEET
    assert separator_mark(page_of(at(5, 1, "Please use a document separator.")), ()) is None


def test_a_page_that_introduces_a_patient_is_not_tied_to_one_that_names_nobody() -> None:
    nobodys = _leaf(2, named=False)
    assert _begins(_leaf(1), _leaf(2, (1, 1), named=False), _leaf(3)) == [2, 3]  # an invoice between two charts
    assert _begins(replace(nobodys, page=1), _leaf(2)) == [2]
    assert _begins(_leaf(1), nobodys) == []


def test_a_last_page_and_one_that_introduces_its_patient_are_two_documents() -> None:
    assert _begins(_leaf(1, (2, 2), heads="county hospital"), _leaf(2, heads="county hospital")) == [2]


_TO_AND_FROM = (at(9, 1, "To: Buckeye Mutual Health"), at(9, 40, "From: Stephen Wilson"),
                at(11, 1, "Fax: (800) 555-9064"), at(13, 1, "Comments: for review, with thanks"))  # fmt: skip


def test_the_cover_sheet_of_a_fax_begins_a_document() -> None:
    cover = _leaf(2, named=False, fax_cover=True)
    (cut,) = find_cuts((_leaf(1), cover), _nobody_else)
    assert (cut.before, cut.certain) == (2, True)
    assert "cover sheet of a fax" in cut.reason


def test_a_cover_sheet_whose_page_number_goes_on_is_only_proposed() -> None:
    pages = _leaf(1, (1, 2)), _leaf(2, (2, 2), named=False, fax_cover=True)
    (cut,) = find_cuts(pages, _nobody_else)
    assert (cut.before, cut.certain) == (2, False)


def test_a_cover_sheet_is_known_by_its_title_and_by_whom_it_goes_to() -> None:
    assert looks_of(page_of(at(4, 1, "FAX COVER SHEET", size=2.0), *_TO_AND_FROM)).fax_cover
    assert looks_of(page_of(at(4, 1, "FAX", size=3.0), *_TO_AND_FROM)).fax_cover
    titled = at(4, 1, "Facsimile Transmittal")
    assert looks_of(page_of(titled, at(9, 1, "TO. Records"), at(9, 40, "# of pages: 4"))).fax_cover
    assert not looks_of(page_of(titled, at(9, 1, "Total: 12.50"), at(9, 40, "Fax: (800) 555-9064"))).fax_cover
    assert not looks_of(page_of(at(4, 1, "TRANSFER SUMMARY", size=2.0), *_TO_AND_FROM)).fax_cover
    assert not looks_of(page_of(at(4, 1, "FAX THIS FORM TO YOUR PLAN", size=2.0), at(9, 1, "From: Dr. Lee"))).fax_cover
