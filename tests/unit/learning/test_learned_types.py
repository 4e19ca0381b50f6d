"""A classifier of types learned from the desk: what it is trained on, what it gains, and how it is used."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest import pipeline
from ingest.errors import Conflict, MissingPart, NotFound, NothingToLearn
from ingest.learning import apply_proposal, in_use, propose_types, revert
from ingest.learning.types import Typing, gains, worse_in
from ingest.ledger import Proposal, ProposalKind
from ingest.model import DocumentState, Scan
from ingest.running.site import Site, create_site, open_site
from ingest.settings import Settings, Unattended
from matchers import Patient
from tests.contract.ledger_steps import NOW, later
from tests.fakes.pages import lines_of
from tests.fakes.taught import misfiled
from tests.unit.learning.clinic import PEOPLE
from tests.unit.learning.formroom import LETTERS, NURSING, text_of, told

pytest.importorskip("sklearn")

AFTERWARDS = later(500_000)


@pytest.fixture(scope="module")
def forms_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 documents of three kinds; their types were corrected, or let stand where the rules knew."""
    home = tmp_path_factory.mktemp("forms") / "site"
    create_site(home)
    with open_site(home) as site:
        site.ledger.load_patients(PEOPLE, now=NOW)
        told(site, range(300))
    return home


@pytest.fixture
def home(forms_site: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(forms_site, tmp_path / "site"))


@pytest.fixture
def site(home: Path) -> Iterator[Site]:
    with open_site(home) as opened:
        yield opened


def proposed(site: Site) -> Proposal:
    found = propose_types(site, by="ann", now=AFTERWARDS).proposal
    assert found is not None
    return found


def body_of(site: Site) -> Any:
    return site.ledger.proposal_body(proposed(site).number)


def settled(site: Site, text: str, **settings: Any) -> Any:
    """What becomes of a page with this text."""
    scan = Scan(id="S999999", source="x.pdf", origin="", sha256="0" * 64, size=1, received_at=NOW)
    house = replace(site.house(), settings=Settings(**settings)) if settings else site.house()
    return pipeline.settle(scan, (lines_of(text),), house)


def test_it_is_tried_on_newer_papers_and_proposed_for_what_it_gains(site: Site) -> None:
    made = proposed(site)
    told = made.figures
    assert (told["taught"], told["tried"]) == (210, 90)
    assert told["corrected"] == 140
    assert told["rules"] == told["before"] == {"right": 30, "wrong": 0, "silent": 60}
    assert told["after"]["right"] >= 80
    assert told["after"]["wrong"] <= 1
    assert set(told["speaks_for"]) <= {"nursing_note", "correspondence", "lab_report"}
    assert told["alone"]["calibration_error"] < 0.2
    assert made.kind is ProposalKind.TYPES
    assert not (site.home / "types.json").exists()


def test_the_same_papers_make_the_same_classifier(site: Site) -> None:
    assert body_of(site) == body_of(site)


def test_its_words_are_of_forms_and_not_of_people(site: Site) -> None:
    body = body_of(site)
    words = set(body["model"]["words"])
    assert words >= {"infusion", "voucher", "sodium", "hospital"}
    names = {name.lower() for person in PEOPLE for name in (person.last_name, person.first_name)}
    assert not words & names
    assert not [word for word in words if not word.isalpha() or word.startswith("zebra")]
    assert "ref" in words
    text = json.dumps(body)
    assert not [person for person in PEOPLE if person.mrn in text or person.last_name.lower() in text]


def test_applied_it_types_what_the_rules_do_not_know_and_can_be_taken_back(home: Path) -> None:
    with open_site(home) as site:
        assert settled(site, text_of(901, NURSING)).type is None
        made = proposed(site)
        apply_proposal(site, made.number, by="sue", now=AFTERWARDS)
        assert in_use(site, made)
    with open_site(home) as site:
        typed = settled(site, text_of(901, NURSING))
        assert (typed.type, typed.traits.typed_by) == ("nursing_note", site.type_model.fingerprint)
        assert settled(site, text_of(902, LETTERS)).type == "correspondence"
        by_rules = settled(site, text_of(903, NURSING, "DISCHARGE SUMMARY"))
        assert (by_rules.type, by_rules.traits.typed_by) == ("discharge_summary", None)
        assert settled(site, "Nothing of this was ever seen on any form here").type is None
        with pytest.raises(Conflict, match="in use already"):
            apply_proposal(site, made.number, by="sue", now=AFTERWARDS)
        revert(site, ProposalKind.TYPES, by="sue", now=AFTERWARDS, note="no")
        assert not (home / "types.json").exists()
        assert [file.name for file in (home / "models").iterdir()] == [f"types-{site.type_model.fingerprint}.json"]
        with pytest.raises(NotFound, match="nothing to take back"):
            revert(site, ProposalKind.TYPES, by="sue", now=AFTERWARDS, note="no")
        apply_proposal(site, made.number, by="sue", now=AFTERWARDS)
        assert in_use(site, made)


def test_it_is_applied_without_scikit_learn(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_site(home) as site:
        apply_proposal(site, proposed(site).number, by="sue", now=AFTERWARDS)
    for name in [name for name in sys.modules if name.split(".")[0] in ("sklearn", "scipy", "joblib")]:
        monkeypatch.setitem(sys.modules, name, None)
    with open_site(home) as site:
        assert settled(site, text_of(901, NURSING)).type == "nursing_note"


def test_without_scikit_learn_training_names_the_remedy(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.learning.classifier.find_spec", lambda name: None)
    with pytest.raises(MissingPart, match=r"pip install 'paperchart\[learning\]'"):
        propose_types(site, by="ann", now=AFTERWARDS)


def test_a_learned_type_lets_nothing_more_be_filed(home: Path) -> None:
    patient = Patient(mrn="00412345", last_name="Holloway", first_name="Margaret", birth_date=PEOPLE[0].birth_date)
    with open_site(home) as site:
        apply_proposal(site, proposed(site).number, by="sue", now=AFTERWARDS)
        site.ledger.load_patients([patient], now=NOW)
    identity = f"Patient: HOLLOWAY, MARGARET\nDOB: {patient.birth_date:%m/%d/%Y}\nMRN: 00412345\n"
    with open_site(home) as site:
        text = identity + text_of(901, NURSING).split("\n", 3)[3]
        assert settled(site, text).state is DocumentState.FILED
        off = settled(site, text, unattended=Unattended.OFF, unattended_by_type={"nursing_note": Unattended.ON})
        assert (off.type, off.state) == ("nursing_note", DocumentState.REVIEW)
        kept = settled(site, text, unattended_by_type={"nursing_note": Unattended.OFF})
        assert kept.state is DocumentState.REVIEW


def test_one_made_beside_another_classifier_is_refused(home: Path) -> None:
    with open_site(home) as site:
        first = proposed(site)
        told(site, range(300, 400))
        second = proposed(site)
        apply_proposal(site, second.number, by="sue", now=AFTERWARDS)
        with pytest.raises(Conflict, match="another model"):
            apply_proposal(site, first.number, by="sue", now=AFTERWARDS)


def test_one_that_gains_nothing_beside_the_one_in_use_is_not_proposed(home: Path) -> None:
    with open_site(home) as site:
        apply_proposal(site, proposed(site).number, by="sue", now=AFTERWARDS)
    with open_site(home) as site:
        found = propose_types(site, by="ann", now=AFTERWARDS)
        assert found.proposal is None
        assert found.figures["before"] == found.figures["after"]
        assert found.figures["rules"]["silent"] == 60


def test_what_was_overturned_does_not_teach(home: Path, tmp_path: Path) -> None:
    bodies = []
    for name, overturned in (("without", range(0)), ("with", range(300, 330))):
        copy = Path(shutil.copytree(home, tmp_path / name))
        with open_site(copy) as site:
            for document_id in told(site, overturned, wrong=overturned):
                misfiled(site.ledger, site.ledger.document(document_id), 3)
            bodies.append(body_of(site))
    assert bodies[0] == bodies[1]


def test_too_little_is_refused_with_what_is_lacking(tmp_path: Path) -> None:
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as site:
        site.ledger.load_patients(PEOPLE, now=NOW)
        told(site, range(20))
        with pytest.raises(NothingToLearn, match=r"told 20 documents' types, 150 are needed \(130 more\)"):
            propose_types(site, by="ann", now=AFTERWARDS)
        assert site.ledger.proposals() == ()


def test_types_that_people_tell_at_random_are_not_learned(tmp_path: Path) -> None:
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as site:
        site.ledger.load_patients(PEOPLE, now=NOW)
        told(site, range(210), wrong=[number for number in range(210) if (number * 7) % 11 < 5])
        with pytest.raises(NothingToLearn, match="cannot promise at most 5% wrong answers"):
            propose_types(site, by="ann", now=AFTERWARDS)


def test_what_is_worth_a_look() -> None:
    now = Typing(right=50, wrong=2, silent=48)
    assert not gains(now, now)
    assert gains(now, Typing(right=60, wrong=3, silent=37))
    assert not gains(now, Typing(right=60, wrong=4, silent=36))
    assert not gains(now, Typing(right=53, wrong=2, silent=45))
    assert gains(now, Typing(right=50, wrong=1, silent=49))
    assert worse_in(now, Typing(right=60, wrong=3, silent=37)) == ["3 instead of 2 documents would get a wrong type"]
    assert worse_in(now, now) == []
