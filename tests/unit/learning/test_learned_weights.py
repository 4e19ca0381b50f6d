"""Weights learned from the desk: from decisions that stand, tried on later ones, applied and taken back whole."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import Conflict, NotFound, NothingToLearn, WrongUse
from ingest.learning import apply_proposal, in_use, propose_weights, refuse_proposal, revert
from ingest.learning.trial import Trial, calibration_error, worse_in
from ingest.ledger import Act, Proposal, ProposalKind, ProposalState
from ingest.model import DocumentState
from ingest.running.policy_file import current_policy
from ingest.running.site import Site, create_site, open_site
from matchers import Patient, Policy, load_policy
from matchers.levels import Part
from tests.contract.ledger_steps import NOW, later, read
from tests.fakes.taught import act, change, looked, misfiled
from tests.unit.learning.clinic import PEOPLE, decided_by_people, owner, paper, usual_zip, waiting

AFTERWARDS = later(500_000)


def proposed(site: Site) -> Proposal:
    found = propose_weights(site, by="ann", now=AFTERWARDS).proposal
    assert found is not None
    return found


def body_of(home: Path) -> Any:
    with open_site(home) as site:
        return site.ledger.proposal_body(proposed(site).number)


def bits(policy: Policy) -> dict[str, float]:
    return {f"{part}.{key}": level.bits for part, of in policy.levels.items() for key, level in of.items()}


def test_a_proposal_tells_what_would_change_and_how_newer_decisions_would_go(home: Path) -> None:
    with open_site(home) as site:
        made = proposed(site)
        body = site.ledger.proposal_body(made.number)
    told = made.figures
    assert (told["taught"], told["tried"], told["confirmed"]) == (238, 102, 0)
    assert told["before"]["documents"] == told["after"]["documents"] == 102
    assert told["after"]["filed"] + told["after"]["reviewed"] == 102
    assert told["after"]["filed_wrong"] == 0
    assert told["after"]["log_loss_bits"] <= told["before"]["log_loss_bits"]
    assert told["worse"] == []
    before, after = body["levels"]["zip.exact"]
    assert before == load_policy().level(Part.ZIP, "exact").bits
    assert after == pytest.approx(5.3, abs=0.6)  # one person's: 4 of 5; strangers': a fortieth of those
    assert body["base"] == load_policy().fingerprint
    assert not (home / "matching.toml").exists()


def test_the_same_decisions_make_the_same_proposal(home: Path, untouched: Any) -> None:
    assert body_of(home) == untouched


def test_applied_it_changes_the_bits_and_nothing_else_and_can_be_taken_back(home: Path) -> None:
    shipped = load_policy()
    with open_site(home) as site:
        made = proposed(site)
        body = site.ledger.proposal_body(made.number)
        applied = apply_proposal(site, made.number, by="sue", now=later(600_000), note="looks right")
        assert (applied.state, applied.settled_by) == (ProposalState.APPLIED, "sue")
        assert in_use(site, made)
        used = current_policy(home)
        assert used.fingerprint == body["fingerprint"] == load_policy(home / "matching.toml").fingerprint
        assert bits(used) == {name: after for name, (_, after) in body["levels"].items()}
        assert replace(used, levels={}, fingerprint="", evidence_fingerprint="") == replace(
            shipped, levels={}, fingerprint="", evidence_fingerprint=""
        )
        for part, levels in shipped.levels.items():
            for key, level in levels.items():
                assert replace(used.level(part, key), bits=level.bits) == level
        kept = home / "models" / f"matching-{shipped.fingerprint}.toml"
        assert load_policy(kept).fingerprint == shipped.fingerprint
        (event,) = (event for event in site.ledger.audit() if event.action == "proposal.applied")
        assert (event.actor, event.facts["figures"]) == ("sue", made.figures)

        with pytest.raises(Conflict, match="in use already"):
            apply_proposal(site, made.number, by="sue", now=later(600_001))
        assert revert(site, ProposalKind.WEIGHTS, by="sam", now=later(600_002), note="too bold").number == made.number
        assert bits(current_policy(home)) == bits(shipped)
        assert not in_use(site, made)
        with pytest.raises(NotFound, match="nothing to take back"):
            revert(site, ProposalKind.WEIGHTS, by="sam", now=later(600_003), note="again")
        apply_proposal(site, made.number, by="sue", now=later(600_004))
        assert current_policy(home).fingerprint == body["fingerprint"]
    actions = [event.action for event in events(home)]
    assert actions == ["proposal.made", "proposal.applied", "proposal.reverted", "proposal.applied"]


def events(home: Path) -> list[Any]:
    with open_site(home) as site:
        return [event for event in site.ledger.audit() if event.action.startswith("proposal.")]


def test_a_crash_between_the_file_and_the_ledger_is_finished_by_applying_again(home: Path) -> None:
    with open_site(home) as site:
        made = proposed(site)
        settle = site.ledger.settle_proposal
        site.ledger.settle_proposal = lambda *_, **__: 1 / 0  # type: ignore[method-assign,assignment]
        with pytest.raises(ZeroDivisionError):
            apply_proposal(site, made.number, by="sue", now=AFTERWARDS)
        site.ledger.settle_proposal = settle  # type: ignore[method-assign]
        assert apply_proposal(site, made.number, by="sue", now=AFTERWARDS).state is ProposalState.APPLIED
        assert in_use(site, made)


def test_one_made_beside_another_model_than_the_one_in_use_is_refused(home: Path) -> None:
    with open_site(home) as site:
        made = proposed(site)
        text = (Path(__file__).parents[3] / "config" / "matching.toml").read_text()
        (home / "matching.toml").write_text(text.replace("threshold = 0.9995 ", "threshold = 0.9999 "))
        with pytest.raises(Conflict, match="another model"):
            apply_proposal(site, made.number, by="sue", now=AFTERWARDS)
        assert site.ledger.proposal(made.number).state is ProposalState.OPEN
    assert current_policy(home).threshold == 0.9999


def test_a_former_one_applied_again_brings_no_former_threshold_back(home: Path) -> None:
    with open_site(home) as site:
        first = proposed(site)
        apply_proposal(site, first.number, by="sue", now=AFTERWARDS)
    with open_site(home) as site:
        decided_by_people(site.ledger, range(340, 600), zip_of=lambda _: "90210")
        second = proposed(site)
        apply_proposal(site, second.number, by="sue", now=AFTERWARDS, confirm=True)
        assert not in_use(site, first)
        file = home / "matching.toml"
        file.write_text(file.read_text().replace("threshold = 0.9995 ", "threshold = 0.9999 "))
        apply_proposal(site, first.number, by="sue", now=AFTERWARDS)
        assert in_use(site, first)
        assert current_policy(home).threshold == 0.9999
        revert(site, ProposalKind.WEIGHTS, by="sue", now=AFTERWARDS, note="no")
        assert (bits(current_policy(home)), current_policy(home).threshold) == (bits(load_policy()), 0.9999)


def test_of_two_people_at_once_one_is_told_that_the_other_was_quicker(home: Path) -> None:
    with open_site(home) as site:
        made = proposed(site)
    ready = threading.Barrier(2)

    def apply() -> ProposalState | None:
        with open_site(home) as site:
            ready.wait()
            try:
                return apply_proposal(site, made.number, by="sue", now=AFTERWARDS).state
            except Conflict:
                return None

    def refuse() -> ProposalState | None:
        with open_site(home) as site:
            ready.wait()
            try:
                return refuse_proposal(site, made.number, by="kim", now=AFTERWARDS, note="not now").state
            except Conflict:
                return None

    with ThreadPoolExecutor(2) as both:
        ends = {both.submit(act).result for act in (apply, refuse)}
        states = [state for end in ends if (state := end()) is not None]
    assert len(states) == 1
    with open_site(home) as site:
        settled = site.ledger.proposal(made.number)
        assert [settled.state] == states
        assert in_use(site, settled) == (settled.state is ProposalState.APPLIED)


def test_a_refused_one_stays_refused(home: Path) -> None:
    with open_site(home) as site:
        made = proposed(site)
        with pytest.raises(WrongUse, match="say why"):
            refuse_proposal(site, made.number, by="sue", now=AFTERWARDS, note=" ")
        refuse_proposal(site, made.number, by="sue", now=AFTERWARDS, note="too few twins")
        with pytest.raises(Conflict, match="was refused"):
            apply_proposal(site, made.number, by="sue", now=AFTERWARDS)


def copies(home: Path, tmp_path: Path, *changes: Callable[[Site], None]) -> list[Any]:
    """What is proposed after each of these changes, to a copy of its own."""
    bodies = []
    for at, what in enumerate(changes):
        copy = Path(shutil.copytree(home, tmp_path / f"copy-{at}"))
        with open_site(copy) as site:
            what(site)
        bodies.append(body_of(copy))
    return bodies


WRONG = range(3, 340, 10)  # a tenth of the documents


def given_to_another(site: Site, number: int) -> int:
    """The reviewer gives this document to somebody else's record; the version of that decision."""
    document = next(one for one in site.ledger.documents() if one.scan.source == f"{number}.pdf")
    other = PEOPLE[(number * 7 + 61) % 240]
    at = later(number * 60.0)
    act(site.ledger, document, Act.UNDO, at=at)
    act(site.ledger, document, Act.ASSIGN, other.mrn, at=at)
    return site.ledger.document(document.id).version


def test_a_reviewer_who_is_wrong_in_a_tenth_changes_nothing_once_second_looks_overturn_it(
    home: Path, tmp_path: Path
) -> None:
    def never_decided(site: Site) -> None:
        for number in WRONG:
            document = next(one for one in site.ledger.documents() if one.scan.source == f"{number}.pdf")
            act(site.ledger, document, Act.UNDO)

    def overturned(site: Site) -> None:
        for number in WRONG:
            version = given_to_another(site, number)
            document = next(one for one in site.ledger.documents() if one.scan.source == f"{number}.pdf")
            looked(
                site.ledger, document, version, agrees=False, settled="first_wrong", kind="filed_by_person", chance=0.2
            )

    def listed_as_misfiles(site: Site) -> None:
        for number in WRONG:
            version = given_to_another(site, number)
            document = next(one for one in site.ledger.documents() if one.scan.source == f"{number}.pdf")
            misfiled(site.ledger, document, version, how="second_look")

    def unnoticed(site: Site) -> None:
        for number in WRONG:
            given_to_another(site, number)

    clean, looked_at, misfiles, poisoned = copies(
        home, tmp_path, never_decided, overturned, listed_as_misfiles, unnoticed
    )
    assert looked_at == misfiles == clean
    assert poisoned != clean
    # What it would have done: a differing sex would hardly speak against a patient any more.
    assert poisoned["levels"]["sex.different"][1] > clean["levels"]["sex.different"][1]


def test_what_was_overturned_and_then_refiled_teaches_the_right_patient(
    home: Path, tmp_path: Path, untouched: Any
) -> None:
    def refiled(site: Site) -> None:
        for number in WRONG:
            version = given_to_another(site, number)
            document = next(one for one in site.ledger.documents() if one.scan.source == f"{number}.pdf")
            misfiled(site.ledger, document, version)
            change(site.ledger, document, "refile", mrn=owner(number).mrn, at=later(number * 60.0))

    assert copies(home, tmp_path, refiled) == [untouched]


def test_the_programs_own_filings_teach_only_what_second_looks_confirmed(home: Path, tmp_path: Path) -> None:
    def unattended(site: Site, confirmed: int, chance: float) -> None:
        for number in range(340, 400):
            filed = replace(
                paper(number, zip_of=lambda number: owner(number).zip or ""),
                state=DocumentState.FILED, mrn=owner(number).mrn,
            )  # fmt: skip
            (document,) = read(site.ledger, filed, name=f"{number}.pdf")
            with site.ledger._database.write() as connection:
                connection.exec_driver_sql(
                    f"UPDATE documents SET state = 'filed' WHERE number = {int(document.id[1:])}"
                )
            if number < 340 + confirmed:
                looked(site.ledger, document, 1, agrees=True, chance=chance)

    copy = Path(shutil.copytree(home, tmp_path / "few"))
    with open_site(copy) as site:
        unattended(site, 10, 0.1)
        with pytest.raises(
            NothingToLearn, match=r"filed 60 documents unattended.* confirmed 10 of them \(50 are needed"
        ):
            propose_weights(site, by="ann", now=AFTERWARDS)
        assert site.ledger.proposals() == ()
    once, tenfold = copies(
        home, tmp_path, lambda site: unattended(site, 60, 1.0), lambda site: unattended(site, 60, 0.1)
    )
    # All confirmed papers have the right ZIP: the more each stands for, the more a differing one speaks against.
    assert tenfold["levels"]["zip.different"][1] < once["levels"]["zip.different"][1]


def test_too_little_is_refused_with_what_is_lacking(tmp_path: Path) -> None:
    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as site:
        site.ledger.load_patients(PEOPLE, now=NOW)
        decided_by_people(site.ledger, range(30))
        with pytest.raises(
            NothingToLearn, match=r"30 decisions by people can teach, about 286 are needed \(256 more\)"
        ):
            propose_weights(site, by="ann", now=AFTERWARDS)
        assert site.ledger.proposals() == ()


def test_what_was_all_decided_at_one_moment_cannot_be_tried(home: Path) -> None:
    with open_site(home) as site, site.ledger._database.write() as connection:
        connection.exec_driver_sql("UPDATE decisions SET decided_at = (SELECT min(decided_at) FROM decisions)")
    with open_site(home) as site, pytest.raises(NothingToLearn, match="0 older decisions can teach"):
        propose_weights(site, by="ann", now=AFTERWARDS)


def test_a_proposal_that_makes_things_worse_says_so_and_wants_to_be_confirmed(tmp_path: Path) -> None:
    def deceiving(number: int) -> str:
        """Until the two hundred and thirtieth paper the ZIP is nearly always right, from then on that of a namesake."""
        if number < 230:
            return (owner(number).zip or "") if number % 10 else "90210"
        same = (one for one in PEOPLE if (one.last_name, one.first_name) == names(owner(number)))
        return next((one.zip for one in same if one.mrn != owner(number).mrn and one.zip), "90210")

    def names(patient: Patient) -> tuple[str, str]:
        return patient.last_name, patient.first_name

    create_site(tmp_path / "site")
    with open_site(tmp_path / "site") as site:
        site.ledger.load_patients(PEOPLE, now=NOW)
        decided_by_people(site.ledger, range(320), zip_of=deceiving, dated=False)
        made = proposed(site)
        assert made.figures["after"]["log_loss_bits"] > made.figures["before"]["log_loss_bits"]
        assert any("surprise it more" in told for told in made.figures["worse"])
        with pytest.raises(WrongUse, match=r"makes something worse: .* --confirm"):
            apply_proposal(site, made.number, by="sue", now=AFTERWARDS)
        assert not (tmp_path / "site" / "matching.toml").exists()
        apply_proposal(site, made.number, by="sue", now=AFTERWARDS, confirm=True)
        assert in_use(site, made)


def test_newer_decisions_teach_nothing(home: Path, tmp_path: Path, untouched: Any) -> None:
    def other_newer_papers(site: Site) -> None:
        """The last hundred decisions are wrong, each of them: figures change, the proposal does not."""
        for number in range(240, 340):
            given_to_another(site, number)

    assert copies(home, tmp_path, other_newer_papers) == [untouched]


def test_what_waits_teaches_nothing(home: Path, tmp_path: Path, untouched: Any) -> None:
    def more_waiting(site: Site) -> None:
        for number in range(340, 380):
            waiting(site.ledger, number, zip_of=usual_zip)

    assert copies(home, tmp_path, more_waiting) == [untouched]


def test_each_thing_that_gets_worse_is_named() -> None:
    now = Trial(documents=100, filed=60, filed_wrong=1, reviewed=40, log_loss_bits=0.5, calibration_error=0.01)
    assert worse_in(now, now) == ()
    assert worse_in(now, replace(now, filed=70, log_loss_bits=0.4)) == ()
    assert "2 instead of 1" in worse_in(now, replace(now, filed=70, filed_wrong=2))[0]
    assert "0.600 bits" in worse_in(now, replace(now, log_loss_bits=0.6))[0]
    assert "50 instead of 60" in worse_in(now, replace(now, filed=50))[0]
    assert worse_in(now, replace(now, filed=50, filed_wrong=0)) == ()


def test_calibration_is_the_distance_of_probabilities_from_what_came_true() -> None:
    assert calibration_error([]) == 0.0
    assert calibration_error([(0.75, at % 4 != 0) for at in range(400)]) == pytest.approx(0.0, abs=0.4)
    assert calibration_error([(0.9, False)] * 50) == pytest.approx(0.9)
    assert calibration_error([(1.0, True)] * 50) == 0.0


def test_figures_and_bodies_hold_no_patient(home: Path) -> None:
    with open_site(home) as site:
        made = proposed(site)
        told = json.dumps([made.figures, site.ledger.proposal_body(made.number)])
    assert not [patient.mrn for patient in PEOPLE if patient.mrn in told or patient.last_name in told]
