"""What a report wants of a decision's JSON, found without decoding all of it: a third of the time for ten thousands.

Promise: the same as the decoders of `codec` give, of every text that its encoders make (a property test holds the two
against each other). That is so because keys are sorted, nothing stands between them, and quotes inside of texts are
escaped: no text can look like a key.
"""

from __future__ import annotations

import json
import re

from ingest.model import FlagKind
from matchers.decision import VetoName
from matchers.patient import Source

_CONFIDENCE = re.compile(r'"confidence":"?([^,"]+)"?,"field":')
_SOURCE = re.compile(r'"source":"(\w+)","value":')
_VETOES, _AFTER_VETOES = '"vetoes":[', '],"weight_bits":'
_NO_FLAGS = '"flags":[],"report":'


def text_confidences(findings: str) -> tuple[float, ...]:
    """The confidence of each finding that was read as text, in their order; bar codes are read or not at all."""
    pairs = zip(_CONFIDENCE.findall(findings), _SOURCE.findall(findings), strict=True)
    return tuple(float(confidence) for confidence, source in pairs if source == Source.TEXT)


def first_vetoes(candidates: str) -> tuple[tuple[VetoName, str], ...]:
    """Name and sentence of each veto against the best candidate, () where there is none."""
    begin = candidates.find(_VETOES)
    if begin < 0:
        return ()
    end = candidates.index(_AFTER_VETOES, begin)
    return tuple(
        (VetoName(veto["name"]), veto["reason"]) for veto in json.loads(candidates[begin + len(_VETOES) - 1 : end + 1])
    )


def flag_kinds(traits: str | None) -> tuple[FlagKind, ...]:
    """The kind of each flag, in their order."""
    if traits is None or _NO_FLAGS in traits:
        return ()
    return tuple(FlagKind(kind) for kind, _detail, _other in json.loads(traits)["flags"])
