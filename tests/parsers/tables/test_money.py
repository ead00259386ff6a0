"""In which unit money is: the cell says it best, then the header; where two of them contradict, nobody knows."""

from __future__ import annotations

import pytest

from parsers import Source, parse
from parsers.report import Report
from parsers.tables.numbers import read as read_cell

_PATH = "proactive.administrative_fees.amount_wan_yuan"
_HEAD = "本年收费金额（单位：万元）"


def read(
    amount: str, head: str = _HEAD, above: str = "", label: str = "行政事业性收费", carrier: str = "html"
) -> Report:
    lead = [
        "青河市数据局2023年政府信息公开工作年度报告",
        "本机关认真贯彻落实政府信息公开条例，扎实推进各项工作。",
        "二、主动公开政府信息情况",
        "第二十条第（五）项",
    ]
    first, second = (("信息内容", "本年处理决定数量"), ("行政许可", "7")), (("信息内容", head), (label, amount))
    captions = ["第二十条第（八）项", *([above] if above else [])]
    if carrier == "html":
        tables = (
            "<table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows) + "</table>"
            for rows in (first, second)
        )
        blocks = (
            *(f"<p>{line}</p>" for line in lead),
            next(tables),
            *(f"<p>{line}</p>" for line in captions),
            next(tables),
        )
        return parse(Source(content=("<meta charset=utf-8>" + "".join(blocks)).encode()))
    cells = [cell for row in first for cell in row], [cell for row in second for cell in row]
    return parse(Source(content=carrier.join([*lead, *cells[0], *captions, *cells[1]]).encode()))


def value(report: Report) -> float | None:
    return next(cell.value for cell in report.cells if cell.path == _PATH)


@pytest.mark.parametrize("carrier", ["html", "\n"])
@pytest.mark.parametrize(
    ("amount", "head"),
    [
        ("36.5", _HEAD),
        ("365000元", _HEAD),
        ("365000 元", _HEAD),
        ("￥365,000", _HEAD),
        ("人民币36.5万元", _HEAD),
        ("365000", "本年收费金额（单位：元）"),
        ("36.5万元", "本年收费金额（单位：元）"),
    ],
)
def test_the_unit_of_the_cell_wins_over_the_headers(amount: str, head: str, carrier: str) -> None:
    assert value(read(amount, head, carrier=carrier)) == 36.5


@pytest.mark.parametrize("carrier", ["html", "\n"])
@pytest.mark.parametrize("above", ["单位：元", "（单位：元）", "单位：件、元", "金额单位：人民币元"])
@pytest.mark.parametrize("head", [_HEAD, "本年收费金额"])
def test_a_line_above_that_says_yuan_leaves_nothing_certain(head: str, above: str, carrier: str) -> None:
    report = read("365000", head, above, carrier=carrier)
    assert value(report) is None
    assert "unit_missing:proactive" in report.flags
    assert value(read("36.5万元", head, above, carrier=carrier)) == 36.5


@pytest.mark.parametrize("above", ["单位：万元", "单位：件", "填报单位：元阳县财政局"])
def test_a_line_above_that_says_something_else_is_no_doubt(above: str) -> None:
    assert value(read("36.5", above=above)) == 36.5


def test_a_label_that_contradicts_its_header_leaves_nothing_certain() -> None:
    report = read("365000", label="行政事业性收费（元）")
    assert value(report) is None
    assert "unit_missing:proactive" in report.flags
    assert value(read("365000", "本年收费金额", label="行政事业性收费（元）")) == 36.5
    assert value(read("0", label="行政事业性收费（元）")) == 0


@pytest.mark.parametrize(
    ("raw", "value", "unit"), [("￥12", 12, "元"), ("¥1,200.5万元", 1200.5, "万元"), ("人民币3元", 3, "元")]
)
def test_the_sign_of_a_currency(raw: str, value: float, unit: str) -> None:
    assert (read_cell(raw).value, read_cell(raw).unit) == (value, unit)


@pytest.mark.parametrize(("figure", "read_as"), [("3600", None), ("0", 0), ("0.36", None)])
@pytest.mark.parametrize("unit", ["<td>万元</td>", ""])
def test_a_row_of_2014_in_yuan_is_none_in_wan_yuan(figure: str, read_as: int | None, unit: str) -> None:
    """Also where the form has no column of units."""
    head = f"<tr><td>统计指标</td>{unit and '<td>单位</td>'}<td>统计数</td></tr>"
    rows = "".join(
        f"<tr><td>{label}</td>{unit}<td>{number}</td></tr>"
        for label, number in (
            ("（一）收到申请数", 9),
            ("1.当面申请数", 9),
            ("七、依申请公开信息收取的费用（元）", figure),
        )
    )
    title = "青河市数据局2016年政府信息公开工作年度报告"
    page = f"<meta charset=utf-8><h1>{title}</h1><p>现公布本年度报告。</p><table>{head}{rows}</table>"
    statistics = parse(Source(content=page.encode())).figures["statistics"]
    assert statistics["fees"]["request_fees_wan_yuan"] == read_as
    assert statistics["requests"]["received"]["total"] == 9
