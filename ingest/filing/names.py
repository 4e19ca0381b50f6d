"""What a filed PDF is called: the site's naming template, filled with a document's facts.

Promises: a name never leaves the records folder; it is good on Windows shares (characters, reserved
names, trailing dots, length, letter case); two documents never get one name, and two patients never one
`{mrn}`, not even where a share ignores case. A template is checked as a whole when the settings load.

Plain MRNs (capitals, digits, - and _) stand as they are. Any other is written as what is plain of it, a
`~` and ten digits of its hash: "ab/1" becomes "AB-1~" and so on, and can be no other patient's.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import PurePosixPath
from string import Formatter

DEFAULT_TEMPLATE = "{mrn}/{document_date:%Y}/{document_date}_{type}_{document}.pdf"

_LONGEST_PATH = 200  # below records/; Windows stops at 260 with the share's own path
_LONGEST_PART = 120
_LONGEST_VALUE = 40
_FIELDS = ("mrn", "document", "scan", "received", "type", "document_date")
_DATES = ("received", "document_date")
_DATE_FORMAT = re.compile(r"(?:%[YmdyjHMS]|[A-Za-z0-9_-])+")
_LITERAL = re.compile(r"[A-Za-z0-9 _.,;=@#&()\[\]+'!-]*")
_PLAIN = re.compile(r"[A-Z0-9_-]+")
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?:\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingFacts:
    """What a name may be made of. `document` and `scan` are the ledger's ids; `received` is UTC.

    Where the paper's own date was not read, `{document_date}` is the day it was received; where its type was
    not, `{type}` is "untyped".
    """

    mrn: str
    document: str
    scan: str
    received: datetime
    type: str | None = None
    document_date: date | None = None


def check_template(text: str) -> tuple[str, ...]:
    """What is wrong with a naming template, each with what would be right; empty when it is good."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return ("the braces do not match; write fields like {mrn}",)
    problems = [problem for part in parts for problem in _field_problems(*part[1:])]
    problems += _literal_problems("".join(part[0] for part in parts), text)
    if not problems:
        problems += _document_problems(parts)
    if not problems:
        problems += _length_problems(text)
    return tuple(dict.fromkeys(problems))


def file_name(template: str, facts: NamingFacts) -> PurePosixPath:
    """The place of a document below records/. `ValueError` for a template that `check_template` faults."""
    if problems := check_template(template):
        msg = f"a naming template that cannot be used: {problems[0]}"
        raise ValueError(msg)
    return _fill(template, facts)


def names_beside(name: PurePosixPath) -> Iterator[PurePosixPath]:
    """`name`, then others beside it that no template gives any document: templates hold no `~` of their own."""
    yield name
    for number in count(2):
        yield name.with_name(f"{name.stem}~{number}{name.suffix}")


def _fill(template: str, facts: NamingFacts) -> PurePosixPath:
    filled = "".join(
        literal + (_value(facts, field, spec or "") if field is not None else "")
        for literal, field, spec, _ in Formatter().parse(template)
    )
    return PurePosixPath(*(_unreserved(part) for part in filled.split("/")))


def _value(facts: NamingFacts, field: str, spec: str) -> str:
    match field:
        case "mrn":
            return _safe(facts.mrn)
        case "document":
            return _safe(facts.document)
        case "scan":
            return _safe(facts.scan)
        case "type":
            return _safe(facts.type.upper()).lower() if facts.type else "untyped"
        case "received":
            return facts.received.strftime(spec or "%Y-%m-%d")
        case "document_date":
            return (facts.document_date or facts.received).strftime(spec or "%Y-%m-%d")
        case _:
            raise ValueError(field)


def _safe(value: str) -> str:
    """The value where it is plain and short; else what is plain of it and its hash."""
    if not value:
        msg = "a name cannot be made of an empty value"
        raise ValueError(msg)
    if _PLAIN.fullmatch(value) and len(value) <= _LONGEST_VALUE:
        return value
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    plain = re.sub(r"[^A-Z0-9_-]+", "-", value.upper()).strip("-")[: _LONGEST_VALUE - 11]
    return f"{plain}~{digest}"


def _unreserved(part: str) -> str:
    """Windows takes AUX, COM1 and their like for devices, with any ending; a tilde makes them names."""
    if not _RESERVED.match(part):
        return part
    stem, dot, ending = part.partition(".")
    return f"{stem}~{dot}{ending}"


def _field_problems(field: str | None, spec: str | None, conversion: str | None) -> Iterator[str]:
    if field is None:
        return
    if field not in _FIELDS:
        known = ", ".join("{" + name + "}" for name in _FIELDS)
        yield f"{{{field}}} is no field; there are {known}"
    elif conversion:
        yield f"{{{field}!{conversion}}} will not do; write {{{field}}}"
    elif spec and field not in _DATES:
        yield f"{{{field}:{spec}}} will not do: only dates have a format; write {{{field}}}"
    elif spec and not _DATE_FORMAT.fullmatch(spec):
        yield f"{{{field}:{spec}}} will not do; use %Y %m %d %y %j %H %M %S, letters, digits, - and _"


def _literal_problems(literals: str, text: str) -> Iterator[str]:
    if not text.endswith(".pdf"):
        yield "it must end with .pdf"
    if wrong := sorted({sign for sign in literals.replace("/", "") if not _LITERAL.fullmatch(sign)}):
        yield f"Windows shares do not take {' '.join(wrong)} in names; use letters, digits, - and _"
    parts = text.split("/")
    if text.startswith("/") or "" in parts[1:-1]:
        yield "it must be a path below the records folder: no / at the start, none doubled"
    if any(part.strip(". ") == "" and part for part in parts) or ".." in parts:
        yield "it must stay inside the records folder: no . or .. parts"
    elif any(part.startswith((".", " ")) or part.endswith((".", " ")) for part in parts):
        yield "no part of it may begin or end with a dot or a blank"


def _document_problems(parts: list[tuple[str, str | None, str | None, str | None]]) -> Iterator[str]:
    """`{document}` makes names unique, if nothing beside it can be taken for a part of it."""
    fields = [field for _, field, _, _ in parts]
    if "document" not in fields:
        yield "it must contain {document}, or two documents could get one name"
        return
    for at, (literal, field, _, _) in enumerate(parts):
        after = parts[at + 1][0] if at + 1 < len(parts) else ""
        if field != "document":
            continue
        joined_before = literal[-1:].isalnum() or (at > 0 and not literal)
        if joined_before or not after or after[0].isalnum():
            yield "set {document} apart from its neighbours by a sign such as _ or -"


def _length_problems(text: str) -> Iterator[str]:
    long, number = "0" * _LONGEST_VALUE, "D" + "0" * 9
    moment = datetime(2000, 12, 31, 23, 59, 59, tzinfo=UTC)
    facts = NamingFacts(
        mrn=long, document=number, scan=number, received=moment, type=long.lower(), document_date=moment
    )
    longest = _fill(text, facts)
    if len(str(longest)) > _LONGEST_PATH:
        yield f"names could be {len(str(longest))} long; shorten it to {_LONGEST_PATH} below records/"
    if any(len(part) > _LONGEST_PART for part in longest.parts):
        yield f"a part of it could be over {_LONGEST_PART} long; shorten it"
