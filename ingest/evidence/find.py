"""From a page's words to whose they are: every identifier on the page, with role and provenance.

Promise: `find_evidence` is pure and total: any words in any boxes give findings, never an exception. Each
finding has the box on the page as scanned, the text as printed, and a confidence that joins how well it was
read with how sure it is that it is what it is taken for. Findings of one place are one witness.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.evidence.agreement import TOLD_TWICE, inside, merged, of_second, words_of_second
from ingest.evidence.alternatives import alternatives_of
from ingest.evidence.codes import code_drafts
from ingest.evidence.dates import as_written
from ingest.evidence.fields import Labelled, pair_labels
from ingest.evidence.groups import UnlabelledPage
from ingest.evidence.id_cards import with_id_cards
from ingest.evidence.labelled import labelled_drafts
from ingest.evidence.labels import Labels
from ingest.evidence.layout import Layout, lay_out, overlap, without_bars
from ingest.evidence.people_named import provider_drafts, sentence_drafts
from ingest.evidence.places import Places
from ingest.evidence.roles import own_values
from ingest.evidence.sections import Heading, find_headings
from ingest.evidence.spotting import Hit, could_be_name, spot_labels
from ingest.evidence.unlabelled import unlabelled_drafts
from ingest.evidence.values import Draft, SiteFacts
from ingest.model import Finding, PageArtefact, Word
from matchers.patient import Source

__all__ = ["SiteFacts", "find_evidence"]

_BESIDE_HOLE = 0.5  # at most: a shorter number reads as well as a whole one


def find_evidence(artefact: PageArtefact, labels: Labels, site: SiteFacts) -> tuple[Finding, ...]:
    """The identifiers of every person on one page, in reading order; from both readings where there are two."""
    return evidence_of(artefact, labels, site).findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Spotted:
    """The labels in one set of words with their values, and the headings they stand under."""

    layout: Layout
    hits: tuple[Hit, ...]
    pairs: tuple[Labelled, ...]
    headings: tuple[Heading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOnce(Spotted):
    """What one set of words says: their labels with the values, and the identifiers."""

    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEvidence:
    """One page with its identifiers, and what the first engine's words say by labels and places; `again` is what they
    say with the second engine's in their stead, None where that read nothing. `site` has the page's own custom of
    writing dates.
    """

    artefact: PageArtefact
    site: SiteFacts
    findings: tuple[Finding, ...]
    read: ReadOnce
    again: ReadOnce | None


def evidence_of(artefact: PageArtefact, labels: Labels, site: SiteFacts) -> PageEvidence:
    """All that is found on one page."""
    site = as_written(artefact.words, site)
    page = read_once(artefact.words, artefact, labels, site)
    drafts, own = list(page.drafts), Places(page.layout, page.drafts)
    places: dict[int, str] = {}
    again = None
    if any(one.words for one in artefact.second):
        again = read_once(words_of_second(artefact.words, artefact.second), artefact, labels, site)
        second = of_second(again.layout, again.drafts, artefact.second)
        drafts = merged(drafts, second, TOLD_TWICE)
        theirs = Places(again.layout, again.drafts)
        places = {
            id(one): _place_of_second(page.layout, own, theirs, one)
            for one in drafts
            if one.source is Source.SECOND_READER
        }
    ordered = sorted(drafts, key=lambda one: (one.box.y0, one.box.x0, one.field))
    findings = tuple(
        replace(
            _finding(artefact, one, places.get(id(one)) or own.of(one)),
            alternatives=alternatives_of(page.layout, one, site),
        )
        for one in ordered
    )
    return PageEvidence(artefact=artefact, site=site, findings=findings, read=page, again=again)


def read_once(words: Sequence[Word], artefact: PageArtefact, labels: Labels, site: SiteFacts) -> ReadOnce:
    """The identifiers that `words` hold, were they the page's."""
    spotted = spot(words, artefact, labels, site)
    layout, hits, pairs, headings = spotted.layout, spotted.hits, spotted.pairs, spotted.headings
    drafts = list(labelled_drafts(layout, own_values(layout, hits, pairs, headings, labels), site))
    taken = frozenset(token for pair in pairs for token in pair.run.tokens)
    drafts += _fresh(provider_drafts(layout, labels, taken), drafts)
    drafts += _fresh(sentence_drafts(layout, labels, drafts, taken | _tokens(drafts)), drafts)
    drafts = with_id_cards(UnlabelledPage(layout, hits, headings, drafts, labels, site), pairs)
    page = UnlabelledPage(layout, hits, headings, drafts, labels, site)
    drafts += _fresh(unlabelled_drafts(page, taken | _tokens(drafts)), drafts)
    drafts += code_drafts(layout, artefact.barcodes, drafts, pairs, site)
    return ReadOnce(layout=layout, hits=hits, pairs=pairs, headings=headings, drafts=tuple(drafts))


def spot(words: Sequence[Word], artefact: PageArtefact, labels: Labels, site: SiteFacts) -> Spotted:
    """What `words` say by labels, were they the page's."""
    layout = lay_out(without_bars(words, artefact.barcodes), artefact.read_width_px, artefact.read_height_px)
    hits, pairs = labels_and_values(layout, labels, site)
    return Spotted(layout=layout, hits=hits, pairs=pairs, headings=find_headings(layout, hits, pairs, labels))


def _place_of_second(layout: Layout, own: Places, theirs: Places, one: Draft) -> str:
    """The place of a value that only the second engine read: that of the first one's words there, if any."""
    under = tuple(n for n, token in enumerate(layout.tokens) if inside(token.box, one.box))
    if under:
        return own.of(replace(one, tokens=under))
    return theirs.of(one)


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


def _finding(artefact: PageArtefact, one: Draft, place: str) -> Finding:
    surest = _BESIDE_HOLE if _touches_hole(artefact, one) else 1.0
    return Finding(
        field=one.field,
        role=one.role,
        value=one.value,
        raw=one.raw,
        page=artefact.page,
        box=artefact.to_page.bounding(one.box),
        confidence=min(surest, max(0.0, one.read * one.sureness)),
        source=one.source,
        place=place,
        label=one.label,
        other_reading=one.other,
    )


def _touches_hole(artefact: PageArtefact, one: Draft) -> bool:
    """Whether a number or a date stands so near a punch hole that digits of it may have been punched out."""
    reach = one.box.y1 - one.box.y0  # a digit is narrower than it is high
    near = any(
        overlap(one.box.y0, one.box.y1, hole.y0, hole.y1) > 0
        and hole.x0 - reach < one.box.x1
        and one.box.x0 < hole.x1 + reach
        for hole in artefact.holes
    )
    return near and any(map(str.isdigit, one.raw))
