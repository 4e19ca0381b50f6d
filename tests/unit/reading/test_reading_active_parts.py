"""What in a PDF would act is named, wherever it hides; what merely shows, links or scrolls is not."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from ingest.model import ActivePart, FileOpened
from ingest.reading.artefact import decode_file, encode_file
from ingest.reading.opening import open_scan
from ingest.reading.options import ReadingOptions


def _script() -> pikepdf.Object:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert('x')"))


def _active(folder: Path, change: Callable[[pikepdf.Pdf], None], **saving: object) -> tuple[ActivePart, ...]:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    change(pdf)
    path = folder / "scan.pdf"
    pdf.save(path, **saving)  # type: ignore[arg-type]
    opened = open_scan(path, ReadingOptions())
    assert isinstance(opened, FileOpened)
    assert decode_file(encode_file(opened)) == opened
    return opened.active


def _on_opening(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = _script()


def _named_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), pdf.make_indirect(_script())])))


def _deep_in_arrays(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Hidden = Array([Array([Dictionary(Next=Array([_script()]))])])


def _link(action: pikepdf.Object) -> Callable[[pikepdf.Pdf], None]:
    def add(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, A=action)])

    return add


def _attached(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["evil.exe"] = b"MZ"


def _xfa(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<xdp/>"))


def _film(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, RichMediaContent=Dictionary())]
    )


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        (_on_opening, (ActivePart.SCRIPT, ActivePart.ON_OPENING)),
        (_named_script, (ActivePart.SCRIPT,)),
        (_deep_in_arrays, (ActivePart.SCRIPT,)),
        (_link(Dictionary(S=Name.Launch, F=String("cmd.exe"))), (ActivePart.LAUNCH,)),
        (_link(Dictionary(S=Name.SubmitForm, F=String("http://x"))), (ActivePart.SENDS,)),
        (_link(Dictionary(S=Name.GoToR, F=String("other.pdf"))), (ActivePart.OTHER_FILE,)),
        (_attached, (ActivePart.EMBEDDED_FILE,)),
        (_xfa, (ActivePart.DYNAMIC_FORM,)),
        (_film, (ActivePart.MEDIA,)),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_what_would_act_is_named(
    tmp_path: Path, change: Callable[[pikepdf.Pdf], None], parts: tuple[ActivePart, ...], packed: bool
) -> None:
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    assert _active(tmp_path, change, object_stream_mode=mode) == parts


def _harmless(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([page, Name.Fit]))
    page.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("http://x")))]
    )
    pdf.docinfo.Title = String("/JavaScript /Launch /EmbeddedFile")
    page.Resources = Dictionary(Font=Dictionary({"/Sound": Dictionary(Type=Name.Font)}))


def test_links_places_and_words_that_only_look_so_are_not(tmp_path: Path) -> None:
    assert _active(tmp_path, _harmless) == ()
    assert _active(tmp_path, lambda pdf: setattr(pdf.Root, "OpenAction", Array([pdf.pages[0].obj, Name.Fit]))) == ()


def test_a_name_spelled_with_escapes_is_the_same_name(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root.Hidden = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    held = io.BytesIO()
    pdf.save(held, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    (tmp_path / "scan.pdf").write_bytes(held.getvalue().replace(b"/Launch", b"/L#61unch"))
    opened = open_scan(tmp_path / "scan.pdf", ReadingOptions())
    assert isinstance(opened, FileOpened)
    assert opened.active == (ActivePart.LAUNCH,)
