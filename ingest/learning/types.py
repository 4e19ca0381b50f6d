"""A classifier of types proposed from what people told: trained on the older documents, tried on the newer ones.

Promises: types that people corrected teach, and those that they let stand when they filed; what the program typed and
nobody looked at does not. A classifier is proposed only where rules and classifier together are right on more of the
newer documents than what is in use, at the price of few wrong ones. Deterministic for one state of the ledger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from ingest.errors import NothingToLearn
from ingest.evidence.type_model import NO_MODEL, TypeModel
from ingest.learning.classifier import require_trainer, train
from ingest.learning.papers import Paper, papers_of
from ingest.learning.proposed import Proposed
from ingest.learning.split import OLDER_SHARE, by_time
from ingest.learning.trial import calibration_error
from ingest.ledger import ProposalKind
from ingest.ledger.codec import Json
from ingest.running.site import Site, read_type_model

FEWEST: Final = 150
FEWEST_NEWER: Final = 30
FEWEST_GAINED: Final = 5
_MOST_WRONG_SHARE: Final = 0.1  # wrong types for each right one that is gained
_NEWEST: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing:
    """What becomes of some documents' types: right, wrong, or none told."""

    right: int
    wrong: int
    silent: int


def propose_types(site: Site, *, by: str, now: datetime, newest: int = _NEWEST) -> Proposed:
    """A proposal from the `newest` lessons, or the figures that bear none.

    Raises NothingToLearn when there are too few, MissingPart without scikit-learn.
    """
    lessons = site.ledger.type_lessons()[-newest:]
    if len(lessons) < FEWEST:
        msg = (
            f"nothing was proposed: people have told {len(lessons):,} documents' types, {FEWEST} are needed "
            f"({FEWEST - len(lessons)} more); those on what was undone or overturned do not count"
        )
        raise NothingToLearn(msg)
    require_trainer()
    split = by_time(lessons)
    older, newer = tuple(papers_of(site, split.older)), tuple(papers_of(site, split.newer))
    if len(newer) < FEWEST_NEWER or len(older) < FEWEST * OLDER_SHARE:
        msg = (
            f"nothing was proposed: {len(older):,} older documents can teach ({FEWEST * OLDER_SHARE:.0f} are needed) "
            f"and {len(newer):,} newer ones can try it ({FEWEST_NEWER} are needed); go on deciding, and run this again"
        )
        raise NothingToLearn(msg)
    used = read_type_model(site.paths.type_model)
    model = train(older, site.index().population)
    before, after = typing_of(newer, used), typing_of(newer, model)
    figures = {
        "taught": len(older),
        "corrected": sum(paper.corrected for paper in older),
        "tried": len(newer),
        "cut": split.cut.isoformat() if split.cut else None,
        "words": len(model.words),
        "types": [one.value for one in model.types],
        "speaks_for": sorted(one.value for one in model.speaks_for),
        "threshold": round(model.threshold, 4),
        "rules": asdict(typing_of(newer, NO_MODEL)),
        "before": asdict(before),
        "after": asdict(after),
        "alone": _alone(newer, model),
        "by_type": _by_type(newer, model),
        "worse": worse_in(before, after),
    }
    if not gains(before, after):
        return Proposed(proposal=None, figures=figures)
    body = {"base": used.fingerprint, "fingerprint": model.fingerprint, "model": model.to_json()}
    proposal = site.ledger.propose(kind=ProposalKind.TYPES, body=body, figures=figures, by=by, now=now)
    return Proposed(proposal=proposal, figures=figures)


def typing_of(papers: Sequence[Paper], model: TypeModel) -> Typing:
    """What the rules say of these papers, and where they are silent the model."""
    right = wrong = silent = 0
    for paper in papers:
        told = paper.by_rules or _by_model(paper, model)
        right, wrong, silent = (
            right + (told is paper.type),
            wrong + (told not in (None, paper.type)),
            silent + (not told),
        )
    return Typing(right=right, wrong=wrong, silent=silent)


def gains(before: Typing, after: Typing) -> bool:
    """Whether it is worth a supervisor's look: clearly more right for few wrong, or fewer wrong for nothing."""
    gained, lost = after.right - before.right, after.wrong - before.wrong
    return (gained >= FEWEST_GAINED and lost <= gained * _MOST_WRONG_SHARE) or (gained >= 0 and lost < 0)


def worse_in(before: Typing, after: Typing) -> list[str]:
    """What would be worse than before, in words; [] when nothing."""
    if after.wrong <= before.wrong:
        return []
    return [f"{after.wrong} instead of {before.wrong} documents would get a wrong type"]


def _by_model(paper: Paper, model: TypeModel) -> Any:
    told = model.type_of(paper.terms)
    return told[0] if told else None


def _alone(papers: Sequence[Paper], model: TypeModel) -> Json:
    """The classifier without the rules, on every paper: how often it speaks, and how well its probabilities mean it."""
    likely = [model.probabilities(paper.terms) for paper in papers]
    told = [
        (float(one.max()), model.types[int(one.argmax())] is paper.type)
        for one, paper in zip(likely, papers, strict=True)
    ]
    answers = [(paper, answer) for paper in papers if (answer := _by_model(paper, model))]
    return {
        "spoke": len(answers),
        "right": sum(answer is paper.type for paper, answer in answers),
        "calibration_error": round(calibration_error(told), 4),
    }


def _by_type(papers: Sequence[Paper], model: TypeModel) -> Json:
    """What the classifier says where the rules are silent: of each type that it names, right and wrong."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for paper in papers:
        if paper.by_rules is None and (answer := _by_model(paper, model)):
            (right if answer is paper.type else wrong)[answer.value] += 1
    return {name: {"right": right[name], "wrong": wrong[name]} for name in sorted(right.keys() | wrong.keys())}
