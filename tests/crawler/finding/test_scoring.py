"""Which link leads to a 年报 column, and in which order links are followed."""

from __future__ import annotations

import pytest

from crawler.finding.frontier import Frontier
from crawler.finding.scoring import LEADS, is_organ_menu, score
from crawler.finding.titles import is_column
from crawler.pages.markup import Link
from tests.crawler.real_pages import page


def link(text: str, url: str = "http://www.x.gov.cn/a/", title: str = "", menu: str = "") -> Link:
    return Link(url, text, title, menu, None, "div")


def test_names_of_columns_lead_to_them() -> None:
    assert score(link("政府信息公开年报")) == score(link("政府信息公开工作年度报告")) == 10
    assert score(link("信息公开年报")) == 6
    assert LEADS <= score(link("部门年报")) < 6


def test_a_year_gathered_on_a_page_of_its_own_is_a_column() -> None:
    assert score(link("2023年年报汇总", menu="政府信息公开")) >= LEADS
    assert is_column("2023年年报汇总") and not is_column("2023年年报")


@pytest.mark.parametrize(
    "name", ["部门街镇信息公开", "部门/乡镇信息公开", "县直部门和乡镇政务公开", "乡镇信息公开目录"]
)
def test_menus_of_several_kinds_of_organs(name: str) -> None:
    assert is_organ_menu(name) and score(link(name)) >= LEADS


def test_the_title_attribute_counts() -> None:
    assert score(link("政府信息公...", title="政府信息公开年报")) == 10


def test_a_bare_name_counts_where_the_menu_speaks_of_disclosure() -> None:
    assert score(link("年度报告", menu="政府信息公开")) >= LEADS
    assert score(link("年度报告"), around="首页 政务公开") >= LEADS
    assert score(link("历年年报查询", menu="政府信息公开")) >= LEADS
    assert score(link("年度报告")) < LEADS
    assert score(link("年报", menu="上市公司 信息")) < LEADS


def test_menus_on_the_way_score_less_than_columns() -> None:
    menus = ["政府信息公开", "政务公开", "信息公开", "法定主动公开内容"]
    assert all(0 < score(link(name)) < LEADS for name in menus)


def test_other_annual_things_do_not_lead() -> None:
    others = [
        "政府网站年度报表",
        "法治政府建设年度报告",
        "企业年报",
        "统计年鉴",
        "财务年度报告",
        "依申请公开",
        "政府信息公开指南",
    ]
    assert [name for name in others if score(link(name)) > 0] == []


def test_an_address_that_says_so_helps() -> None:
    assert score(link("信息公开年报", "http://www.x.gov.cn/zwgk/zfxxgknb/")) == 8


def test_best_first_within_a_budget() -> None:
    frontier = Frontier(budget=3)
    links = page(
        "<a href=/1/>政务公开</a><a href=/2/>信息公开年报</a><a href=/3/>教育要闻</a><a href=/4/>政府信息公开年报</a>"
        "<a href=/5/>政府信息公开</a><a href=/4/index.html>政府信息公开年报</a>"
    ).links
    frontier.add(links, 1)
    order = [frontier.next() for _ in range(4)]
    assert [lead.name if lead else None for lead in order] == ["政府信息公开年报", "信息公开年报", "政务公开", None]


def test_after_a_column_only_columns() -> None:
    frontier = Frontier()
    frontier.add(page("<a href=/1/>政务公开</a><a href=/2/>部门年报</a>").links, 1)
    frontier.found()
    assert (frontier.next() or link("")).name == "部门年报"
    assert frontier.next() is None


def test_not_deeper_than_four_clicks() -> None:
    frontier = Frontier()
    frontier.add([link("政府信息公开年报")], 5)
    assert frontier.next() is None
