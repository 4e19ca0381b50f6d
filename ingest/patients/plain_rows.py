"""Millions of plain rows pass: Python need not look for cyclic garbage among them all the time.

Rows and patients are tuples and values without cycles; the search for cycles, every 700 of them, took a
sixth of a load. It goes on, seldom, so that what does have cycles is still taken away.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SELDOM: Final = 200_000


@contextmanager
def plain_rows() -> Iterator[None]:
    """Makes the search for cycles rare within the block, for the whole process."""
    before = gc.get_threshold()
    gc.set_threshold(_SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
