"""Names of filed documents: inside the records, good on Windows shares, never the same for two documents."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import islice
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.filing.names import DEFAULT_TEMPLATE, NamingFacts, check_template, file_name, names_beside

_RECEIVED = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)


def _facts(mrn: str = "0012345", document: str = "D000017", **more) -> NamingFacts:
    return NamingFacts(mrn=mrn, document=document, scan="S000009", received=_RECEIVED, **more)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (DEFAULT_TEMPLATE, "0012345/2019/2019-12-31_lab_report_D000017.pdf"),
        ("{document}.pdf", "D000017.pdf"),
        ("{mrn}/{received:%Y}/{received:%Y-%m-%d}_{document}.pdf", "0012345/2026/2026-03-04_D000017.pdf"),
        ("chart {mrn}/{scan}-{document}-{received:%H%M}.pdf", "chart 0012345/S000009-D000017-2330.pdf"),
    ],
)
def test_a_template_is_filled_with_the_documents_facts(template, expected) -> None:
    assert check_template(template) == ()
    facts = _facts(type="lab_report", document_date=date(2019, 12, 31))
    assert file_name(template, facts) == PurePosixPath(expected)


def test_the_names_beside_are_none_that_a_template_gives() -> None:
    name = file_name("{mrn}/{document}.pdf", _facts())
    beside = ["0012345/D000017.pdf", "0012345/D000017~2.pdf", "0012345/D000017~3.pdf"]
    assert list(map(str, islice(names_beside(name), 3))) == beside
    assert check_template("{mrn}/{document}~2.pdf") != ()


def test_what_a_document_lacks_is_said_in_words() -> None:
    assert str(file_name(DEFAULT_TEMPLATE, _facts())) == "0012345/2026/2026-03-04_untyped_D000017.pdf"


@pytest.mark.parametrize(
    ("template", "word"),
    [
        ("{mrn}/{received:%Y}.pdf", "{document}"),
        ("{mrn}/{document}", ".pdf"),
        ("{mrn}/{document}.PDF", ".pdf"),
        ("/{mrn}/{document}.pdf", "records"),
        ("{mrn}//{document}.pdf", "doubled"),
        ("../{document}.pdf", "inside"),
        ("{mrn}/../../{document}.pdf", "inside"),
        ("{mrn}/./{document}.pdf", "inside"),
        ("{mrn}./{document}.pdf", "dot"),
        ("{mrn} /{document}.pdf", "blank"),
        (".hidden/{document}.pdf", "dot"),
        ("C:\\{mrn}\\{document}.pdf", "Windows"),
        ('{mrn}/"{document}"?.pdf', "Windows"),
        ("{mrn}/{document}\x07.pdf", "Windows"),
        ("{mrn}/{name}_{document}.pdf", "{name}"),
        ("{mrn.__class__}/{document}.pdf", "no field"),
        ("{mrn[0]}/{document}.pdf", "no field"),
        ("{}/{document}.pdf", "no field"),
        ("{mrn!r}/{document}.pdf", "{mrn}"),
        ("{mrn:>99}/{document}.pdf", "format"),
        ("{received:%Y/%m}/{document}.pdf", "%Y"),
        ("{received:..}/{document}.pdf", "%Y"),
        ("{received:%c}/{document}.pdf", "%Y"),
        ("{mrn/{document}.pdf", "braces"),
        ("{mrn}{document}.pdf", "apart"),
        ("{document}{mrn}.pdf", "apart"),
        ("{mrn}/7{document}.pdf", "apart"),
        ("{mrn}/{document}7.pdf", "apart"),
        ("x" * 150 + "/{document}.pdf", "shorten"),
        ("/".join(["{mrn}"] * 6) + "/{document}.pdf", "shorten"),
        ("", ".pdf"),
    ],
)
def test_a_template_that_could_do_harm_is_refused_with_its_reason(template, word) -> None:
    problems = check_template(template)
    assert any(word in problem for problem in problems), problems
    with pytest.raises(ValueError, match="template"):
        file_name(template, _facts())


@pytest.mark.parametrize("device", ["CON", "AUX", "NUL", "COM1", "LPT9"])
def test_an_mrn_that_windows_takes_for_a_device_becomes_a_name(device) -> None:
    path = file_name("{mrn}/{document}.pdf", _facts(mrn=device))
    assert path.parts[0] == f"{device}~"


@pytest.mark.parametrize(
    "mrn", ["../../etc", "a/b", "..", ".", "A:B", "nul\x00", " 12 ", "Ä1", "x" * 500, "12.", "\ud800"]
)
def test_an_mrn_never_leads_out_of_its_folder(mrn) -> None:
    path = file_name("{mrn}/{document}.pdf", _facts(mrn=mrn))
    assert len(path.parts) == 2
    assert path.name == "D000017.pdf"
    assert path.parts[0] not in ("", ".", "..")
    assert all(sign.isascii() and (sign.isalnum() or sign in "-_~") for sign in path.parts[0])
    assert len(path.parts[0]) <= 40


def test_an_empty_mrn_is_no_folder() -> None:
    with pytest.raises(ValueError, match="empty"):
        file_name("{mrn}/{document}.pdf", _facts(mrn=""))


@given(st.lists(st.text(min_size=1, max_size=60), min_size=2, max_size=8, unique=True))
def test_two_patients_never_share_a_folder_even_where_case_is_ignored(mrns) -> None:
    folders = {file_name("{mrn}/{document}.pdf", _facts(mrn=mrn)).parts[0].casefold() for mrn in mrns}
    assert len(folders) == len(mrns)


@given(
    mrns=st.tuples(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30)),
    numbers=st.tuples(st.integers(1, 99_999_999), st.integers(1, 99_999_999)).filter(lambda pair: pair[0] != pair[1]),
    template=st.sampled_from(
        [
            DEFAULT_TEMPLATE,
            "{document}.pdf",
            "{mrn}_{document}_{type}.pdf",
            "{document_date}/{type}-{document}_{mrn}.pdf",
        ]
    ),
)
def test_two_documents_never_get_one_name(mrns, numbers, template) -> None:
    one, other = (
        str(file_name(template, _facts(mrn=mrn, document=f"D{number:06}")))
        for mrn, number in zip(mrns, numbers, strict=True)
    )
    assert one.casefold() != other.casefold()
