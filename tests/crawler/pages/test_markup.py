"""One page as the crawler sees it, also where it is broken."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.pages.around import find_date
from crawler.pages.markup import Markup
from tests.crawler.real_pages import AT, REAL, page, real


def test_a_link_knows_its_menu_and_its_date() -> None:
    markup = page(
        "<ul class='menu'><li><a href='/gk/'>政府信息公开</a><ul><li><a href='/gk/zn/'>指南</a></li>"
        "<li><a href='/gk/nb/'>年报</a></li></ul></li></ul>"
        "<ul><li><a href='1.html' title='全名'>全...</a><span>[2020年1月7日]</span></li></ul>"
    )
    by_url = {link.url.removeprefix("http://www.x.gov.cn"): link for link in markup.links}
    assert by_url["/gk/nb/"].menu.startswith("政府信息公开")
    assert by_url["/zwgk/nb/1.html"].date == date(2020, 1, 7)
    assert by_url["/zwgk/nb/1.html"].name == "全名"


def test_what_follows_a_closed_html_is_part_of_the_page() -> None:
    """四川省教育厅: the included header closes the page."""
    markup = Markup("<html><body><a href=1.html>一</a></body></html><div><a href=2.html>二</a></div>", AT)
    assert [link.text for link in markup.links] == ["一", "二"]


def test_base_and_frames() -> None:
    markup = page("<iframe src='list.html'></iframe><a href='1.html'>一</a>", "<base href='/other/'>")
    assert markup.frames == ("http://www.x.gov.cn/other/list.html",)
    assert markup.links[0].url == "http://www.x.gov.cn/other/1.html"


def test_the_first_line_names_a_link_that_holds_a_summary() -> None:
    """SiteServer 平顶山: title, summary and date are one link."""
    markup = page(f"<a href='1.html'><h4>某局2019年年报</h4><p>{'摘要' * 60}</p></a>")
    assert markup.links[0].text == "某局2019年年报"


def test_a_painted_menu_says_what_its_pictures_say() -> None:
    markup = page(
        "<a href='1.html'><img src='b.gif' alt=' 政务 公开 '></a><area href='2.html' alt='信息公开年报'><a href='3.html'><img></a>"
    )
    assert [link.text for link in markup.links] == ["政务 公开", "信息公开年报", ""]


def test_year_switches_are_links() -> None:
    markup = page("<select><option value='/nb/2019.html'>2019年</option><option value='3'>三</option></select>")
    assert [link.url for link in markup.links] == ["http://www.x.gov.cn/nb/2019.html"]


BROKEN = ["", "\x00\x00", "<!-- never closed", "<html>", "<!doctype", "just words", "<a href='", "<base href='http://[x'>",
          "<table><tr><td>" * 10_000 + "<a href='1.html'>年报</a>", "<div>" * 50_000, "<a href=1>" * 2_000,
          "<p><b><i>" * 20_000, "&#0;&#xD800;&nbsp;" * 100, "<svg><title>x</title></svg>" * 100]  # fmt: skip


@pytest.mark.parametrize("text", BROKEN)
def test_nothing_breaks_it(text: str) -> None:
    markup = Markup(text, AT)
    assert isinstance((markup.links, markup.title, markup.meta, markup.headings, markup.crumbs, markup.frames), tuple)
    markup.visible_text()


def test_dates() -> None:
    assert find_date("发布日期：2020-01-17 10:22") == date(2020, 1, 17)
    assert find_date("2019.2.30 2019/3/1") == date(2019, 3, 1)
    assert find_date("20200117") is None


@pytest.mark.skipif(not REAL.exists(), reason="the real pages are not at hand")
def test_a_real_front_page() -> None:
    markup = real("sites/portal_a/index.html", "http://127.0.0.1/")
    assert len(markup.links) > 100
    assert any(link.text == "信息公开年报" and "信息公开" in link.menu for link in markup.links)
