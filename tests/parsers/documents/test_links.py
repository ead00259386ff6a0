"""Files that a page links to."""

from __future__ import annotations

import pytest

from parsers.documents import read
from parsers.documents.links import file_address
from parsers.documents.model import Link

BASE = "http://www.example.gov.cn/zwgk/nb/t1.html"


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("P02022.pdf", "P02022.pdf"),
        ("/a/%E5%B9%B4%E6%8A%A5.DOCX", "/a/%E5%B9%B4%E6%8A%A5.DOCX"),
        ("a.doc?v=1", "a.doc?v=1"),
        (
            "/module/download/downfile.jsp?classid=0&filename=1.pdf",
            "/module/download/downfile.jsp?classid=0&filename=1.pdf",
        ),
        (
            "/system/_content/download.jsp?urltype=news.DownloadAttachUrl",
            "/system/_content/download.jsp?urltype=news.DownloadAttachUrl",
        ),
        ("/pdfjs/web/viewer.html?file=%2Fupload%2F1.pdf", "/upload/1.pdf"),
        ("x.ofd", "x.ofd"),
        ("index.html", None),
        ("javascript:;", None),
        ("#top", None),
        ("mailto:a@example.gov.cn", None),
        ("http://[bad", None),
        ("", None),
    ],
)
def test_what_is_a_file(href: str, found: str | None) -> None:
    assert file_address(href) == found


def test_links_of_the_body_then_attachments_beside_it() -> None:
    document = read(
        (
            "<html><body><ul><li><a href='/app.zip'>客户端下载</a></li></ul><div id='zoom'><p>见附件。</p>"
            "<p><a href='./P1.doc' title='报告全文'><img src='icon_doc.gif'>某县2021年年度报告.doc</a></p>"
            "<iframe src='/pdfjs/viewer.html?file=/u/2.pdf'></iframe><a href='javascript:;'>某县年报.doc</a></div>"
            "<div class='fj'>附件：<a href='/u/3.pdf'>2021年政府信息公开工作年度报告.pdf</a></div></body></html>"
        ).encode(),
        url=BASE,
    )
    assert document.links == (
        Link("http://www.example.gov.cn/zwgk/nb/P1.doc", "某县2021年年度报告.doc"),
        Link("http://www.example.gov.cn/u/2.pdf", ""),
        Link("http://www.example.gov.cn/u/3.pdf", "2021年政府信息公开工作年度报告.pdf"),
    )


def test_a_file_that_a_script_shows() -> None:
    document = read("<div id='zoom'><p>正文</p><script>showPdf('/u/9.pdf', 1)</script></div>".encode(), url=BASE)
    assert document.links == (Link("http://www.example.gov.cn/u/9.pdf", ""),)


def test_a_page_that_is_only_the_cover_of_a_file() -> None:
    menu = "".join(f"<li><a href='/c{n}'>政府信息公开栏目{n}</a></li>" for n in range(60))
    document = read(
        (
            f"<html><body><ul>{menu}</ul><h1>某县教育局2019年政府信息公开工作年度报告</h1><div class='nr'><p>"
            "<a href='a.doc'>某县教育局2019年政府信息公开工作年度报告.doc</a></p></div></body></html>"
        ).encode(),
        url=BASE,
    )
    assert document.text() == "某县教育局2019年政府信息公开工作年度报告.doc"
    assert [link.url for link in document.links] == ["http://www.example.gov.cn/zwgk/nb/a.doc"]
