"""The matching weights of a site, estimated from its documents and written into its `matching.toml`.

Promises: deterministic; memory is bounded by the newest documents asked for (about a kilobyte each), whatever
the site holds. Only decisions of people that stand anchor it (`ledger.lessons`). Nothing but the bits of levels changes
in the file, and a certificate for other bits goes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias

from ingest.errors import BadSettings
from ingest.evidence.identity import identifiers_of
from ingest.model import Document, DocumentState
from ingest.running.certificate import without_certificate
from ingest.running.policy_file import policy_text, put_policy
from ingest.running.site import Site
from matchers import Policy
from matchers.levels import Level, Part
from matchers.reweigh import Reweighing, reweigh
from matchers.sampling import Sample, Sampler
from matchers.weights import STANDARD, PolicyError, policy_from

Bits: TypeAlias = Mapping[tuple[Part, str], float]
"""The bits of some levels, by part and key."""
Paper: TypeAlias = tuple[Document, str | None, float]
"""A document, whom people say it is of, and for how many of its kind it stands."""

_SEED: Final = 1
_DRAWN: Final = 2_000
_PAIRS: Final = 400_000
_FEWEST_EACH: Final = 20
_SPEAKING: Final = (DocumentState.FILED, DocumentState.REVIEW)
_REMEDY: Final = "does not state each level in one line, as the shipped one does; bring it into that form first"


def estimate_weights(site: Site, *, newest: int) -> Reweighing:
    """What the `newest` filed and waiting documents say, held against the patients of the present index."""
    counts = site.ledger.counts()
    total = sum(counts[state] for state in _SPEAKING)
    told = {lesson.document_id: lesson.mrn for lesson in site.ledger.patient_lessons()}
    documents = islice(_documents(site), max(0, total - newest), None)
    papers = ((document, told.get(document.id), 1.0) for document in documents)
    return reweigh(sample_of(site, site.policy, papers, expected=min(total, newest)), site.policy)


def sample_of(site: Site, policy: Policy, papers: Iterable[Paper], *, expected: int) -> Sample:
    """The documents held against the patients of the present index, and against people drawn from it at random."""
    index = site.index()
    drawn = [patient for mrn in site.ledger.mrns_drawn(_DRAWN, seed=_SEED) if (patient := index.patient(mrn))]
    each = max(_FEWEST_EACH, _PAIRS // max(1, expected))
    sampler = Sampler(policy, index.population, drawn, strangers_each=each)
    for document, mrn, stands_for in papers:
        identifiers = identifiers_of(document.findings)
        person = index.patient(mrn) if mrn else None
        sampler.add(identifiers, index.candidates(identifiers), person, stands_for=stands_for)
    return sampler.sample()


def changed_bits(found: Reweighing) -> Bits:
    """The levels that an estimate gives other bits."""
    return {(one.level.part, one.level.key): one.bits for one in found.changed}


def reweighed(home: Path, bits: Bits, policy: Policy) -> tuple[str, Policy]:
    """The site's `matching.toml` with these bits for `policy`, which the site uses (in its own tables when it is a
    named one), and what it then says. Nothing is written.

    Raises BadSettings when the file cannot be changed so.
    """
    text = without_certificate(policy_text(home))
    above = "" if policy.name == STANDARD else f"policies.{policy.name}."
    for (part, key), value in bits.items():
        text = _with_bits(text, f"{above}levels.{part}", key, value)
    try:
        new = policy_from(tomllib.loads(text))
    except (PolicyError, tomllib.TOMLDecodeError):
        new = None
    if new is None or not _as_meant(new, bits, policy):
        msg = f"{home / 'matching.toml'} {_REMEDY}"
        raise BadSettings(msg)
    return text, new


def apply_weights(home: Path, bits: Bits, policy: Policy) -> Path:
    """Writes what `reweighed` says. Raises BadSettings when the file cannot be changed so."""
    text, _ = reweighed(home, bits, policy)
    return put_policy(home, text, as_meant=lambda new: _as_meant(new, bits, policy), remedy=_REMEDY)


def _as_meant(new: Policy, bits: Bits, policy: Policy) -> bool:
    """Whether a policy has these bits and is otherwise the same: its vetoes, its threshold, what agrees."""
    wanted = _levels_of(policy) | {at: replace(policy.level(*at), bits=value) for at, value in bits.items()}
    return _levels_of(new) == wanted and _besides_levels(new) == _besides_levels(policy)


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
