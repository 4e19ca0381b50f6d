"""`ingest calibrate`: a filing threshold with a promise, from audited decisions.

These are decisions that the program took, or would have taken in shadow, and that a person then took too; and
unattended filings that had a second look. The statistics take no weights, so of the second looks only those count that
had the same chance (`second_look_evidence`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeGuard

import typer

from ingest.cli.site import Home, Json, open_site
from ingest.cli.terminal import need
from ingest.errors import BadFile, WrongUse
from ingest.review import Right
from ingest.review.second_look_evidence import Evidence, joined
from ingest.running.certificate import certify
from ingest.running.runner import utc_now
from ingest.running.site import Site
from matchers.calibrate import Audited, Calibration, calibrate
from matchers.waterfall import odds_bits


def calibrate_site(
    risk: Annotated[float, typer.Option("--risk", help="Largest share of filings that may be wrong.")] = 1e-4,
    confidence: Annotated[float, typer.Option("--confidence", help="How sure that must be.")] = 0.95,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help='JSON lines {"probability", "right", "threshold"} instead.'),
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Use the certified threshold from now on.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Choose the filing threshold by what people found: how many wrong filings it allows, and how surely."""
    if not 0 < risk < 1 or not 0 < confidence < 1:
        msg = "--risk and --confidence are shares between 0 and 1, like 0.0001 and 0.95"
        raise WrongUse(msg)
    bad_lines: list[int] = []
    with open_site(home) as site:
        by = need(site, Right.SETTLE if apply else Right.REPORT).user
        evidence, others = (Evidence(rows=(), second_looks=0, of_another_chance=0), 0) if source else _from_ledger(site)
        audited = _from_file(source, bad_lines) if source else _as_audited(evidence)
        found = calibrate(audited, risk=risk, confidence=confidence)
        for number in bad_lines:
            typer.echo(f"line {number}: needs a probability (0 to 1) and right (true or false); skipped", err=True)
        if as_json:
            typer.echo(json.dumps(_to_json(found, site.policy.fingerprint, others, evidence)))
        else:
            for line in _in_words(found, others, evidence):
                typer.echo(line)
        if apply and found.certified is not None:
            file = certify(site.home, found, site.policy, on=utc_now().date())
            facts = {"fingerprint": site.policy.fingerprint, "threshold": found.certified.threshold}
            site.ledger.note(
                action="threshold.certified", actor=by, subject="site", facts=facts, details=None, now=utc_now()
            )
            typer.echo(f"written to {file}; it counts from the next start of a run", err=True)
        elif apply:
            msg = "nothing is certified, so no threshold was changed"
            raise WrongUse(msg)
    if bad_lines:
        raise typer.Exit(1)


def _from_ledger(site: Site) -> tuple[Evidence, int]:
    """(audited decisions under the weights in use, how many there are under others)."""
    decided, looked = tuple(site.ledger.audited_decisions()), tuple(site.ledger.second_looked_decisions())
    in_use = site.policy.fingerprints_in_use
    evidence = joined(
        [row for row in decided if row.fingerprint in in_use], [row for row in looked if row.fingerprint in in_use]
    )
    return evidence, sum(row.fingerprint not in in_use for row in (*decided, *looked))


def _as_audited(evidence: Evidence) -> tuple[Audited, ...]:
    return tuple(
        Audited(
            odds_bits=odds_bits(row.probability) if row.odds_bits is None else row.odds_bits,
            right=row.right,
            threshold_bits=odds_bits(row.threshold),
        )
        for row in evidence.rows
    )


def _from_file(source: Path, bad_lines: list[int]) -> tuple[Audited, ...]:
    """Lines without a threshold are taken as filed at the smallest probability of all such lines."""
    found: list[tuple[float, bool, float | None]] = []
    try:
        with source.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                one = _audited(line)
                if one is None:
                    bad_lines.append(number)
                else:
                    found.append(one)
    except OSError as error:
        msg = f"{source} cannot be read: {error.strerror}"
        raise BadFile(msg) from None
    loosest = min((probability for probability, _, threshold in found if threshold is None), default=1.0)
    return tuple(
        Audited(
            odds_bits=odds_bits(probability),
            right=right,
            threshold_bits=odds_bits(loosest if threshold is None else threshold),
        )
        for probability, right, threshold in found
    )


def _audited(line: bytes) -> tuple[float, bool, float | None] | None:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not isinstance(told.get("right"), bool):
        return None
    probability, threshold = told.get("probability"), told.get("threshold")
    if not _is_share(probability) or not (threshold is None or _is_share(threshold)):
        return None
    return float(probability), told["right"], None if threshold is None else float(threshold)


def _is_share(told: object) -> TypeGuard[float]:
    return isinstance(told, int | float) and not isinstance(told, bool) and 0 <= told <= 1


def _in_words(found: Calibration, others: int, evidence: Evidence) -> Iterable[str]:
    yield f"{found.audited:,} audited decisions, {found.wrong:,} of them wrong."
    if evidence.second_looks:
        yield f"{evidence.second_looks:,} of them are second looks at what was filed unattended."
    if evidence.of_another_chance:
        yield f"{evidence.of_another_chance:,} more second looks had another chance of being taken and do not count."
    if others:
        yield f"{others:,} more were taken with other weights and do not count."
    wanted = f"at most {found.risk:g} of the filings wrong, with {found.confidence:.0%} confidence"
    if found.certified is not None:
        best = found.certified
        yield (
            f"Certified: {wanted}, at a threshold of {found.threshold:.10g}: {best.wrong} of {best.decisions:,} wrong, "
            f"so at most {best.at_most:.2g}."
        )
        yield f"It files {found.share:.1%} of what the program would have filed."
        if best.threshold_bits == found.loosest.threshold_bits:
            yield "A looser one cannot be certified: nothing was audited that only it would have filed."
        yield "This holds for documents like the audited ones: certify again after new rules, scanners or forms."
        return
    yield f"These data cannot certify {wanted}."
    if found.lacking:
        yield (
            f"{found.lacking:,} more audited decisions are lacking, if none of them is wrong; "
            f"then {found.share_then:.1%} would be filed."
        )
    elif found.failed is not None:
        failed = found.failed
        yield f"At the strictest threshold that could be tested {failed.wrong} of {failed.decisions:,} are wrong."
    if found.audited:
        yield f"What they do certify with the same confidence: at most {found.best_risk:.2g} wrong, filing all of it."


def _to_json(found: Calibration, fingerprint: str, others: int, evidence: Evidence) -> dict[str, Any]:
    best = found.certified
    return {
        "date": date.today().isoformat(),  # noqa: DTZ011 - the clerk's own day
        "risk": found.risk,
        "confidence": found.confidence,
        "fingerprint": fingerprint,
        "audited": found.audited,
        "wrong": found.wrong,
        "under_other_weights": others,
        "second_looks": evidence.second_looks,
        "second_looks_of_another_chance": evidence.of_another_chance,
        "certified": best is not None,
        "threshold": found.threshold,
        "decisions": best.decisions if best else None,
        "wrong_at_threshold": best.wrong if best else None,
        "at_most": best.at_most if best else None,
        "share": found.share,
        "loosest_audited": found.loosest.threshold if found.audited else None,
        "lacking": found.lacking,
        "share_then": found.share_then,
        "best_risk": found.best_risk,
    }
