"""Does a page have text of its own that says what the page shows?

Promise: yes for a page that was born digital or that a scanner has already read well; no for a bare
picture, and no where the own text is only a stamp (a fax header, a page number) or nonsense (fonts whose
codes mean nothing): the judge is what was read from the picture.
"""

from __future__ import annotations

import re

from ingest.model import PageArtefact

_WORD = re.compile(r"[^\W_]{3,}")
_ENOUGH = 0.5


def has_own_text(text: str, artefact: PageArtefact | None) -> bool:
    """Whether at least half of the words that were read stand in the page's own `text`.

    Without a reading, or when too little was read to judge, any word of its own counts.
    """
    own = set(_words(text))
    if not own:
        return False
    read = _words(" ".join(word.text for word in artefact.words)) if artefact is not None else []
    if len(read) < 3:
        return True
    return sum(word in own for word in read) >= _ENOUGH * len(read)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]
