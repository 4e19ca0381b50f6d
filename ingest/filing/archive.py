"""A filed PDF as PDF/A-2b: what the standard wants beside the pages, and the judge of whether it is met.

Promise: `as_archive` adds an sRGB output intent, XMP metadata in step with the Info dictionary, and the claim
"PDF/A-2b"; the claim stays only where the whole file, as it will be written, passes every rule of the
checker. Pages are not changed for it but in two ways that show nothing else: pictures are no longer asked
to be smoothed, and colour profiles that the standard forbids go from pictures. Equal orders give equal bytes:
no clock and no chance number enters.

The checker is pikepdf's allowlist of veraPDF's rules: what it does not know, it refuses. So a file may be said
not to be PDF/A though it is; never the other way round, as far as those rules go.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String, pdfa
from PIL import ImageCms

SAVING = pdfa.resolve_save_kwargs("2b", deterministic_id=True)

_PRODUCER = "Paperchart"
_DATE_OF_PROFILE = bytes.fromhex("07d000010001000000000000")  # 2000-01-01: the day it was made says nothing
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"\
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:format>application/pdf</dc:format>
<pdf:Producer>{producer}</pdf:Producer>
{entries}</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
_CLAIM = "<pdfaid:part>2</pdfaid:part>\n<pdfaid:conformance>B</pdfaid:conformance>\n"


class PdfKind(StrEnum):
    """What a filed PDF may be called: PDF/A-2b where it is, else a plain PDF."""

    PDFA_2B = "pdfa-2b"
    PDF = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a PDF says of itself: a title and an identifier, each None where the site does not want it told."""

    title: str | None = None
    identifier: str | None = None


NOTHING = About()


def as_archive(pdf: pikepdf.Pdf, about: About, *, pictures_only: bool) -> PdfKind:
    """Makes `pdf` PDF/A-2b as far as it can be; what it may be called when saved with `SAVING`.

    `pictures_only` tells that every page is a picture of ours; then a colour profile may go. Changes no page's
    look. To be called last, when nothing else will be changed.
    """
    _still(pdf)
    _describe(pdf, about, claim=True)
    pdf.Root.OutputIntents = Array([_output_intent(pdf)])
    if _passes(pdf):
        return PdfKind.PDFA_2B
    if pictures_only and _without_profiles(pdf) and _passes(pdf):
        return PdfKind.PDFA_2B
    del pdf.Root["/OutputIntents"]
    _describe(pdf, about, claim=False)
    return PdfKind.PDF


def _passes(pdf: pikepdf.Pdf) -> bool:
    logger = logging.getLogger("fontTools")
    was_disabled, logger.disabled = logger.disabled, True  # what it says of a scan's fonts is for no log
    try:
        return bool(pdfa.check(pdf, "2b", deterministic_id=True).passed)
    finally:
        logger.disabled = was_disabled


def _describe(pdf: pikepdf.Pdf, about: About, *, claim: bool) -> None:
    """The same facts in XMP and in the Info dictionary: PDF/A wants them equal."""
    title = _printable(about.title)
    identifier = _printable(about.identifier)
    entries = _CLAIM if claim else ""
    if title:
        entries += f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>\n'
    if identifier:
        entries += f"<dc:identifier>{escape(identifier)}</dc:identifier>\n"
    packet = pdf.make_stream(_XMP.format(producer=_PRODUCER, entries=entries).encode())
    packet.Type, packet.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = packet
    pdf.docinfo = pdf.make_indirect(Dictionary(Producer=String(_PRODUCER)))
    if title:
        pdf.docinfo.Title = String(title)


def _printable(text: str | None) -> str:
    """Without what XML cannot hold."""
    return "".join(sign for sign in text if sign.isprintable()) if text else ""


def _output_intent(pdf: pikepdf.Pdf) -> pikepdf.Object:
    profile = pdf.make_stream(_srgb())
    profile.N = 3
    return pdf.make_indirect(
        Dictionary(
            Type=Name.OutputIntent,
            S=Name.GTS_PDFA1,
            OutputConditionIdentifier=String("sRGB"),
            Info=String("sRGB IEC61966-2.1"),
            DestOutputProfile=profile,
        )
    )


@cache
def _srgb() -> bytes:
    """The sRGB profile, the same bytes on every day."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made[:24] + _DATE_OF_PROFILE + made[36:]


def _still(pdf: pikepdf.Pdf) -> None:
    """No picture is smoothed when it is shown."""
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream) and item.get("/Interpolate") is not None:
            del item["/Interpolate"]


def _without_profiles(pdf: pikepdf.Pdf) -> bool:
    """Pictures in a colour space by profile get the plain one of as many colours; whether there were any."""
    found = False
    for item in pdf.objects:
        space = item.get("/ColorSpace") if isinstance(item, pikepdf.Stream) else None
        if isinstance(space, Array) and len(space) == 2 and space[0] == Name.ICCBased:
            colours = int(space[1].N)
            if colours in (1, 3):
                item.ColorSpace = Name.DeviceGray if colours == 1 else Name.DeviceRGB
                found = True
    return found
