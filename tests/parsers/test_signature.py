"""The day below the organ's name at the end of a report."""

from __future__ import annotations

from datetime import date

import pytest

from parsers import Source, parse
from parsers.documents.model import Block, Paragraph, Picture
from parsers.signature import signed_on

DAY = date(2021, 1, 22)


def read(*lines: str, year: int = 2020, recognised: bool = False) -> date | None:
    blocks: list[Block] = [
        Picture(line, "") if line.startswith("#") else Paragraph(line, recognised=recognised) for line in lines
    ]
    return signed_on(blocks, year)


@pytest.mark.parametrize(
    "lines",
    [
        ("青河市数据局", "2021年1月22日"),
        ("青河市数据局", "二〇二一年一月二十二日"),
        ("青河市数据局", "二○二一年一月廿二日"),
        ("　　　　青 河 市 数 据 局", "　　　　2021 年 1 月 22 日　"),
        ("青河市人民政府办公室", "", "（2021年1月22日）"),
        ("青河市数据局（盖章）", "2021年1月22日"),
        ("青河市数据局", "（公章）", "2021-01-22"),
        ("青河市數據局", "2021.1.22"),
        ("青河市数据局\n2021年1月22日",),
        ("青河市数据局　　2021年1月22日",),
        ("云溪县长宁镇人民政府2021年1月22日",),
        ("青河市数据局", "2021年1月22日", "附件：政府信息公开情况统计表", "联系电话：0123-4567890"),
    ],
)
def test_a_day_below_the_organ_s_name(lines: tuple[str, ...]) -> None:
    assert read("我局认真做好政府信息公开工作。", *lines) == DAY


@pytest.mark.parametrize(
    "lines",
    [
        ("2021年1月22日",),
        ("特此报告。", "2021年1月22日"),
        ("本报告电子版可在网站下载，联系单位：青河市数据局", "2021年1月22日"),
        ("青河市数据局", "2021年1月"),
        ("青河市数据局", "2021年2月30日"),
        ("青河市数据局", "截至2021年1月22日"),
        ("青河市数据局", "统计期限", "2021年1月22日"),
        ("青河市数据局", "#picture", "2021年1月22日"),
        ("青河市数据局", "2018年1月22日"),
        ("青河市数据局", "2026年1月22日"),
        ("青河市数据局", "2021年1月22日", "云溪县司法局", "2021年1月25日"),
    ],
)
def test_what_is_no_signature(lines: tuple[str, ...]) -> None:
    """Another year's day is left from the report that this one was copied from; of two days nobody knows which."""
    assert read("我局认真做好政府信息公开工作。", *lines) is None


def test_above_the_report_and_out_of_pixels_it_says_nothing() -> None:
    assert read("青河市数据局", "2021年1月22日", "我局认真做好政府信息公开工作。") is None
    assert read("我局认真做好工作。", "青河市数据局", "2021年1月22日", recognised=True) is None


def test_what_the_page_says_of_itself_goes_first() -> None:
    title = "青河市数据局2020年政府信息公开工作年度报告"
    page = (
        f"<html><meta charset=utf-8><title>{title}</title><body>{{}}<h1>{title}</h1>"
        "<p>一、总体情况</p><p>我局认真做好政府信息公开工作，主动公开政府信息410条。</p>"
        "<p>二、存在的主要问题及改进情况</p><p>一年来我局的工作人员业务水平还有待提高，今后将加强培训。</p>"
        "<p align=right>青河市数据局</p><p align=right>2021年1月22日</p></body></html>"
    )
    told = "<table><tr><td>索引号：</td><td>005/1</td><td>成文日期：</td><td>2021年1月20日</td></tr></table>"
    assert parse(Source(page.format("").encode())).page.written_on == DAY
    assert parse(Source(page.format(told).encode())).page.written_on == date(2021, 1, 20)
