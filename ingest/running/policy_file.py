"""The site's own `matching.toml`: read as text, changed, put in place.

Promise: the file is replaced whole or not at all, and only by one that the program reads without complaint
and that says what was meant.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ingest.errors import BadSettings
from ingest.running.site import default_file, read_policy
from ingest.syncing import sync_folder
from matchers import Policy, PolicyError, load_policy

_NAME: Final = "matching.toml"


def policy_text(home: Path) -> str:
    """The file's text, the shipped one's where the site has none."""
    file = home / _NAME
    return (file if file.exists() else default_file(_NAME)).read_text("utf-8")


def current_policy(home: Path) -> Policy:
    """What the file says now, whatever an open site read at its start. Raises BadSettings."""
    return read_policy(home / _NAME)


def put_policy(home: Path, text: str, *, as_meant: Callable[[Policy], bool], remedy: str) -> Path:
    """Puts `text` in the file's place. Raises BadSettings with the `remedy` when it does not come out `as_meant`."""
    file = home / _NAME
    with tempfile.NamedTemporaryFile("w", dir=home, prefix=".matching-", encoding="utf-8", delete=False) as draft:
        draft.write(text)
        draft.flush()
        os.fsync(draft.fileno())
    path = Path(draft.name)
    try:
        if not _is(path, as_meant):
            msg = f"{file} {remedy}"
            raise BadSettings(msg)
        path.chmod(0o600)
        path.replace(file)
        sync_folder(home)
    finally:
        path.unlink(missing_ok=True)
    return file


def _is(path: Path, as_meant: Callable[[Policy], bool]) -> bool:
    try:
        return as_meant(load_policy(path))
    except PolicyError:
        return False
