"""The second reader keeps the promises of its port, on drawn lines; artefacts keep what it read."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.model import Box, SecondReading
from ingest.reading.artefact import decode, encode
from ingest.reading.ocr.rapidocr_engine import RapidocrReader
from ingest.reading.ocr.second import second_reader_for
from ingest.reading.options import ReadingOptions
from ingest.reading.raster import Picture
from tests.fakes.pages import at, page_of


@pytest.fixture(scope="module")
def reader() -> RapidocrReader:
    return RapidocrReader()


def line(text: str, size: int = 34) -> Picture:
    picture = Image.new("L", (900, 90), 240)
    ImageDraw.Draw(picture).text((30, 20), text, fill=30, font=ImageFont.load_default(size))
    return np.asarray(picture, dtype=np.uint8)


def test_reads_words_with_boxes_confidences_and_characters(reader: RapidocrReader) -> None:
    words = reader.read(line("SMITH, JOHN 04/07/1962"))
    assert " ".join(word.text for word in words).replace(", ", ",") == "SMITH,JOHN 04/07/1962"
    for word in words:
        assert 0 <= word.box.x0 < word.box.x1 <= 900
        assert 0 <= word.box.y0 < word.box.y1 <= 90
        assert word.confidence == min(one.confidence for one in word.characters)
        assert "".join(one.text for one in word.characters) == word.text


def test_reads_two_lines_top_to_bottom(reader: RapidocrReader) -> None:
    words = reader.read(np.vstack([line("WELLS JANE"), line("1234567")]))
    assert [word.line for word in words] == sorted(word.line for word in words)
    assert words[-1].text == "1234567"


@pytest.mark.parametrize("shape", [(90, 900), (0, 50), (50, 0), (3, 900), (90, 1)])
def test_where_nothing_is_written_nothing_is_read(reader: RapidocrReader, shape: tuple[int, int]) -> None:
    assert reader.read(np.full(shape, 240, dtype=np.uint8)) == ()


def test_the_same_picture_gives_the_same_words(reader: RapidocrReader) -> None:
    assert reader.read(line("MRN 7654321")) == reader.read(line("MRN 7654321"))


def test_reads_nothing_twice_where_it_is_turned_off_isolated_or_of_another_language() -> None:
    assert second_reader_for(ReadingOptions(second_reader="off")) is None
    assert second_reader_for(ReadingOptions(isolated=True)) is None
    assert second_reader_for(ReadingOptions(languages=("deu", "eng"))) is None
    assert second_reader_for(ReadingOptions()) is not None


def test_artefacts_keep_what_was_read_twice() -> None:
    page = page_of(at(3, 5, "Patient Name:"))
    other = page_of(at(3, 25, "SMITH, JOHN"))
    second = SecondReading(
        box=Box(x0=500.0, y0=250.0, x1=900.0, y1=330.0), engine="rapidocr", engine_version="3", words=other.words
    )
    kept = replace(page, second=(second,))
    assert decode(encode(kept)) == kept


def test_artefacts_of_the_first_version_are_still_read() -> None:
    page = page_of(at(3, 5, "Patient Name:"))
    body = json.loads(gzip.decompress(encode(page)))
    body["version"] = 1
    del body["artefact"]["second"]
    assert decode(gzip.compress(json.dumps(body).encode())) == page
