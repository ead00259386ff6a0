"""A figure in a cell that is merged over several rows is none of theirs, unless it is a nought."""

from __future__ import annotations

import pytest

from parsers import Source, parse

_COERCION, _PENALTY = "administrative_coercion", "administrative_penalty"


@pytest.mark.parametrize(("figure", "read_as"), [("35", None), ("0", 0), ("", None)])
def test_one_figure_beside_two_rows(figure: str, read_as: int | None) -> None:
    page = (
        "<meta charset=utf-8><h1>青河市数据局2023年政府信息公开工作年度报告</h1><p>现公布本年度报告。</p><table>"
        "<tr><td>信息内容</td><td>本年处理决定数量</td></tr><tr><td>行政许可</td><td>6</td></tr>"
        f"<tr><td>行政处罚</td><td rowspan='2'>{figure}</td></tr><tr><td>行政强制</td></tr></table>"
    )
    for _ in range(2):  # The second time its layout is known.
        found = parse(Source(content=page.encode()))
        values = {name: found.figures["proactive"][name]["decisions"] for name in (_PENALTY, _COERCION)}
        assert values == {_PENALTY: read_as, _COERCION: read_as}
        assert found.figures["proactive"]["administrative_licensing"]["decisions"] == 6
        assert ("ambiguous_columns:proactive" in found.flags) is (figure == "35")
