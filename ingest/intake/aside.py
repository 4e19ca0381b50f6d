"""Set aside: the private hidden name that a dropped file has between its own name and its removal.

A name can get another file between any look at it and its removal. So a file is first renamed to a name that nobody
else has or looks at. There it is asked for certain what it is: the one that was taken is removed, any other gets its
own name back.

Such a name tells the file's own, so that what a crash leaves can be given back too: `.ingest-TOKENCHECK-NAME`, or where
that is too long the file NAME in a folder `.ingest-TOKENCHECK`. The check is a hash of the rest: a hidden file that
somebody else named is never taken for one of these.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from ingest.durable import Step, reached
from ingest.syncing import name_new, rename_new

_MARK = ".ingest-"
_SIGNS = 16
_HEAD = len(_MARK) + 2 * _SIGNS
_ROOM = 64  # bytes that a name may have everywhere
_LONGEST_SUFFIX = 20


def set_aside(path: Path) -> Path:
    """Renames the file; where it is now. Raises OSError, and then it has its own name."""
    token = secrets.token_hex(_SIGNS // 2)
    hidden = path.with_name(f"{_head(token, path.name)}-{path.name}")
    try:
        rename_new(path, hidden)
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        hidden = _into_folder(path, path.with_name(_head(token, "")))
    reached(Step.ORIGINAL_SET_ASIDE)
    return hidden


def own_name(name: str) -> str | None:
    """The file's own name, where `name` is that of one set aside; "" for a folder that holds one, None for others."""
    if not name.startswith(_MARK):
        return None
    token, dash, own = name[len(_MARK) : _HEAD - _SIGNS], name[_HEAD : _HEAD + 1], name[_HEAD + 1 :]
    ours = name[:_HEAD] == _head(token, own) and (dash, bool(own)) in (("", False), ("-", True))
    return own if ours else None


def remove(hidden: Path) -> None:
    """Removes a file that is set aside, or an empty folder that held one. Raises OSError."""
    if own_name(hidden.name) == "":
        _remove_folder(hidden)
        return
    hidden.unlink(missing_ok=True)
    if own_name(hidden.parent.name) == "":
        _remove_folder(hidden.parent)


def give_back(hidden: Path, path: Path) -> bool:
    """Gives the file the name `path` again; False when another has it by now. Raises OSError."""
    try:
        name_new(hidden, path)
    except FileExistsError:
        if not _is_both(hidden, path):
            return False
    remove(hidden)
    reached(Step.NAME_GIVEN_BACK)
    return True


def give_name(hidden: Path, path: Path) -> Path:
    """Gives the file its own name again, or a numbered one where another has that; which. Raises OSError."""
    return next(name for name in _names(path) if give_back(hidden, name))


def _head(token: str, name: str) -> str:
    return f"{_MARK}{token}{hashlib.sha256(os.fsencode(f'{token}/{name}')).hexdigest()[:_SIGNS]}"


def _is_both(hidden: Path, path: Path) -> bool:
    """A crash in the midst of giving the name back left it with both."""
    with suppress(FileNotFoundError):
        return os.path.samestat(hidden.lstat(), path.lstat())
    return False


def _into_folder(path: Path, folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    reached(Step.PLACE_MADE)
    try:
        rename_new(path, folder / path.name)
    except OSError:
        _remove_folder(folder)
        raise
    return folder / path.name


def _remove_folder(folder: Path) -> None:
    with suppress(OSError):  # somebody put something there: it stays
        folder.rmdir()


def _names(path: Path) -> Iterator[Path]:
    """Its own name, then numbered ones that are short enough wherever that is."""
    yield path
    suffix = path.suffix if len(os.fsencode(path.suffix)) <= _LONGEST_SUFFIX else ""
    room = max(_ROOM, len(os.fsencode(path.name)))
    for number in count(2):
        stem, end = path.name.removesuffix(suffix), f" ({number}){suffix}"
        while len(os.fsencode(stem + end)) > room:
            stem = stem[:-1]
        yield path.with_name(stem + end)
