"""What in a PDF would act, were it opened in a viewer: found without decoding a page, and never run.

Promise: looks into every object that the file's tables name, compressed ones too; a name spelled with
escapes (/J#61vaScript) is the same name. What merely links or scrolls is none.
"""

from __future__ import annotations

import re

import pikepdf
from pikepdf import Array, Dictionary, Stream

from ingest.model import ActivePart

_ACTIONS = {
    "/JavaScript": ActivePart.SCRIPT,
    "/Launch": ActivePart.LAUNCH,
    "/SubmitForm": ActivePart.SENDS,
    "/ImportData": ActivePart.SENDS,
    "/GoToR": ActivePart.OTHER_FILE,
    "/GoToE": ActivePart.OTHER_FILE,
    "/Rendition": ActivePart.MEDIA,
    "/Movie": ActivePart.MEDIA,
    "/Sound": ActivePart.MEDIA,
    "/RichMediaExecute": ActivePart.MEDIA,
}
_KEYS = {
    "/JS": ActivePart.SCRIPT,
    "/EF": ActivePart.EMBEDDED_FILE,
    "/XFA": ActivePart.DYNAMIC_FORM,
    "/RichMediaContent": ActivePart.MEDIA,
}
_HARMLESS_ON_OPENING = ("/GoTo", "/Named")
_WORTH_A_LOOK = re.compile(
    rb"/(?:JavaScript|Launch|SubmitForm|ImportData|GoToR|GoToE|Rendition|Movie|Sound|RichMedia\w*|JS|EF|XFA|EmbeddedFile)\b"
)


def active_parts(pdf: pikepdf.Pdf) -> tuple[ActivePart, ...]:
    """The kinds of active parts that the PDF holds, each once, in the order of `ActivePart`."""
    found: set[ActivePart] = set()
    for item in pdf.objects:
        if not isinstance(item, (Dictionary, Stream, Array)):
            continue
        held = item.stream_dict if isinstance(item, Stream) else item
        if _WORTH_A_LOOK.search(held.unparse(resolved=True)):
            found |= _parts_of(held)
    opening = pdf.Root.get("/OpenAction")
    if isinstance(opening, Dictionary) and str(opening.get("/S", "")) not in _HARMLESS_ON_OPENING:
        found.add(ActivePart.ON_OPENING)
    return tuple(part for part in ActivePart if part in found)


def _parts_of(holder: pikepdf.Object) -> set[ActivePart]:
    """Those in `holder` and in what lies directly in it; references are objects of their own turn."""
    found: set[ActivePart] = set()
    waiting = [holder]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Array):
            waiting += [one for one in item if _is_direct(one)]
            continue
        for key, value in item.items():
            if key in _KEYS:
                found.add(_KEYS[key])
            elif key == "/S" and (acts := _ACTIONS.get(str(value))) is not None:
                found.add(acts)
            elif key == "/Type" and str(value) == "/EmbeddedFile":
                found.add(ActivePart.EMBEDDED_FILE)
            if _is_direct(value):
                waiting.append(value)
    return found


def _is_direct(value: object) -> bool:
    return isinstance(value, (Dictionary, Array)) and not value.is_indirect
