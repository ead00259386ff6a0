"""Nothing that sentences count is passed over in silence: it is a cell's, put aside, or told as unread with its place."""

from __future__ import annotations

import random
import re
from itertools import product
from pathlib import Path

import pytest

from parsers import Source, parse
from parsers.prose.facts import extract
from parsers.prose.sentences import compact
from parsers.prose.unread import unread, wording
from parsers.report import Unread
from parsers.template import load_templates
from tests.fixtures.make import fixtures, page_of

FACTS = next(template for template in load_templates() if template.id == "e2014_narrative").facts
HERE = Path(__file__).parent
COUNTS = re.compile(
    r"(?<![\d.第〔/])(?<!\d,)\d+(?:,\d{3})*(?=[余多万]*(?:条|件|宗|份|篇|场|期(?!间)|人次|名|元))(?![^。;,]{0,4}(?:/|每))"
)
"""Written without a look at `counted`: what a reader would call a figure with a unit."""


def missed(text: str, year: int = 2015) -> tuple[Unread, ...]:
    return unread(text, FACTS, extract(text, FACTS, year))


def passed_over(text: str, year: int) -> list[str]:
    """Figures with a unit that are neither understood nor told as unread. A nought may stand within what says that there was
    none: its cell has the whole as its place."""
    found, told = extract(text, FACTS, year), compact(text)
    understood = {start for start, _ in found.understood}
    places = [(int(one.at["start"]), int(one.at["end"])) for one in unread(text, FACTS, found)]
    noughts = [
        (int(str(cell.at["start"])), int(str(cell.at["end"]))) for cell in found.cells if cell.value == 0 and cell.at
    ]
    return [
        figure[0]
        for figure in COUNTS.finditer(told.text)
        if figure.start() not in understood
        and not any(
            start <= told.origin(figure.start()) < end
            for start, end in (*places, *(noughts if figure[0] == "0" else ()))
        )
    ]


@pytest.mark.parametrize(
    ("written", "clauses"),
    [
        ("2015年共编发政务简报12期，受理来函索取5件。", ["2015年共编发政务简报12期", "受理来函索取5件"]),
        ("主动公开政府信息920条，其中政策类120条、动态类800条。", ["其中政策类120条", "动态类800条"]),
        ("按规定收取检索、复印等成本费126元。", ["按规定收取检索、复印等成本费126元"]),
        ("召开了两次专题会议，接待群众来访三百余人次。", ["召开了两次专题会议", "接待群众来访三百余人次"]),
        ("新设便民窗口1,204个（含乡镇300个）。", ["新设便民窗口1,204个", "含乡镇300个"]),
        ("答复率100%。同意公开及部分同意公开的共11件。", ["同意公开及部分同意公开的共11件"]),
        ("在微博、微信等媒介上公开政务信息4287。", ["在微博、微信等媒介上公开政务信息4287"]),
        ("全年受理申请12，答复11，发出函件二十三件。", ["全年受理申请12", "答复11", "发出函件二十三件"]),
        ("投入工作经费3.5万元。", ["投入工作经费3.5万元"]),
    ],
)
def test_what_no_pattern_knows_is_told_with_its_clause(written: str, clauses: list[str]) -> None:
    assert [one.text for one in missed(written)] == clauses


@pytest.mark.parametrize(
    "written",
    [
        "根据国务院令第711号和〔2014〕32号文件第九至12条的规定，自2015年1月1日起至12月31日止。",
        "在20个工作日内答复，最长不超过3个月；全文分7个部分，从3个方面加强。",
        "联系电话0597-8830330，邮编353000，地址：八一路439号。",
        "占总数的9.5%，一次性告知，一起研究部署，每一件都办好，第十二次会议。",
        "复印每页0.2元。",
        "一、概述\n（二）主动公开情况\n3.公开形式",
        "主动公开政府信息920条。在主动公开的920条政府信息中，大多是公文。",
        "2014年主动公开政府信息800条，市公安局受理政府信息公开申请12件。",
        "因政府信息公开引起的行政复议0件，行政诉讼0件。",
    ],
)
def test_what_only_looks_like_a_figure_or_was_understood_is_not_told(written: str) -> None:
    assert missed(written) == ()


@pytest.mark.parametrize(
    ("written", "clauses"),
    [
        ("信息公开行政诉讼一栏本年为零。", ["信息公开行政诉讼一栏本年为零"]),
        ("依申请公开的收费及减免：全年均不涉及此项费用。", ["全年均不涉及此项费用"]),
        ("五、行政诉讼情况\n全年未产生此类支出。", ["全年未产生此类支出"]),
        ("2015年未收到政府信息公开申请。", []),
        ("2015年收到政府信息公开申请3件，不存在超期答复申请的情况。", []),
        ("无锡市收费目录已公布。", []),
    ],
)
def test_what_says_in_other_words_that_there_was_none_is_told(written: str, clauses: list[str]) -> None:
    assert [one.text for one in missed(written)] == clauses


def test_the_place_is_in_the_text_as_it_was_given() -> None:
    text = "一、概述\n2015 年 我局 编发 简报 12 期 ，\n主动公开政府信息 920 条。"
    (one,) = missed(text)
    assert one.text == "2015年我局编发简报12期"
    assert text[int(one.at["start"]) : int(one.at["end"])] == "2015 年 我局 编发 简报 12 期"


VERBS = ("编发", "推送", "妥处", "接办", "晒出", "兑现", "回访", "登出")
NOUNS = ("简报", "函件", "问询", "公示栏内容", "便民口径", "政府信息类稿", "申请类来函", "复议类材料")
FIGURES = ("7", "12", "1,204", "1683", "3万", "50余")
UNITS = ("条", "件", "宗", "份", "篇", "场", "期", "人次", "名", "元", "个", "次", "项")


def test_every_figure_in_unknown_words_is_told() -> None:
    rng = random.Random("unread")
    for verb, noun in product(VERBS, NOUNS):
        figures = [f"{rng.choice(FIGURES)}{rng.choice(UNITS)}" for _ in range(3)]
        clauses = [f"{verb}{noun}{figures[0]}", f"{noun}{figures[1]}", f"全年{verb}{figures[2]}{noun}"]
        told = [one.text for one in missed(f"2015年，我局{'，'.join(clauses)}。")]
        assert told == [f"我局{clauses[0]}", *clauses[1:]]


@pytest.mark.parametrize("name", ["sentences.tsv", "told_of.tsv"])
def test_no_figure_of_the_known_sentences_is_passed_over(name: str) -> None:
    lines = (HERE / name).read_text("utf-8").splitlines()[1:]
    for line in lines[::7]:
        first, written, _ = line.split("\t")
        year = int(first) if first.isdigit() else 2016
        assert passed_over(written.replace("\\n", "\n"), year) == [], written


@pytest.mark.parametrize(
    "folder", [one for one in fixtures() if one.parent.name in ("e2008_freeform", "e2014_narrative")]
)
def test_no_figure_of_a_golden_report_in_prose_is_passed_over(folder: Path) -> None:
    report = parse(Source(content=page_of(folder).read_bytes()))
    text = "\n".join(section.text for section in report.sections)
    assert passed_over(text, report.report_year) == []


PAGE = """<html><head><title>滨河市水务局2015年政府信息公开工作年度报告</title></head><body>
<h1>滨河市水务局2015年政府信息公开工作年度报告</h1><p>一、概述</p><p>2015年，我局认真贯彻《政府信息公开条例》，扎实开展政府信息公开工作。</p>
<p>二、主动公开政府信息情况</p><p>主动公开政府信息920条，编发政务简报12期。</p><p>三、依申请公开情况</p>
<p>全年办理来函索取政府信息5件。</p></body></html>"""


def test_a_report_in_prose_has_the_flag_and_the_places() -> None:
    report = parse(Source(content=PAGE.encode()))
    assert "facts_unread:statistics" in report.flags
    assert [one.text for one in report.unread] == ["编发政务简报12期", "全年办理来函索取政府信息5件"]
    assert report.to_document()["unread"][0].keys() == {"text", "at"}


def test_one_that_is_understood_has_neither() -> None:
    report = parse(
        Source(
            content=PAGE.replace("，编发政务简报12期", "")
            .replace("办理来函索取政府信息", "收到政府信息公开申请")
            .encode()
        )
    )
    assert (report.unread, [flag for flag in report.flags if "unread" in flag]) == ((), [])


@pytest.mark.parametrize(
    ("clause", "same"),
    [
        ("2015年共编发简报12期", "共编发简报N期"),
        ("共编发简报1,204余期", "共编发简报N期"),
        ("2016年度我局在政府网站上共公开285条信息", "局在政府网站上共公开N条信息"),
        ("召开了两次专题会议", "召开了N次专题会议"),
        ("信息公开行政诉讼一栏本年为零", "信息公开行政诉讼一栏本年为零"),
    ],
)
def test_a_wording_is_what_many_reports_share(clause: str, same: str) -> None:
    assert wording(FACTS[0].counted, clause) == same
