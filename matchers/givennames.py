"""Given names in use and their short forms, from the `nicknames` package's public list."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from nicknames import NickNamer

from matchers.lettering import fold

_FEWEST_LETTERS: Final = 2


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    related: dict[str, set[str]] = {}
    for canonical, nicknames in NickNamer.default_lookup().items():
        name = fold(canonical).replace(" ", "")
        for nickname in nicknames:
            short = fold(nickname).replace(" ", "")
            if min(len(name), len(short)) >= _FEWEST_LETTERS and name != short:
                related.setdefault(name, set()).add(short)
                related.setdefault(short, set()).add(name)
    return {name: frozenset(others) for name, others in related.items()}


def nicknames_of(given: str) -> frozenset[str]:
    """Names that one and the same person may go by (BILL, WILL and LIAM for WILLIAM, and back)."""
    return _table().get(given, frozenset())


def is_nickname(one: str, other: str) -> bool:
    """True when one name is a usual short form of the other; two short forms of a third are not."""
    return other in _table().get(one, ())


def is_common_given_name(given: str) -> bool:
    """True for names of the public list: somebody bears them, so they are no misprint."""
    return given in _table()
