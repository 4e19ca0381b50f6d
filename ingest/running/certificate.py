"""A certified threshold written into the site's matching policy, with date, data and bound.

Promise: nothing else in the file changes.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Final

from ingest.running.policy_file import policy_text, put_policy
from matchers import Policy
from matchers.calibrate import Calibration

_TABLE: Final = re.compile(r"(?ms)^\[certificate\]\n.*?(?=^\[|\Z)")
_THRESHOLD: Final = re.compile(r"(?m)^threshold\s*=[^\n#]*")


def certify(home: Path, found: Calibration, policy: Policy, *, on: date) -> Path:
    """Puts the certified threshold into the site's own `matching.toml`, made from the shipped one if need be.

    `policy` is the one that the audited decisions were taken under.

    Raises BadSettings when the file cannot be changed so; ValueError when nothing is certified.
    """
    if found.certified is None or found.threshold is None:
        msg = "nothing is certified"
        raise ValueError(msg)
    text, threshold = policy_text(home), found.threshold
    best = found.certified
    table = (
        "[certificate]\n"
        f'date = "{on.isoformat()}"\n'
        f"threshold = {found.threshold!r}\n"
        f"risk = {found.risk!r}\n"
        f"confidence = {found.confidence!r}\n"
        f"audited = {best.decisions}\n"
        f"wrong = {best.wrong}\n"
        f"at_most = {best.at_most!r}\n"
        f'evidence = "{policy.evidence_fingerprint}"\n'
        f"fingerprints = {json.dumps(sorted(policy.fingerprints_in_use))}\n\n"
    )
    own = text.find(f"[policies.{policy.name}.decision]")
    before, after = text[: max(own, 0)], text[max(own, 0) :]
    after, changed = _THRESHOLD.subn(f"threshold = {found.threshold!r}  ", after, count=1)
    text = without_certificate(before + after)
    where = text.index("[prior]") if "[prior]" in text else len(text)
    return put_policy(
        home,
        text[:where] + table + text[where:],
        as_meant=lambda new: changed == 1 and new.threshold == threshold,
        remedy="has no line 'threshold = …' under [decision]; write it there and run this again",
    )


def without_certificate(text: str) -> str:
    """A policy's text without the certificate that it may hold."""
    return _TABLE.sub("", text)
