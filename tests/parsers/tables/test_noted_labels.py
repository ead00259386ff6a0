"""A row's label with a note in brackets behind it, in flattened text: 规章（县级无此项）."""

import pytest

from parsers import Source, parse
from parsers.report import Report
from tests.parsers import forms

_ROOT = "proactive.administrative_licensing.decisions"
_FIGURES = {_ROOT: "1407", "proactive.administrative_penalty.decisions": "25"}


def read(carrier: str, label: str) -> Report:
    form = forms.template("e2021_v30")
    text = forms.flattened(carrier, form, _FIGURES).replace("行政许可", label, 1)
    return parse(
        Source(content=f"柘城县审计局2023年政府信息公开工作年度报告\n一、总体情况\n本年度工作平稳。\n{text}".encode())
    )


@pytest.mark.parametrize("carrier", ["pipes", "tabs", "blank_lines", "vanished"])
@pytest.mark.parametrize("label", ["行政许可（含备案）", "行政许可（含初审9件）", "行政许可（不含行政处罚）"])
def test_the_row_is_read(carrier: str, label: str) -> None:
    proactive = read(carrier, label).figures["proactive"]
    assert proactive["administrative_licensing"]["decisions"] == 1407
    assert proactive["administrative_penalty"]["decisions"] == 25
