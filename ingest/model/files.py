"""A file as it came in: what it is and holds, or why it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class ScanKind(StrEnum):
    """What the bytes are, told by content."""

    PDF = "pdf"
    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"


class FileTrouble(StrEnum):
    """Why a whole file cannot be opened."""

    EMPTY = "empty"
    NOT_A_SCAN = "not_a_scan"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    NO_PAGES = "no_pages"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    NOT_A_FILE = "not_a_file"
    UNREADABLE = "unreadable"
    MALWARE = "malware"
    GONE = "gone"


class ActivePart(StrEnum):
    """What in a file would act, were it opened in a viewer. Nothing here ever runs it."""

    SCRIPT = "script"
    LAUNCH = "launch"
    ON_OPENING = "on_opening"
    SENDS = "sends"
    OTHER_FILE = "other_file"
    EMBEDDED_FILE = "embedded_file"
    DYNAMIC_FORM = "dynamic_form"
    MEDIA = "media"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOpened:
    """A file that can be worked: its kind and how many pages it has, what was repaired, what in it would act."""

    kind: ScanKind
    pages: int
    remarks: tuple[str, ...] = ()
    active: tuple[ActivePart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRefused:
    """A file that cannot be worked, with a reason in words that names the remedy where there is one."""

    trouble: FileTrouble
    reason: str


FileOutcome: TypeAlias = FileOpened | FileRefused
