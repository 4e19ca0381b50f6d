"""What a value found on a page is, before it is known whose: a run of tokens with its readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ingest.evidence.layout import Layout, around
from ingest.model import Box, Role
from matchers.patient import Field, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """What is known of the site before any page is read.

    `mrn_shapes` are the patterns of its own MRNs, digits as 9 and letters as A ("9999999", "A999999"),
    commonest first; empty when nobody knows. `day_first` says how it writes ambiguous dates; `today`
    bounds birth dates.
    """

    today: date
    mrn_shapes: tuple[str, ...] = ()
    day_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Tokens `start` to before `stop` of one row, read as one value.

    `quality` (0..1) says how much the text looks like what it is taken for; how well its
    characters were read is another matter. `provider` marks a name with a title or credentials.
    """

    start: int
    stop: int
    raw: str
    value: str
    quality: float
    provider: bool = False

    @property
    def tokens(self) -> range:
        """The tokens' numbers."""
        return range(self.start, self.stop)


def reading_certainty(layout: Layout, tokens: Iterable[int]) -> float:
    """The probability that all characters of the tokens are right, from the worst of them.

    The engine's own figure is no probability: what it calls 0.9 is right far more often than in nine
    cases of ten, what it calls 0.3 far less. The points were fitted on synthetic scans.
    """
    worst = min((layout.tokens[token].confidence for token in tokens), default=0.0)
    for (x0, y0), (x1, y1) in zip(_CURVE, _CURVE[1:], strict=False):
        if worst <= x1:
            return y0 + (y1 - y0) * max(0.0, worst - x0) / (x1 - x0)
    return _CURVE[-1][1]


_CURVE = ((0.0, 0.05), (0.3, 0.35), (0.5, 0.62), (0.7, 0.86), (0.8, 0.935), (0.9, 0.985), (0.96, 0.997), (1.0, 0.999))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A value whose field and owner are known, not yet a `Finding`.

    `sureness` (0..1) is how sure field and owner are; `read` how surely the characters are right.
    `box` is in pixels of the picture that was read.
    """

    field: Field
    role: Role
    value: str
    raw: str
    tokens: tuple[int, ...]
    box: Box
    sureness: float
    read: float
    source: Source = Source.TEXT
    label: str | None = None


def draft(
    layout: Layout, field: Field, role: Role, run: Run, sureness: float, label: str | None = None
) -> Draft:
    """A run of tokens as the value of a field."""
    return Draft(
        field=field,
        role=role,
        value=run.value,
        raw=run.raw,
        tokens=tuple(run.tokens),
        box=around(layout.tokens[token].box for token in run.tokens),
        sureness=sureness,
        read=reading_certainty(layout, run.tokens),
        label=label,
    )
