"""Names of people in a run of tokens: where a name begins, where it ends, and what it is like.

Promise: pure and total. `matchers.normalise.parse_name` says what the parts of a name are; here is only
found where one stands. A title or a credential makes it a provider's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ingest.evidence.given_names import is_given_name
from ingest.evidence.label_rests import is_the_label
from ingest.evidence.labels import Labels, WordList
from ingest.evidence.layout import Layout
from ingest.evidence.spelling import plain
from ingest.evidence.values import Run
from matchers.normalise import parse_name, show_name

_NAME_WORD = re.compile(
    r"(?:[^\W\d_]\.){1,3}[^\W\d_]?|[^\W\d_]+(?:['’‘`´\-][^\W\d_]+)*['’]?[.]?|[^\W\d_]+[0158|][^\W\d_]*"
)
_TRIM = ' ,.;:()"“”*_~'
_MOST_WORDS = 7
_SCRIBBLE, _MUTE = 4, 2  # letters
_VOWELS = frozenset("AEIOUY")
_SAME_IN_CAPITALS = "cosvwxz"
_HOUSE_NUMBER = re.compile(r"[1-9]\d{0,4}[,.]?")
_POSSESSIVE = re.compile(r"['’‘`´]s?$")
# Capitals inside a word are a bad reading, save in McDonald, O'Brien, DeLuca and the like.
_ODD = re.compile(r"[a-zß-ÿ][A-Z]|[A-Z]{2}[a-z]|['’][a-z][A-Z]|[a-z]['’][A-Z]{2}|[0158|]")
_FINE = re.compile(
    r"(?:Mc|Mac|De|Di|La|Le|Van|Von|Fitz|Du|Del|St|Ja|Mary|Jo|D['’]|O['’])[A-Z][a-z]+[-.,]?(?:[A-Z][a-z]+)?[.,]?$"
    r"|[A-Z][a-z]+-[A-Z][a-z]+[.,]?$"
)
_AGE_NEXT = re.compile(r"[/(,]?\s*\d{1,3}(?:\s*(?:y|Y|$|/))|/")


def read_name(
    layout: Layout, region: range, labels: Labels, *, strict: bool, begin_within: int = 2, small: bool = False
) -> Run | None:
    """The name that begins within the first tokens of a region, or None.

    `strict` is for places without a label: capitals are demanded, and words that are seldom names end one. `small` is
    for places right behind a label's colon, where small letters are the name's own, misread: "mi HAEL SNYDER".
    """
    for at in list(region)[: begin_within + 1]:
        run = _name_from(layout, range(at, region.stop), labels, strict=strict, small=small)
        if run is not None:
            return None if strict and _is_place(layout, run, labels) else run
        if at < len(layout.tokens) and any(char.isalpha() for char in layout.tokens[at].text):
            word = plain(layout.tokens[at].text).strip(_TRIM)
            if not (labels.has(WordList.TITLES, word) or labels.has(WordList.PROVIDER_TITLES, word)):
                return None
    return None


def loose_names(layout: Layout, region: range, labels: Labels) -> Iterator[Run]:
    """Every name of two words or more that stands unlabelled in a region."""
    at = region.start
    while at < region.stop:
        run = _name_from(layout, range(at, region.stop), labels, strict=True)
        if run is not None and run.quality >= 0.8:
            nobody = _is_place(layout, run, labels) or _is_a_scribble(run.raw) or is_the_label(run.raw)
            if not nobody and ("," in run.raw or _stands_free(layout, region, run)):
                yield run
            at = run.stop
        else:
            at += 1


def _is_a_scribble(raw: str) -> bool:
    """Whether strokes were read for words: "TY OI", "LOU TV". Nobody's name is that short, or ends so, save "NG"."""
    words = raw.split()
    last = words[-1].strip(_TRIM)
    mute = last.isupper() and len(last) == _MUTE and _VOWELS.isdisjoint(last) and last != "NG"
    return "," not in raw and (mute or sum(map(str.isalpha, raw)) <= _SCRIBBLE)


def _stands_free(layout: Layout, region: range, run: Run) -> bool:
    """Whether no other words surround a name: "Larkspur Valley" in "Larkspur Valley Medical Center" has some."""
    for token in (run.start - 1, run.stop):
        if token not in region or layout.segment_of[token] != layout.segment_of[run.start]:
            continue
        text = layout.tokens[token].text
        if len(text.strip(_TRIM)) > 1 and text.strip(_TRIM).isalpha() and text.strip(_TRIM).lower() not in SEXES:
            return False
    return True


SEXES = ("male", "female")
_ZIP = re.compile(r"\d{5}(?:-\d{4})?[.,]?")
_STATE = re.compile(r"[A-Z]{2}[.,]?")
_STATES = frozenset(
    (
        "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY",
        "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH",
        "OK", "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
    )
)  # fmt: skip


def _is_place(layout: Layout, run: Run, labels: Labels) -> bool:
    """Whether what looks like a name is a street or a town: a house number before it, a state or ZIP behind."""
    segment = layout.segment(run.start)
    before = [layout.tokens[n].text for n in range(max(segment.start, run.start - 3), run.start)]
    after = [layout.tokens[n].text for n in range(run.stop, min(segment.stop, run.stop + 3))]
    words = [plain(layout.tokens[n].text).strip(_TRIM) for n in run.tokens]
    if any(labels.has(WordList.STREETS, word) for word in words[1:]):
        return True
    if any(_ZIP.fullmatch(text) for text in after) or (before and before[-1].strip(",.").isdigit()):
        return True
    if _in_a_state(run.raw):
        return True
    last = layout.tokens[run.stop - 1].text
    state_inside = bool(_STATE.fullmatch(last)) and len(words) > 1 and bool(after) and after[0][:1].isdigit()
    return state_inside or any(labels.has(WordList.STREETS, plain(text).strip(_TRIM)) for text in before[-2:])


def _in_a_state(raw: str) -> bool:
    """Whether a town's state stands right behind its comma, and is nobody's given name: "FAIRMOUNT, OH"."""
    behind = raw.partition(",")[2].split()
    return bool(behind) and behind[0].strip(_TRIM) in _STATES and not is_given_name(behind[0].strip(_TRIM))


def is_street(layout: Layout, run: Run, labels: Labels) -> bool:
    """Whether what looks like a name is an address: "2260 Magnolia Pl"."""
    last = plain(layout.tokens[run.stop - 1].text).strip(_TRIM)
    before = layout.tokens[run.start - 1].text if run.start > layout.segment(run.start).start else ""
    return labels.has(WordList.STREETS, last) and _HOUSE_NUMBER.fullmatch(before) is not None


def name_before(layout: Layout, stop: int, labels: Labels) -> Run | None:
    """The name that ends right before token `stop` in its segment or the one beside it: "Jane Roe (MRN"."""
    row_start, _ = layout.rows[layout.row_of(stop - 1)]
    best: Run | None = None
    for at in range(stop - 1, max(row_start, stop - _MOST_WORDS) - 1, -1):
        run = _name_from(layout, range(at, stop), labels, strict=True)
        if run is None or run.stop != stop:
            if layout.tokens[at].text.strip(_TRIM)[:1].islower() and not labels.has(
                WordList.PARTICLES, plain(layout.tokens[at].text).strip(_TRIM)
            ):
                break
            continue
        if run.quality >= 0.8:
            best = run
    return None if best is None or _is_place(layout, best, labels) or _is_a_scribble(best.raw) else best


def shown_name(raw: str) -> str:
    """A name as a chart shows it, "DOE, JOHN Q, JR"; as printed when it holds no word."""
    readings = parse_name(raw)
    return show_name(readings[0]) if readings else raw


def _name_from(layout: Layout, region: range, labels: Labels, *, strict: bool, small: bool = False) -> Run | None:
    """The name whose first word or title is the region's first token."""
    words: list[str] = []
    start = stop = region.start
    provider = comma = False
    for token in region:
        text = _comma_for_dot(layout, region, token, words, strict=strict)
        bare = plain(text).strip(_TRIM)
        if words and not _goes_on(layout, token, words[-1]):
            break
        if text == "," and words and not comma:
            words[-1], comma, stop = f"{words[-1]},", True, token + 1
            continue
        if not words and (labels.has(WordList.TITLES, bare) or labels.has(WordList.PROVIDER_TITLES, bare)):
            provider = provider or labels.has(WordList.PROVIDER_TITLES, bare)
            continue
        alone = strict and _is_no_name(text)
        if words and (len(words) > 1 or comma or alone) and _is_credential(labels, text, bare):
            provider = True
            stop = token + 1
            break
        place = _Place(before=len(words), comma=_by_comma(words, text), behind_initial=_behind_initial(words))
        if not _is_name_word(labels, text, bare, place, strict=strict):
            break
        if not words:
            start = token
        words.append(text)
        stop = token + 1
        if _ends(labels, text, bare, words, comma=comma) and not (
            comma and _initial_follows(layout, region, labels, token)
        ):
            provider = provider or _credential_follows(layout, region, labels, token)
            break
        comma = comma or text.endswith(",")
        if len(words) == _MOST_WORDS:
            break
    if (
        words
        and len(words) > 2
        and words[-1] in ("M", "F")
        and stop < region.stop
        and _AGE_NEXT.match(layout.tokens[stop].text)
    ):
        words.pop()
        stop -= 1
    return _as_run(start, stop, words, labels, provider=provider, small=small)


def _comma_for_dot(layout: Layout, region: range, token: int, words: list[str], *, strict: bool) -> str:
    """ "HARRISON. HENRY" is a comma misread: a dot behind a first word in capitals, a second word following. "Ann R,
    Dunn" is a dot misread.
    """
    text = layout.tokens[token].text
    following = layout.tokens[token + 1].text if token + 1 < region.stop else ""
    if len(words) == 1 and _is_dot(words[0], text, following):
        return text[:-1] + "."
    dotted = text.endswith((".", ";")) and len(text) > 3 and text[:-1].isalpha()
    alike = text[:-1].isupper() == following.strip(_TRIM).isupper()
    if words or not dotted or not alike or (strict and not text.isupper()) or not following[:1].isupper():
        return text
    return text[:-1] + ","


def _is_dot(first: str, initial: str, following: str) -> bool:
    """Whether the comma behind an initial is its dot: a given name stands before it, a family name behind."""
    lone = len(initial) == len("R,") and initial[0].isupper() and initial.endswith(",") and not first.endswith(",")
    family = following.strip(_TRIM)
    called = is_given_name(plain(first).strip(_TRIM).upper()) and not is_given_name(plain(family).upper())
    return lone and called and len(family) > 1 and family[:1].isupper()


def _goes_on(layout: Layout, token: int, before: str) -> bool:
    """Whether a token can be the next word of a name, by its place."""
    if layout.tokens[token].text.startswith("(") or before.rstrip().endswith((":", ";")):
        return False
    if layout.segment_of[token] == layout.segment_of[token - 1]:
        return True
    height = layout.tokens[token].height
    if layout.tokens[token].ruled:
        return False
    return layout.gap(token - 1, token) < (5 if before.endswith(",") else 2.2) * height


class _Place(NamedTuple):
    """Where in a name a word would stand: behind how many, at a comma, behind "Terry J."."""

    before: int
    comma: bool
    behind_initial: bool


def _is_name_word(labels: Labels, text: str, bare: str, place: _Place, *, strict: bool) -> bool:
    at_start = place.before == 0
    if text.endswith(":") or not bare or bare[:1] in "-/#&" or (at_start and text == "I,"):
        return False
    if labels.has(WordList.SUFFIXES, bare):
        return not at_start
    if labels.has(WordList.PARTICLES, bare) and not (strict and at_start and text[:1].islower()):
        return True
    if bare in ("girl", "boy", "baby"):
        return text[:1].isupper()
    if labels.has(WordList.NEVER_NAMES, _POSSESSIVE.sub("", bare)) or not _NAME_WORD.fullmatch(text.strip(_TRIM)):
        return False
    if labels.has(WordList.SELDOM_NAMES, bare):
        early = at_start or place.before == 1 or place.behind_initial
        return text[:1].isupper() and (place.comma or (early and not strict))
    return text.lstrip('("“')[:1].isupper() or not strict


def _behind_initial(words: list[str]) -> bool:
    """Whether a given name and an initial stand before: a family name follows, be it "English" or "White"."""
    return len(words) == 2 and len(words[1].strip(_TRIM)) == 1 and len(words[0].strip(_TRIM)) > 1


def _by_comma(words: list[str], text: str) -> bool:
    """Whether a word stands right at the comma of "LAST, FIRST"."""
    return text.endswith(",") or (bool(words) and words[-1].endswith(","))


def _is_credential(labels: Labels, text: str, bare: str) -> bool:
    known = labels.has(WordList.CREDENTIALS, bare) or labels.has(WordList.CREDENTIALS, bare.replace(".", ""))
    return known and not text.islower()


def _is_no_name(text: str) -> bool:
    """Whether capitals can be no given name: the "RN" in "Tate RN". Initials may, where a label asks for a name."""
    return text.strip(_TRIM).isupper() and _VOWELS.isdisjoint(text)


def _credential_follows(layout: Layout, region: range, labels: Labels, token: int) -> bool:
    after = token + 1
    if after >= region.stop or layout.segment_of[after] != layout.segment_of[token]:
        return False
    text = layout.tokens[after].text
    return _is_credential(labels, text, plain(text).strip(_TRIM))


def _ends(labels: Labels, text: str, bare: str, words: list[str], *, comma: bool) -> bool:
    """Whether a name is over after this word."""
    if text.endswith((";", ")")):
        return True
    if text.endswith(","):
        return comma or (len(words) > 1 and not _may_be_family(labels, words))
    short = len(bare) <= 2 or labels.has(WordList.SUFFIXES, bare) or labels.has(WordList.PARTICLES, bare)
    return text.endswith(".") and not short and not bare.endswith(("st", "mc"))


def _initial_follows(layout: Layout, region: range, labels: Labels, token: int) -> bool:
    """Whether a second comma is only the form's: "DOE, JOHN, Q"."""
    after = token + 1
    if after >= region.stop or layout.segment_of[after] != layout.segment_of[token]:
        return False
    word = layout.tokens[after].text.strip(_TRIM)
    return (len(word) == 1 and word.isupper()) or labels.has(WordList.SUFFIXES, plain(word))


def _may_be_family(labels: Labels, words: list[str]) -> bool:
    """Whether the words before a comma can be a family name: two at most, or with particles."""
    full = [word for word in words if not labels.has(WordList.PARTICLES, plain(word).strip(_TRIM))]
    short = any(len(word.strip(_TRIM)) == 1 for word in full)
    suffix = labels.has(WordList.SUFFIXES, plain(words[-1]).strip(_TRIM))
    return (len(full) <= 2 or suffix) and not short


def _begins_inside_a_word(labels: Labels, words: list[str]) -> bool:
    """Small letters before capitals ("ot Panert") are the rest of a label, save for "de", "van" and the like."""
    first = words[0].lstrip("(\"“'‘")
    small = first[:1].islower() and not labels.has(WordList.PARTICLES, plain(first).strip(_TRIM))
    if first[:1] in _SAME_IN_CAPITALS and first.endswith(","):
        return False  # "cox, Terry"
    return small and any(word[:1].isupper() for word in words[1:])


def _mixes_cases(labels: Labels, words: list[str]) -> bool:
    """Other text before a family name: "Hea BAILEY, JOSEPH" begins in the letterhead."""
    before = next((words[: at + 1] for at, word in enumerate(words) if word.endswith(",")), [])
    full = [w.strip(_TRIM) for w in before if not labels.has(WordList.PARTICLES, plain(w).strip(_TRIM))]
    full = [word for word in full if len(word) > 1 and not labels.has(WordList.SUFFIXES, plain(word))]
    return len({word.isupper() for word in full}) > 1


def _as_run(start: int, stop: int, words: list[str], labels: Labels, *, provider: bool, small: bool) -> Run | None:
    inside = bool(words) and _begins_inside_a_word(labels, words)
    if words and ((inside and not small) or _mixes_cases(labels, words)):
        return None
    raw = " ".join(words).strip(' ;:("“)').rstrip(",")
    full = [word for word in words if sum(char.isalpha() for char in word) >= 2]
    lesser = (WordList.SUFFIXES, WordList.PARTICLES)
    full = [word for word in full if not any(labels.has(which, plain(word).strip(_TRIM)) for which in lesser)]
    if not full or len("".join(full)) < 2:
        return None
    if labels.has(WordList.NEVER_NAMES, "".join(filter(str.isalpha, plain(raw)))):
        return None  # "REGIST RATION"
    inner_comma = "," in raw
    if inside or any(_ODD.search(word) and not _FINE.match(word) for word in full):
        quality = 0.65
    elif len(full) >= 2:
        quality = 1.0 if inner_comma else 0.9
    elif len(words) >= 2:
        quality = 0.8 if inner_comma else 0.6
    else:
        quality = 0.4
    return Run(start=start, stop=stop, raw=raw, value=shown_name(raw), quality=quality, provider=provider)
