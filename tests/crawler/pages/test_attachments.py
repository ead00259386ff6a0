"""What belongs to a detail page."""

from __future__ import annotations

import pytest

from crawler.pages.attachments import attached
from tests.crawler.real_pages import AT, REAL, page, real

TEXT = "<p>" + "正文" * 200 + "</p>"


def names(html: str, body: tuple[str, ...] = ()) -> list[tuple[str, bool]]:
    return [(file.url.removeprefix(AT), file.is_picture) for file in attached(page(html), body)]


def test_files_wherever_they_stand() -> None:
    html = f"<div class='TRS_Editor'>{TEXT}</div><div>附件：<a href='P1.docx'>年报.docx</a><a href='./P2.PDF'>年报</a></div>"
    assert names(html) == [("P1.docx", False), ("P2.PDF", False)]


def test_the_link_text_is_the_name() -> None:
    (file,) = attached(page("<a href='/x/1.doc'>某局2019年年度报告.doc</a>"))
    assert file.name == "某局2019年年度报告.doc"


@pytest.mark.parametrize(
    ("html", "url"),
    [
        ("<a href='/module/download/downfile.jsp?classid=0&filename=1.pdf'>附件</a>", "/module/download/downfile.jsp?"),
        ("<a href='/system/_content/download.jsp?urltype=news&id=3'>附件</a>", "/system/_content/download.jsp?"),
        ("<iframe src='/pdfjs/web/viewer.html?file=/f/2019.pdf'></iframe>", "/f/2019.pdf"),
        ("<embed src='a.pdf'>", "/zwgk/nb/a.pdf"),
        ("<object data='a.pdf'></object>", "/zwgk/nb/a.pdf"),
    ],
)
def test_downloads_and_viewers(html: str, url: str) -> None:
    (file,) = attached(page(html))
    assert file.url.startswith("http://www.x.gov.cn" + url)


def test_pictures_of_the_body_only() -> None:
    html = (
        "<div class='header'><img src='banner.jpg'></div>"
        f"<div id='zoom'>{TEXT}<img src='images/t1.png' alt='表'><img src='icon_pdf.gif'><img src='dot.png' width='8'></div>"
        "<div class='footer'><img src='code.png'></div>"
    )
    assert names(html) == [("images/t1.png", True)]


def test_pictures_without_a_known_body() -> None:
    assert names(f"<nav><img src='a.png'></nav><main>{TEXT}<img src='b.png'></main>") == [("b.png", True)]


def test_the_portals_own_body_comes_first() -> None:
    html = f"<div id='zoom'>{TEXT}<img src='a.png'></div><div class='mine'>{TEXT}<img src='b.png'></div>"
    assert names(html, (".mine",)) == [("b.png", True)]


def test_each_address_once() -> None:
    assert names("<a href='a.pdf'>一</a><a href='./a.pdf#page=2'>二</a>") == [("a.pdf", False)]


@pytest.mark.skipif(not REAL.exists(), reason="the real pages are not at hand")
def test_a_real_report_with_its_tables_as_pictures() -> None:
    (path,) = (REAL / "sites/portal_a/scedu/c100529/2020/1/17").glob("*.html")
    files = attached(real(str(path.relative_to(REAL))))
    assert len(files) == 5 and all(file.is_picture for file in files)
