"""From a page's words to whose they are: every identifier on the page, with role and provenance.

Promise: `find_evidence` is pure and total: any words in any boxes give findings, never an exception. Each
finding has the box on the page as scanned, the text as printed, and a confidence that joins how well it was
read with how sure it is that it is what it is taken for. Findings of one place are one witness.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.evidence.codes import code_drafts
from ingest.evidence.fields import Labelled, pair_labels
from ingest.evidence.groups import UnlabelledPage
from ingest.evidence.labelled import labelled_drafts
from ingest.evidence.labels import Labels
from ingest.evidence.layout import Layout, lay_out
from ingest.evidence.people_named import provider_drafts, sentence_drafts
from ingest.evidence.places import place_of
from ingest.evidence.roles import own_values
from ingest.evidence.sections import find_headings
from ingest.evidence.spotting import Hit, could_be_name, spot_labels
from ingest.evidence.unlabelled import unlabelled_drafts
from ingest.evidence.values import Draft, SiteFacts
from ingest.model import Finding, PageArtefact

__all__ = ["SiteFacts", "find_evidence"]


def find_evidence(artefact: PageArtefact, labels: Labels, site: SiteFacts) -> tuple[Finding, ...]:
    """The identifiers of every person on one page, in reading order."""
    layout = lay_out(artefact.words, artefact.read_width_px, artefact.read_height_px)
    drafts = _drafts(layout, artefact, labels, site)
    ordered = sorted(drafts, key=lambda one: (one.box.y0, one.box.x0, one.field))
    return tuple(_finding(artefact, layout, one, ordered) for one in ordered)


def _drafts(layout: Layout, artefact: PageArtefact, labels: Labels, site: SiteFacts) -> list[Draft]:
    hits, pairs = labels_and_values(layout, labels, site)
    headings = find_headings(layout, hits, pairs, labels)
    drafts = list(labelled_drafts(layout, own_values(layout, hits, pairs, headings), site))
    taken = frozenset(token for pair in pairs for token in pair.run.tokens)
    drafts += _fresh(provider_drafts(layout, labels, taken), drafts)
    drafts += _fresh(sentence_drafts(layout, labels, drafts, taken | _tokens(drafts)), drafts)
    page = UnlabelledPage(layout, hits, headings, drafts, labels, site)
    drafts += _fresh(unlabelled_drafts(page, taken | _tokens(drafts)), drafts)
    drafts += code_drafts(layout, artefact.barcodes, drafts, pairs, site)
    return drafts


def labels_and_values(layout: Layout, labels: Labels, site: SiteFacts) -> tuple[tuple[Hit, ...], tuple[Labelled, ...]]:
    """The page's labels with their values. A doubtful label that found no value was a value itself ("Doe")."""
    hits = spot_labels(layout, labels)
    pairs = pair_labels(layout, hits, labels, site)
    valued = {pair.hit.start for pair in pairs}
    kept = tuple(hit for hit in hits if hit.start in valued or not could_be_name(layout, hit, labels))
    return (hits, pairs) if len(kept) == len(hits) else (kept, pair_labels(layout, kept, labels, site))


def _tokens(drafts: Iterable[Draft]) -> frozenset[int]:
    return frozenset(token for one in drafts for token in one.tokens)


def _fresh(new: Iterable[Draft], held: Sequence[Draft]) -> list[Draft]:
    """The new drafts whose tokens nobody holds, each token once."""
    used = set(_tokens(held))
    fresh = []
    for one in new:
        if not used.intersection(one.tokens):
            used.update(one.tokens)
            fresh.append(one)
    return fresh


def _finding(artefact: PageArtefact, layout: Layout, one: Draft, drafts: Sequence[Draft]) -> Finding:
    return Finding(
        field=one.field,
        role=one.role,
        value=one.value,
        raw=one.raw,
        page=artefact.page,
        box=artefact.to_page.bounding(one.box),
        confidence=min(1.0, max(0.0, one.read * one.sureness)),
        source=one.source,
        place=place_of(layout, one, drafts),
        label=one.label,
    )
