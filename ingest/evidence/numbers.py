"""Numbers in a run of tokens: MRN-like identifiers, phones, social security numbers, sexes, ZIP codes.

Promise: pure and total. An identifier's value is as printed, in capitals without spaces; letters that stand for
digits are turned back where the site's own pattern, or the rest of the number, says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.evidence.layout import Layout
from ingest.evidence.spelling import plain
from ingest.evidence.values import Run, SiteFacts
from matchers.normalise import digits_for_letters, normalise_phone, normalise_sex, normalise_ssn4, shape_of
from matchers.patient import Sex

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-/|]{2,19}")
_TRIM = " #:;,.()*\"'“”‘’=~_"
_PHONE = re.compile(r"(?<![\w-])\(?[0-9OIl]{3}\)?[\s\-./)]{0,3}[0-9OIlSB]{3}[\s\-.]{0,3}[0-9OIlSB]{4}(?![\w])")
_SHORT_PHONE = re.compile(r"(?<![\w-])[0-9OIl]{3}[\-.][0-9OIlSB]{4}(?![\w-])")
_SSN = re.compile(
    r"(?<![\w-])(?:[0-9xX*#•]{3}\s?[-–. ]\s?[0-9xX*#•]{2}\s?[-–. ]\s?|[xX*#•]{3,5}-?)([0-9OIlSB]{4})(?!\w)"
)
_LAST_FOUR = re.compile(r"(?<!\w)([0-9OIlSB]{4})(?!\w)")
_ZIP = re.compile(r"(?<![\w-])([0-9OIlSB]{5})(?:\s?-\s?[0-9OIlSB]{4})?(?![\w-])")
_DATE_LIKE = re.compile(r"\d{1,2}[/\-]\d{1,2}[/\-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}")
_NEAR = 4  # tokens between a label and its number

_TICKED_SEX = re.compile(r"([MF])[\[({|]*[xX✓✔][\])}|\[]*")  # "M[X] F[ ]" as it is read often
_BOXED_SEX = re.compile(r"([MFmf])(?:[^A-Za-z0-9]+[xXvV]?[^A-Za-z0-9]*)?")


def find_identifier(layout: Layout, region: range, facts: SiteFacts) -> Run | None:
    """The first number near the region's start that can be an MRN or an account number."""
    for at in list(region)[:_NEAR]:
        text = layout.tokens[at].text.strip(_TRIM)
        if _DATE_LIKE.fullmatch(text):
            return None
        run = _spaced(layout, range(at, region.stop), facts) or _single(at, text, facts)
        if run is not None:
            return run
        if sum(char.isalpha() for char in text) > 3 and not _is_prefix(text):
            return None
    return None


def fits(value: str, shapes: tuple[str, ...]) -> bool:
    """Whether a number has one of the site's shapes, hyphens aside."""
    shape = shape_of(value)
    return any(shape == pattern or shape_of(value.replace("-", "")) == pattern.replace("-", "") for pattern in shapes)


def _single(at: int, text: str, facts: SiteFacts) -> Run | None:
    if not _ID.fullmatch(text) or text.count("/") > 1:
        return None
    digits = sum(char.isdigit() for char in digits_for_letters(text.upper()))
    true_digits = sum(char.isdigit() for char in text)
    if true_digits < 2 or digits < 4 or digits * 2 < len(text):
        return None
    return Run(start=at, stop=at + 1, raw=text, value=as_identifier(text, facts.mrn_shapes), quality=1.0)


def _spaced(layout: Layout, region: range, facts: SiteFacts) -> Run | None:
    """Groups of digits with spaces between that make one number: "00 12 345", or a comb of single digits."""
    texts: list[str] = []
    for token in region:
        text = layout.tokens[token].text.strip(_TRIM)
        near = not texts or layout.gap(token - 1, token) < 1.6 * layout.tokens[token].height or len(text) == 1
        if not near or not re.fullmatch(r"[0-9OIlSBZ]{1,4}|-", text) or not any(c.isdigit() or c == "-" for c in text):
            break
        texts.append(text)
    while texts and texts[-1] == "-":
        texts.pop()
    value = as_identifier("".join(texts), facts.mrn_shapes)
    if len(texts) < 2 or texts[0] == "-" or not 5 <= len(value) <= 12:
        return None
    comb = all(len(text) == 1 for text in texts)
    if not comb and facts.mrn_shapes and not fits(value, facts.mrn_shapes):
        return None
    return Run(start=region.start, stop=region.start + len(texts), raw=" ".join(texts), value=value, quality=0.95)


def as_identifier(text: str, shapes: tuple[str, ...]) -> str:
    """A number in capitals, with letters put right that a site's shape or the digits around them betray."""
    value = text.upper().replace(" ", "").replace("|", "1")
    bare = value.replace("-", "").replace("/", "")
    for shape in shapes:
        for spelling in (value, bare):
            if len(spelling) == len(shape):
                fitted = "".join(
                    digits_for_letters(char) if pattern == "9" else char
                    for char, pattern in zip(spelling, shape, strict=True)
                )
                if shape_of(fitted) == shape:
                    return fitted
    head = re.match(r"[A-Z]{0,3}", value)
    prefix = head.group() if head else ""
    if re.fullmatch(r"[OQDIL]+", prefix):
        prefix = ""
    rest = value[len(prefix) :]
    repaired = digits_for_letters(rest)
    letters = sum(char.isalpha() for char in rest)
    return prefix + repaired if letters * 3 < len(rest) and not any(c.isalpha() for c in repaired) else value


def _is_prefix(text: str) -> bool:
    return text.isupper() and len(text) <= 4


def numbers_of_shape(layout: Layout, region: range, facts: SiteFacts) -> Iterator[Run]:
    """Every number of a region that has the shape of the site's own MRNs."""
    if not facts.mrn_shapes:
        return
    for at in region:
        text = layout.tokens[at].text.strip(_TRIM)
        if _DATE_LIKE.fullmatch(text):
            continue
        run = _single(at, text, facts)
        if run is not None and fits(run.value, facts.mrn_shapes):
            yield run


def find_phone(layout: Layout, region: range) -> Run | None:
    """The first phone number near the region's start."""
    run = _matched(layout, region, _PHONE, 30) or _matched(layout, region, _SHORT_PHONE, 12)
    digits = normalise_phone(run.raw) if run else None
    if run is None or digits is None:
        return None
    shown = f"{digits[-10:-7]}-{digits[-7:-4]}-{digits[-4:]}".lstrip("-")
    return Run(start=run.start, stop=run.stop, raw=run.raw, value=shown, quality=1.0)


def find_ssn4(layout: Layout, region: range, *, last_four: bool) -> Run | None:
    """The last four digits of a social security number; four bare digits only where the label asks for them."""
    run = _matched(layout, region, _SSN, 12) or (_matched(layout, region, _LAST_FOUR, 6) if last_four else None)
    digits = normalise_ssn4(run.raw[-4:]) if run else None
    if run is None or digits is None:
        return None
    return Run(start=run.start, stop=run.stop, raw=run.raw, value=digits, quality=1.0)


def find_zip(layout: Layout, region: range) -> Run | None:
    """The last ZIP code of a region."""
    for at in reversed(region):
        run = _matched(layout, range(at, min(at + 3, region.stop)), _ZIP, 0)
        if run is not None:
            value = digits_for_letters(run.raw[:5].upper())
            if value.isdigit():
                return Run(start=run.start, stop=run.stop, raw=run.raw, value=value, quality=1.0)
    return None


def find_sex(layout: Layout, region: range) -> Run | None:
    """The sex near the region's start; of two boxes to tick the one that is marked, or none."""
    found: list[tuple[int, Sex, str]] = []
    for at in list(region)[:6]:
        ticked = _TICKED_SEX.fullmatch(layout.tokens[at].text)
        if ticked and (sex := normalise_sex(ticked[1])) and _has_box_beside(layout, at, sex):
            return Run(start=at, stop=at + 1, raw=ticked[1], value=str(sex), quality=0.9)
        text = layout.tokens[at].text.strip(_TRIM + "/[]")
        sex = normalise_sex(text) or _glued_to_box(text)
        if sex is not None and (len(text) > 1 or text in "MF" or (text == "X" and not found and len(region) == 1)):
            found.append((at, sex, text))
    kinds = {sex for _, sex, _ in found}
    if len(kinds) > 1:
        marked = [item for item in found if item[0] > region.start and _is_mark(layout.tokens[item[0] - 1].text)]
        found = marked if len({sex for _, sex, _ in marked}) == 1 else []
    if not found or _glued_to_box(found[0][2]):
        return None
    at, sex, text = found[0]
    ticked_at = _ticked_beside(layout, at, sex)
    if ticked_at is not None:
        other = Sex.MALE if sex is Sex.FEMALE else Sex.FEMALE
        return Run(start=ticked_at, stop=ticked_at + 1, raw=other.value, value=other.value, quality=0.9)
    if len(kinds) == 1 and len(text) == 1 and _has_box_beside(layout, at, sex):
        return None
    return Run(start=at, stop=at + 1, raw=text, value=str(sex), quality=0.9 if len(kinds) > 1 else 1.0)


def _glued_to_box(text: str) -> Sex | None:
    """Which sex a word is that was read together with the box before it, ticked or not: "BlFemale", "Klemale"."""
    word = text.lower()
    if word.endswith("emale"):
        return None if word == "female" else Sex.FEMALE
    return Sex.MALE if word.endswith("male") and word != "male" else None


def _ticked_beside(layout: Layout, at: int, sex: Sex) -> int | None:
    """The token right beside a lone letter that is the other sex's, ticked."""
    for beside in (at - 1, at + 1):
        if 0 <= beside < len(layout.tokens) and layout.row_of(beside) == layout.row_of(at):
            ticked = _TICKED_SEX.fullmatch(layout.tokens[beside].text)
            if ticked and normalise_sex(ticked[1]) not in (None, sex):
                return beside
    return None


def _has_box_beside(layout: Layout, at: int, sex: Sex) -> bool:
    """The other sex's letter is printed right beside: boxes to tick ("M[X] F[ ]"), of which one says nothing."""
    box = layout.tokens[at].box
    for beside in (at - 2, at - 1, at + 1, at + 2):
        if not 0 <= beside < len(layout.tokens):
            continue
        other = layout.tokens[beside]
        same_row = other.box.y0 < box.y1 and box.y0 < other.box.y1
        letter = _BOXED_SEX.fullmatch(other.text)
        if same_row and letter and normalise_sex(letter[1]) not in (None, sex):
            return True
    return False


def _is_mark(text: str) -> bool:
    return plain(text).strip("[]()") in ("x", "v", "✓", "✔", "☒", "☑", "xx")


def _matched(layout: Layout, region: range, form: re.Pattern[str], begin_before: int) -> Run | None:
    """The first match of a pattern that begins before a character of the region's text."""
    starts, parts, length = [], [], 0
    for token in region:
        starts.append(length)
        parts.append(layout.tokens[token].text)
        length += len(parts[-1]) + 1
    match = form.search(" ".join(parts))
    if match is None or match.start() > begin_before:
        return None
    first = max(n for n, start in enumerate(starts) if start <= match.start())
    last = max(n for n, start in enumerate(starts) if start < match.end())
    return Run(start=region[first], stop=region[last] + 1, raw=match.group(), value=match.group(), quality=1.0)
