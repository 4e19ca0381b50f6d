"""A certified threshold written into the site's matching policy, with date, data and bound.

Promise: nothing else in the file changes; the file is replaced whole or not at all, and only by one that
the program reads without complaint.
"""

from __future__ import annotations

import json
import re
import tempfile
from datetime import date
from pathlib import Path
from typing import Final

from ingest.errors import BadSettings
from ingest.running.site import default_file
from matchers import Policy, PolicyError, load_policy
from matchers.calibrate import Calibration

_NAME: Final = "matching.toml"
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
    file = home / _NAME
    text = (file if file.exists() else default_file(_NAME)).read_text("utf-8")
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
    text = _TABLE.sub("", before + after)
    where = text.index("[prior]") if "[prior]" in text else len(text)
    new = text[:where] + table + text[where:]
    with tempfile.NamedTemporaryFile("w", dir=home, prefix=".matching-", encoding="utf-8", delete=False) as draft:
        draft.write(new)
    path = Path(draft.name)
    try:
        if changed != 1 or load_policy(path).threshold != found.threshold:
            msg = f"{file} has no line 'threshold = …' under [decision]; write it there and run this again"
            raise BadSettings(msg)
        path.chmod(0o600)
        path.replace(file)
    except PolicyError as error:
        msg = f"{file}: {error}"
        raise BadSettings(msg) from None
    finally:
        path.unlink(missing_ok=True)
    return file
