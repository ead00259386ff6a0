"""Tables under a heading of another year, of a part of it, of another organ."""

import pytest

from parsers import Source, parse
from tests.parsers import forms

_TABLE = forms.html(forms.template("e2021_v30"), {"proactive.administrative_licensing.decisions": "7"})


@pytest.mark.parametrize(
    ("above", "flagged"),
    [
        ("<p>2022年主动公开情况</p>", True),
        ("<p>2022年度</p><p>&nbsp;</p>", True),
        ("<p>2023年主动公开情况</p>", False),
        ("<p>2022年、2023年主动公开情况</p>", False),
        ("<p>与2022年相比变化如下</p>", False),
        ("<p>2024年1月20日</p>", False),
        ("<p>主动公开情况</p>", False),
    ],
)
def test_the_table_below_is_flagged(above: str, flagged: bool) -> None:
    page = f"<h1>柘城县审计局2023年政府信息公开工作年度报告</h1><p>现公布本年度报告。</p>{above}{_TABLE}"
    report = parse(Source(content=f"<meta charset=utf-8>{page}".encode()))
    assert ("other_year:proactive" in report.flags) is flagged
    assert report.figures["proactive"]["administrative_licensing"]["decisions"] == 7


@pytest.mark.parametrize(
    ("organ", "above", "flag"),
    [
        ("柘城县审计局", "主动公开情况统计表（2023年第四季度）", "other_period"),
        ("柘城县审计局", "2023年上半年主动公开情况", "other_period"),
        ("柘城县审计局", "2023年1-6月主动公开情况", "other_period"),
        ("柘城县审计局", "2023年1-12月主动公开情况", None),
        ("柘城县审计局", "柘城县统计局主动公开政府信息情况", "other_organ"),
        ("柘城县审计局", "附件2：县统计局2023年主动公开情况", "other_organ"),
        ("柘城县审计局", "填报单位（盖章）：柘城县经济责任审计中心", "other_organ"),
        ("柘城县审计局", "其中：经济责任审计中心", "other_organ"),
        ("柘城县审计局", "全县主动公开政府信息情况", "other_organ"),
        ("柘城县审计局", "各乡镇主动公开政府信息情况", "other_organ"),
        ("柘城县人民政府", "全县主动公开政府信息情况", None),
        ("柘城县审计局", "柘城县审计局主动公开政府信息情况", None),
        ("柘城县审计局", "县审计局2023年主动公开政府信息情况", None),
        ("柘城县审计局", "我局主动公开政府信息情况", None),
        ("柘城县审计局", "填报单位：柘城县审计局", None),
        ("柘城县审计局", "填报单位：柘城县审计局办公室", None),
        ("柘城县审计局", "填报单位：局办公室", None),
        ("柘城县审计局", "二、主动公开政府信息情况", None),
        ("柘城县审计局", "收到和处理政府信息公开申请情况", None),
        ("柘城县审计局", "政府信息公开行政复议、行政诉讼情况", None),
        ("柘城县审计局", "因政府信息公开工作被申请行政复议、提起行政诉讼情况", None),
        ("柘城县审计局", "（单位：件）", None),
    ],
)
@pytest.mark.parametrize("in_table", [False, True])
def test_a_heading_of_less_than_the_year_or_of_others(organ: str, above: str, flag: str | None, in_table: bool) -> None:
    heading = f"<p>{above}</p>"
    table = _TABLE.replace("<table>", f"<table><tr><td colspan='9'>{above}</td></tr>", 1) if in_table else _TABLE
    page = (
        f"<h1>{organ}2023年政府信息公开工作年度报告</h1><p>现公布本年度报告。</p>{'' if in_table else heading}{table}"
    )
    report = parse(Source(content=f"<meta charset=utf-8>{page}".encode()))
    said = [name for name in report.flags if name.startswith("other_")]
    assert said == ([f"{flag}:proactive"] if flag else [])
    assert report.figures["proactive"]["administrative_licensing"]["decisions"] == 7


@pytest.mark.parametrize(
    ("above", "flags"),
    [
        ("政府信息公开情况统计表（2015年度）", ["other_year:statistics"]),
        ("政府信息公开情况统计表（2016年第四季度）", ["other_period:statistics"]),
        ("柘城县统计局政府信息公开情况统计表", ["other_organ:statistics"]),
        ("政府信息公开情况统计表（2016年度）", []),
        ("柘城县审计局政府信息公开情况统计表", []),
    ],
)
def test_a_heading_above_a_table_in_text(above: str, flags: list[str]) -> None:
    form = forms.template("e2014_stats")
    figures = {path: "0" for table in form.tables for path in table.paths()}
    lead = "柘城县审计局2016年政府信息公开工作年度报告\n2015年的问题已经整改。现公布本年度报告。\n"
    text = f"{lead}{above}\n统计指标\n单位\n统计数\n{forms.flattened('vanished', form, figures)}"
    report = parse(Source(content=text.encode()))
    assert [name for name in report.flags if name.startswith("other_")] == flags
