"""Dates in a run of tokens: where one stands, and which day it most likely is.

Promise: pure and total. `matchers.normalise.read_dates` says what a text means; here is only found where
such a text begins and ends. Behind a label more is believed: digits without separators, combs of single
digits, strokes read as ones.
"""

from __future__ import annotations

import re
from datetime import date

from ingest.evidence.layout import Layout
from ingest.evidence.values import Run, SiteFacts
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


def as_date(value: str) -> date | None:
    """The day that a finding's value names, where it is an ISO date."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _joined(layout: Layout, region: range) -> tuple[str, list[int]]:
    """The region's text and where in it each token begins."""
    starts, parts, length = [], [], 0
    for token in region:
        starts.append(length)
        parts.append(layout.tokens[token].text)
        length += len(parts[-1]) + 1
    return " ".join(parts), starts


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
