"""A splash page leads to the front page behind it; a front page is none."""

from __future__ import annotations

import pytest

from crawler.finding.entrance import MOST, entrance_of
from crawler.urls import Scope
from tests.crawler.real_pages import page

SCOPE = Scope.of(["http://www.x.gov.cn/"])
IN = "http://www.x.gov.cn/zh/"


@pytest.mark.parametrize(
    "link", ["<img alt='进入网站'>", "点击进入", "首页", "简体中文", "进入某县人民政府门户网站", "网站入口", "中文版"]
)
def test_the_way_in(link: str) -> None:
    splash = page(f"<a href='/en/'>English</a><a href='{IN}'>{link}</a><a href='http://bszs.conac.cn/'>事业单位</a>")
    assert entrance_of(splash, SCOPE) == IN


@pytest.mark.parametrize(
    "body",
    [
        f"<a href='{IN}'>进入网站</a><a href='/zwgk/'>政务公开</a>",
        f"<a href='{IN}'>进入网站</a>" + "".join(f"<a href='/{n}/'>新闻</a>" for n in range(MOST)),
        f"<a href='{IN}'>进入网站</a><iframe src='/top.html'></iframe>",
        "<a href='http://other.example/'>进入网站</a>",
        f"<a href='{IN}'>进入办事大厅</a>",
        "<a href='/'>首页</a>",
    ],
)
def test_no_splash_page(body: str) -> None:
    assert entrance_of(page(body, url="http://www.x.gov.cn/"), SCOPE) is None
