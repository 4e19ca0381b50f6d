"""Areas of ink too large to be print: what stands on them nobody reads.

Promise: pure. A scanner that knows black and white only eats a dark band's white print from its edges: what is left is
one ragged piece of ink. Rules, frames, grids and tracings have little ink for their size, letters are smaller.
"""

from __future__ import annotations

from ingest.model import Box
from ingest.reading.clean import Shapes

_WIDE_INCH, _HIGH_INCH = 2.0, 0.25
_FLAT = 4.0  # times as wide as high: logos and portraits are not
_INK_SQUARE_INCH = 0.2
_FILLED = 0.1  # of its box


def find_dark_areas(shapes: Shapes, dpi: int) -> tuple[Box, ...]:
    """The boxes of such pieces of ink, in pixels of the picture that `shapes` were found in."""
    _, _, wide, high, ink = shapes.T
    large = (wide >= _WIDE_INCH * dpi) & (high >= _HIGH_INCH * dpi) & (ink >= _INK_SQUARE_INCH * dpi * dpi)
    large &= wide >= _FLAT * high
    found = shapes[large & (ink >= _FILLED * wide * high)].astype(float).tolist()
    return tuple(Box(x0=x, y0=y, x1=x + w, y1=y + h) for x, y, w, h, _ in found)
