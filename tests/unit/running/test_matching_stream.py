"""A stream of questions: answered in order, in blocks or one by one, on one core or several, whatever it holds."""

from __future__ import annotations

import io
import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from queue import SimpleQueue

import pytest

from ingest.errors import BadFile, CannotRunNow
from ingest.running.line_blocks import BLOCK_BYTES, LONGEST_LINE, blocks
from ingest.running.matching import match_lines
from ingest.running.site import Site, create_site, open_site
from matchers import Patient

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("stream") / "site"
    create_site(home)
    people = [
        Patient(
            mrn=f"{700000 + 3 * number}",
            last_name=f"Fam{chr(97 + number % 26)}{chr(97 + number // 26)}",
            first_name="Ann",
            birth_date=date(1950 + number % 40, 1 + number % 12, 1 + number % 28),
        )
        for number in range(300)
    ]
    with open_site(home) as opened:
        opened.ledger.load_patients(people, now=NOW)
        yield opened


def question(number: int) -> bytes:
    return json.dumps({"id": number, "mrn": f"{700000 + 3 * (number % 300)}", "name": "nobody"}).encode() + b"\n"


def answers(site: Site, content: bytes, *, workers: int = 1, explain: bool = False) -> list[dict]:
    found = match_lines(site, io.BytesIO(content), workers=workers, explain=explain)
    return [json.loads(answer.text) | {"line": answer.number} for answer in found if answer is not None]


def test_answers_come_in_the_order_of_the_lines_on_several_cores(site: Site) -> None:
    lines = b"".join(question(number) for number in range(3500))
    found = answers(site, lines, workers=2)
    assert [answer["id"] for answer in found] == list(range(3500))
    alone = answers(site, lines[:60000], workers=1)[:-1]
    assert found[: len(alone)] == alone


@pytest.mark.parametrize(
    "bad",
    [
        b"{",
        b"[1, 2]",
        b"\xff\xfe\x00",
        b'"text"',
        b"[" * 100_000,
        b'{"id": ' * 100_000,
        b"1" * 6000,
        b"x" * (LONGEST_LINE + 1),
        b"nul\x00",
    ],
)
def test_a_bad_line_is_named_and_the_others_answered(site: Site, bad: bytes) -> None:
    found = list(match_lines(site, io.BytesIO(question(1) + bad + b"\n\n" + question(2)), workers=1))
    told = [answer for answer in found if answer is not None]
    assert [answer.number for answer in told] == [1, 2, 3, 4]
    assert [bool(answer.problem) for answer in told] == [False, True, False, False]
    assert [json.loads(answer.text)["outcome"] for answer in told[1:3]] == ["none", "none"]


@pytest.mark.parametrize("depth", range(900, 1000, 3))
def test_an_id_too_deep_to_be_given_back_costs_no_other_line(site: Site, depth: int) -> None:
    deep = b'{"id": ' + b"[" * depth + b"]" * depth + b', "mrn": "700003"}'
    told = answers(site, deep + b"\n" + question(2))
    assert [answer["line"] for answer in told] == [1, 2]
    assert told[1]["id"] == 2


@pytest.mark.parametrize(
    ("line", "identity"),
    [
        (b'{"id": "\\ud800", "mrn": "700003"}', "\ud800"),
        (b'{"id": 1, "id": 2, "mrn": 1e999}', 2),
        (b'{"id": NaN, "birth_date": NaN}', "NaN"),
        (b'{"id": 1e999}', "1e999"),
        (b'{"id": null, "name": {"a": [["deep"]]}, "phone": true}', None),
        ('{"id": "é", "name": "Åé\u0000"}'.encode(), None),
    ],
)
def test_odd_values_are_no_error(site: Site, line: bytes, identity: object) -> None:
    (found,) = answers(site, line)
    assert found["id"] == identity
    assert found["outcome"] in ("none", "review", "file")


def test_whoever_waits_for_an_answer_gets_it(site: Site) -> None:
    asked, asking = os.pipe()
    seen: list[int] = []
    told = threading.Event()

    def answer() -> None:
        with os.fdopen(asked, "rb") as source:
            for one in match_lines(site, source, workers=2):
                if one is None:
                    told.set()
                else:
                    seen.append(json.loads(one.text)["id"])

    thread = threading.Thread(target=answer)
    thread.start()
    for number in range(3):
        told.clear()
        os.write(asking, question(number))
        assert told.wait(20)
        assert seen[-1] == number
    os.close(asking)
    thread.join(20)
    assert seen == [0, 1, 2]


def test_no_more_than_some_blocks_are_read_ahead(site: Site) -> None:
    class Source(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def read1(self, size: int) -> bytes:
            self.given += 1
            return question(self.given) * 100 if self.given < 200 else b""

    source = Source()
    found = match_lines(site, source, workers=2)  # type: ignore[arg-type]
    for _ in range(5000):
        next(found)
    assert source.given < 100, "5,000 answers were given; some 4,000 lines more may be under way"
    found.close()


def test_an_explained_answer_carries_its_steps(site: Site) -> None:
    (found,) = answers(site, question(5), explain=True)
    steps = found["candidates"][0]["waterfall"]["steps"]
    assert steps[0]["bits"] < 0
    assert any(step["field"] == "mrn" for step in steps)


@pytest.mark.parametrize(("given", "lines"), [(b"", 0), (b"\n \n\n", 3), (b"\n ", 2)])
def test_each_line_has_its_answer_though_it_asks_nothing(site: Site, tmp_path: Path, given: bytes, lines: int) -> None:
    (tmp_path / "nothing").write_bytes(given)
    with (tmp_path / "nothing").open("rb") as source:
        told = [answer for answer in match_lines(site, source, workers=2) if answer is not None]
    assert [answer.number for answer in told] == list(range(1, lines + 1))
    assert all(json.loads(answer.text)["reasons"] == ["This line is empty."] for answer in told)


def test_a_mark_before_the_first_line_is_no_part_of_it(site: Site) -> None:
    found = answers(site, b"\xef\xbb\xbf" + question(1) + question(2))
    assert [answer["id"] for answer in found] == [1, 2]
    assert [answer["id"] for answer in answers(site, b"\xef\xbb\xbf" + question(3).rstrip())] == [3]


def test_blocks_are_bounded_by_bytes_too() -> None:
    line = b"x" * (LONGEST_LINE - 1)
    found = [block for block in blocks(io.BytesIO((line + b"\n") * 7)) if block is not None]
    assert [number for block in found for number, _ in block] == [1, 2, 3, 4, 5, 6, 7]
    assert max(sum(len(kept or b"") for _, kept in block) for block in found) < BLOCK_BYTES + LONGEST_LINE


def test_a_source_that_fails_is_a_bad_file(site: Site) -> None:
    class Broken(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def read1(self, size: int) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(BadFile, match="Input/output error"):
        list(match_lines(site, Broken(), workers=2))  # type: ignore[arg-type]


def test_answers_of_other_processes_are_given_out_while_input_pauses(site: Site) -> None:
    asked, asking = os.pipe()
    seen: list[int] = []
    shown: SimpleQueue[int] = SimpleQueue()

    def answer() -> None:
        with os.fdopen(asked, "rb") as source:
            for one in match_lines(site, source, workers=2):
                if one is not None:
                    seen.append(json.loads(one.text)["id"])
                elif seen:
                    shown.put(seen[-1])

    thread = threading.Thread(target=answer)
    thread.start()
    with os.fdopen(asking, "wb", buffering=0) as sink:
        sink.write(b"".join(question(number) for number in range(1000)))
        while shown.get(timeout=60) != 999:
            pass
        for number in range(1000, 1003):
            sink.write(question(number))
            while shown.get(timeout=60) != number:
                pass
    thread.join(60)
    assert seen == list(range(1003))


class Questions(io.RawIOBase):
    """A long stream, drawn as it is read."""

    def __init__(self, count: int) -> None:
        self._left = (question(number) for number in range(count))

    def read1(self, size: int) -> bytes:
        return b"".join(islice(self._left, max(1, size // 100)))


def test_no_process_outlives_the_reader_of_the_answers(site: Site) -> None:
    before = children()
    found = match_lines(site, Questions(200_000), workers=2)
    while len(children() - before) < 2:  # they take their time to start on a busy machine
        next(found)
    found.close()
    assert children() <= before


def test_a_process_that_dies_is_an_error_with_a_remedy(site: Site) -> None:
    before = children()
    found = match_lines(site, Questions(200_000), workers=2)
    for _ in range(1000):
        next(found)
    with pytest.raises(CannotRunNow, match="--workers 1"):
        kill_until_told(found, before)
    assert children() <= before


def kill_until_told(found: Iterator[object], before: set[int]) -> None:
    """Who has nothing to do when it is killed is replaced in silence: again, then, until one is at work."""
    for _ in found:
        for child in children() - before:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


def children() -> set[int]:
    """The processes that this one started and that live."""
    while True:
        tasks = Path("/proc/self/task").iterdir()
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread has ended: its children are another's now
            return {int(child) for task in tasks for child in (task / "children").read_text().split()}
