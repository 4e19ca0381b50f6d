"""Weights proposed from what people decided: estimated on the older decisions, tried on the newer ones.

Promises: only decisions of people that stand teach (`ledger.lessons`); the program's own filings do where a second
look confirmed them, and then stand for all of their kind, since what comes to people alone is the hard part, and
weights from it would forgive differences. Vetoes, what agrees and the threshold stay as they are: a proposal is bits
of levels and nothing else. Deterministic for one state of the ledger and the index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from ingest.errors import NothingToLearn
from ingest.learning.proposed import Proposed
from ingest.learning.split import OLDER_SHARE, by_time
from ingest.learning.trial import tried, worse_in
from ingest.ledger import PatientLesson, ProposalKind
from ingest.ledger.codec import Json
from ingest.model import Document
from ingest.running.policy_file import current_policy
from ingest.running.site import Site
from ingest.running.weights import changed_bits, reweighed, sample_of
from matchers import Policy
from matchers.reweigh import FEWEST_DECIDED, reweigh

FEWEST_NEWER: Final = 80
"""Below, one wrong filing more or less says nothing."""
FEWEST_CONFIRMED: Final = 50
_UNATTENDED_SHARE: Final = 0.05  # of all that is filed: less than this does not make people's part a special one
_NEWEST: Final = 20_000


def propose_weights(site: Site, *, by: str, now: datetime, newest: int = _NEWEST) -> Proposed:
    """A proposal from the `newest` lessons; none when no level would get other bits.

    Raises NothingToLearn when there are too few of them, BadSettings when the site's policy cannot be changed so.
    """
    lessons = site.ledger.patient_lessons()[-newest:]
    _refuse_too_few(site, lessons)
    split = by_time(lessons)
    _refuse_parts(len(split.older), len(split.newer))
    policy = current_policy(site.home)
    found = reweigh(sample_of(site, policy, _papers(site, split.older), expected=len(split.older)), policy)
    if found.lacking:
        _refuse_parts(found.decided, len(split.newer))
    bits = changed_bits(found)
    counts = {
        "taught": found.decided,
        "confirmed": sum(one.confirmed for one in lessons),
        "cut": split.cut.isoformat() if split.cut else None,
        "levels_changed": len(bits),
    }
    if not bits:
        return Proposed(proposal=None, figures=counts)
    _, new = reweighed(site.home, bits, policy)
    newer = ((document, mrn) for document, mrn, _ in _papers(site, split.newer))
    before, after = tried(newer, (policy, new), site.house())
    body = {
        "policy": policy.name,
        "base": policy.fingerprint,
        "fingerprint": new.fingerprint,
        "levels": levels_to_json(policy, new),
    }
    figures = counts | {
        "tried": after.documents,
        "threshold": policy.threshold,
        "before": before.to_json(),
        "after": after.to_json(),
        "worse": list(worse_in(before, after)),
    }
    proposal = site.ledger.propose(kind=ProposalKind.WEIGHTS, body=body, figures=figures, by=by, now=now)
    return Proposed(proposal=proposal, figures=figures)


def levels_to_json(before: Policy, after: Policy) -> Json:
    """The bits of every level, as they were and as they would be."""
    return {
        f"{part}.{key}": [level.bits, after.level(part, key).bits]
        for part, levels in before.levels.items()
        for key, level in levels.items()
    }


def _papers(site: Site, lessons: Sequence[PatientLesson]) -> Iterator[tuple[Document, str, float]]:
    return ((site.ledger.document(one.document_id), one.mrn, one.stands_for) for one in lessons)


def _refuse_too_few(site: Site, lessons: Sequence[PatientLesson]) -> None:
    needed = max(round(FEWEST_DECIDED / OLDER_SHARE), round(FEWEST_NEWER / (1 - OLDER_SHARE)))
    if len(lessons) < needed:
        msg = (
            f"nothing was proposed: {len(lessons):,} decisions by people can teach, about {needed:,} are needed "
            f"({needed - len(lessons):,} more); those that were undone, refiled or overturned do not count"
        )
        raise NothingToLearn(msg)
    unattended, confirmed = site.ledger.unattended_filings(), sum(one.confirmed for one in lessons)
    if unattended > _UNATTENDED_SHARE * (unattended + len(lessons)) and confirmed < FEWEST_CONFIRMED:
        msg = (
            f"nothing was proposed: the program filed {unattended:,} documents unattended, and second looks have "
            f"confirmed {confirmed} of them ({FEWEST_CONFIRMED} are needed); weights from what came to people alone "
            "would forgive differences that the easy papers do not show"
        )
        raise NothingToLearn(msg)


def _refuse_parts(older: int, newer: int) -> None:
    if older < FEWEST_DECIDED or newer < FEWEST_NEWER:
        msg = (
            f"nothing was proposed: {older:,} older decisions can teach ({FEWEST_DECIDED} are needed) and {newer:,} "
            f"newer ones can try what they teach ({FEWEST_NEWER} are needed); go on deciding, and run this again"
        )
        raise NothingToLearn(msg)
