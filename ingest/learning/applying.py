"""Proposals applied, refused and taken back.

Promises: what is applied is what was proposed and tried: one that was made against another model than the one in use is
refused. A file is replaced whole or not at all, and what stood there is kept beside it. Nothing but the bits of levels
changes in `matching.toml`: neither a threshold nor a veto, whatever was certified meanwhile. Applying again after a
crash finishes what was begun; of two people at once the second sees what the first has done. Who did it is in the audit
with the figures (`ledger.proposals`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import assert_never

from ingest.alone import alone
from ingest.errors import Conflict, NotFound, WrongUse
from ingest.evidence.type_model import NO_MODEL, TypeModel, type_model_from
from ingest.ledger import Proposal, ProposalKind, ProposalState
from ingest.ledger.codec import Json, canonical
from ingest.running.policy_file import current_policy, policy_text
from ingest.running.site import Site, read_type_model
from ingest.running.weights import Bits, apply_weights
from ingest.syncing import make_folders, sync_folder, write_whole
from matchers import Policy
from matchers.levels import Part


def in_use(site: Site, proposal: Proposal) -> bool:
    """Whether what the proposal says is what the site's files say now."""
    body = site.ledger.proposal_body(proposal.number)
    match proposal.kind:
        case ProposalKind.WEIGHTS:
            policy = current_policy(site.home)
            return bool(body["policy"] == policy.name) and _bits(policy) == _bits_of(body, 1)
        case ProposalKind.TYPES:
            return bool(body["fingerprint"] == _types_in_use(site))
        case _:
            assert_never(proposal.kind)


def apply_proposal(
    site: Site, number: int, *, by: str, now: datetime, note: str | None = None, confirm: bool = False
) -> Proposal:
    """What the proposal says is used from the next start of a run on. A former one may be applied again.

    Raises NotFound; Conflict when it was refused, is in use, or is older than what is in use; WrongUse when its own
    figures say that it makes something worse, unless `confirm`; BadSettings when the file cannot be changed so.
    """
    with _alone(site):
        proposal = site.ledger.proposal(number)
        body = site.ledger.proposal_body(number)
        _refuse(site, proposal, confirm=confirm)
        if not in_use(site, proposal):  # else a crash came between the file and the ledger
            match proposal.kind:
                case ProposalKind.WEIGHTS:
                    _apply_weights(site, proposal, body)
                case ProposalKind.TYPES:
                    _apply_types(site, proposal, body)
                case _:
                    assert_never(proposal.kind)
        return site.ledger.settle_proposal(number, ProposalState.APPLIED, by=by, note=note, now=now)


def refuse_proposal(site: Site, number: int, *, by: str, now: datetime, note: str) -> Proposal:
    """The proposal is not applied, and why. Raises NotFound, Conflict when it was settled, WrongUse without a note."""
    if not note.strip():
        msg = "say why the proposal is refused, for those who will read it"
        raise WrongUse(msg)
    with _alone(site):
        return site.ledger.settle_proposal(number, ProposalState.REFUSED, by=by, note=note.strip(), now=now)


def revert(site: Site, kind: ProposalKind, *, by: str, now: datetime, note: str) -> Proposal:
    """What stood before the applied proposal that is in use stands again; that proposal is given back.

    Raises NotFound when what is in use comes from no proposal, WrongUse without a note, BadSettings.
    """
    if not note.strip():
        msg = "say why it is taken back, for those who will read it"
        raise WrongUse(msg)
    with _alone(site):
        proposal = next((one for one in _applied(site, kind) if in_use(site, one)), None)
        if proposal is None:
            msg = f"the {kind} in use come from no proposal that was applied: there is nothing to take back"
            raise NotFound(msg)
        body = site.ledger.proposal_body(proposal.number)
        match kind:
            case ProposalKind.WEIGHTS:
                _write_bits(site, _bits_of(body, 0))
            case ProposalKind.TYPES:
                _put_types(site, _kept_types(site, body["base"]))
            case _:
                assert_never(kind)
        site.ledger.note(
            action="proposal.reverted",
            actor=by,
            subject=f"proposal {proposal.number}",
            details={"note": note.strip()},
            now=now,
            facts={"kind": kind.value, "figures": proposal.figures},
        )
        return proposal


def _alone(site: Site) -> AbstractContextManager[None]:
    """Two supervisors, one after the other: the second sees what the first has changed."""
    make_folders(site.paths.former_models, site.home)
    return alone(site.paths.former_models)


def _refuse(site: Site, proposal: Proposal, *, confirm: bool) -> None:
    if proposal.state is ProposalState.REFUSED:
        msg = f"proposal {proposal.number} was refused: make a new one with ingest learn {proposal.kind}"
        raise Conflict(msg)
    if proposal.state is ProposalState.APPLIED and in_use(site, proposal):
        msg = f"proposal {proposal.number} is in use already"
        raise Conflict(msg)
    worse = proposal.figures.get("worse")
    if worse and not confirm:
        msg = (
            f"proposal {proposal.number} makes something worse: {'; '.join(worse)}. To apply it all the same: --confirm"
        )
        raise WrongUse(msg)


def _apply_weights(site: Site, proposal: Proposal, body: Json) -> None:
    """An open one stands on the very policy that it was tried beside; a former one on bits that a proposal set."""
    policy = current_policy(site.home)
    if policy.fingerprint != body["base"]:
        known = (at for one in _applied(site, ProposalKind.WEIGHTS) for at in _known_bits(site, one, policy))
        if proposal.state is ProposalState.OPEN or _bits(policy) not in known or body["policy"] != policy.name:
            raise _older(proposal)
    _write_bits(site, _bits_of(body, 1))


def _known_bits(site: Site, proposal: Proposal, policy: Policy) -> Iterator[Bits]:
    body = site.ledger.proposal_body(proposal.number)
    if body["policy"] == policy.name:
        yield _bits_of(body, 0)
        yield _bits_of(body, 1)


def _write_bits(site: Site, wanted: Bits) -> None:
    policy = current_policy(site.home)
    _keep(site, f"matching-{policy.fingerprint}.toml", policy_text(site.home).encode())
    now = _bits(policy)
    apply_weights(site.home, {at: bits for at, bits in wanted.items() if now.get(at) != bits}, policy)


def _bits(policy: Policy) -> Bits:
    return {(part, key): level.bits for part, levels in policy.levels.items() for key, level in levels.items()}


def _bits_of(body: Json, at: int) -> Bits:
    """The bits of every level before (0) and after (1) a proposal."""
    named = ((*name.split(".", 1), bits[at]) for name, bits in body["levels"].items())
    return {(Part(part), key): float(bits) for part, key, bits in named}


def _apply_types(site: Site, proposal: Proposal, body: Json) -> None:
    if _types_in_use(site) != body["base"] and proposal.state is ProposalState.OPEN:
        raise _older(proposal)
    _put_types(site, type_model_from(body["model"]))


def _types_in_use(site: Site) -> str:
    """The fingerprint of the classifier that the file holds now."""
    return read_type_model(site.paths.type_model).fingerprint


def _kept_types(site: Site, fingerprint: str) -> TypeModel:
    """A former classifier: from the file that was kept, else from the proposal that it came from."""
    if fingerprint == NO_MODEL.fingerprint:
        return NO_MODEL
    kept = read_type_model(_kept(site, f"types-{fingerprint}.json"))
    if kept.fingerprint == fingerprint:
        return kept
    for proposal in _applied(site, ProposalKind.TYPES):
        body = site.ledger.proposal_body(proposal.number)
        if body["fingerprint"] == fingerprint:
            return type_model_from(body["model"])
    msg = f"the classifier {fingerprint} that stood before is not kept any more; apply another proposal"
    raise NotFound(msg)


def _put_types(site: Site, model: TypeModel) -> None:
    file = site.paths.type_model
    if file.exists():
        _keep(site, f"types-{_types_in_use(site)}.json", file.read_bytes())
    if model.words:
        write_whole(file, canonical(model.to_json()).encode())
    else:
        file.unlink(missing_ok=True)
        sync_folder(site.home)


def _applied(site: Site, kind: ProposalKind) -> Iterator[Proposal]:
    """Proposals that were applied, the newest application first."""
    found = [one for one in site.ledger.proposals(kind) if one.state is ProposalState.APPLIED]
    return iter(sorted(found, key=lambda one: (one.settled_at or one.made_at, one.number), reverse=True))


def _kept(site: Site, name: str) -> Path:
    return site.paths.former_models / name


def _keep(site: Site, name: str, content: bytes) -> None:
    make_folders(site.paths.former_models, site.home)
    write_whole(_kept(site, name), content)


def _older(proposal: Proposal) -> Conflict:
    return Conflict(
        f"proposal {proposal.number} was made and tried beside another model than the one in use: "
        f"make a new one with ingest learn {proposal.kind}"
    )
