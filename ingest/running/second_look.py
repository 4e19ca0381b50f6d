"""Second looks drawn for a site: its shares, its seed, everything that was decided since the last time.

Promises: harmless however often it runs and beside whatever else; what was chosen can be checked by whoever has the
seed, and foreseen by nobody else. The seed is made at the first drawing, from the operating system's randomness.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from ingest.errors import StorageTrouble
from ingest.ledger import Chosen
from ingest.review.second_look_draw import Lot, Shares, draw, lot_of
from ingest.running.site import Site
from ingest.settings import SecondLookSettings
from ingest.syncing import name_new, sync_folder, write_draft

_SEED_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """How many decisions had a chance, how many were chosen, and how many known cases were mixed in."""

    decisions: int = 0
    chosen: int = 0
    known: int = 0


def draw_second_looks(site: Site, *, by: str, now: datetime, lot: Lot | None = None) -> Drawn:
    """Draws from everything that was decided since the last drawing; `lot` in place of the site's own.

    With every share at 0 nothing is chosen, and what was decided meanwhile has no chance later either.
    """
    shares, lot = shares_of(site.settings.second_look), lot or lot_of(_seed(site.paths.second_look_seed))
    drawn = Drawn()
    while True:
        undrawn = site.ledger.undrawn()
        if undrawn.through == undrawn.since:
            return drawn
        drawing = draw(undrawn, shares=shares, lot=lot)
        if not site.ledger.record_drawing(drawing, of=undrawn, by=by, now=now):
            continue  # another process drew of these
        chosen = sum(isinstance(look, Chosen) for look in drawing.looks)
        drawn = Drawn(
            decisions=drawn.decisions + sum(drawing.frame.values()),
            chosen=drawn.chosen + chosen,
            known=drawn.known + len(drawing.looks) - chosen,
        )
        if not undrawn.decisions:
            return drawn  # the drawing's own event, or others that decide nothing


def shares_of(settings: SecondLookSettings) -> Shares:
    """The settings as drawing takes them."""
    return Shares(
        unattended=settings.unattended, people=settings.people, discards=settings.discards, known=settings.known
    )


def _seed(file: Path) -> bytes:
    try:
        if not file.exists():
            draft = file.with_name(f".{file.name}-{secrets.token_hex(4)}")
            write_draft(draft, (secrets.token_bytes(_SEED_BYTES),))
            try:
                name_new(draft, file)
            except FileExistsError:
                pass  # another process was faster; its seed is the site's
            finally:
                draft.unlink(missing_ok=True)
            sync_folder(file.parent)
        return file.read_bytes()
    except OSError as error:
        msg = f"the seed of the second looks cannot be used ({error.strerror}); run this as the site's own user"
        raise StorageTrouble(msg) from None
