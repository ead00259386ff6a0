"""Tables under a heading of another year."""

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
