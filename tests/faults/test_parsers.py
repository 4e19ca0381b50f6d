"""Our own parsers on whatever bytes: a value or the documented error, and nothing takes for ever."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.model import FileOpened, ScanKind
from ingest.reading.artefact import encode, encode_file
from tests.fakes.pages import at, page_of
from tests.fakes.parsers import PARSERS

MOST_S = 20.0  # a bound on what takes for ever, no measure of speed
_LONG = b"1" * 5_000  # more digits than Python turns into a number
_NASTY = (
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"[" * 5_000, b"{" * 5_000, b"a = " + b"[" * 5_000, _LONG,
    b"a = " + _LONG, b"a." * 5_000 + b"b = 1", b"[reading]\nworkers = " + _LONG, b"[reading]\nworkers = nan",
    b"[reading]\npage_timeout_s = nan", b"[reading]\nmax_pages = inf", b"[reading]\nlanguages = [[]]",
    b"[intake]\ninbox = \"\\u0000\"", b"[field]\nmrn = 1", b"field = 1", b"words = []", b"[words.same]\n\"\" = [\"x\"]",
    b"[words]\nsame = {a = [\"...\"]}", b"[field.mrn]\nphrases = [\"\\u0130\"]", b"[lab_report]\nloinc = 1979-05-27",
    b"[decision]\nthreshold = nan", b"[decision]\nthreshold = " + _LONG, b"policy = 7", b"policies = 3",
    b"[policies]\na = 1", b"[levels]\nname = []", b"[policies.a.decision]\nthreshold = true\n", b"certificate = 1",
    b'{"expected_pages": ' + _LONG + b"}", b'{"id": ' + b"[" * 5_000, b'{"id": ' + _LONG + b"}", b'{"mrn": 1e999}',
    b'{"size": 1e999, "sha256": "", "pages": 1, "text_state": "own", "kind": "pdf"}', b"null", b"[]", b'"x"',
    b'{"size": ' + _LONG + b', "sha256": "", "pages": 1, "text_state": "own", "kind": "pdf"}',
    b's ' + _LONG, b"o " + _LONG, "٣ ٤".encode(), "s ²".encode(), b"o \xc2\xb2", b"9" * 100_000, b" " * 200_000,
    b"(" * 20_000, b"1/" * 20_000, b"O'" * 20_000, b"a-" * 20_000,
    b'mrn,last_name,first_name,birth_date\n"' + b"x" * 300_000,
    b"mrn,last_name,first_name,birth_date\n" + b",".join([b'"'] * 5_000), b"\r" * 50_000, b'\n"' * 20_000,
)  # fmt: skip


def _whole_page() -> bytes:
    return encode(page_of(at(1, 1, "Patient: OKAFOR, CHIDI"), at(2, 1, "MRN: 00455550")))


def _packed(body: object) -> bytes:
    return gzip.compress(json.dumps(body).encode())


def _hostile_answers() -> Iterator[bytes]:
    """What a worker that was taken over may send for a page."""
    told = json.loads(gzip.decompress(_whole_page()))
    for key in (*told["artefact"], "no such key"):
        for value in (None, -1, 1e308, "x", [], {}, [[]], 10**400, "\ud800", True):
            yield _packed({**told, "artefact": {**told["artefact"], key: value}})
    yield from (_packed(body) for body in ([], None, {}, {"version": 4}, {"version": 1e400}, {"version": "4"}))
    yield _packed({"version": 4, "opened": {"kind": "pdf", "pages": 1, "remarks": [], "active": ["x"]}})
    yield gzip.compress(b'{"version": ' + _LONG + b"}")
    yield gzip.compress(b"[" * 100_000)
    yield gzip.compress(bytes(70_000_000))
    yield b"\x1f\x8b" + b"\xff" * 100


@pytest.mark.parametrize("name", PARSERS)
def test_nasty_input_gives_a_value_or_the_documented_error(name: str) -> None:
    parse, _ = PARSERS[name]
    for data in _NASTY:
        began = time.monotonic()
        parse(data)
        assert time.monotonic() - began < MOST_S, data[:40]


@pytest.mark.parametrize("name", ["page", "opened"])
def test_whatever_a_worker_answers_is_a_value_or_a_value_error(name: str) -> None:
    for data in _hostile_answers():
        PARSERS[name][0](data)


@st.composite
def _mutated(draw: st.DrawFn, seed: bytes) -> bytes:
    """A piece of the sound input with some bytes struck out, doubled, or put in."""
    start = draw(st.integers(0, len(seed)))
    data = bytearray(seed[start : start + draw(st.integers(0, 3_000))])
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(data)))
        match draw(st.integers(0, 2)):
            case 0:
                data[place:place] = draw(st.binary(max_size=6) | st.text(max_size=4).map(lambda text: text.encode()))
            case 1:
                del data[place : place + draw(st.integers(1, 9))]
            case _:
                data[place:place] = data[place : place + draw(st.integers(1, 60))]
    return bytes(data)


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damaged_input_gives_a_value_or_the_documented_error(name: str, data: st.DataObject) -> None:
    parse, seed = PARSERS[name]
    if not seed:
        seed = _whole_page() if name == "page" else encode_file(FileOpened(kind=ScanKind.PDF, pages=2))
    parse(data.draw(_mutated(seed) | st.binary(max_size=80)))
