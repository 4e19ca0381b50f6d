"""What is told of a file as a whole, on every document made of it: what in it would act, and what was repaired.

Promise: nothing is held back for it, and no later decision of the program loses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.model import ActivePart, Disposition, Document, FileOpened, Flag, FlagKind
from matchers.explain import listed

_OF_A_FILE = (FlagKind.ACTIVE_CONTENT, FlagKind.REPAIRED)
_WORDS = {
    ActivePart.SCRIPT: "a script",
    ActivePart.LAUNCH: "an order to start a program",
    ActivePart.ON_OPENING: "an action on opening",
    ActivePart.SENDS: "an order to send or fetch data",
    ActivePart.OTHER_FILE: "a jump into another file",
    ActivePart.EMBEDDED_FILE: "an embedded file",
    ActivePart.DYNAMIC_FORM: "a dynamic form",
    ActivePart.MEDIA: "sound or film",
}


def flags_of_file(opened: FileOpened) -> tuple[Flag, ...]:
    """The flags of every document of this file."""
    flags = [Flag(kind=FlagKind.REPAIRED, detail=_sentence(remark)) for remark in opened.remarks]
    if opened.active:
        held = listed([_WORDS[part] for part in opened.active])
        detail = f"The file holds {held}; nothing of it was run, and what is filed is without it."
        flags.insert(0, Flag(kind=FlagKind.ACTIVE_CONTENT, detail=detail))
    return tuple(flags)


def with_flags(disposition: Disposition, flags: Sequence[Flag]) -> Disposition:
    """The disposition with the file's `flags`, each once."""
    fresh = tuple(flag for flag in flags if flag not in disposition.traits.flags)
    if not fresh:
        return disposition
    return replace(disposition, traits=replace(disposition.traits, flags=(*disposition.traits.flags, *fresh)))


def flags_held(documents: Iterable[Document]) -> tuple[Flag, ...]:
    """The file's flags as these documents of it tell them."""
    flags = (flag for document in documents for flag in document.traits.flags if flag.kind in _OF_A_FILE)
    return tuple(dict.fromkeys(flags))


def _sentence(remark: str) -> str:
    return f"{remark[:1].upper()}{remark[1:]}."
