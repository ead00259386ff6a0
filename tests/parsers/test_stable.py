"""Two fetches of the same report are the same text, whatever the clock and the counter say."""

from __future__ import annotations

import pytest

from parsers.stable import stable

TEXT = "一、总体情况\n2020年主动公开政府信息45条，下载次数最多的是规划，第3页有说明。\n二、主动公开政府信息情况"


@pytest.mark.parametrize(
    "line",
    [
        "浏览次数：1234次",
        "阅读量: [ 88 ]",
        "打印时间：2026年1月5日 10:22:31",
        "下载日期 2024-01-05",
        "今天是2026年1月5日 星期一",
        "2024/1/5 10:22:07",
        "- 5 -",
        "第 5 页 共 12 页",
        "【打印本页】 【关闭窗口】",
        "上一篇：2019年政府信息公开工作年度报告",
    ],
)
def test_what_passes_is_left_out(line: str) -> None:
    assert stable(f"{TEXT}\n{line}") == stable(TEXT)


@pytest.mark.parametrize(
    "line",
    [
        "网站浏览次数：全年共计很多",
        "2021年1月20日",
        "全年网站访问量1234人次",
        "访问量：",
        "截至2020年12月31日，共收到申请5件。",
        "5",
    ],
)
def test_what_the_report_says_is_kept(line: str) -> None:
    kept = stable(f"{TEXT}\n{line}")
    assert (kept != stable(TEXT)) == (line != "访问量：")


def test_white_space_is_no_text() -> None:
    assert stable("一、 总体\u3000情况\n") == "一、总体情况"
