"""`ingest weights estimate` as it is typed: a real site whose documents people decided."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ingest.cli.app import app
from ingest.errors import BadSettings, WrongUse
from ingest.ledger import Act, Ledger
from ingest.model import Box, Disposition, DocumentState, Finding, Role
from ingest.running.site import create_site, open_site
from matchers import Patient, load_policy
from matchers.levels import Part
from matchers.patient import Field, Sex, Source
from tests.contract.ledger_steps import NOW, file_now, read

SHIPPED = Path(__file__).parents[3] / "config" / "matching.toml"
SURNAMES = (
    "Anders",
    "Bakker",
    "Castillo",
    "Dietrich",
    "Eriksen",
    "Fontaine",
    "Grimaldi",
    "Hoffmann",
    "Ivanova",
    "Jankowski",
)
GIVENS = (
    "Agnes",
    "Boris",
    "Clara",
    "Dmitri",
    "Elena",
    "Felix",
    "Gudrun",
    "Hector",
    "Ingrid",
    "Jonas",
    "Katrin",
    "Ludwig",
)


def people() -> list[Patient]:
    """240 of them: twenty to a first name, twenty-four to a surname, women and men in turn."""
    return [
        Patient(
            mrn=str(1_000_003 + 7 * n),
            last_name=SURNAMES[n % 10],
            first_name=GIVENS[n // 20],
            birth_date=date(1930, 1, 5) + timedelta(days=133 * n),
            sex=(Sex.FEMALE, Sex.MALE)[n % 2],
            zip=f"{21000 + n % 40}",
        )
        for n in range(240)
    ]


def found(field: Field, value: str) -> Finding:
    box = Box(x0=0.1, y0=0.1, x1=0.5, y1=0.2)
    return Finding(
        field=field, role=Role.PATIENT, value=value, raw=value, page=1, box=box, confidence=0.8,
        source=Source.TEXT, place="header", label=None,
    )  # fmt: skip


def add_documents(ledger: Ledger, count: int, *, decided: int) -> None:
    """Documents of the first patients, the first of which people filed: every fifth ZIP is of another place."""
    for number, patient in enumerate(people()[:count]):
        zip_code = patient.zip or ""
        findings = (
            found(Field.NAME, f"{patient.last_name}, {patient.first_name}"),
            found(Field.BIRTH_DATE, f"{patient.birth_date:%m/%d/%Y}"),
            found(Field.SEX, patient.sex.value if patient.sex else ""),
            found(Field.ZIP, zip_code if number % 5 else "90210"),
        )
        review = Disposition(pages=(1,), state=DocumentState.REVIEW, reasons=("Please look.",), findings=findings)
        (document,) = read(ledger, review, name=f"{number}.pdf")
        if number < decided:
            ledger.decide_by_person(
                document_id=document.id, version=1, act=Act.ASSIGN, mrn=patient.mrn, by="ann", acting_for=None,
                note=None, now=NOW,
            )  # fmt: skip
            file_now(ledger, document)


@pytest.fixture(scope="module")
def decided_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("decided") / "site"
    create_site(home)
    with open_site(home) as site:
        site.ledger.load_patients(people(), now=NOW)
        add_documents(site.ledger, 230, decided=210)
    return home


@pytest.fixture
def home(decided_site: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(decided_site, tmp_path / "site"))


def typed(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["weights", "estimate", *words, "--home", str(home)], env={"COLUMNS": "160"})


def said(home: Path, *words: str) -> str:
    result = typed(home, *words)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def test_the_table_tells_what_would_change_and_why_the_rest_does_not(home: Path) -> None:
    told = said(home)
    assert "230 documents looked at, 210 of them decided by people." in told
    rows = {" ".join(line.split()) for line in told.splitlines()}
    assert any(row.startswith("ZIP ZIP agrees +4.0 ") and row.endswith(" new") for row in rows)
    assert any("last name agrees +10.5" in row and "kept: follows how common the value is" in row for row in rows)
    assert any("kept: too few pairs" in row for row in rows)
    assert not (home / "matching.toml").exists()
    assert said(home) == told


def test_estimated_weights_are_used_from_then_on_and_nothing_else_changes(home: Path) -> None:
    result = typed(home, "--apply", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    policy, shipped = load_policy(home / "matching.toml"), load_policy()

    new = {(one["part"], one["level"]): one["new_bits"] for one in told["levels"]}
    assert {(part, key): level.bits for part, of in policy.levels.items() for key, level in of.items()} == new
    changed = {(one["part"], one["level"]) for one in told["levels"] if one["new_bits"] != one["bits"]}
    assert ("zip", "exact") in changed
    for part, levels in shipped.levels.items():
        for key, level in levels.items():
            assert replace(policy.level(part, key), bits=level.bits) == level
    assert policy.threshold == shipped.threshold
    assert (told["fingerprint"], told["new_fingerprint"]) == (shipped.fingerprint, policy.fingerprint)
    assert policy.fingerprint != shipped.fingerprint
    assert "ingest calibrate" in result.stderr
    text = (home / "matching.toml").read_text()
    assert text.count("\n") == SHIPPED.read_text().count("\n")
    assert "# one letter" not in text
    with open_site(home) as site:
        (event,) = (event for event in site.ledger.audit() if event.action == "weights.applied")
    assert event.details == {"before": shipped.fingerprint, "after": policy.fingerprint}


def test_the_zip_says_what_the_documents_show(home: Path) -> None:
    told = {(one["part"], one["level"]): one for one in json.loads(said(home, "--json"))["levels"]}
    exact, different = told["zip", "exact"], told["zip", "different"]
    # One person's: 4 of 5. Strangers': a fortieth of those, and 12 fortieths differ in one digit.
    assert exact["estimated_bits"] == pytest.approx(5.3, abs=0.3)
    assert different["estimated_bits"] == pytest.approx(-1.9, abs=0.2)
    assert told["sex", "exact"]["estimated_bits"] == pytest.approx(1.0, abs=0.1)


def test_too_little_is_said_plainly_and_cannot_be_applied(tmp_path: Path) -> None:
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as site:
        site.ledger.load_patients(people()[:60], now=NOW)
    assert "0 documents looked at" in said(tmp_path / "site")
    with open_site(tmp_path / "site") as site:
        add_documents(site.ledger, 12, decided=3)
    told = said(tmp_path / "site")
    assert "12 documents looked at, 3 of them decided by people." in told
    assert "197 more documents decided by people are lacking (200 are needed)" in told
    assert json.loads(said(tmp_path / "site", "--json"))["lacking"] == 197
    result = typed(tmp_path / "site", "--apply")
    assert isinstance(result.exception, WrongUse)
    assert result.stdout == ""
    assert not (tmp_path / "site" / "matching.toml").exists()


def test_a_site_without_patients_is_told_the_same(tmp_path: Path) -> None:
    create_site(tmp_path / "site")
    assert "200 more documents" in said(tmp_path / "site")


def test_the_newest_documents_are_looked_at(home: Path) -> None:
    told = json.loads(said(home, "--documents", "100", "--json"))
    assert (told["documents"], told["decided"], told["lacking"]) == (100, 80, 120)


def test_a_named_policy_gets_its_own_bits(home: Path) -> None:
    chosen = SHIPPED.read_text().replace('policy = "standard"', 'policy = "one_in_a_thousand"')
    (home / "matching.toml").write_text(chosen)
    told = json.loads(said(home, "--apply", "--json"))
    file = home / "matching.toml"
    policy = load_policy(file)
    assert (policy.name, policy.fingerprint) == ("one_in_a_thousand", told["new_fingerprint"])
    zip_bits = next(one["new_bits"] for one in told["levels"] if (one["part"], one["level"]) == ("zip", "exact"))
    assert policy.level(Part.ZIP, "exact").bits == zip_bits != 4.0
    assert load_policy(file, name="standard").levels == load_policy().levels
    assert policy.level(Part.PHONE, "exact").agrees


def test_a_certificate_for_other_weights_goes(home: Path) -> None:
    audits = home / "audits"
    audits.write_text('{"probability": 0.99999, "right": true}\n' * 3200)
    words = ["calibrate", "--from", str(audits), "--risk", "1e-3", "--apply", "--home", str(home)]
    assert CliRunner().invoke(app, words).exit_code == 0
    before = load_policy(home / "matching.toml")
    assert before.certificate is not None
    result = typed(home, "--apply")
    after = load_policy(home / "matching.toml")
    assert (after.certificate, after.threshold) == (None, before.threshold)
    assert after.fingerprints_in_use == {after.fingerprint}
    assert f"The certificate of {before.certificate.date} is void" in result.stderr
    again = typed(home, "--apply")
    assert again.exit_code == 0
    assert "no weight was changed" in again.stderr


def test_a_policy_that_is_written_otherwise_is_left_alone(home: Path) -> None:
    lines = SHIPPED.read_text().splitlines(keepends=True)
    (line,) = (one for one in lines if one.startswith('exact =     { label = "ZIP agrees"'))
    rest = line.partition("{")[2].rpartition("}")[0]
    table = "[levels.zip.exact]\n" + "\n".join(rest.split(", ")) + "\n\n[levels.sex]"
    text = "".join(one for one in lines if one != line).replace("[levels.sex]", table)
    (home / "matching.toml").write_text(text)
    result = typed(home, "--apply")
    assert isinstance(result.exception, BadSettings)
    assert "in one line" in str(result.exception)
    assert (home / "matching.toml").read_text() == text
    assert [file.name for file in home.glob(".matching-*")] == []
