"""What OCR made of the writing where a page names its patient, where that was read as no name, or as one unsurely.

Promise: pure. The writing beside the form's labels and behind labels that only the second engine could read, as the
first engine has it, then as the second; and what names somebody without a label.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from rapidfuzz import fuzz

from ingest.evidence.agreement import inside
from ingest.evidence.find import PageEvidence, ReadOnce
from ingest.evidence.label_rests import is_the_label
from ingest.evidence.labels import Labels, Meaning, Owner, WordList
from ingest.evidence.layout import Layout, Token, around, overlap
from ingest.evidence.legibility import letters_in
from ingest.evidence.named_in_text import may_be_named, named_in_prose, named_in_running_lines
from ingest.evidence.regions import FAR_BESIDE, Regions
from ingest.evidence.sections import governing
from ingest.evidence.spelling import bare
from ingest.evidence.spotting import Hit
from ingest.evidence.values import reading_certainty
from ingest.model import PageArtefact, Role
from matchers.patient import Field

_PATIENTS = (None, Owner.PATIENT, Owner.NOBODY, Owner.MEMBER)
_READ = 0.5
_REACH = 12.0  # heights of a line between the words of a written value
_BELOW = 3.0  # heights of a line
_FREE = 2.0  # heights of a line over what was written on a rule
_SAID, _CLEAR = 0.4, 0.8
_IN_COLUMN, _CLOSE_BELOW = 2.0, 5.0  # heights of a line
_NOBODYS_LEAST, _NAME_MOST = 2, 3  # words that nobody, or hardly anybody, is called; words of a name
_LONG_WORD = 7  # letters that nobody misreads a name to
_BETWEEN = 1  # words between whose a number is and what number
_SAME_PLACE = 60.0  # rapidfuzz ratio of two readings of one text; unrelated ones lie around 30
_WRITTEN_LEAST, _LETTERS_LEAST = 5, 3  # letters and digits that stand for some; letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """The patient's labels in some words: those without a value, and those of names without one that is sure.

    `sure_labels` are the tokens of all labels that were read well enough to be none of somebody's writing.
    """

    layout: Layout
    hits: tuple[Hit, ...]
    empty: tuple[Hit, ...]
    names: tuple[Hit, ...]
    regions: Regions
    sure_labels: frozenset[int]


def promised_by(page: ReadOnce, labels: Labels) -> Promised:
    """What some words say by labels, and what of it has no value that is sure."""
    layout, hits, pairs = page.layout, page.hits, page.pairs
    valued = {pair.hit.start for pair in pairs}
    told = {token for draft in page.drafts for token in draft.tokens}
    doubtful = {pair.hit.start for pair in pairs if _is_doubtful(layout, pair.run.tokens, told)}
    empty, unsure = [], []
    for hit in hits:
        heading = governing(layout, hit.start, page.headings)
        others = heading is not None and heading.owner not in _PATIENTS
        if not hit.formal or hit.owner not in _PATIENTS or others:
            continue
        if hit.start not in valued:
            empty.append(hit)
        if hit.start not in valued or hit.start in doubtful:
            unsure.append(hit)
    return Promised(
        layout=layout,
        hits=hits,
        empty=tuple(empty),
        names=tuple(
            hit
            for hit in unsure
            if _asks_for_a_name(layout, hit)
            and not _says_whose_number(layout, hits, hit)
            and not _is_answered(page, hit)
        ),
        regions=Regions(layout, hits, labels),
        sure_labels=frozenset(
            token
            for hit in hits
            for token in range(hit.start, hit.stop)
            if hit.colon or hit.start in valued or (hit.exact and layout.tokens[token].confidence >= _READ)
        ),
    )


def written_on(evidence: PageEvidence, page: Promised, labels: Labels) -> tuple[tuple[str, ...], ...]:
    """The texts of each place where the page's own words, or the second engine's, name the patient unreadably."""
    return (
        *(texts for hit in page.names if (texts := _written_for(evidence.artefact, page, hit, labels))),
        *_behind_labels_of_second(page, evidence.again, labels),
        *((text,) for text in named_in_prose(page.layout, labels)),
        *((text,) for text in named_in_running_lines(page.layout, page.hits, labels)),
    )


def _is_doubtful(layout: Layout, tokens: range, told: Set[int]) -> bool:
    """Whether a value was read badly, or says nothing of anybody as it was read."""
    return told.isdisjoint(tokens) or reading_certainty(layout, tokens) < _READ


def _asks_for_a_name(layout: Layout, hit: Hit) -> bool:
    """Whether a name is wanted. "Patient" alone that was read badly begins a sentence in handwriting, "will call"."""
    if hit.meaning in (Meaning.NAME, Meaning.LAST_NAME, Meaning.FIRST_NAME):
        return True
    printed = hit.stop - hit.start > 1 or layout.tokens[hit.start].confidence >= _CLEAR
    return hit.owner is Owner.PATIENT and (hit.colon or (hit.meaning is None and printed))


def _is_answered(page: ReadOnce, hit: Hit) -> bool:
    """Whether a title, "PATIENT INFORMATION", has its patient's name in its column close below: what stands between
    them is the name's label, misread, or a rule that was read as letters."""
    if hit.meaning is not None or hit.colon:
        return False
    layout = page.layout
    title, height = layout.tokens[hit.start].box, layout.line_height
    patients = (one for one in page.drafts if one.field is Field.NAME and one.role is Role.PATIENT and one.tokens)
    names = (one.box for one in patients if one.sureness * one.read >= _SAID)
    return any(
        abs(box.x0 - title.x0) < _IN_COLUMN * height and 0 < box.y0 - title.y1 < _CLOSE_BELOW * height for box in names
    )


def _says_whose_number(layout: Layout, hits: Sequence[Hit], hit: Hit) -> bool:
    """Whether a label only says whose the number is that the next one asks for: "Patient's HI Claim No."."""
    stop = min(layout.segment(hit.start).stop, hit.stop + _BETWEEN + 1)
    ahead = (one for one in hits if hit.stop <= one.start < stop)
    return hit.meaning is None and not hit.colon and any(one.meaning is Meaning.OTHER_NUMBER for one in ahead)


def _behind_labels_of_second(page: Promised, again: ReadOnce | None, labels: Labels) -> Iterator[tuple[str, ...]]:
    """The writing beside labels that only the second engine could read."""
    if again is None:
        return
    promised = promised_by(again, labels)
    known = [page.layout.tokens[token].box for hit in page.hits for token in range(hit.start, hit.stop)]
    for hit in promised.names:
        seen = any(inside(again.layout.tokens[hit.start].box, box) for box in known)
        if seen or (not hit.colon and _goes_on_as_text(again.layout, hit, labels)):
            continue
        if texts := _written_first(promised, hit, labels):
            yield texts


def _written_for(artefact: PageArtefact, page: Promised, hit: Hit, labels: Labels) -> tuple[str, ...]:
    """What either engine read where a label asks for it; () when that is no writing.

    Without a colon anything may stand there, and only what the first engine read badly is taken for writing.
    """
    first, again = _written_first(page, hit, labels), _read_again(artefact, page.layout, hit)
    if not hit.colon and _goes_on_as_text(page.layout, hit, labels):
        return ()
    if not hit.colon:
        sentences = [text for text in (*first, *again) if _is_a_sentence(text, labels)]
        first, again = (tuple(t for t in texts if _may_name(t, sentences, labels)) for texts in (first, again))
    if first or (hit.colon and _is_writing(again)):
        return (*first, *again)
    return ()


def _goes_on_as_text(layout: Layout, hit: Hit, labels: Labels) -> bool:
    """Whether a sentence begins with a label's word: it asks for no name, beside, above or below."""
    beside = layout.text(range(hit.stop, layout.segment(hit.start).stop))
    return _is_a_sentence(beside, labels) and len(beside.split()) > _NAME_MOST


def _may_name(text: str, sentences: Sequence[str], labels: Labels) -> bool:
    """Whether a text is none of the `sentences`, nor a worse reading of one, nor the rest of a label, nor long words
    that nobody is called: what else was read near the label may be the name."""
    words = [bare(word) for word in text.split()]
    printed = all(len(word) >= _LONG_WORD and labels.has(WordList.NEVER_NAMES, word) for word in words)
    return not printed and not is_the_label(text) and all(fuzz.ratio(text, one) < _SAME_PLACE for one in sentences)


def _is_a_sentence(text: str, labels: Labels) -> bool:
    """Whether a label's word begins running text, in anybody's hand: "Patient will call for an appointment"."""
    words = [bare(word) for word in text.split()]
    never = sum(labels.has(WordList.NEVER_NAMES, word) for word in words)
    seldom = sum(labels.has(WordList.SELDOM_NAMES, word) for word in words)
    longer = never > 0 or len(words) > _NAME_MOST  # "april day" may be somebody
    return text[:1].islower() and never + seldom >= _NOBODYS_LEAST and longer


def _written_first(page: Promised, hit: Hit, labels: Labels) -> tuple[str, ...]:
    """The first engine's part of it."""
    beside = _beside(page, hit)
    if beside and _points_elsewhere(page.layout, beside, labels):
        return ()
    texts = [page.layout.text(beside)] if beside and (hit.colon or _read_badly(page.layout, beside)) else []
    if not (hit.colon and beside):
        around_it = page.regions.below(hit), range(0) if hit.colon else _above(page, hit)
        texts += [page.layout.text(cell) for cell in around_it if cell and _read_badly(page.layout, cell)]
    clear = hit.colon and any(_is_clear_name(page.layout.tokens[token], labels) for token in beside)
    return tuple(texts) if clear or _is_writing(texts) else ()


def _is_clear_name(token: Token, labels: Labels) -> bool:
    return token.confidence >= _CLEAR and letters_in(token.text) >= _LETTERS_LEAST and may_be_named(token.text, labels)


def _points_elsewhere(layout: Layout, tokens: range, labels: Labels) -> bool:
    """Whether it says, clearly read, that the name stands elsewhere or nowhere: "see label", "not applicable"."""
    words = [bare(layout.tokens[token].text) for token in tokens]
    never = [labels.has(WordList.NEVER_NAMES, word) for word in words]
    said = all(no or labels.has(WordList.SELDOM_NAMES, word) for no, word in zip(never, words, strict=True))
    return said and any(never) and all(layout.tokens[token].confidence >= _CLEAR for token in tokens)


def _read_badly(layout: Layout, tokens: range) -> bool:
    """Whether no word of it is clear; a lone initial says nothing of that."""
    words = [layout.tokens[token] for token in tokens]
    full = [word for word in words if letters_in(word.text) > 1] or words
    return max(word.confidence for word in full) < _CLEAR


def _is_writing(texts: Sequence[str]) -> bool:
    return any(letters_in(text) >= _WRITTEN_LEAST and sum(map(str.isalpha, text)) >= _LETTERS_LEAST for text in texts)


def _beside(page: Promised, hit: Hit) -> range:
    """What stands right of a label in its row, up to the next label or a gap. Writing may begin far along its rule, and
    scraps of it may look like a label ("Adum5" like "Admit").
    """
    layout, region = page.layout, page.regions.beside(hit)
    first = region.start if region else hit.stop
    _, row_stop = layout.rows[layout.row_of(hit.start)]
    stop = first
    for token in range(first, row_stop):
        far = layout.gap(token - 1, token) > _REACH * layout.line_height
        if token in page.sure_labels or (far and (token > first or not region)):
            break
        stop = token + 1
    return range(first, stop)


def _above(page: Promised, hit: Hit) -> range:
    """What stands on a rule over its label, free above: it is not the value under, or beside, something else."""
    layout, cell = page.layout, page.regions.above(hit)
    if not cell or any(set(cell).intersection(page.regions.beside(other)) for other in page.hits):
        return range(0)
    box = around(layout.tokens[token].box for token in cell)
    over = (one.box for one in layout.segments if one.box.y1 < (box.y0 + box.y1) / 2)
    free = _FREE * layout.line_height
    held = any(box.y0 - one.y1 < free and overlap(box.x0, box.x1, one.x0, one.x1) > 0 for one in over)
    return range(0) if held else cell


def _read_again(artefact: PageArtefact, layout: Layout, hit: Hit) -> tuple[str, ...]:
    """What the second engine read right of a label, or below one without a colon."""
    label, height = around(layout.tokens[token].box for token in range(hit.start, hit.stop)), layout.line_height
    texts = []
    for one in artefact.second:
        level = overlap(one.box.y0, one.box.y1, label.y0, label.y1) > 0.5
        beside = level and -height < one.box.x0 - label.x1 < FAR_BESIDE * layout.width
        over = not hit.colon and overlap(one.box.x0, one.box.x1, label.x0, label.x1) > 0
        if one.words and (beside or (over and 0 <= one.box.y0 - label.y0 < _BELOW * height)):
            texts.append(" ".join(word.text for word in one.words))
    return tuple(texts)
