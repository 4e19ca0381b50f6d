"""The matching weights of a site, estimated from its documents and written into its `matching.toml`.

Promises: deterministic; memory is bounded by the newest documents asked for (about a kilobyte each), whatever
the site holds. Nothing but the bits of levels changes in the file, and a certificate for other bits goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from ingest.evidence.identity import identifiers_of
from ingest.ledger.documents import PIPELINE
from ingest.model import Document, DocumentState
from ingest.running.certificate import without_certificate
from ingest.running.policy_file import policy_text, put_policy
from ingest.running.site import Site
from matchers import Policy
from matchers.levels import Level, Part
from matchers.reweigh import LevelWeight, Reweighing, reweigh
from matchers.sampling import Sampler
from matchers.weights import STANDARD

_SEED: Final = 1
_DRAWN: Final = 2_000
_PAIRS: Final = 400_000
_FEWEST_EACH: Final = 20
_SPEAKING: Final = (DocumentState.FILED, DocumentState.REVIEW)


def estimate_weights(site: Site, *, newest: int) -> Reweighing:
    """What the `newest` filed and waiting documents say, held against the patients of the present index."""
    index = site.index()
    counts = site.ledger.counts()
    total = sum(counts[state] for state in _SPEAKING)
    drawn = [patient for mrn in site.ledger.mrns_drawn(_DRAWN, seed=_SEED) if (patient := index.patient(mrn))]
    each = max(_FEWEST_EACH, _PAIRS // max(1, min(total, newest)))
    sampler = Sampler(site.policy, index.population, drawn, strangers_each=each)
    for document in islice(_documents(site), max(0, total - newest), None):
        identifiers = identifiers_of(document.findings)
        person = index.patient(document.mrn) if document.mrn and document.decided_by != PIPELINE else None
        sampler.add(identifiers, index.candidates(identifiers), person)
    return reweigh(sampler.sample(), site.policy)


def apply_weights(home: Path, changed: tuple[LevelWeight, ...], policy: Policy) -> Path:
    """Writes the new bits for `policy`, which the site uses: its own tables when it is a named one.

    Raises BadSettings when the file cannot be changed so.
    """
    text = without_certificate(policy_text(home))
    above = "" if policy.name == STANDARD else f"policies.{policy.name}."
    for one in changed:
        text = _with_bits(text, f"{above}levels.{one.level.part}", one.level.key, one.bits)
    wanted = _levels_of(policy) | {
        (one.level.part, one.level.key): replace(one.level, bits=one.bits) for one in changed
    }
    return put_policy(
        home,
        text,
        as_meant=lambda new: _levels_of(new) == wanted and _besides_levels(new) == _besides_levels(policy),
        remedy="does not state each level in one line, as the shipped one does; bring it into that form first",
    )


def _documents(site: Site) -> Iterator[Document]:
    return (document for document in site.ledger.documents() if document.state in _SPEAKING)


def _with_bits(text: str, table: str, key: str, bits: float) -> str:
    """The text with other bits in one level's line; the line and its table are added where they are missing."""
    found = re.search(rf"(?ms)^\[{re.escape(table)}\][^\n]*\n.*?(?=^\[|\Z)", text)
    if found is None:
        return f"{text.rstrip()}\n\n[{table}]\n{key} = {{ bits = {bits} }}\n"
    body = found.group()
    line = re.search(rf"(?m)^({key}\s*=\s*\{{)(.*)(\}}.*)$", body)
    if line is None:
        body = f"{body.rstrip()}\n{key} = {{ bits = {bits} }}\n\n"
    else:
        inner, count = re.subn(r"\bbits(\s*)=\s*[-+.\deE_]+", rf"bits\g<1>= {bits}", line[2], count=1)
        inner = inner if count else f"{line[2].rstrip()}, bits = {bits} "
        body = body[: line.start()] + line[1] + inner + line[3] + body[line.end() :]
    return text[: found.start()] + body + text[found.end() :]


def _levels_of(policy: Policy) -> dict[tuple[Part, str], Level]:
    return {(part, key): level for part, levels in policy.levels.items() for key, level in levels.items()}


def _besides_levels(policy: Policy) -> Policy:
    return replace(policy, levels={}, fingerprint="", evidence_fingerprint="", certificate=None)
