"""Every parser of our own code that takes what others write, as one function of bytes: for fuzzing.

Each takes any bytes and swallows the error that the parser documents; whatever else comes out of it is a bug.
"""

from __future__ import annotations

import atexit
import io
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path

from ingest.cli.review_keys import parse_key
from ingest.errors import BadFile, BadSettings
from ingest.evidence.doctypes import load_doctypes
from ingest.evidence.find import SiteFacts, find_evidence
from ingest.evidence.labels import load_labels
from ingest.filing.order import PdfFacts
from ingest.intake.sidecar import read_sidecar
from ingest.model import PageArtefact
from ingest.patients.csv_feed import CsvFeed
from ingest.reading.artefact import decode, decode_file
from ingest.running.line_blocks import blocks
from ingest.running.matching import Matcher
from ingest.settings import SETTINGS_FILE, load
from matchers import PatientIndex, load_policy
from matchers.dates import LATEST_BIRTH, read_dates
from matchers.lettering import fold
from matchers.names import parse_name, show_name
from matchers.numbers import normalise_address, normalise_identifier, normalise_phone
from matchers.patient import Patient
from matchers.weights import PolicyError
from tests.fakes.pages import at, page_of

_ROOT = Path(__file__).parents[2]
_TODAY = date(2026, 11, 23)
_FACTS = SiteFacts(today=_TODAY, mrn_shapes=("99999999",))


@cache
def _scratch() -> Path:
    """A folder of this process's own, gone with it; in memory where there is such a thing."""
    memory = Path("/dev/shm")  # noqa: S108 - only speed
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{os.getpid()}-", dir=memory if memory.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _file(name: str, data: bytes) -> Path:
    path = _scratch() / name
    path.write_bytes(data)
    return path


def labels(data: bytes) -> None:
    with suppress(BadSettings):
        load_labels(_file("labels.toml", data))


def doctypes(data: bytes) -> None:
    with suppress(BadSettings):
        load_doctypes(_file("doctypes.toml", data))


def settings(data: bytes) -> None:
    _file(SETTINGS_FILE, data)
    with suppress(BadSettings):
        load(_scratch())


def policy(data: bytes) -> None:
    with suppress(PolicyError):
        load_policy(_file("matching.toml", data))


def sidecar(data: bytes) -> None:
    with suppress(ValueError):
        read_sidecar(data)


def patients(data: bytes) -> None:
    feed = CsvFeed(_file("patients.csv", data), today=_TODAY)
    with suppress(BadFile):
        for patient in feed.patients():
            assert patient.mrn
            assert patient.birth_date <= _TODAY


def page(data: bytes) -> None:
    with suppress(ValueError):
        decode(data)


def opened(data: bytes) -> None:
    with suppress(ValueError):
        decode_file(data)


def filed(data: bytes) -> None:
    with suppress(ValueError):
        PdfFacts.decode(data)


def key(data: bytes) -> None:
    assert parse_key(_text(data)) is not None


def questions(data: bytes) -> None:
    asked = [block for block in blocks(io.BytesIO(data)) if block is not None]
    for block in asked:
        assert len(_matcher().answers(block)) == len(block)


def dates(data: bytes) -> None:
    for value in read_dates(_text(data), born_before=LATEST_BIRTH):
        assert value <= LATEST_BIRTH


def names(data: bytes) -> None:
    text = _text(data)
    fold(text)
    for name in parse_name(text):
        show_name(name)


def numbers(data: bytes) -> None:
    text = _text(data)
    normalise_identifier(text)
    normalise_phone(text)
    normalise_address(text)


def evidence(data: bytes) -> None:
    """What stands on a page, line by line."""
    lines = _text(data).split("\n")[:40]
    words = page_of(*(at(row, 2, line[:100]) for row, line in enumerate(lines) if line.strip()))
    assert isinstance(words, PageArtefact)
    find_evidence(words, _house_labels(), _FACTS)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


@cache
def _house_labels():  # type: ignore[no-untyped-def]
    return load_labels()


@cache
def _matcher() -> Matcher:
    people = [
        Patient(mrn=f"004{number:05}", last_name=name, first_name="CHIDI", birth_date=date(1984, 7, 1 + number))
        for number, name in enumerate(("OKAFOR", "HOLLOWAY", "DE LA CRUZ", "O'NEIL", "BERG"))
    ]
    return Matcher(PatientIndex.of(people), load_policy(), explain=True)


def _shipped(name: str) -> bytes:
    return (_ROOT / "config" / name).read_bytes()


_LINE = b'{"id": 1, "name": "OKAFOR, CHIDI", "birth_date": "07/02/1984", "mrn": "00400000", "phone": "555-0142"}\n'
_CSV = b'mrn,last_name,first_name,birth_date,sex\n0012,Doe,John,1962-04-07,M\n0013,"O\'Neil, ",Ann,1970-01-01,F\n'
_PAPER = (
    b"Patient: OKAFOR, CHIDI\nDate of Birth: 07/25/1984\nMRN: 00455550\nDr. Alan Whitfield, MD  Collected: 10/02/2026"
)
_TEXT = b"Okafor, Chidi Jr 07/25/1984 (330) 555-0142 12 Elm St"

PARSERS: dict[str, tuple[Callable[[bytes], None], bytes]] = {
    "labels": (labels, _shipped("labels.toml")),
    "doctypes": (doctypes, _shipped("doctypes.toml")),
    "settings": (settings, _shipped("ingest.toml")),
    "policy": (policy, _shipped("matching.toml")),
    "sidecar": (sidecar, b'{"operator": "Kim", "station": "A", "expected_pages": 12, "expected_files": 3}'),
    "patients": (patients, _CSV),
    "page": (page, b""),
    "opened": (opened, b""),
    "filed": (filed, b'{"sha256": "0", "size": 1, "pages": 1, "text_state": "own", "kind": "pdf"}'),
    "key": (key, b"s 2 3"),
    "questions": (questions, _LINE * 3),
    "dates": (dates, b"07/25/1984"),
    "names": (names, _TEXT),
    "numbers": (numbers, _TEXT),
    "evidence": (evidence, _PAPER),
}
"""Each parser with a sound input of its kind, from which others are made."""
