"""Bookmarks of a document that was put together from several: one for each page that begins a part.

Promise: an outline of at least two entries, each leading to its page as a whole; nothing for a document of
one part. Titles hold numbers only, no word of the paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pikepdf
from pikepdf import Array, Dictionary, Name, String


def add_outline(pdf: pikepdf.Pdf, beginnings: Sequence[int]) -> None:
    """Adds the outline; `beginnings` are positions in `pdf` (from 0) at which a part begins, ascending.

    Raises IndexError for a page that `pdf` does not have.
    """
    if len(beginnings) < 2:
        return
    root = pdf.make_indirect(Dictionary(Type=Name.Outlines, Count=len(beginnings)))
    entries = [
        pdf.make_indirect(
            Dictionary(
                Title=String(f"Part {number} (page {position + 1})"),
                Parent=root,
                Dest=Array([pdf.pages[position].obj, Name.Fit]),
            )
        )
        for number, position in enumerate(beginnings, start=1)
    ]
    for before, after in pairwise(entries):
        before.Next, after.Prev = after, before
    root.First, root.Last = entries[0], entries[-1]
    pdf.Root.Outlines = root
    pdf.Root.PageMode = Name.UseOutlines
