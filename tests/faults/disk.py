"""A model of what a disk holds after the power went: pure, in memory, without any clock.

Each file has bytes that are durable and changes that are not yet; each folder has names that are durable and changes
of names that are not yet. A sync makes durable what was there when it *began*, of that file or folder alone: a synced
file is lost all the same when its name, or its folder's name, was not. A name moved between folders may be found under
both names, never under none.

Left out: rights and times, and bytes that rot.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import TypeVar

Tree = dict[str, "bytes | Path | None"]
"""What lies below the root: a file's bytes, or the file that stands in for it; None for a folder."""


class Crash(StrEnum):
    """What of the unsynced changes the disk had got to when the power went."""

    NOTHING = "nothing"
    NAMES = "names"  # names without bytes: new files are empty, longer ones cut
    NAMES_ZEROED = "names, zeroed"  # the same with the new lengths, and zeros there
    BYTES = "bytes"  # bytes without names
    SCATTERED = "scattered"  # of each file and folder some of its changes, in their order, the last one torn
    ALL = "all"  # what kill -9 leaves


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A write of `data` at `offset`, or with `cut` a new length."""

    seq: int
    offset: int = 0
    data: bytes = b""
    cut: int | None = None

    def apply(self, content: bytearray) -> None:
        if self.cut is not None:
            content[self.cut :] = bytes(max(0, self.cut - len(content)))
        else:
            content[len(content) :] = bytes(max(0, self.offset - len(content)))
            content[self.offset : self.offset + len(self.data)] = self.data


@dataclass(slots=True)
class _File:
    number: int
    stand_in: Path | None = None
    durable: bytearray = field(default_factory=bytearray)
    pending: list[_Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Naming:
    """A name given to a node or (None) taken away; `moved_to` is the folder to which it went meanwhile."""

    seq: int
    name: str
    node: _File | _Folder | None
    moved_to: _Folder | None = None


@dataclass(slots=True)
class _Folder:
    number: int
    durable: dict[str, _File | _Folder] = field(default_factory=dict)
    now: dict[str, _File | _Folder] = field(default_factory=dict)
    pending: list[_Naming] = field(default_factory=list)

    def change(self, naming: _Naming) -> None:
        self.pending.append(naming)
        _apply(naming, self.now)


_Any = TypeVar("_Any", _Change, _Naming)


@dataclass(frozen=True, slots=True)
class Sync:
    """A sync that has begun."""

    node: _File | _Folder
    until: int


class Disk:
    """A tree of files and folders, paths relative to its root. The root itself is durable."""

    def __init__(self) -> None:
        self._seq = 0
        self._nodes = 0
        self._root = _Folder(0)

    def create(self, path: str) -> None:
        """An empty file where there is none."""
        folder, name = self._place(path)
        if name not in folder.now:
            folder.change(_Naming(seq=self._next(), name=name, node=_File(self._number())))

    def arrive(self, path: str, stand_in: Path) -> None:
        """A file that somebody else put there, bytes and name on disk already."""
        folder, name = self._place(path)
        folder.now[name] = folder.durable[name] = _File(self._number(), stand_in=stand_in)

    def make_folder(self, path: str) -> None:
        """A new folder."""
        folder, name = self._place(path)
        folder.change(_Naming(seq=self._next(), name=name, node=_Folder(self._number())))

    def write(self, path: str, offset: int, data: bytes) -> None:
        """Bytes at a place in a file."""
        self._file(path).pending.append(_Change(seq=self._next(), offset=offset, data=data))

    def cut(self, path: str, size: int) -> None:
        """A new length: cut off, or filled up with zeros."""
        self._file(path).pending.append(_Change(seq=self._next(), cut=size))

    def link(self, old: str, new: str) -> None:
        """A second name of a file."""
        folder, name = self._place(new)
        folder.change(_Naming(seq=self._next(), name=name, node=self._file(old)))

    def remove(self, path: str) -> None:
        """Takes a name away, a file's or an empty folder's."""
        folder, name = self._place(path)
        folder.change(_Naming(seq=self._next(), name=name, node=None))

    def rename(self, old: str, new: str) -> None:
        """Another name, whatever had it before."""
        source, old_name = self._place(old)
        target, new_name = self._place(new)
        seq = self._next()
        target.change(_Naming(seq=seq, name=new_name, node=source.now[old_name]))
        moved_to = target if target is not source else None
        source.change(_Naming(seq=seq, name=old_name, node=None, moved_to=moved_to))

    def begin_sync(self, path: str) -> Sync:
        """What has been done to the file or folder until now will be durable when this ends."""
        return Sync(self._node(path), self._seq)

    def end_sync(self, sync: Sync) -> None:
        """See `begin_sync`."""
        match sync.node:
            case _File() as file:
                for change in _until(file.pending, sync.until):
                    change.apply(file.durable)
                file.pending = [change for change in file.pending if change.seq > sync.until]
            case _Folder() as folder:
                _persist(folder, sync.until)

    def exists(self, path: str) -> bool:
        """Whether a running program finds it."""
        try:
            self._node(path)
        except KeyError:
            return False
        return True

    def after(self, crash: Crash, seed: int = 0) -> Tree:
        """What a program finds that starts after the power went now."""
        chance = random.Random(seed)
        names = self._names(crash, chance)
        contents: dict[int, bytes | Path] = {}
        tree: Tree = {}

        def walk(folder: _Folder, prefix: str) -> None:
            for name, node in sorted(names.get(folder.number, {}).items()):
                path = f"{prefix}{name}"
                if isinstance(node, _Folder):
                    tree[path] = None
                    walk(node, f"{path}/")
                else:
                    if node.number not in contents:
                        contents[node.number] = _content(node, crash, chance)
                    tree[path] = contents[node.number]

        walk(self._root, "")
        return tree

    def _names(self, crash: Crash, chance: random.Random) -> dict[int, dict[str, _File | _Folder]]:
        """The names in each folder that was ever there."""
        folders = self._folders()
        if crash in (Crash.NAMES, Crash.NAMES_ZEROED, Crash.ALL):
            return {folder.number: dict(folder.now) for folder in folders}
        names = {folder.number: dict(folder.durable) for folder in folders}
        if crash is not Crash.SCATTERED:
            return names
        kept: dict[int, list[_Naming]] = {}
        for folder in folders:
            moments = sorted({naming.seq for naming in folder.pending})
            until = chance.choice([0, *moments])
            kept[folder.number] = list(_until(folder.pending, until))
        for namings in list(kept.values()):
            for naming in namings:
                if naming.moved_to is not None:  # never under none of its names
                    there = kept[naming.moved_to.number]
                    there += [one for one in naming.moved_to.pending if one.seq == naming.seq and one not in there]
        for number, namings in kept.items():
            for naming in sorted(namings, key=lambda naming: naming.seq):
                _apply(naming, names[number])
        return names

    def _folders(self) -> list[_Folder]:
        """Every folder that some state of the disk may show."""
        found: dict[int, _Folder] = {}
        waiting = [self._root]
        while waiting:
            folder = waiting.pop()
            if folder.number in found:
                continue
            found[folder.number] = folder
            nodes = [*folder.durable.values(), *folder.now.values(), *(naming.node for naming in folder.pending)]
            waiting += [node for node in nodes if isinstance(node, _Folder)]
            waiting += [naming.moved_to for naming in folder.pending if naming.moved_to is not None]
        return [found[number] for number in sorted(found)]

    def _node(self, path: str) -> _File | _Folder:
        node: _File | _Folder = self._root
        for part in PurePosixPath(path).parts:
            if not isinstance(node, _Folder):
                raise KeyError(path)
            node = node.now[part]
        return node

    def _file(self, path: str) -> _File:
        node = self._node(path)
        assert isinstance(node, _File), path
        return node

    def _place(self, path: str) -> tuple[_Folder, str]:
        pure = PurePosixPath(path)
        folder = self._node(str(pure.parent))
        assert isinstance(folder, _Folder), path
        return folder, pure.name

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def _number(self) -> int:
        self._nodes += 1
        return self._nodes


def _apply(naming: _Naming, names: dict[str, _File | _Folder]) -> None:
    if naming.node is None:
        names.pop(naming.name, None)
    else:
        names[naming.name] = naming.node


def _persist(folder: _Folder, until: int) -> None:
    for naming in _until(folder.pending, until):
        _apply(naming, folder.durable)
        if naming.moved_to is not None:
            for other in [one for one in naming.moved_to.pending if one.seq == naming.seq]:
                _apply(other, naming.moved_to.durable)
                naming.moved_to.pending.remove(other)
    folder.pending = [naming for naming in folder.pending if naming.seq > until]


def _until(changes: list[_Any], until: int) -> list[_Any]:
    return [change for change in changes if change.seq <= until]


def _content(file: _File, crash: Crash, chance: random.Random) -> bytes | Path:
    if file.stand_in is not None:
        assert not file.pending, "a file of somebody else was written to"
        return file.stand_in
    content = bytearray(file.durable)
    match crash:
        case Crash.BYTES | Crash.ALL:
            for change in file.pending:
                change.apply(content)
        case Crash.NAMES_ZEROED:
            whole = bytearray(content)
            for change in file.pending:
                change.apply(whole)
            content += bytes(max(0, len(whole) - len(content)))
        case Crash.SCATTERED if file.pending:
            count = chance.randint(0, len(file.pending))
            for change in file.pending[:count]:
                change.apply(content)
            if count < len(file.pending) and (torn := file.pending[count]).data:
                part = torn.data[: chance.randrange(len(torn.data))]
                _Change(seq=0, offset=torn.offset, data=part).apply(content)
        case _:
            pass
    return bytes(content)
