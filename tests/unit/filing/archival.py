"""The structural rules of PDF/A-2b that a filed PDF is held against, apart from the program's own checker.

Read from the bytes by pikepdf and qpdf, rule by rule (clauses of ISO 19005-2):
6.1.2 header with version and a line of bytes above 127; 6.1.3 trailer with /ID, without /Encrypt; 6.1.7.2 no
LZWDecode or Crypt, and no stream in another file; 6.2.3 one output intent GTS_PDFA1 with a profile whose /N agrees
with it; 6.2.4.3 no DeviceCMYK picture; 6.2.8 pictures without /Alternates, /OPI and /Interpolate true;
6.2.8.3 JPEG 2000 with 1, 3 or 4 channels of equal depth; 6.2.11.4 every font program embedded;
6.2.11.3 CIDToGIDMap where a CIDFontType2 is; 6.2.11.7 ToUnicode; 6.3 and 6.5 no annotation, action or script;
6.6.2 XMP unfiltered; 6.6.3 Info equal to XMP; 6.6.4 pdfaid part 2, conformance B; 6.8 no embedded files.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name


def faults(path: Path) -> list[str]:
    """The rules that the file at `path` breaks, by clause; empty when it breaks none."""
    found = []
    data = path.read_bytes()
    if not re.match(rb"%PDF-1\.[0-7][\r\n]+%[\x80-\xff]{4}", data):
        found.append("6.1.2 header")
    with pikepdf.open(path) as pdf:
        if "/ID" not in pdf.trailer or "/Encrypt" in pdf.trailer:
            found.append("6.1.3 trailer")
        found += _intent(pdf) + _metadata(pdf) + _actions(pdf)
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream):
                found += _stream(item)
            elif isinstance(item, Dictionary) and item.get("/Type") == Name.Font:
                found += _font(item)
    if shutil.which("qpdf") and subprocess.run(["qpdf", "--check", path], capture_output=True).returncode:
        found.append("qpdf --check")
    return found


def _intent(pdf: pikepdf.Pdf) -> list[str]:
    intents = list(pdf.Root.get("/OutputIntents", Array([])))
    if len(intents) != 1 or intents[0].S != Name.GTS_PDFA1:
        return ["6.2.3 output intent"]
    profile = intents[0].DestOutputProfile
    header = profile.read_bytes()
    right = header[16:20] == b"RGB " and int(profile.N) == 3 and header[36:40] == b"acsp" and header[8] in (2, 4)
    return [] if right and int.from_bytes(header[:4], "big") == len(header) else ["6.2.3 profile"]


def _metadata(pdf: pikepdf.Pdf) -> list[str]:
    packet = pdf.Root.get("/Metadata")
    if packet is None or "/Filter" in packet:
        return ["6.6.2 XMP"]
    with pdf.open_metadata(update_docinfo=False, set_pikepdf_as_editor=False) as xmp:
        found = [] if (xmp.get("pdfaid:part"), xmp.get("pdfaid:conformance")) == ("2", "B") else ["6.6.4 claim"]
        for key, name in (("/Title", "dc:title"), ("/Producer", "pdf:Producer")):
            if key in pdf.docinfo and str(pdf.docinfo[key]) != xmp.get(name):
                found.append(f"6.6.3 {key}")
    return found


def _actions(pdf: pikepdf.Pdf) -> list[str]:
    found = [f"6.5 {key}" for key in ("/OpenAction", "/AA", "/AcroForm", "/Names") if key in pdf.Root]
    return found + ["6.3 annotation" for page in pdf.pages if "/Annots" in page.obj or "/AA" in page.obj]


def _stream(item: pikepdf.Stream) -> list[str]:
    filters = item.get("/Filter", Array([]))
    names = [str(name) for name in filters] if isinstance(filters, Array) else [str(filters)]
    found = ["6.1.7.2 filter" for name in names if name in ("/LZWDecode", "/Crypt")]
    found += ["6.1.7.2 outside" for key in ("/F", "/FFilter", "/FDecodeParms") if key in item]
    if item.get("/Type") == Name.EmbeddedFile:
        found.append("6.8 embedded file")
    if item.get("/Subtype") == Name.Image:
        found += [f"6.2.8 {key}" for key in ("/Alternates", "/OPI") if key in item]
        if item.get("/Interpolate", False):
            found.append("6.2.8 interpolation")
        if item.get("/ColorSpace") == Name.DeviceCMYK:
            found.append("6.2.4.3 DeviceCMYK")
        if "/JPXDecode" in names:
            found += _jpeg_2000(item.read_raw_bytes())
    return found


def _jpeg_2000(data: bytes) -> list[str]:
    at = data.find(b"\xff\x51")  # SIZ: how many channels, and how deep each is
    channels = int.from_bytes(data[at + 38 : at + 40], "big")
    depths = {data[at + 40 + 3 * channel] for channel in range(channels)}
    return [] if at >= 0 and channels in (1, 3, 4) and len(depths) == 1 else ["6.2.8.3 JPEG 2000"]


def _font(font: pikepdf.Object) -> list[str]:
    found = []
    if font.get("/Subtype") == Name.Type0:
        if "/ToUnicode" not in font:
            found.append("6.2.11.7 ToUnicode")
    elif font.get("/Subtype") != Name.Type3:
        descriptor = font.get("/FontDescriptor", Dictionary())
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()):
            found.append("6.2.11.4 not embedded")
        if font.get("/Subtype") == Name.CIDFontType2 and "/CIDToGIDMap" not in font:
            found.append("6.2.11.3 CIDToGIDMap")
    return found
