"""Texts that a page's edge has cut into lines: paragraphs are whole again, and all other lines stay as they are."""

from __future__ import annotations

import pytest

from parsers import Source, parse
from parsers.documents.wrapped import unwrapped

PROSE = (
    "2018年，青河市数据局共受理行政复议1起，行政诉讼5起，行政申诉9起，没有因政府信息公开而被提起的行政复议或行政诉讼。",
    "全年通过门户网站发布动态1204条，政务微信推送350篇，网站访问量逐年增长，公开渠道不断拓宽，内容更加充实，群众查阅更加方便。",
    "下一步将继续完善制度，明确责任分工，提高公开的质量和时效，加强对各单位的业务指导和监督检查，定期通报情况。",
)
TEXT = PROSE * 3
HEAD = ("青河市数据局2018年政府信息公开工作年度报告", "一、概述")


def wrapped(paragraphs: tuple[str, ...], columns: int, indent: str = "") -> list[str]:
    """Each paragraph in lines of so many columns, of which a Chinese character takes two; the first one indented."""
    lines = []
    for text in paragraphs:
        lines.append(indent)
        for character in text:
            if len(f"{lines[-1]}{character}".encode("gbk")) > columns:
                lines.append("")
            lines[-1] += character
    return lines


@pytest.mark.parametrize("gap", [[], [""]])
@pytest.mark.parametrize("indent", ["", "\u3000\u3000"])
@pytest.mark.parametrize("width", [48, 59, 76])
def test_paragraphs_are_whole_again(width: int, indent: str, gap: list[str]) -> None:
    lines = [line for one in (*HEAD, *wrapped(TEXT, width, indent), "二、主动公开情况") for line in (one, *gap)]
    found = [line.strip() for line in unwrapped(lines) if line.strip()]
    assert found == [*HEAD, *TEXT, "二、主动公开情况"]


@pytest.mark.parametrize(
    "lines",
    [
        list(PROSE),
        ["规章", "12", "3", "规范性文件", "5", "8"],
        [f"{number}.要求行政机关确认或重新出具已获取信息的政府信息公开申请数量" for number in range(1, 9)],
        [f"{text}（其他需要说明的情况）" * 9 for text in PROSE],
        [f"青河市数据局20{year}年政府信息公开工作年度报告" for year in range(14, 24)],
        [f"20{year}年青河市数据局政府信息公开工作年度报告 20{year + 1}-01-20" for year in range(14, 24)],
        [
            f"{organ}局2020年政府信息公开工作年度报告（2021年1月20日）"
            for organ in ("教育", "财政", "水利", "民政", "审计")
        ],
    ],
)
def test_other_lines_stay_as_they_are(lines: list[str]) -> None:
    assert unwrapped(lines) == lines


def test_a_sentence_that_the_page_has_cut_says_what_it_says() -> None:
    """By its first line alone five lawsuits would be the report's (河北省教育厅 2018)."""
    text = "\n\n".join([*HEAD, *wrapped(PROSE * 3, 78)])
    assert "没有因政府信\n" in text
    cells = {cell.path: cell.value for cell in parse(Source(text.encode())).cells}
    assert cells["statistics.litigation.total"] == 0
