"""Where labels stand on a page: phrases of `Labels` found in the segments, misread letters forgiven.

Promise: pure; the hits of one page never overlap and come in reading order. A phrase never reaches
across a wide gap. A word that could be ordinary text is matched only by its exact spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ingest.evidence.labels import Labels, Meaning, Owner, Phrase, WordList
from ingest.evidence.layout import Layout, Segment
from ingest.evidence.small_print import END_OF_LABEL, LETTERS_FOR_ONE_ERROR, past_hints
from ingest.evidence.spelling import bare, fold, plain

_LETTERS_FOR_TWO_ERRORS = 9
_ERRORS_BEFORE_A_LABEL = 2
_WORDS_OF_A_NAME = 4
_LETTERS_GLUED = 10  # of a phrase that begins a longer word, its spaces lost
_LETTERS_FOR_FREE_ERROR = 6  # a misread word without a colon
_DATE_HINT = re.compile(r"(?=.*[dmy].*[dmy])[dmy/.\-]{2,10}:?|\(?(?:year|month|day)[,)]?", re.IGNORECASE)  # "mmdd yyyy"
# What the commonest short labels are read as, in folded letters.
_MISREAD_SHORT = {
    "dob": re.compile("[dpobqg][oceq][bpsrhe]|d[a-z]b|do[a-z]"),
    "mrn": re.compile("[mnhw][rkpn][nmkhr]|mr[a-z]|m[a-z]n"),
    "ssn": re.compile("s[a-z]n|[a-z]sn"),
    "mr": re.compile("m[lj]r|mrl"),
}
_LIKE_DIGITS = frozenset("OoIlSsZzB")  # no D: "D08" is a DOB
_MERGED_TI = "uhb"  # in small print; an "n" may be the "r" of a parent
_MERGED_LI = "h"
_GLUED_POSSESSIVE = re.compile(r"([^\W\d_]{3,})['’`´]s([^\W\d_]{3,}.*)")
_CAMEL = re.compile("[a-z][A-Z]")
_PATIENT = fold("patient")
_LIKE_PATIENT = frozenset(("parent", "parents"))  # a "ti" read as one letter makes a parent of a patient
_NOT_A_PROVIDERS = frozenset((Meaning.BIRTH_DATE, Meaning.MRN, Meaning.SEX, Meaning.SSN, Meaning.ACCOUNT_NUMBER))
_OF_NAMES = frozenset((Meaning.NAME, Meaning.LAST_NAME, Meaning.FIRST_NAME))
_LEAST_TITLE = 4  # letters before the colon of a name's title
_MOST_LAST_DIGITS = 2
_STRONG = frozenset(
    (Meaning.BIRTH_DATE, Meaning.MRN, Meaning.SSN, Meaning.SEX, Meaning.ACCOUNT_NUMBER, Meaning.NAME, Meaning.PHONE)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A label: tokens `start` to before `stop`, what it means and, where it says so, whom it speaks of.

    `meaning` is None for a label that names only a person ("Guarantor:"). `exact` is false when letters
    had to be forgiven. `formal` says that it looks like a label: a colon, capitals, or a segment of its own.
    `joined` says that a slash ties it to the label before it ("DOB/Sex:"). `modified` says that
    an unknown word stands right before it ("Pharmacy name").
    """

    start: int
    stop: int
    meaning: Meaning | None
    owner: Owner | None
    exact: bool
    colon: bool
    formal: bool
    joined: bool
    modified: bool


@dataclass(frozen=True, slots=True)
class _Spelt:
    """One canonical word and the token it was read from."""

    word: str
    token: int
    exact: bool
    bracket: bool = False
    slash: bool = False


def like_patient(folded: str) -> bool:
    """Whether a misread word may have been "patient", or "patients"."""
    return OSA.distance(folded.removesuffix("s"), _PATIENT) <= _ERRORS_BEFORE_A_LABEL


def spot_labels(layout: Layout, labels: Labels) -> tuple[Hit, ...]:
    """All labels of the page, in reading order."""
    speller = _Speller(labels)
    hits: list[Hit] = []
    for segment in layout.segments:
        spelt = speller.spell(layout, segment)
        if any(word.word for word in spelt):
            hits.extend(_hits_of(layout, labels, segment, spelt))
    return tuple(hits)


def _after_value(layout: Layout, start: int) -> bool:
    """Whether a number ends right before a word: "ADM Aug 21, 2026 ATT SMITH"."""
    return any(char.isdigit() for char in layout.tokens[start - 1].text)


def _names_a_baby(layout: Layout, segment: Segment, hit: Hit) -> bool:
    """ "BABY GIRL HILL" is a name, no label."""
    after = layout.tokens[hit.stop].text if hit.stop < segment.stop else ""
    return bare(after) in ("girl", "boy", "female", "male", "a", "b")


def could_be_name(layout: Layout, hit: Hit, labels: Labels) -> bool:
    """Whether a label may be somebody's name instead: one word without a colon that people are called."""
    word = bare(layout.tokens[hit.start].text)
    single = hit.stop == hit.start + 1 and hit.meaning is not None and not hit.colon
    return single and word.isalpha() and not labels.has(WordList.NEVER_NAMES, word)


class _Speller:
    """Canonical words for tokens, remembered for one page."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._known: dict[str, tuple[Phrase, bool]] = {}
        self._phrases = sorted((w for w in labels.vocabulary if len(w) >= _LETTERS_GLUED), key=len, reverse=True)
        self._long_words = [word for word in labels.vocabulary if len(word) >= LETTERS_FOR_ONE_ERROR]

    def spell(self, layout: Layout, segment: Segment) -> list[_Spelt]:
        """The canonical words of a segment; a token that is no label's word has the word ""."""
        spelt: list[_Spelt] = []
        for token in range(segment.start, segment.stop):
            words, exact = self._words(layout.tokens[token].text)
            text = layout.tokens[token].text
            bracket, slash = text.startswith("("), text == "/"
            spelt.extend(_Spelt(word, token, exact, bracket, slash) for word in words or ("",))
        return spelt

    def _words(self, text: str) -> tuple[Phrase, bool]:
        if text not in self._known:
            self._known[text] = self._look_up(text)
        return self._known[text]

    def _look_up(self, text: str) -> tuple[Phrase, bool]:
        vocabulary = self._labels.vocabulary
        if text == "#":
            return ("number",), True
        if text == "&":
            return ("and",), True
        glued_to = _GLUED_POSSESSIVE.fullmatch(text)
        if glued_to is not None:  # "Student'sname"
            (whose, surely), (what, exactly) = map(self._words, glued_to.groups())
            return (whose + what, surely and exactly) if whose and what else ((), True)
        folded = fold(text)
        if not folded or not (any(char.isalpha() for char in text) or text.endswith(END_OF_LABEL)):
            return (), True
        if folded in vocabulary:
            return vocabulary[folded], fold(text) == plain(text).rstrip(":;.") or folded.isalpha()
        unmarked = plain(text).strip(".,:;()'\"-")
        if any(unmarked in self._labels.lists[which] for which in WordList):
            return (), True
        glued_two = len(folded) > 6 or (len(folded) > 4 and _CAMEL.search(text))
        for at in range(2, len(folded) - 1) if glued_two else ():
            if folded[:at] == "re" and not _CAMEL.search(text):
                continue  # "Reassessed", "Readmission"
            if folded[:at] in vocabulary and folded[at:] in vocabulary:
                return vocabulary[folded[:at]] + vocabulary[folded[at:]], True
        glued = next((word for word in self._phrases if folded.startswith(word)), None) if len(folded) > 11 else None
        if glued is not None:
            return vocabulary[glued], False
        return self._nearly(folded, text), False

    def _nearly(self, folded: str, text: str) -> Phrase:
        """The word of the vocabulary that `folded` is a misreading of."""
        if len(folded) < LETTERS_FOR_ONE_ERROR:
            return () if _is_number(text) else self._nearly_short(folded)
        whole = next((word for word in _unmerged(folded) if word in self._labels.vocabulary), None)
        if whole is not None:
            return self._labels.vocabulary[whole]
        digits = sum(char.isdigit() for char in text)
        if digits * 3 > len(text) or len(folded) > 30:
            return ()
        if folded.endswith(_PATIENT) and folded.removesuffix(_PATIENT) != "l":  # a ruled line is read as an l
            return ()  # "apatient" was an inpatient or an outpatient, which is no label of the patient's
        allowed = 2 if len(folded) >= _LETTERS_FOR_TWO_ERRORS else 1
        found = process.extractOne(folded, self._long_words, scorer=OSA.distance, score_cutoff=allowed)
        phrase = self._labels.vocabulary[found[0]] if found else ()
        return () if phrase and phrase[0] in _LIKE_PATIENT and like_patient(folded) else phrase

    def _nearly_short(self, folded: str) -> Phrase:
        """MRN, DOB, SSN with a letter misread; whether it stands as a label is seen later."""
        near = [word for word, form in _MISREAD_SHORT.items() if form.fullmatch(folded)]
        return self._labels.vocabulary.get(near[0], ()) if len(near) == 1 else ()


def _is_number(text: str) -> bool:
    """Whether a word is digits but for what is read for one: the code "O08" of a claim is no "DOB"."""
    letters = [char for char in text if char.isalpha()]
    return sum(map(str.isdigit, text)) > len(letters) and _LIKE_DIGITS.issuperset(letters)


def _unmerged(folded: str) -> Iterator[str]:
    """What a word may be whose "ti" or "li" ran together: "Pahent" and "Pauents", nearer to "parent" else, "Chent"."""
    for at in range(1, len(folded) - 1):
        for pair, one in (("ti", _MERGED_TI), ("li", _MERGED_LI)):
            if folded[at] in one:
                yield folded[:at] + fold(pair) + folded[at + 1 :]


def _hits_of(layout: Layout, labels: Labels, segment: Segment, spelt: list[_Spelt]) -> list[Hit]:
    """Labels of one segment, the longest phrase first at each place."""
    found: list[tuple[int, int, Meaning | None, Owner | None]] = []
    at = 0
    while at < len(spelt):
        size, meaning, owner = _longest_at(labels, spelt, at)
        if size == 0:
            at += 1
            continue
        found.append((at, at + size, meaning, owner))
        at += size
        past = past_hints(layout, labels, segment, spelt[at - 1].token + 1)
        while at < len(spelt) and spelt[at].token < past:
            at += 1
    merged = _with_owners(layout, spelt, found)
    ends = {spelt[stop - 1].token for _, stop, _, _ in merged}
    hits = []
    for start, stop, meaning, owner in merged:
        tokens = range(spelt[start].token, spelt[stop - 1].token + 1)
        hits.append(_hit(layout, labels, segment, tokens, spelt[start:stop], meaning, owner, ends))
    filled = {token for hit in hits for token in range(hit.start, hit.stop)}
    return [hit for hit in hits if _stands_as_label(layout, segment, hit, filled)]


def _stands_as_label(layout: Layout, segment: Segment, hit: Hit, filled: set[int]) -> bool:
    """Whether words that can be a label are one here, and no part of a name or a sentence."""
    first, last = layout.tokens[hit.start].text, layout.tokens[hit.stop - 1].text
    if hit.stop == hit.start + 1 and first.rstrip(".:;") in ("Mr", "Ms"):
        return False
    if hit.colon:
        return True
    single = hit.stop == hit.start + 1
    if not hit.exact and any(_is_initial(layout.tokens[token].text) for token in range(hit.start, hit.stop)):
        return False  # "Ruth S. Bell" has nobody's cell in it, "Dave S. Hogan" no date
    if hit.owner is Owner.NEWBORN and hit.meaning is None and _names_a_baby(layout, segment, hit):
        return False
    rest = set(range(segment.start, segment.stop)) - filled
    alone = not any(any(char.isalnum() for char in layout.tokens[token].text) for token in rest)
    after = layout.tokens[hit.stop].text if hit.stop < segment.stop else ""
    counted = any(char.isdigit() for char in after)
    if single and bare(first) == "last" and after.isdigit() and len(after) <= _MOST_LAST_DIGITS:
        return False  # "LAST 4 SSN"
    ends = last.endswith(".") and hit.owner is not None and not (after and last.isupper())  # "ATT. WALL, D"
    if single and (last.endswith(",") or ends):
        return False
    if single and not hit.exact:
        long = len(first) >= _LETTERS_FOR_FREE_ERROR or hit.meaning in (Meaning.BIRTH_DATE, Meaning.MRN)
        return (alone and long) or (counted and (hit.start == segment.start or hit.joined))
    capital = first.lstrip('(/"“')[:1].isupper() or hit.joined
    if hit.meaning is None:
        return alone or (capital and (hit.start == segment.start or _after_value(layout, hit.start)))
    if single and (hit.meaning not in _STRONG or len(first.strip(".")) <= 2):
        return alone or counted
    return True


def _is_initial(text: str) -> bool:
    return len(text.strip(".")) == 1 and text[0].isupper()


def _longest_at(labels: Labels, spelt: list[_Spelt], at: int) -> tuple[int, Meaning | None, Owner | None]:
    """The longest phrase that begins at a word: (number of words taken, meaning, owner)."""
    if not spelt[at].word:
        return 0, None, None
    words: list[str] = []
    best: tuple[int, Meaning | None, Owner | None] = (0, None, None)
    fillers = labels.lists[WordList.FILLERS]
    slashed = False
    for size, spell in enumerate(spelt[at : at + labels.longest + 2], start=1):
        slashed = slashed or spell.slash
        if spell.slash and size > 1:
            continue
        if not spell.word or (spell.bracket and size > 1):  # small print is no part of a phrase
            break
        words.append(spell.word)
        full = tuple(words)
        bare = tuple(word for word in words if word not in fillers)
        for phrase in (full, bare):
            if phrase in labels.fields and not slashed:  # two labels that a slash joins have two values
                best = (size, labels.fields[phrase], None)
            elif phrase in labels.owners and best[0] < size:
                best = (size, None, labels.owners[phrase])
    return best


def _with_owners(
    layout: Layout, spelt: list[_Spelt], found: list[tuple[int, int, Meaning | None, Owner | None]]
) -> list[tuple[int, int, Meaning | None, Owner | None]]:
    """ "guarantor" + "name" and "name of guarantor" become one label."""
    merged: list[tuple[int, int, Meaning | None, Owner | None]] = []
    for start, stop, meaning, owner in found:
        if merged:
            start0, stop0, meaning0, owner0 = merged[-1]
            ended = layout.tokens[spelt[stop0 - 1].token].text.endswith((*END_OF_LABEL, ",", "/"))
            between = spelt[stop0:start]
            titled = meaning in _OF_NAMES and not layout.tokens[spelt[stop - 1].token].text.endswith(END_OF_LABEL)
            titled = titled and layout.tokens[spelt[stop0 - 1].token].text.endswith(END_OF_LABEL)  # "IN CHARGE: NAME"
            if (not ended or titled) and meaning0 is None and meaning is not None and not between:
                if owner0 is Owner.PROVIDER and meaning in _NOT_A_PROVIDERS and not spelt[stop0 - 1].exact:
                    merged[-1] = (start, stop, meaning, owner)  # "Clark DOB": no clerk, but somebody's last name
                    continue
                merged[-1] = (start0, stop, meaning, owner0)
                continue
            of = [plain(layout.tokens[spell.token].text) for spell in between]
            bracketed = spelt[start].bracket and not between
            named_after = bracketed or of in (["of"], ["of", "the"], ["(of"], ["(of", "the"])
            if not ended and meaning0 is not None and owner0 is None and meaning is None and named_after:
                theirs = owner is not Owner.PROVIDER or meaning0 not in (Meaning.MRN, Meaning.PERHAPS_MRN)
                merged[-1] = (start0, stop, meaning0, owner if theirs else None)  # it is their number for the patient
                continue
            if not ended and meaning0 is None and meaning is None and bracketed and owner is not Owner.PATIENT:
                merged[-1] = (start0, stop, None, owner)  # "Patient (mother):" is no patient's
                continue
            if meaning0 is None and meaning is None and not ended and not between and owner0 is not owner:
                keep = owner if owner0 in (Owner.PATIENT, Owner.MEMBER, Owner.NOBODY) else owner0
                merged[-1] = (start0, stop, None, keep)
                continue
        merged.append((start, stop, meaning, owner))
    return merged


def _hit(
    layout: Layout,
    labels: Labels,
    segment: Segment,
    tokens: range,
    spelt: list[_Spelt],
    meaning: Meaning | None,
    owner: Owner | None,
    ends: set[int],
) -> Hit:
    """One label with its looks."""
    start, stop = tokens.start, tokens.stop
    stop = past_hints(layout, labels, segment, stop)
    if meaning in (Meaning.BIRTH_DATE, Meaning.OTHER_DATE):
        while stop < segment.stop and _DATE_HINT.fullmatch(layout.tokens[stop].text):
            stop += 1
    named, last, first = (layout.tokens[at].text for at in (tokens.stop - 1, stop - 1, start))
    colon = last.endswith(END_OF_LABEL) or (stop < segment.stop and layout.tokens[stop].text in END_OF_LABEL)
    alone = start == segment.start and stop == segment.stop
    before = layout.tokens[start - 1].text if start > segment.start else ""
    joined = before in ("/", "&") or (start - 1 in ends and before.endswith("/")) or first.startswith("/")
    filler = bare(before) in labels.lists[WordList.FILLERS]
    clear = len(before) > 2 and before[-1:].isalpha() and before[:1].isalpha()
    unknown = clear and layout.tokens[start - 1].confidence > 0.55 and start - 1 not in ends and not filler
    unknown = unknown and not _ends_a_name(layout, segment, start)
    titled = before.endswith(END_OF_LABEL) and len(before) > _LEAST_TITLE and start - 1 not in ends
    unknown = unknown or (titled and meaning in _OF_NAMES and stop == segment.stop)
    exact = all(spell.exact for spell in spelt)
    if clear and not filler and start - 1 not in ends and owner is None and like_patient(fold(before)):
        parent = OSA.distance(fold(before).removesuffix("s"), "parent") <= 1
        # "Pabent Name": what follows bears out what it was. A "Panent" may be a parent: rows and titles tell whose.
        owner, exact, unknown = (None, False, False) if parent else (Owner.PATIENT, exact, False)
        start -= 1
    capital = first.lstrip("(/")[:1].isupper()
    bracketed = meaning in _OF_NAMES and first.startswith("(") and last.rstrip(",").endswith(")")
    return Hit(
        start=start,
        stop=stop,
        meaning=meaning,
        owner=owner,
        exact=exact,
        colon=colon,
        formal=colon or alone or bracketed or (capital and (named + last) != (named + last).lower()) or last == "#",
        joined=joined,
        modified=unknown,
    )


def _ends_a_name(layout: Layout, segment: Segment, stop: int) -> bool:
    """Whether the words right before a label are a name, family name first: "VAN DYKE, TAMARA ID:"."""
    before = [layout.tokens[token].text for token in range(max(segment.start, stop - _WORDS_OF_A_NAME), stop)]
    family = next((n for n, text in enumerate(before[:-1]) if len(text) > 2 and text.endswith(",")), None)
    return family is not None and all(
        text[:1].isupper() and not any(map(str.isdigit, text)) for text in before[family:]
    )


def hits_by_token(hits: tuple[Hit, ...]) -> Mapping[int, Hit]:
    """For every token of a label, its hit."""
    return {token: hit for hit in hits for token in range(hit.start, hit.stop)}
