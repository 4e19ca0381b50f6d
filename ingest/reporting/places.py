"""Folders and scanners by names that may be shown.

Promise: a name is shown only when it is a place's and no patient's, as far as that can be told: the settings name it,
or it has been in use for long and for much and holds no number. Folders may be called after patients, who come and go.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from ingest.ledger.figure_records import PlaceUse

DROP_FOLDER = "(drop folder)"
OTHER_FOLDERS = "(other folders)"
OTHER_SCANNERS = "(other scanners)"
_FEWEST_SCANS, _SHORTEST_USE = 20, timedelta(days=7)
_A_NUMBER = re.compile(r"\d{4}|\d\D\d{1,2}\D\d")  # of a record, or a date


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The names that may be shown."""

    folders: frozenset[str]
    stations: frozenset[str]

    @classmethod
    def of(cls, origins: Iterable[PlaceUse], stations: Iterable[PlaceUse], *, named: Collection[str] = ()) -> Places:
        """Those in lasting use, and the folders that the settings name."""
        return cls(folders=frozenset(_lasting(origins)) | frozenset(named), stations=frozenset(_lasting(stations)))

    def folder(self, origin: str) -> str:
        """A folder's name; where it may not be shown that of the nearest folder above, else one for all others."""
        if not origin:
            return DROP_FOLDER
        if origin in self.folders:
            return origin
        above = origin
        while "/" in above:
            above = above.rpartition("/")[0]
            if above in self.folders:
                return f"{above}/…"
        return OTHER_FOLDERS

    def scanner(self, station: str | None, origin: str) -> str:
        """A scanner's name: its station's, else that of the folder that it writes to."""
        if not station:
            return self.folder(origin)
        return station if station in self.stations else OTHER_SCANNERS


def _lasting(uses: Iterable[PlaceUse]) -> Iterable[str]:
    for use in uses:
        lasts = use.scans >= _FEWEST_SCANS and use.last_at - use.first_at >= _SHORTEST_USE
        if lasts and not _A_NUMBER.search(use.name):
            yield use.name
