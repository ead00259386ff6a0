"""MHTML, the page in one file that Word saves and portals call .doc."""

from __future__ import annotations

import base64
import quopri

import pytest

from parsers.documents import read
from parsers.documents.media import MHTML
from parsers.errors import Unreadable
from tests.parsers.documents import invented

PAGE_BYTES = invented.page().encode()


def mail(page: bytes, transfer: str, charset: str) -> bytes:
    coded = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes, "8bit": bytes}[transfer](page)
    return (
        b'From: <Saved by Word>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="=_part"\r\n\r\n'
        b"--=_part\r\nContent-Location: file:///C:/report.htm\r\nContent-Transfer-Encoding: " + transfer.encode()
        + b'\r\nContent-Type: text/html; charset="' + charset.encode() + b'"\r\n\r\n' + coded
        + b"\r\n--=_part\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n"
        b"--=_part--\r\n"
    )  # fmt: skip


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("charset", ["gb2312", "utf-8"])
def test_the_page_inside(transfer: str, charset: str) -> None:
    page = invented.page().replace("utf-8", charset).encode("gb18030" if charset == "gb2312" else charset)
    document = read(mail(page, transfer, charset), media_type="application/msword")
    assert document.media_type == MHTML
    assert document.title == invented.TITLE
    assert invented.wrong(document) == {}


def test_without_a_page() -> None:
    with pytest.raises(Unreadable) as caught:
        read(b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a\r\n\r\n--a\r\n\r\ntext\r\n--a--\r\n")
    assert caught.value.reason == "damaged"


def test_html_under_the_name_of_word() -> None:
    assert read(invented.page().encode(), media_type="application/msword").media_type == "text/html"


@pytest.mark.parametrize("before", [b"\r\n\r\n", b"\xef\xbb\xbf"])
def test_what_stands_in_front_of_the_first_line(before: bytes) -> None:
    assert invented.wrong(read(before + mail(PAGE_BYTES, "base64", "utf-8"))) == {}


def test_the_sheet_of_a_workbook_whose_first_page_is_frames() -> None:
    frames = mail(b"<html><frameset><frame src='sheet001.htm'></frameset></html>", "8bit", "utf-8")
    sheets = [mail(page, "base64", "utf-8").partition(b"\r\n\r\n")[2] for page in (b"<html>x</html>", PAGE_BYTES)]
    content = frames.replace(b"--=_part--", b"".join(sheets).replace(b"--=_part--\r\n", b"") + b"--=_part--")
    assert invented.wrong(read(content)) == {}
