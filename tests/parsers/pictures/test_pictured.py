"""Which pictures the crawler is told to fetch with a page."""

from __future__ import annotations

import pytest

from parsers import Attachment, Source
from parsers.pictures.pictured import is_ornament, of_companion, of_report
from tests.parsers.illustrations import ADDRESSES, source

HOST = "http://www.example.gov.cn"
FORMS = tuple(Attachment(url, "") for url in ADDRESSES)
TABLE = "青河市数据局2024年政府信息公开情况统计表"


def page(body: str, title: str = TABLE) -> Source:
    html = f"<html><head><meta charset='utf-8'><title>{title}</title></head><body><div id='zoom'>{body}</div></body></html>"
    return Source(content=html.encode(), url=f"{HOST}/gknb/b.html", title=title)


def test_the_pictures_that_stand_for_the_forms() -> None:
    assert of_report(source(), FORMS) == FORMS


def test_what_the_body_does_not_show_is_left() -> None:
    elsewhere = Attachment(f"{HOST}/images/map.png", "")
    given = source()
    shows = given.content.replace(b"</body>", b"<div class='footer'><img src='/images/map.png'></div></body>")
    assert of_report(Source(content=shows, url=given.url), (*FORMS, elsewhere)) == FORMS


def test_what_a_script_shows_later_is_taken_at_its_word() -> None:
    later = Attachment(f"{HOST}/images/form_3.png", "")
    given = source()
    shows = given.content.replace(b"<p><img", b"<img src='loading.gif' data-original='/images/form_3.png'><p><img", 1)
    assert of_report(Source(content=shows, url=given.url), (*FORMS, later)) == (*FORMS, later)


def test_a_page_that_is_no_report_has_none() -> None:
    notice = page("<p>关于做好政府信息公开年度报告编制工作的通知</p>" * 40 + "<img src='a.png'>", "关于报送年报的通知")
    assert of_report(notice, (Attachment(f"{HOST}/gknb/a.png", ""),)) == ()


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("<img src='t.png'>", 1),
        ("<table><tr><td>指标</td><td>数</td></tr><tr><td>条</td><td>1</td></tr></table><img src='t.png'>", 0),
    ],
)
def test_a_companion_whose_table_is_a_picture(body: str, wanted: int) -> None:
    assert len(of_companion(page(f"<p>{TABLE}</p>{body}"), (Attachment(f"{HOST}/gknb/t.png", ""),))) == wanted


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("/images/logo.png", ""),
        ("/img/ewm_2024.png", ""),
        ("/a/qrcode.jpg", ""),
        ("/W020240101.png", "扫一扫"),
        ("/a.png", "二维码"),
    ],
)
def test_ornaments(url: str, said: str) -> None:
    assert is_ornament(HOST + url, said)


@pytest.mark.parametrize(
    "url", ["/gknb/W020250120375.png", "/images/form_1.png", "/P020190307.jpg", "/art/2024/1/表三.png"]
)
def test_no_ornaments(url: str) -> None:
    assert not is_ornament(HOST + url)
