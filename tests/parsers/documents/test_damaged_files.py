"""Files damaged at random: a Document or Unreadable, never another exception. The same damage on every run."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from parsers.documents import read
from parsers.documents.media import DOCX, sniff
from parsers.errors import Unreadable
from parsers.pictures import recognition
from tests.parsers.documents.files import fixture, zipped
from tests.parsers.documents.make_ofd import make_ofd
from tests.parsers.documents.make_pdf import Page
from tests.parsers.documents.test_archives import FILES, rar
from tests.parsers.documents.test_mhtml import PAGE_BYTES, mail
from tests.parsers.documents.test_rtf import ROWS, rtf
from tests.parsers.documents.test_spreadsheet import SHEET
from tests.parsers.documents.test_word_xml import paragraph, word_2003


def ofd() -> bytes:
    page = Page()
    page.table(60, 80, (120, 80), [("信息内容", "数量"), ("规章", "3")])
    return make_ofd([page])


CARRIERS = {
    "doc": (fixture("report.doc"), 20),
    "xls": (fixture("report.xls"), 60),
    "xlsx": (SHEET, 60),
    "rtf": (rtf(ROWS * 5), 100),
    "word_xml": (word_2003(f"<w:tbl><w:tr><w:tc>{paragraph('规章')}</w:tc></w:tr></w:tbl>" * 9), 60),
    "mhtml": (mail(PAGE_BYTES, "base64", "utf-8"), 40),
    "ofd": (ofd(), 60),
    "zip": (zipped(FILES), 60),
    "rar": (rar(FILES), 60),
    "7z": (fixture("packed.7z"), 60),
}
PATCHES = (b"\xff\xff\xff\xff", bytes(4), b"\xff\xff\xff\x7f", b"\x01\0\0\0")


def damaged(chance: random.Random, content: bytes) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        place = chance.randrange(max(1, len(data)))
        match chance.randrange(6):
            case 0:
                data[place : place + 1] = chance.randbytes(1)
            case 1:
                del data[place : place + chance.randrange(1, 200)]
            case 2:
                data[place:place] = chance.randbytes(chance.randrange(1, 50))
            case 3:
                other = chance.randrange(max(1, len(data)))
                data[place : place + 40] = data[other : other + 40]
            case 4:
                data[place : place + 4] = chance.choice(PATCHES)
            case _:
                data = data[:place] if chance.random() < 0.2 else data
    return bytes(data)


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_document_or_unreadable(carrier: str) -> None:
    content, count = CARRIERS[carrier]
    chance = random.Random(carrier)
    for _ in range(count):
        try:
            read(damaged(chance, content)).text()
        except Unreadable as error:
            assert error.reason and error.detail


@pytest.mark.skipif(not recognition.available(), reason="the extra `ocr` is not installed: make ocr")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_picture_or_unreadable() -> None:
    chance = random.Random("png")
    for _ in range(12):
        try:
            read(damaged(chance, fixture("form_2.png")))
        except Unreadable as error:
            assert error.reason and error.detail


def test_a_container_of_a_later_zip_than_ours_is_told_as_such() -> None:
    """`zipfile` raises NotImplementedError for it: its kind is still known by the names in it, and it is Unreadable."""
    whole = zipped({"word/document.xml": b"<w:document/>"})
    directory = whole.index(b"PK\x01\x02")
    later = whole[: directory + 6] + b"\x63" + whole[directory + 7 :]
    with pytest.raises(NotImplementedError):
        zipfile.ZipFile(io.BytesIO(later))
    assert sniff(later) == DOCX
    with pytest.raises(Unreadable, match=r"zip file version 9\.9") as refused:
        read(later)
    assert refused.value.reason == "damaged"
