"""Dates in a run of tokens: where one stands, and which day it most likely is.

Promise: pure and total. `matchers.normalise.read_dates` says what a text means; here is only found where
such a text begins and ends. Behind a label more is believed: digits without separators, combs of single
digits, strokes read as ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from ingest.evidence.layout import Layout
from ingest.evidence.values import Run, SiteFacts
from ingest.model import Word
from matchers.normalise import LATEST_BIRTH, read_dates

_D = "[0-9OoQDIl|!SBZz]"
_SEP = r"\s?[/\-.–—,\\~=!°]{1,2}\s?"
_NUMERIC = re.compile(rf"(?<![\w/]){_D}{{1,4}}{_SEP}{_D}{{1,2}}{_SEP}(?:{_D}{{4}}|{_D}{{2}})(?![\w/])")
_MONTH = r"(?:[A-Za-z][A-Za-z01|]{2,8})"
_NAMED = re.compile(
    rf"(?<!\w)(?:{_MONTH}[.,]?[\s\-/~]*{_D}{{1,2}}(?:st|nd|rd|th)?[\s\-/.,:~=]+(?:{_D}{{4}}|'?{_D}{{2}})"
    rf"|{_D}{{1,2}}(?:st|nd|rd|th)?[\s\-/.,~=]*{_MONTH}[\s\-/.,~=]*(?:{_D}{{4}}|'?{_D}{{2}}))(?!\w)"
)
_LOOSE = re.compile(
    rf"(?<!\w)(?:{_D}{{1,2}}\s{_D}{{1,2}}\s(?:{_D}{{4}}|{_D}{{2}})|{_D}{{6}}|{_D}{{8}}|{_D}{{10}}"
    rf"|{_D}{{2}}[/\-.]{_D}{{6,7}}|{_D}{{4,5}}[/\-.]{_D}{{4}}"
    rf"|{_D}{{1,2}}[/\-. ]{{1,3}}{_D}{{1,2}}[/\-. ]{{1,3}}{_D}{{2,4}}"
    rf"|(?:18|19|20){_D}{{2}}[ /\-.]{{1,3}}{_D}{{1,2}}[ /\-.]{{1,3}}{_D}{{1,2}})(?!\w)"
)
_MISREAD_STROKE = re.compile(r"(?<=\d)\s?[!°]\s?(?=\d)")  # "09/13! 1956"
_COMB = re.compile(rf"(?<!\w)(?:{_D}\s(?:[/\-]\s)?){{5,7}}{_D}(?!\w)")
_FIRST_DAY_OF_THE_REST = 32  # characters that may stand between a label and its date
_HALF_A_YEAR = re.compile(r".*\d[/\-.](?:18|19|20)")  # "01/18/19 82"
_NARROW = 0.8  # heights of a word
_WHOLE = re.compile(r"\D?(\d{1,2})[/.\-](\d{1,2})[/.\-](?:19|20)\d\d\D?")
_CLEAR = 0.9
_TOLD_LEAST = 2  # one may be misread


def find_dates(layout: Layout, region: range, facts: SiteFacts, *, labelled: bool, birth: bool = True) -> list[Run]:
    """The dates in a region, left to right; behind a label at most the first that begins near it.

    A birth date lies between 1880 and today; a run whose text has no such reading is kept behind a label, with
    its text as value and a low quality, because the index may still know what was meant.
    """
    text, starts = _joined(layout, region)
    if sum(char.isdigit() for char in text) < 2:
        return []
    latest = facts.today if birth else LATEST_BIRTH
    forms = (_NAMED, _NUMERIC, _COMB, _LOOSE) if labelled else (_NAMED, _NUMERIC)
    runs: list[tuple[int, Run]] = []
    for form in forms:
        for match in form.finditer(text):
            if labelled and match.start() > _FIRST_DAY_OF_THE_REST:
                break
            run = _run(region, starts, match, facts, latest, form)
            if run is not None and not any(set(run.tokens) & set(held.tokens) for _, held in runs):
                runs.append((match.start(), run))
    runs.sort(key=lambda item: item[0])
    found = [run for _, run in runs]
    return found[:1] if labelled else [run for run in found if run.quality > 0.5]


def as_written(words: Iterable[Word], facts: SiteFacts) -> SiteFacts:
    """The site's facts with the page's own custom, where its clearly read dates tell that it is the other one: two
    whose first number can only be a day, and none whose first can only be a month (or the other way round).
    """
    told = [match for word in words if word.confidence >= _CLEAR and (match := _WHOLE.fullmatch(word.text))]
    days_first = sum(int(one[1]) > 12 >= int(one[2]) for one in told)
    months_first = sum(int(one[2]) > 12 >= int(one[1]) for one in told)
    other, own = (months_first, days_first) if facts.day_first else (days_first, months_first)
    return replace(facts, day_first=not facts.day_first) if other >= _TOLD_LEAST and own == 0 else facts


def as_date(value: str) -> date | None:
    """The day that a finding's value names, where it is an ISO date."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _joined(layout: Layout, region: range) -> tuple[str, list[int]]:
    """The region's text and where in it each token begins."""
    starts: list[int] = []
    text = ""
    for token in region:
        text += " " if starts and not _ends_year(layout, token) else ""
        starts.append(len(text))
        text += layout.tokens[token].text
    return text, starts


def _ends_year(layout: Layout, token: int) -> bool:
    """Whether a word is the rest of the year that the word before it begins."""
    before, word = layout.tokens[token - 1], layout.tokens[token]
    halves = _HALF_A_YEAR.fullmatch(before.text) and re.fullmatch(r"\d\d", word.text)
    return bool(halves) and layout.gap(token - 1, token) < _NARROW * max(before.height, word.height)


def _run(
    region: range, starts: list[int], match: re.Match[str], facts: SiteFacts, latest: date, form: re.Pattern[str]
) -> Run | None:
    raw = match.group()
    digits = sum(char.isdigit() for char in raw)
    if digits < 3 or (form is not _NAMED and digits * 5 < 3 * sum(char.isalnum() for char in raw)):
        return None
    spelt = re.sub(r"\s", "", raw) if form is _COMB else re.sub(r"[~=\-]+", "-", raw)
    spelt = _MISREAD_STROKE.sub("/", spelt) if form is _NUMERIC else spelt
    readings = read_dates(spelt, day_first=facts.day_first, born_before=latest)
    if not readings and form is not _NUMERIC:
        return None
    first = max(n for n, start in enumerate(starts) if start <= match.start())
    last = max(n for n, start in enumerate(starts) if start < match.end())
    quality = {_NAMED: 1.0, _NUMERIC: 1.0, _COMB: 0.95, _LOOSE: 0.9}[form] if readings else 0.45
    if readings and form is _NUMERIC and _against_custom(raw, facts):
        quality = 0.6
    return Run(
        start=region[first],
        stop=region[last] + 1,
        raw=spelt,
        value=readings[0].isoformat() if readings else spelt,
        quality=quality,
    )


def _against_custom(raw: str, facts: SiteFacts) -> bool:
    """Whether day and month stand the other way round than the site writes them: a misread digit, most likely."""
    parts = re.findall(r"\d+", raw)
    if len(parts) != 3 or len(parts[0]) > 2:
        return False
    month = parts[1] if facts.day_first else parts[0]
    return int(month) > 12
