"""Reports whose forms are two pictures: beside a page, inside it, inside Word, MHTML and RTF files."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace

import docx

from parsers import Attachment, Source
from tests.parsers.documents import invented, recorded
from tests.parsers.documents.files import fixture
from tests.parsers.documents.test_rtf import escaped

PAGE = "http://www.example.gov.cn/gknb/2025/t20250120_1.html"
ADDRESSES = tuple(f"http://www.example.gov.cn/gknb/2025/images/{name}" for name in recorded.PICTURES)
PROSE = "本年度收到的政府信息公开申请均按期办结，未收取信息处理费，依法公开各类政府信息，办理结果及时答复申请人。" * 10


def source(words: str = PROSE) -> Source:
    """A page whose forms are two pictures, one of them named by another spelling of its address."""
    images = '<p><img src="images/form_1.png" alt="表一"></p><p><img src="//www.example.gov.cn/gknb/2025/images/form_2.png"></p>'
    before = "".join(f"<p>{line}</p>" for line in invented.BEFORE)
    after = "".join(f"<p>{line}</p>" for line in invented.AFTER)
    content = (
        f"<html><head><meta charset='utf-8'><title>{invented.TITLE}</title></head><body><div id='zoom'>"
        f"{before}<p>{words}</p>{images}{after}</div></body></html>"
    )
    files = tuple(
        Attachment(url, name, fixture(name), "image/png")
        for url, name in zip(ADDRESSES, recorded.PICTURES, strict=True)
    )
    return Source(content=content.encode(), url=PAGE, attachments=files)


def in_page(words: str = PROSE) -> Source:
    """The pictures written into the page; an icon and a QR code outside the body are written into it as well."""
    form_1, form_2 = (b64encode(fixture(name)).decode() for name in recorded.PICTURES)
    page = source(words)
    content = page.content.decode()
    content = content.replace("images/form_1.png", f"data:image/png;base64,{form_1}")
    content = content.replace("//www.example.gov.cn/gknb/2025/images/form_2.png", f"data:image/png;base64,{form_2}")
    code = f"<div class='footer'><img src='data:image/png;base64,{form_1}{form_2}'></div>"
    icon = "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
    return replace(page, content=content.replace("</body>", f"{icon}{code}</body>").encode(), attachments=())


def in_word(words: str = PROSE) -> Source:
    made = docx.Document()
    for line in (*invented.BEFORE, words):
        made.add_paragraph(line)
    for name in recorded.PICTURES:
        made.add_picture(io.BytesIO(fixture(name)))
    for line in invented.AFTER:
        made.add_paragraph(line)
    file = io.BytesIO()
    made.save(file)
    return Source(content=file.getvalue(), title=invented.TITLE)


def in_mhtml(words: str = PROSE) -> Source:
    """As Word saves a page in one file: one picture named by its place on a disk, the other by an identifier."""
    page = source(words).content.replace(b"images/form_1.png", b"report.files/form%201.png")
    page = page.replace(b"//www.example.gov.cn/gknb/2025/images/form_2.png", b"cid:form_2@word")
    form_1, form_2 = (b64encode(fixture(name)) for name in recorded.PICTURES)
    heads = (b"Content-Location: file:///C:/x/report.files/form%201.png", b"Content-ID: <form_2@word>")
    parts = [
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64encode(page),
        *(
            head + b"\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + form
            for head, form in zip(heads, (form_1, form_2), strict=True)
        ),
    ]
    content = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
    return Source(content=content + b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n")


def in_rtf(words: str = PROSE) -> Source:
    """One picture as digits, one in a table's cell as raw bytes; a metafile for old readers is none of ours."""
    form_1, form_2 = (fixture(name) for name in recorded.PICTURES)

    def written(lines: Sequence[str]) -> bytes:
        return "".join(f"{text}\\par " for text in map(escaped, lines)).encode("latin-1")

    content = b"".join(
        (
            rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fnil\fcharset134 SimSun;}}\f0 ",
            written((*invented.BEFORE, words)),
            rb"{\*\shppict{\pict{\*\picprop\shplid1{\sp{\sn a}{\sv 1}}}\picw9\pngblip\bliptag7 ",
            form_1.hex().encode(),
            rb"}}{\nonshppict{\pict\wmetafile8 " + b"00" * 300 + rb"}}\par \trowd\cellx9000 {\pict\pngblip\bin",
            str(len(form_2)).encode() + b" " + form_2,
            rb"}\cell\row\pard ",
            written(invented.AFTER),
            b"}",
        )
    )
    return Source(content=content, title=invented.TITLE)
