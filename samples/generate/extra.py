"""The layouts that are drawn on request only, in sets: each drawn after the rules had met the sets before it."""

from __future__ import annotations

from collections.abc import Mapping

from .cast import Cast
from .late import LATE_LAYOUTS
from .late import WITH_RELATIVE as LATE_WITH_RELATIVE
from .later import LATER_LAYOUTS
from .later import WITH_RELATIVE as LATER_WITH_RELATIVE
from .latest import LATEST_LAYOUTS
from .latest import WITH_RELATIVE as LATEST_WITH_RELATIVE
from .layouts import Layout
from .unseen import UNSEEN_LAYOUTS
from .unseen import WITH_RELATIVE as UNSEEN_WITH_RELATIVE

SETS: Mapping[str, Mapping[str, Layout]] = {
    "late": LATE_LAYOUTS,
    "later": LATER_LAYOUTS,
    "unseen": UNSEEN_LAYOUTS,
    "latest": LATEST_LAYOUTS,
}
EXTRA_LAYOUTS: dict[str, Layout] = LATE_LAYOUTS | LATER_LAYOUTS | UNSEEN_LAYOUTS | LATEST_LAYOUTS
_STANDS_ON_ITS_OWN = frozenset({"invoice", "blank"})
_WITH_RELATIVE = (*LATE_WITH_RELATIVE, *LATER_WITH_RELATIVE, *UNSEEN_WITH_RELATIVE, *LATEST_WITH_RELATIVE)


def extra_layouts_for(cast: Cast) -> tuple[str, ...]:
    """Those on which that case can be played; none for a page that has no patient at all."""
    if _STANDS_ON_ITS_OWN & set(cast.layouts):
        return ()
    if cast.sticker:
        return tuple(name for name, layout in EXTRA_LAYOUTS.items() if layout.sticker)
    return _WITH_RELATIVE if cast.relative else tuple(EXTRA_LAYOUTS)
