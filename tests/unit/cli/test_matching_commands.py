"""`ingest patients match|merge|duplicates|index`, `ingest explain`, `ingest calibrate`, as they are typed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ingest.cli.app import app
from ingest.errors import BadFile, Conflict, NotFound, WrongUse
from ingest.ledger import Act
from ingest.model import Disposition, DocumentState
from ingest.running.site import create_site, open_site
from matchers import Patient, decide, identifiers_from_json, load_policy
from tests.contract.ledger_steps import read

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ANNA = Patient(mrn="700100", last_name="Berg", first_name="Anna", birth_date=date(1962, 4, 7))
ANNE = replace(ANNA, mrn="700200", middle_name="Maria")
QUESTION = {"id": 7, "name": "BERG, ANNA", "birth_date": "04/07/1962", "mrn": "700100"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    create_site(tmp_path / "site")
    others = [
        Patient(
            mrn=f"70{n:04}", last_name=f"Fam{chr(97 + n % 26)}x", first_name="Ole", birth_date=date(1950, 1, 1 + n % 28)
        )
        for n in range(300, 600)
    ]
    with open_site(tmp_path / "site") as site:
        site.ledger.load_patients([ANNA, ANNE, *others], now=NOW)
    return tmp_path / "site"


def typed(home: Path, *words: str, given: str = "") -> Result:
    return CliRunner().invoke(app, [*words, "--home", str(home)], input=given)


def said(home: Path, *words: str, given: str = "") -> str:
    result = typed(home, *words, given=given)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def decided(home: Path, name: str, line: dict[str, object]) -> str:
    """A scan that was read and decided on this line, waiting for a person; its document."""
    with open_site(home) as site:
        index, identifiers = site.index(), identifiers_from_json(line)
        decision = decide(
            identifiers,
            index.candidates(identifiers),
            population=index.population,
            policy=site.policy,
            generation=index.generation,
        )
        disposition = Disposition(
            pages=(1,),
            state=DocumentState.REVIEW,
            reasons=decision.reasons,
            probability=decision.probability,
            candidates=decision.candidates,
            would_file_mrn=decision.mrn,
            index_generation=decision.index_generation,
            fingerprint=decision.fingerprint,
            threshold=decision.threshold,
        )
        (document,) = read(site.ledger, disposition, name=name, content=name)
        return document.id


def test_match_answers_each_line_and_names_the_bad_ones(home: Path) -> None:
    given = f"{json.dumps(QUESTION)}\nnonsense\n\n{json.dumps({'id': 'x'})}\n"
    result = typed(home, "patients", "match", "--explain", given=given)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [answer["id"] for answer in answers] == [7, None, None, "x"]
    assert (answers[0]["outcome"], answers[0]["mrn"]) == ("file", "700100")
    assert answers[0]["candidates"][0]["waterfall"]["steps"][0]["bits"] < 0
    assert "line 2: not a JSON object" in result.stderr


def test_explain_tells_why_in_words_and_in_json(home: Path) -> None:
    document = decided(home, "a", QUESTION)
    text, told = said(home, "explain", document), json.loads(said(home, "explain", document, "--json"))
    assert "MRN: MRN agrees" in text
    assert f"filing needs {told['candidates'][0]['threshold_bits']:+.1f} bits" in text
    assert told["candidates"][0]["mrn"] == "700100"
    assert "1. MRN 700100" in said(home, "explain", document, "--candidate", "700100")
    assert isinstance(typed(home, "explain", document, "--candidate", "1").exception, NotFound)
    assert isinstance(typed(home, "explain", document, "--version", "9").exception, NotFound)
    assert isinstance(typed(home, "explain", "D999").exception, NotFound)
    with open_site(home) as site:
        looks = [event for event in site.ledger.audit() if event.action == "document.explained"]
    assert {event.subject for event in looks} == {document}


def test_a_merged_registration_files_to_the_one_that_stays(home: Path) -> None:
    assert "now means MRN 700200" in said(home, "patients", "merge", "700100", "700200")
    answer = json.loads(said(home, "patients", "match", given=json.dumps(QUESTION)))
    assert (answer["outcome"], answer["mrn"]) == ("file", "700200")
    assert isinstance(typed(home, "patients", "merge", "700100", "700200").exception, Conflict)
    assert isinstance(typed(home, "patients", "merge", "700100").exception, WrongUse)
    assert "stands for itself again" in said(home, "patients", "merge", "700100", "--undo")
    assert json.loads(said(home, "patients", "match", given=json.dumps(QUESTION)))["mrn"] == "700100"


def test_possible_duplicates_come_to_a_worklist(home: Path) -> None:
    assert "no possible duplicates" in said(home, "patients", "duplicates")
    document = decided(home, "a", {"name": "Berg, Anna", "birth_date": "1962-04-07"})
    (row,) = (json.loads(line) for line in said(home, "patients", "duplicates", "--json").splitlines())
    assert (row["mrn"], row["other_mrn"], row["times"], row["document"]) == ("700100", "700200", 1, document)
    assert [patient["middle_name"] for patient in row["patients"]] == [None, "Maria"]
    assert "700200" in said(home, "patients", "duplicates")
    said(home, "patients", "duplicates", "--settle", "700200", "700100", "--distinct", "--note", "cousins")
    assert "no possible duplicates" in said(home, "patients", "duplicates")
    assert "distinct" in said(home, "patients", "duplicates", "--all")


def test_a_merger_takes_its_pair_off_the_worklist_until_it_is_undone(home: Path) -> None:
    decided(home, "a", {"name": "Berg, Anna", "birth_date": "1962-04-07"})
    assert "1 possible duplicate(s) settled" in said(home, "patients", "merge", "700100", "700200")
    assert "no possible duplicates" in said(home, "patients", "duplicates")
    assert "1 possible duplicate(s) wait" in said(home, "patients", "merge", "700100", "--undo")
    assert "700200" in said(home, "patients", "duplicates")


def test_settling_speaks_json_and_needs_a_pair(home: Path) -> None:
    decided(home, "a", {"name": "Berg, Anna", "birth_date": "1962-04-07"})
    told = json.loads(said(home, "patients", "duplicates", "--settle", "700200", "700100", "--json"))
    assert told == {"settled": ["700100", "700200"], "state": "merged"}
    (row,) = (json.loads(line) for line in said(home, "patients", "duplicates", "--all", "--json").splitlines())
    assert row["settled_at"].endswith("Z")
    for words in (("--distinct",), ("--note", "cousins")):
        assert isinstance(typed(home, "patients", "duplicates", *words).exception, WrongUse)


def test_a_name_is_no_markup(home: Path) -> None:
    odd = Patient(mrn="700900", last_name="[/b]Odd", first_name="[red]Ida", birth_date=date(1970, 1, 2))
    with open_site(home) as site:
        site.ledger.load_patients([odd, replace(odd, mrn="700901")], now=NOW)
    assert "[/b]Odd, [red]Ida" in said(home, "patients", "search", "Odd")
    decided(home, "a", {"name": "[/b]Odd, [red]Ida", "birth_date": "1970-01-02"})
    assert said(home, "patients", "duplicates").count("[/b]Odd, [red]Ida") == 2


def test_an_id_is_recorded_as_it_is_written(home: Path) -> None:
    document = decided(home, "a", QUESTION)
    assert json.loads(said(home, "explain", document.lower(), "--json"))["document"] == document
    with open_site(home) as site:
        assert [e.subject for e in site.ledger.audit() if e.action == "document.explained"] == [document]


def test_the_index_is_built_again_on_demand(home: Path) -> None:
    told = json.loads(said(home, "patients", "index", "--json"))
    assert told == {"patients": 302, "index_generation": 302}


# -- calibrate


def audits(path: Path, right: int, wrong: int = 0) -> str:
    lines = [{"probability": 0.99999, "right": True}] * right + [{"probability": 0.9996, "right": False}] * wrong
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(path)


def test_too_few_audits_are_said_plainly_and_change_nothing(home: Path, tmp_path: Path) -> None:
    source = audits(tmp_path / "audits", 1000)
    text = said(home, "calibrate", "--from", source)
    assert "cannot certify" in text
    assert "28,956 more audited decisions are lacking" in text
    assert "100.0% would be filed" in text
    result = typed(home, "calibrate", "--from", source, "--apply")
    assert isinstance(result.exception, WrongUse)
    assert not (home / "matching.toml").exists()


def test_a_certified_threshold_is_written_with_its_data(home: Path, tmp_path: Path) -> None:
    source = audits(tmp_path / "audits", 3200, 40)
    told = json.loads(said(home, "calibrate", "--from", source, "--risk", "1e-3", "--apply", "--json"))
    policy, shipped = load_policy(home / "matching.toml"), load_policy()
    assert told["certified"]
    assert policy.threshold == told["threshold"] > 0.9996
    assert policy.certificate is not None
    assert (policy.certificate.audited, policy.certificate.wrong) == (3200, 0)
    assert policy.certificate.at_most == told["at_most"] <= 1e-3
    assert policy.levels == shipped.levels
    assert policy.evidence_fingerprint == shipped.evidence_fingerprint
    assert policy.fingerprint != shipped.fingerprint
    assert shipped.fingerprint in policy.fingerprints_in_use
    again = (home / "matching.toml").read_text()
    said(home, "calibrate", "--from", source, "--risk", "1e-3", "--apply")
    assert (home / "matching.toml").read_text().count("[certificate]") == 1
    assert len((home / "matching.toml").read_text()) < len(again) + 60


def test_a_certified_threshold_goes_to_the_policy_in_use(home: Path, tmp_path: Path) -> None:
    shipped = Path(__file__).parents[3] / "config" / "matching.toml"
    chosen = shipped.read_text().replace('policy = "standard"', 'policy = "one_in_a_thousand"')
    (home / "matching.toml").write_text(chosen)
    source = audits(tmp_path / "audits", 3200, 40)
    told = json.loads(said(home, "calibrate", "--from", source, "--risk", "1e-3", "--apply", "--json"))
    policy = load_policy(home / "matching.toml")
    assert (policy.name, policy.threshold) == ("one_in_a_thousand", told["threshold"])
    assert f"threshold = {load_policy().threshold}" in (home / "matching.toml").read_text()


def test_what_people_decided_at_the_desk_is_the_audit(home: Path) -> None:
    for name, mrn in (("a", "700100"), ("b", "700200")):
        document = decided(home, name, QUESTION)
        with open_site(home) as site:
            site.ledger.decide_by_person(
                document_id=document,
                version=1,
                act=Act.ASSIGN,
                mrn=mrn,
                by="ann",
                acting_for=None,
                note=None,
                now=NOW,
            )
    told = json.loads(said(home, "calibrate", "--json"))
    assert (told["audited"], told["wrong"], told["under_other_weights"]) == (2, 1, 0)
    assert told["lacking"] == 47_437 - 2


def test_bad_audits_are_named_by_line(home: Path, tmp_path: Path) -> None:
    (tmp_path / "audits").write_bytes(
        b'{"probability": 0.9, "right": true}\n\xff\n{"probability": 2, "right": true}\n{}\n'
    )
    result = typed(home, "calibrate", "--from", str(tmp_path / "audits"), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["audited"] == 1
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["line 2", "line 3", "line 4"]
    assert isinstance(typed(home, "calibrate", "--from", str(tmp_path / "none")).exception, BadFile)
    assert isinstance(typed(home, "calibrate", "--risk", "0").exception, WrongUse)
