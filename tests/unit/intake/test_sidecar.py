"""A scanner's sidecar: what it says is kept with its batch; one that says nothing sensible is a file like any other."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.intake.drop_folder import DropFolder
from ingest.intake.settle import SettleWatch
from ingest.intake.sidecar import is_sidecar, read_sidecar
from ingest.intake.spool import Spool
from ingest.ledger import Ledger

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("batch.json", True),
        ("BATCH.JSON", True),
        ("0017.batch.json", True),
        ("batch.json.pdf", False),
        ("a.json", False),
    ],
)
def test_it_is_known_by_its_name(name: str, expected: bool) -> None:
    assert is_sidecar(name) is expected


def test_what_it_says_is_read_and_the_rest_is_let_be() -> None:
    content = b'\xef\xbb\xbf{"operator": " Kim ", "expected_pages": 12, "dpi": 300, "station": ""}'
    sidecar = read_sidecar(content)
    assert (sidecar.operator, sidecar.expected_pages, sidecar.station, sidecar.expected_files) == (
        "Kim",
        12,
        None,
        None,
    )


@pytest.mark.parametrize(
    "content",
    [
        b"", b"no json", b"[1]", b'{"expected_pages": -1}', b'{"expected_pages": true}', b'{"expected_files": "2"}',
        b'{"operator": 7}', b'{"station": "' + b"x" * 300 + b'"}', b"[" * 100_000, b"\xff\xfe", b" " * 100_000,
    ],
)  # fmt: skip
def test_what_says_nothing_sensible_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"^it"):
        read_sidecar(content)


@given(st.binary(max_size=300) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(
    lambda value: json.dumps({"expected_pages": value, "operator": value}).encode()))  # fmt: skip
def test_any_bytes_give_facts_or_a_reason(content: bytes) -> None:
    with suppress(ValueError):
        assert len(read_sidecar(content).sha256) == 64


def test_it_leaves_the_drop_folder_and_a_wrong_one_is_taken_as_a_scan(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "fax").mkdir(parents=True)
    (inbox / "fax" / "batch.json").write_text('{"operator": "Kim", "expected_files": 1}')
    (inbox / "fax" / "page.pdf").write_bytes(b"%PDF-1.4 no pdf")
    (inbox / "wrong.batch.json").write_text("{")
    spool = Spool(tmp_path / "spool", tmp_path / "temporary")
    for folder in ("spool", "temporary"):
        (tmp_path / folder).mkdir(exist_ok=True)
    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}", create=True) as ledger:
        folder = DropFolder(root=inbox, spool=spool, ledger=ledger, watch=SettleWatch(0.0))
        for second in (0.0, 1.0):
            folder.sweep(now_s=second, now=NOW)
        assert [path for path in inbox.rglob("*") if path.is_file()] == []
        assert sorted(row.scan.source for row in ledger.scans()) == ["fax/page.pdf", "wrong.batch.json"]
        by_origin = {batch.origin: batch for batch in ledger.batches()}
        assert (by_origin["fax"].operator, by_origin["fax"].files, by_origin["fax"].missing) == ("Kim", 1, None)
        assert not by_origin[""].announced
        assert spool.path(next(iter(spool.addresses()))).is_file()
