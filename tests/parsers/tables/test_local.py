"""Forms of provinces' own: kept row by row, nothing mapped, nothing guessed."""

import pytest

from parsers import Report, Source, documents, parse
from parsers.tables.local import find

FUJIAN = """<html><body><div id="zoom"><p>附表：政府信息公开工作情况统计表</p><table>
<tr><td>指标名称</td><td>计量单位</td><td>2016年度</td><td>历年累计</td></tr>
<tr><td>主动公开信息数</td><td>条</td><td>1,204</td><td>9680</td></tr>
<tr><td>其中：1.政府网站公开的信息数</td><td>条</td><td>1204</td><td></td></tr>
<tr><td>对申请的答复总数</td><td>件</td><td>不填</td><td>/</td></tr>
</table></div></body></html>"""

SHANGHAI = """<html><body><div id="zoom"><table>
<tr><td>代码</td><td>指标</td><td>单位</td><td>统计数</td></tr>
<tr><td>01</td><td>主动公开信息数</td><td>条</td><td>345</td></tr>
<tr><td>12</td><td>申请总数</td><td>条</td><td>7</td></tr>
<tr><td>52</td><td>专项经费</td><td>万元</td><td>3.5</td></tr>
</table></div></body></html>"""

PROSE = """<html><body><div id="zoom"><table>
<tr><td>项目</td><td>内容</td></tr>
<tr><td>一</td><td>本局认真贯彻条例，完善制度，加强培训，拓宽公开渠道，全年工作取得新的进展，群众满意度进一步提高。</td></tr>
<tr><td>二</td><td>存在的问题主要是公开意识仍需加强，公开内容仍需细化，公开渠道仍需拓宽，下一步将逐项改进。</td></tr>
<tr><td>三</td><td>其他需要报告的事项：无。</td></tr>
</table></div></body></html>"""


def tables(
    page: str,
) -> list[tuple[str, tuple[str, ...], list[tuple[str | None, str, str | None, tuple[float | None, ...]]]]]:
    found = find(documents.read(page.encode()).blocks, frozenset())
    return [(t.title, t.columns, [(r.code, r.label, r.unit, r.values) for r in t.rows]) for t in found]


def test_a_second_value_column_stays_a_second_value() -> None:
    assert tables(FUJIAN) == [
        (
            "附表：政府信息公开工作情况统计表",
            ("2016年度", "历年累计"),
            [
                (None, "主动公开信息数", "条", (1204, 9680)),
                (None, "其中：1.政府网站公开的信息数", "条", (1204, None)),
                (None, "对申请的答复总数", "件", (None, None)),
            ],
        )
    ]


def test_codes_of_the_form_are_kept() -> None:
    ((_, columns, rows),) = tables(SHANGHAI)
    assert columns == ("统计数",)
    assert rows == [
        ("01", "主动公开信息数", "条", (345,)),
        ("12", "申请总数", "条", (7,)),
        ("52", "专项经费", "万元", (3.5,)),
    ]


def test_a_table_of_sentences_is_none() -> None:
    assert tables(PROSE) == []


def test_what_a_template_has_read_is_not_taken_twice() -> None:
    assert find(documents.read(FUJIAN.encode()).blocks, frozenset({0})) == ()


def test_a_form_in_two_halves_beside_each_other() -> None:
    page = (
        "<table><tr><td>指标</td><td>单位</td><td>统计数</td><td>指标</td><td>单位</td><td>统计数</td></tr>"
        "<tr><td>主动公开信息数</td><td>条</td><td>345</td><td>申请总数</td><td>条</td><td>7</td></tr>"
        "<tr><td>公文类信息数</td><td>条</td><td>12</td><td>专项经费</td><td>万元</td><td>3.5</td></tr></table>"
    )
    ((_, columns, rows),) = tables(f"<html><body>{page}</body></html>")
    assert columns == ("统计数",)
    assert rows == [
        (None, "主动公开信息数", "条", (345,)),
        (None, "公文类信息数", "条", (12,)),
        (None, "申请总数", "条", (7,)),
        (None, "专项经费", "万元", (3.5,)),
    ]


def test_a_code_behind_the_label_is_no_label() -> None:
    rows = "".join(
        f"<tr><td>{label}</td><td>条</td><td>{code}</td><td>{figure}</td></tr>"
        for label, code, figure in (("主动公开信息数", "01", 345), ("公文类信息数", "03", 12), ("申请总数", "12", 7))
    )
    page = f"<table><tr><td>指标</td><td>单位</td><td>代码</td><td>统计数</td></tr>{rows}</table>"
    ((_, _, found),) = tables(f"<html><body>{page}</body></html>")
    assert found[0] == ("01", "主动公开信息数", "条", (345,))


_LONG = "本局认真贯彻条例，完善制度，加强培训，拓宽公开渠道，全年工作取得新的进展，群众满意度进一步提高。" * 2
_CODED = (("13", "1.当面申请数", 9), ("14", "2.传真申请数", 0), ("27", "8.不予公开答复总数", 3))


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("<td>代码</td><td>指标</td>", "<td>{code}</td><td>{label}</td>"),
        ("<td>指标</td><td>代码</td>", "<td>{label}</td><td>{code}</td>"),
        ("<td>指标</td>", "<td>{code} {label}</td>"),
        ("<td>指标</td>", "<td>{code}　{label}</td>"),
    ],
)
def test_a_code_goes_before_the_number_of_a_label(head: str, row: str) -> None:
    """上海 2012: 13 | 1.当面申请数."""
    cells = (row.format(code=code, label=label) + f"<td>件</td><td>{figure}</td>" for code, label, figure in _CODED)
    rows = "".join(f"<tr>{line}</tr>" for line in cells)
    page = f"<table><tr>{head}<td>单位</td><td>统计数</td></tr>{rows}</table>"
    ((_, _, found),) = tables(f"<html><body>{page}</body></html>")
    assert [(code, values) for code, _, _, values in found] == [(code, (figure,)) for code, _, figure in _CODED]


@pytest.mark.parametrize(
    ("top", "columns"),
    [
        ("<td colspan=2>统计数</td>", ("2016年度", "历年累计")),
        ("<td>本级</td><td>全市</td>", ("本级 2016年度", "全市 历年累计")),
    ],
)
def test_a_header_in_two_lines(top: str, columns: tuple[str, ...]) -> None:
    page = (
        f"<table><tr><td rowspan=2>指标名称</td><td rowspan=2>计量单位</td>{top}</tr>"
        "<tr><td>2016年度</td><td>历年累计</td></tr>"
        "<tr><td>主动公开信息数</td><td>条</td><td>425</td><td>1516</td></tr>"
        "<tr><td>行政复议数</td><td>件</td><td>1</td><td>4</td></tr>"
        "<tr><td>行政诉讼数</td><td>件</td><td></td><td>2</td></tr></table>"
    )
    ((_, headers, rows),) = tables(f"<html><body>{page}</body></html>")
    assert headers == columns
    assert [values for _, _, _, values in rows] == [(425, 1516), (1, 4), (None, 2)]


@pytest.mark.parametrize(
    ("lines", "columns", "rows"),
    [
        ([[9, 2, 7]], ("",), [(9,), (2,), (7,)]),
        ([["数量", 9, 2, 7]], ("数量",), [(9,), (2,), (7,)]),
        ([[2017, 8, 8, 0], [2018, 9, 2, 7]], ("2017", "2018"), [(8, 9), (8, 2), (0, 7)]),
        ([["教育局", 8, 8, ""], ["合计", 9, 2, "/"]], ("教育局", "合计"), [(8, 9), (8, 2), (None, None)]),
    ],
)
def test_indicators_beside_each_other(
    lines: list[list[object]], columns: tuple[str, ...], rows: list[tuple[float | None, ...]]
) -> None:
    """四川省教育厅 2018: 表二 依申请公开办理情况统计表."""
    head = ["项目"] * (len(lines[0]) - 3) + ["收到申请数", "1.同意公开答复", "不同意公开答复数"]
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in [head, *lines])
    ((title, headers, found),) = tables(f"<html><body><p>表二 办理情况</p><table>{cells}</table></body></html>")
    assert (title, headers) == ("表二 办理情况", columns)
    assert [values for _, _, _, values in found] == rows


def test_a_form_that_is_one_line_of_text() -> None:
    """平潭 2011: a dump in which nothing but blanks is left between the cells."""
    text = (
        "附件1：2011年政府信息公开情况统计表 指标名称 计量 单位 2011 年度 历年累计 主动公开信息数 条 425 1,516 其中：1.网站公开 条 418 1509 "
        "2.政府公报公开 条 7 7 受理依申请公开信息总数 条 0 0 行政复议数 件 3 行政诉讼数 件 不填 / 附件下载"
    )
    found = _report(text)
    (table,) = found.figures["local_tables"]
    assert (table["title"], table["columns"]) == ("附件1：2011年政府信息公开情况统计表", ("2011年度", "历年累计"))
    assert [(row["code"], row["label"], row["unit"], row["values"]) for row in table["rows"]] == [
        (None, "主动公开信息数", "条", (425, 1516)),
        (None, "其中：1.网站公开", "条", (418, 1509)),
        ("2", "2.政府公报公开", "条", (7, 7)),
        (None, "受理依申请公开信息总数", "条", (0, 0)),
        (None, "行政复议数", "件", (None, None)),
        (None, "行政诉讼数", "件", (None, None)),
    ]
    assert "ambiguous_columns:local_tables" in found.flags


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("代码 指标 单位 统计数 01 信息数 条 345 02 公文数 条 03 申请数 条 7 04 复议数 件 8", [345, None, 7, 8]),
        ("指标 代码 单位 统计数 信息数 01 条 345 公文数 02 条 12 申请数 03 条 7 复议数 04 件", [345, 12, 7, None]),
        ("指标 单位 统计数 01 信息数 条 345 02 公文数 条 12 03 申请数 条 7", None),
    ],
)
def test_a_code_is_no_figure_of_the_row_in_front_of_it(text: str, values: list[float | None] | None) -> None:
    """Where the header does not name it nobody can say which of two numbers is the figure."""
    found = _report(f"{_LONG}\n附表\n{text}\n本报告到此结束。").figures.get("local_tables", ())
    have = [row["values"][0] for table in found for row in table["rows"]]
    assert have == values if values else set(have) <= {None}


_ROWS = (
    "主动公开信息数", "公文类信息数", "申请总数", "当面申请数", "传真申请数", "电子邮件申请数", "信函申请数", "其他形式申请数",
)  # fmt: skip


def test_the_second_part_of_a_local_form_is_not_the_national_one() -> None:
    def table(labels: tuple[str, ...], head: str = "") -> str:
        cells = (f"<tr><td>{label}</td><td>条</td><td>{len(label)}</td></tr>" for label in labels)
        return f"<table>{head}{''.join(cells)}</table>"

    head = "<tr><td>统计指标</td><td>单位</td><td>统计数</td></tr>"
    report = _report(f"{table(_ROWS[:3], head)}{table(_ROWS[3:])}")
    assert "statistics" not in report.figures
    assert [len(own["rows"]) for own in report.figures["local_tables"]] == [8]


def test_a_few_shared_labels_of_a_flattened_local_form_are_not_the_national_one() -> None:
    lines = "\n".join(["统计指标", "单位", "统计数", *(f"{label}\n条\n{len(label)}" for label in _ROWS)])
    assert "statistics" not in _report(lines).figures


def _report(body: str) -> Report:
    lead = "青河市数据局2016年政府信息公开工作年度报告\n本机关认真做好政府信息公开工作。\n"
    is_page = body.startswith("<")
    lead = "".join(f"<p>{line}</p>" for line in lead.split("\n")) if is_page else lead
    return parse(Source(content=("<meta charset=utf-8>" * is_page + lead + body).encode()))
