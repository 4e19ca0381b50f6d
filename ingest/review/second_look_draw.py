"""Which decisions get a second look: one of each block of consecutive decisions alike. Pure.

Promises: whoever draws sees everything of a decision but its answer; a decision's chance is known before it is taken,
and is put down with it; every stratum (kind of decision, layout, band of probability, person) is looked at once in so
many of its own decisions, and a new one within its first few, which no sample over all of them would promise.

A stratum's decisions fill blocks in the order in which they were carried out, also over the end of a month, and the lot
names one place in each. So each decision of a block of n has the chance 1/n, whether the block fills or not; looks in
different blocks are independent, and two in one block exclude each other: what `second_look_bounds` rests on.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from ingest.ledger import Block, Chosen, Drawable, Drawing, FrameCell, KnownCase, LookKind, Undrawn

Lot: TypeAlias = Callable[[str, int], int]
"""A whole number from 0 and below the second argument, each as likely; the same question gets the same answer."""

_NEW: Final = 4  # the first block of a stratum is so many times smaller: new layouts and people are looked at early
_BANDS: Final = (0.99, 0.9999, 0.999999)
_FINE: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The share of each kind that is looked at again; `known` is that of known cases in what is shown."""

    unattended: float
    people: float
    discards: float
    known: float

    def of(self, kind: LookKind) -> float:
        """A kind's share."""
        match kind:
            case LookKind.UNATTENDED:
                return self.unattended
            case LookKind.FILED_BY_PERSON:
                return self.people
            case LookKind.DISCARDED_BY_PERSON:
                return self.discards
            case LookKind.KNOWN:
                return self.known


def lot_of(seed: bytes) -> Lot:
    """A lot that nobody foresees who has not the seed, and that anybody can check who has."""

    def lot(about: str, below: int) -> int:
        # 256 bits for at most some millions of places: no place is more likely by more than 1e-70
        return int.from_bytes(hmac.digest(seed, about.encode(errors="surrogatepass"), hashlib.sha256)) % below

    return lot


def draw(undrawn: Undrawn, *, shares: Shares, lot: Lot) -> Drawing:
    """The looks among these decisions; decisions of a kind that is switched off have no chance and stand nowhere."""
    blocks: dict[str, Block] = {}
    frame: Counter[FrameCell] = Counter()
    looks: list[Chosen | KnownCase] = []
    known = list(undrawn.known)
    for decision in undrawn.decisions:
        share = shares.of(decision.kind)
        if share <= 0:
            continue
        stratum = stratum_of(decision)
        block = _next(blocks.get(stratum) or undrawn.blocks.get(stratum), share)
        blocks[stratum] = block
        frame[FrameCell(decision.kind, decision.month, decision.type, decision.origin, block.size)] += 1
        if lot(f"{stratum}\n{block.number}", block.size) != block.seen - 1:
            continue
        looks.append(Chosen(decision=decision, stratum=stratum, one_in=block.size))
        if known and _with_a_known_case(decision, shares.known, lot):
            looks.append(known.pop(lot(f"which\n{decision.document_id}\n{decision.version}", len(known))))
    return Drawing(looks=tuple(looks), blocks=blocks, frame=dict(frame))


def stratum_of(decision: Drawable) -> str:
    """Decisions that are alike: kind, layout, probability, and who decided."""
    return f"{decision.kind} {decision.type or '-'} {_band(decision.probability)} {decision.person or ''}".rstrip()


def _next(block: Block | None, share: float) -> Block:
    """The block that the stratum's next decision belongs to, with it in."""
    if block is not None and block.seen < block.size:
        return Block(block.number, block.size, block.seen + 1)
    size = max(1, round(1 / share))
    if block is None:
        return Block(0, -(-size // _NEW), 1)
    return Block(block.number + 1, size, 1)


def _with_a_known_case(decision: Drawable, share: float, lot: Lot) -> bool:
    """True so often that known cases are `share` of what is shown."""
    return lot(f"known\n{decision.document_id}\n{decision.version}", _FINE) < _FINE * share / (1 - share)


def _band(probability: float | None) -> str:
    if probability is None:
        return "none"
    return next((f"under {edge}" for edge in _BANDS if probability < edge), f"from {_BANDS[-1]}")
