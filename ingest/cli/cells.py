"""Cells of tables: text from outside, and page numbers.

Promise: what paper, file names or patient data say is shown as text and nothing else: no markup, no control
characters, no letters that turn the direction of what follows.
"""

from __future__ import annotations

import unicodedata

from rich.text import Text


def plain(text: str, style: str = "") -> Text:
    """Text from outside, made harmless for a terminal."""
    harmless = "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else sign
        for sign in text.replace("\n", " ").replace("\t", " ")
    )
    return Text(harmless, style=style)


def in_ranges(pages: tuple[int, ...]) -> str:
    """(1, 2, 3, 7) as "1-3, 7"."""
    runs: list[list[int]] = []
    for page in sorted(pages):
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
