"""What a file is, by its bytes."""

from __future__ import annotations

import io
import zipfile

import pytest

from parsers.documents import read
from parsers.documents.media import DOC, DOCX, HTML, MHTML, OFD, PDF, TEXT, XLS, XLSX, ZIP, sniff
from parsers.errors import Unreadable


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as container:
        for name in names:
            container.writestr(name, "x")
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)

CASES = [
    (b"<!DOCTYPE html><html><body>a</body></html>", None, HTML),
    (b"\xef\xbb\xbf \r\n<HTML><head></head></HTML>", None, HTML),
    (b"<!-- cms 3.1 -->\n<html>", None, HTML),
    ("<p>一</p>\t<p>二</p><table><tr><td>三</td></tr></table>".encode(), None, HTML),
    ("<html><body>通知</body></html>".encode("utf-16"), None, HTML),
    ("<p>只有一个标签</p>".encode(), "text/html", HTML),
    ("现将报告印发<2020年要点>的情况".encode(), None, TEXT),
    ("一、总体情况\n".encode("gb18030"), "text/html; charset=gbk", TEXT),
    (b"%PDF-1.7\n...", "text/html", PDF),
    (zipped("[Content_Types].xml", "word/document.xml"), "application/octet-stream", DOCX),
    (zipped("word/document.xml")[:-30], None, DOCX),
    (zipped("[Content_Types].xml", "xl/workbook.xml"), None, XLSX),
    (zipped("OFD.xml", "Doc_0/Document.xml"), None, OFD),
    (zipped("年报.doc"), None, ZIP),
    (OLE + "WordDocument".encode("utf-16-le"), "text/html", DOC),
    (OLE + "Workbook".encode("utf-16-le"), None, XLS),
    (b"\x89PNG\r\n\x1a\n", None, "image/png"),
    (b"\xff\xd8\xff\xe0", None, "image/jpeg"),
    (b"GIF89a", None, "image/gif"),
    (b"Rar!\x1a\x07\x01\x00", None, "application/vnd.rar"),
    (b"{\\rtf1\\ansi", None, "application/rtf"),
    (b"From: <x>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\tboundary=a\n\n<html>", "text/html", MHTML),
    ("标题：年报\n内容：multipart/related".encode(), None, TEXT),
    (bytes(range(256)) * 8, None, "application/octet-stream"),
    (bytes(500), None, "application/octet-stream"),
]


@pytest.mark.parametrize(("content", "declared", "expected"), CASES)
def test_the_bytes_decide(content: bytes, declared: str | None, expected: str) -> None:
    assert sniff(content, declared) == expected


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (bytes(100), "binary"),
        (bytes(range(1, 32)) * 50, "binary"),
        (b"\x1f\x8b\x08\x00123", "unsupported_media:application/gzip"),
        (OLE + "WordDocument".encode("utf-16-le"), "damaged"),
        (zipped("a.exe"), "no_report"),
        (zipped("word/document.xml"), "damaged"),
    ],
)
def test_what_cannot_be_read_has_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(content)
    assert caught.value.reason == reason
