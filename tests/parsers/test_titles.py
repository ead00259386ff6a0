"""Titles: every kind that domain.md 3.5 and portals.md 3.7 show."""

from __future__ import annotations

import pytest

from parsers.titles import read_title

REPORTS = [
    ("东江县发改委2017政府信息公开工作年度报告", "东江县发改委", 2017),
    ("2024年度临江街道政府信息公开工作年度报告", "临江街道", 2024),
    ("2014年东江省教育厅政府信息公开工作年度报告", "东江省教育厅", 2014),
    ("2025年东江市政府信息公开工作年度报告", "东江市", 2025),
    ("东江县水利局政府信息公开工作2017年度报告", "东江县水利局", 2017),
    ("二〇一五年东江县政府信息公开工作年度报告", "东江县", 2015),
    ("东江县二○一二年政府信息公开年度报告", "东江县", 2012),
    ("信息公开年报", None, None),
    ("政府信息公开年报", None, None),
    ("东江县教育局2013年政府信息公开总结", "东江县教育局", 2013),
    ("东江县起云镇2017年度报告编制公布工作总结", "东江县起云镇", 2017),
    ("2018年度政府信息公开工作年度报告", None, 2018),
    ("东江县财政局2017 年政府信息公开工作报告", "东江县财政局", 2017),
    ("东江县审计局2017年政府信息公开报告", "东江县审计局", 2017),
    ("东江县审计局2017年信息公开年度报告", "东江县审计局", 2017),
    ("东江县审计局2017年信息公开工作年度报告", "东江县审计局", 2017),
    ("东江县审计局2017年政府信息年度报告", "东江县审计局", 2017),
    ("东江县审计局2017年政务信息公开年度报告", "东江县审计局", 2017),
    ("东江县审计局2017年政务公开工作年度报告", "东江县审计局", 2017),
    ("东江县审计局2017年政府信息与政务公开工作总结", "东江县审计局", 2017),
    ("东江县审计局2017年信息公开工作总结报告", "东江县审计局", 2017),
    ("东江县县水利局关于2017年政府信息公开工作年度报告", "东江县县水利局", 2017),
    ("县 “互联网+”经济发展促进中心2017年政府信息公开工作年度报告", "县“互联网+”经济发展促进中心", 2017),
    ("东江市2019年政府信息公开工作年度报告(图片版)", "东江市", 2019),
    ("东江区2022年政府信息公开工作年度报告（超链版）", "东江区", 2022),
    ("东江县2019年政府信息公开工作年度报告（更正）", "东江县", 2019),
    ("【文字版】东江县2024年政府信息公开工作年度报告", "东江县", 2024),
    ("东江区人民政府办公室政府信息公开工作年度报告（2022年）", "东江区人民政府办公室", 2022),
    ("东江省审计厅政务信息公开工作开展年度报告", "东江省审计厅", None),
    ("威武镇政府信息公开工作年度报告", "威武镇", None),
    ("2017政府信息公开工作 年度报告", None, 2017),
    ("区集体经济发展服务署2022年政府信息公开工作年度报告", "区集体经济发展服务署", 2022),
    ("(镇街、单位名称)2017年政府信息公开工作年度报告", None, 2017),
    ("国家某某署（国家某某局）2019年政府信息公开工作年度报告", "国家某某署（国家某某局）", 2019),
    ("东江市人民政府信息公开工作年度报告", "东江市人民政府", None),
    ("东江服务公共平台网站2018年政府信息公开工作年度报告", "东江服务公共平台网站", 2018),
    ("关于报送县教育局2019年政府信息公开工作年度报告的报告", "县教育局", 2019),
    ("政府信息公开工作年度报告（2022年度）——东江区", "东江区", 2022),
    ("附件：东江省教育厅2022年政府信息公开工作年度报告.doc", "东江省教育厅", 2022),
    ("《东江省教育厅2022年政府信息公开工作年度报告》", "东江省教育厅", 2022),
    ("2020年东江县关于2019年度政府信息公开工作的年度报告", "东江县", 2019),
    ("東江市人民政府辦公室2015年政府信息公開工作年度報告", "东江市人民政府办公室", 2015),
    ("东江县预算评审中心2019年政府信息公开工作年度报告", "东江县预算评审中心", 2019),
    ("关于2018年度政府信息公开工作情况的报告", None, 2018),
    ("东江省教育厅办公室关于2016年东江省教育厅政府信息公开工作年度报告的公告", "东江省教育厅", 2016),
    ("名称 东江县2018年政府信息公开工作年度报告", "东江县", 2018),
    ("第一篇：2018年东江县政府信息公开工作年度报告", "东江县", 2018),
    ("东江县政府办关于公布东江县2018年政府信息公开工作年度报告的公告", "东江县", 2018),
    ("东江省工商局办公室关于2012年度政府信息公开工作情况的报告", "东江省工商局办公室", 2012),
]

OTHERS = [
    ("2019年度东江县林业局政府网站工作年度报表", "website_report"),
    ("东江县政府网站年度工作报表（2020年度）", "website_report"),
    ("东江县林业局2019年法治政府建设情况报告", "rule_of_law"),
    ("东江县2018年依法行政工作情况的报告", "rule_of_law"),
    ("关于做好2019年政府信息公开工作年度报告编制工作的通知", "notice"),
    ("国务院办公厅关于印发2019年政务公开工作要点的通知", "notice"),
    ("一图读懂2019年政府信息公开工作年度报告", "infographic"),
    ("东江区2019年政府信息公开工作年度报告(图解)", "infographic"),
    ("图解：东江区2024年政府信息公开工作年度报告", "infographic"),
    ("2019年政府信息公开工作年度报告解读", "infographic"),
    ("政府信息公开指南", "guide"),
    ("政府信息公开目录", "catalogue"),
    ("政府信息公开工作年度报告格式模板", "blank_form"),
    ("东江县2021年部门预算公开", "budget"),
    ("政府信息公开工作考核办法", "regulation"),
    ("政府信息公开工作方案", "regulation"),
    ("您访问的页面不存在", "error_page"),
    ("404 Not Found", "error_page"),
    ("提案议案办理结果公开", None),
    ("关键词: 政府信息公开 年度报告 工作水平", None),
    ("全县工作会议召开", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "organ", "year"), REPORTS)
def test_titles_of_reports(text: str, organ: str | None, year: int | None) -> None:
    title = read_title(text)
    assert (title.kind, title.organ, title.year) == ("report", organ, year)


@pytest.mark.parametrize(("text", "kind"), OTHERS)
def test_other_titles(text: str, kind: str | None) -> None:
    title = read_title(text)
    assert (title.kind, title.is_report) == (kind, False)


WORDINGS = (
    "政府信息公开工作年度报告", "政府信息公开年度报告", "政府信息公开工作报告", "政府信息公开报告", "信息公开年度报告", "信息公开工作年度报告",
    "政府信息年度报告", "政务信息公开年度报告", "政务信息公开报告", "政务公开工作年度报告", "政务公开年度报告", "政府信息与政务公开工作总结",
    "信息公开工作总结报告", "政府信息公开总结", "政府信息公开工作总结", "政府信息公开年报", "信息公开年报", "政府信息公开工作情况报告",
    "政府信息公开工作年度报告书",
)  # fmt: skip
YEARS = ("2017年", "2017年度", "2017", "2017 年", "２０１７年", "二〇一七年", "二〇一七年度")
PLACES = ("{organ}{year}{type}", "{year}{organ}{type}", "{organ}关于{year}{type}", "{organ}{type}（{year}）",
          "关于{organ}{year}{type}", "{organ}{year} {type}(更正)")  # fmt: skip
ORGANS = (
    "东江县教育局",
    "东江县人民政府",
    "县“互联网+”经济发展促进中心",
    "国网东江省电力公司东江县供电公司",
    "东江县人民检察院",
)


@pytest.mark.parametrize("wording", WORDINGS)
def test_every_wording_with_every_year_in_every_place(wording: str) -> None:
    """The kinds of domain.md section 3.5, crossed: organ and year are read wherever they stand."""
    crossed = [(place, organ, year) for place in PLACES for organ in ORGANS for year in YEARS]
    wrong = []
    for place, organ, year in crossed:
        title = read_title(place.format(organ=organ, year=year, type=wording))
        if (title.kind, title.organ, title.year) != ("report", organ, 2017):
            wrong.append(title)
    assert wrong == []


def test_a_title_cut_off_by_a_list() -> None:
    title = read_title("东江省科学技术厅2023年政府信息公开工作年度报...")
    assert (title.kind, title.organ, title.year) == ("cut", "东江省科学技术厅", 2023)
    assert title.is_report


def test_a_statistics_table_belongs_to_a_report() -> None:
    title = read_title("东江省教育厅2018年政府信息公开情况统计表")
    assert (title.kind, title.organ, title.year) == ("statistics", "东江省教育厅", 2018)
    assert title.is_report


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("附件：2018年政府信息公开工作年度报告统计表.xls", "statistics"),
        ("东江县2018年政府信息公开年度报告指标统计附表", "statistics"),
        ("东江县2018年政府信息公开工作年度报告及统计表", "report"),
        ("东江县2018年政府信息公开工作年度报告（含附表）", "report"),
    ],
)
def test_a_table_of_a_report_and_a_report_with_its_table(raw: str, kind: str) -> None:
    assert read_title(raw).kind == kind


def test_long_lines_are_no_titles() -> None:
    assert read_title("东江县政府信息公开工作年度报告" * 12).kind is None
