"""A label that no template knows is recorded as it stands: a new national form shows itself on its first day."""

from __future__ import annotations

from parsers import Report, Source, parse
from tests.parsers import forms
from tests.parsers.tables.test_carriers import counted

FORM = forms.template("e2021_v30")
TITLE = "青河市数据局2026年政府信息公开工作年度报告"


def report(*changes: tuple[str, str]) -> Report:
    page = forms.page("html", FORM, counted(FORM, {"requests.results.granted.natural_person": 4})).decode()
    for old, new in changes:
        assert old in page
        page = page.replace(old, new, 1)
    return parse(Source(content=page.encode(), title=TITLE))


def test_the_form_as_it_is_has_none() -> None:
    found = report()
    assert found.unknown_labels == ()
    assert not [flag for flag in found.flags if flag.startswith(("unknown_label", "unknown_table"))]


def test_a_new_row() -> None:
    new = '<tr><td colspan="2">4.申请人撤回申请</td>' + "<td>0</td>" * 6 + "<td>3</td></tr>"
    found = report(
        ('<tr><td colspan="3">四、结转下年度继续办理</td>', f'{new}<tr><td colspan="3">四、结转下年度继续办理</td>')
    )
    assert found.unknown_labels == ("4.申请人撤回申请",)
    assert "unknown_label:requests" in found.flags
    assert found.figures["requests"]["carried_forward"]["total"] == 0


def test_a_new_first_row() -> None:
    new = '<tr><td colspan="3">〇、上年未办结的撤回数量</td>' + "<td>0</td>" * 6 + "<td>3</td></tr>"
    found = report(('<tr><td colspan="3">一、本年新收', f'{new}<tr><td colspan="3">一、本年新收'))
    assert found.unknown_labels == ("〇、上年未办结的撤回数量",)
    assert "unknown_label:requests" in found.flags
    assert found.figures["requests"]["received_new"]["total"] == 4


def test_a_new_column_of_table_two() -> None:
    found = report(
        ("<td>现行有效件数</td>", "<td>现行有效件数</td><td>本年清理件数</td>"),
    )
    assert found.unknown_labels == ("本年清理件数",)
    assert "unknown_label:proactive" in found.flags


def test_a_label_is_kept_short_and_in_one_line() -> None:
    new = "<tr><td colspan='2'>5.新的<br>情形" + "某" * 100 + "</td>" + "<td>0</td>" * 7 + "</tr>"
    found = report(('<tr><td colspan="3">四、结转', f'{new}<tr><td colspan="3">四、结转'))
    (label,) = found.unknown_labels
    assert label.startswith("5.新的 情形某") and len(label) == 80


def test_a_table_that_no_template_knows() -> None:
    """The whole form is another one: table two is gone, and a table with figures stands where it was."""
    page = forms.page("html", FORM, counted(FORM, {})).decode()
    start = page.index('<table><tr><td colspan="4">第二十条第(一)项')
    end = page.index('<table><tr><td rowspan="3"')
    table = (
        "<table><tr><td>指标名称</td><td>数量</td></tr><tr><td>公共数据开放目录</td><td>12</td></tr>"
        "<tr><td>政策文件公开</td><td>7</td></tr><tr><td>决策预公开</td><td>3</td></tr></table>"
    )
    found = parse(Source(content=(page[:start] + table + page[end:]).encode(), title=TITLE))
    assert {"table_missing:proactive", "unknown_table"} <= set(found.flags)
    assert found.figures["local_tables"][0]["rows"][0]["label"] == "公共数据开放目录"
