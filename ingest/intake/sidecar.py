"""A scanner's sidecar: a small file beside the scans that says who scanned them and how many there are.

Promise: `read_sidecar` gives complete facts or raises `ValueError` with one reason; unknown keys are let be. Any bytes
are allowed.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ingest.ledger import Sidecar

_MOST_BYTES = 64 * 1024
_LONGEST = 200
_MOST = 1_000_000


def is_sidecar(name: str) -> bool:
    """Whether a file is one by its name: `batch.json`, or anything that ends in `.batch.json`."""
    lower = name.lower()
    return lower == "batch.json" or lower.endswith(".batch.json")


def read_sidecar(content: bytes) -> Sidecar:
    """What it says: a JSON object with any of `operator`, `station`, `expected_pages`, `expected_files`."""
    if len(content) > _MOST_BYTES:
        msg = "it is too large for a sidecar"
        raise ValueError(msg)
    try:
        told = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        msg = "it is no JSON"
        raise ValueError(msg) from None
    if not isinstance(told, dict):
        msg = "it holds no JSON object"
        raise ValueError(msg)
    return Sidecar(
        sha256=hashlib.sha256(content).hexdigest(),
        operator=_text(told, "operator"),
        station=_text(told, "station"),
        expected_pages=_count(told, "expected_pages"),
        expected_files=_count(told, "expected_files"),
    )


def _text(told: dict[str, Any], key: str) -> str | None:
    value = told.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _LONGEST:
        msg = f"its {key} is no short text"
        raise ValueError(msg)
    return value.strip() or None


def _count(told: dict[str, Any], key: str) -> int | None:
    value = told.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST:
        msg = f"its {key} is no number of pages or files"
        raise ValueError(msg)
    return value
