"""What a link's words promise."""

from __future__ import annotations

import pytest

from crawler.finding.titles import Promise, is_column, is_cut, is_organ, is_year, promise, years

REPORTS = [
    "洪泽区人民政府2023年政府信息公开工作年度报告",
    "2022年上海市政府信息公开工作年度报告",
    "政府信息公开工作年度报告（2022年）",
    "四川省教育厅2019年度政府信息公开工作报告",
    "市林业局2018年政务公开年度报告",
    "2017政府信息公开工作 年度报告",
    "楚雄市政务服务管理局2020年度政府信息公开工作年...",
    "雲浮市人民政府辦公室2015年政府信息公開工作年度報告",
]
OTHERS = [
    "2020年度政府网站工作年度报表",
    "政府信息公开指南",
    "2019年度决算公开",
    "关于做好2023年政府信息公开工作年度报告编制发布工作的通知",
    "图解：2024年政府信息公开工作年度报告",
    "某县2020年政府信息公开年报H5",
    "2019年法治政府建设年度报告",
    "政府信息公开目录",
]


@pytest.mark.parametrize("title", REPORTS)
def test_titles_of_reports(title: str) -> None:
    assert promise(title) is Promise.REPORT


@pytest.mark.parametrize("title", OTHERS)
def test_titles_of_other_things(title: str) -> None:
    assert promise(title) is Promise.NOT


def test_a_title_without_a_year_may_be_a_column() -> None:
    assert promise("威远镇政府信息公开工作年度报告") is Promise.MAYBE and is_column("威远镇政府信息公开工作年度报告")


@pytest.mark.parametrize("title", ["提案议案办理结果公开", "政府信息公开年报", "部门年报", "教育要闻"])
def test_titles_that_say_nothing_for_certain(title: str) -> None:
    assert promise(title) is Promise.MAYBE


@pytest.mark.parametrize(
    "name",
    ["政府信息公开年报", "政府信息公开工作年度报告", "信息公开年报", "年度报告", "年报", "部门年报", "乡镇信息公开年报", "年报查询",
     "政府資訊公開年報".replace("資訊", "信息"), "区政府部门信息公开年报"],
)  # fmt: skip
def test_names_of_columns(name: str) -> None:
    assert is_column(name)


@pytest.mark.parametrize("name", ["政府信息公开指南", "政府工作报告", "统计年鉴", "网站年度报表", "预算决算"])
def test_names_of_other_columns(name: str) -> None:
    assert not is_column(name)


def test_years_and_organs() -> None:
    assert (
        is_year("2019年") and is_year("（2012-2014年）") and is_year("2013年以前") and not is_year("2019年报告会纪要")
    )
    assert is_organ("市教育局") and is_organ("张义镇") and is_organ("河北省工业和信息化厅") and not is_organ("更多")
    assert years("2018年和2019年") == (2018, 2019)
    assert years("电话20180000") == ()
    assert years("二〇一九年政府信息公开工作年度报告") == (2019,) == years("二○一九年")
    assert is_year("二〇一九年") and is_year("二零二零年度报告") and not is_year("二〇一九年工作会议")


def test_titles_cut_off() -> None:
    assert is_cut("2020年政府信息公开工作年...") and is_cut("2020年政府信息公开……") and not is_cut("2020年年报")
