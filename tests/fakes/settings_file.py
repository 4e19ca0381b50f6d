"""Settings of a test's site, changed in its file as an administrator edits them."""

from __future__ import annotations

from pathlib import Path


def change_settings(file: Path, **lines: str) -> None:
    """Gives each key its value, in the first section that has the key: later ones' own keep theirs."""
    rows = file.read_text().splitlines()
    for key, value in lines.items():
        first = next(number for number, row in enumerate(rows) if row.startswith(f"{key} = "))
        rows[first] = f"{key} = {value}"
    file.write_text("\n".join(rows) + "\n")
