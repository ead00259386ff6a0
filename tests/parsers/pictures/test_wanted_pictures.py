"""Which pictures of a page a crawler should bring along: those that may be its tables, and no ornament."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from parsers import Attachment, Source, parse
from parsers.companions import wanted_pictures
from parsers.documents.model import Picture
from parsers.documents.ornaments import is_ornament
from tests.parsers.generator import html
from tests.parsers.generator.model import Sheet
from tests.parsers.generator.reports import invent

BASE = "http://www.example.gov.cn/zwgk/gknb/202001/"
PAGE = BASE + "t20200117_1.html"
TITLE = "柳河县教育局2019年政府信息公开工作年度报告"
PROSE = "<p>本年度依法公开各类政府信息，办理结果及时答复申请人，未收取任何费用。</p>" * 15
FORMS = '<p>二、主动公开政府信息情况</p><p><img src="./W020200117_1.png"></p><p>三、收到和处理政府信息公开申请情况</p><p><img src="/files/2.jpg" alt="表三"></p>'
ORNAMENTS = (
    '<img src="/images/logo.png" width="400"><img src="a/share/1.png"><img src="5.png" alt="扫一扫在手机打开当前页">'
    '<img src="6.png" width="100" height="100"><img src="7.png" style="width: 90px;"><img src="/ueditor/fileTypeImages/icon_doc.gif">'
    '<img src="//zfwzgl.www.gov.cn/exposure/images/jiucuo.png"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'
)  # fmt: skip


def page(body: str, title: str = TITLE) -> Source:
    around = '<div class="header"><img src="banner_2.jpg"></div>{}<div class="footer"><img src="foot.jpg"></div>'
    content = f"<html><head><meta charset='utf-8'><title>{title}</title></head><body>{around}</body></html>"
    return Source(content.format(f'<h1>{title}</h1><div id="zoom">{body}</div>').encode(), PAGE)


def wanted(source: Source) -> list[str]:
    return [picture.url for picture in wanted_pictures(source)]


def test_the_tables_that_are_pictures_and_nothing_else_of_the_page() -> None:
    found = wanted_pictures(page(PROSE + ORNAMENTS + FORMS))
    assert found == (Picture(BASE + "W020200117_1.png"), Picture("http://www.example.gov.cn/files/2.jpg", "表三"))


def test_what_it_names_is_what_the_parser_takes() -> None:
    source = page(PROSE + FORMS)
    fetched = tuple(Attachment(url, "", b"\x89PNG\r\n\x1a\n", "image/png") for url in wanted(source))
    found = parse(Source(source.content, PAGE, attachments=fetched))
    assert [use.url for use in found.source.attachments] == wanted(source)
    assert found.derived.fingerprint != parse(source).derived.fingerprint


def test_nothing_is_wanted_where_the_tables_stand_in_the_text() -> None:
    report = invent("e2019_v60", random.Random(3), traps=False)
    whole = html.page(report, html.STYLES["plain"]).replace("</body>", '<p><img src="chart_1.png"></p></body>')
    assert wanted(Source(whole.encode(), PAGE)) == []
    without = [part for part in report.body if not (isinstance(part, Sheet) and part.table == "requests")]
    torn = html.page(replace(report, body=tuple(without)), html.STYLES["plain"])
    assert wanted(Source(torn.replace("</body>", '<p><img src="3.png"></p></body>').encode(), PAGE)) == [BASE + "3.png"]


def test_a_paper_that_was_photographed_and_a_statistics_table_on_a_page_of_its_own() -> None:
    pages = "".join(f'<img src="page{number}.jpg">' for number in range(1, 4))
    assert wanted(page(pages)) == [f"{BASE}page{number}.jpg" for number in range(1, 4)]
    table = page('<img src="1.png">', "柳河县教育局2016年政府信息公开情况统计表")
    assert wanted(table) == [BASE + "1.png"]


def test_a_page_that_loads_its_pictures_late() -> None:
    late = '<img src="/images/loading.gif" data-original="upload/t3.png"><img data-src="upload/t4.png">'
    assert wanted(page(PROSE + late)) == [BASE + "upload/t3.png", BASE + "upload/t4.png"]


def test_no_more_than_are_looked_at_and_each_once() -> None:
    many = "".join(f'<img src="{number % 40}.png">' for number in range(80))
    assert wanted(page(PROSE + many)) == [f"{BASE}{number}.png" for number in range(12)]


@pytest.mark.parametrize(
    "source",
    [
        page(PROSE + FORMS, "关于做好2019年政府信息公开工作年度报告编制工作的通知"),
        page("<p>没有</p>", "首页"),
        Source(b"%PDF-1.7\n", PAGE),
        Source(b"\x00\xff\xfe", PAGE),
        Source(b"", PAGE),
    ],
    ids=["notice", "no report", "pdf", "noise", "nothing"],
)
def test_of_what_is_no_page_of_a_report_nothing_is_wanted(source: Source) -> None:
    assert wanted(source) == []


@pytest.mark.parametrize(
    "url",
    [
        "/images/top.png", "/xhtml/images/icon_5.png", "/share/a.png", "/img/wx.jpg", "/img/erweima.png", "/upload/微信图标.png",
        "/images/qr-code/1.png", "/static/img/btn_print.gif", "/images/dzjg-red.png", "/a/blank.gif", "//bszs.conac.cn/sitename/red.png",
    ],
)  # fmt: skip
def test_ornaments_by_name(url: str) -> None:
    assert is_ornament(Picture(url))


@pytest.mark.parametrize(
    "url",
    [
        "W020210125567890123456.png", "/u/cms/www/202101/27103015l2kx.jpg", "/upload/表二.png", "/ueditor/jsp/upload/image/1.png",
        "/module/download/downfile.jsp?filename=1.png", "/zwgk/bszn/1.png", "/files/topic/2019.png", "/ganzi/c100046/202001/a/images/8f.png",
        "/xxgk/red_cross/1.jpg", "/line_items.png", "/newshare01/upload/3.png",
    ],
)  # fmt: skip
def test_names_of_tables(url: str) -> None:
    assert not is_ornament(Picture(url, "政府信息公开申请情况"))
