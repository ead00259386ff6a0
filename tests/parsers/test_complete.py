"""Nothing of the report is lost, nothing of the page around it comes in: over invented reports in every carrier."""

from __future__ import annotations

import random

import pytest

from parsers import Report, Source, parse
from tests.parsers.generator.carriers import CARRIERS
from tests.parsers.generator.html import STYLES, page
from tests.parsers.generator.model import Invented, Prose
from tests.parsers.generator.reports import TEMPLATES, invent

CHROME = ("当前位置", "分享到", "上一篇", "备案号", "网站标识码", "首页", "微信：")


def bare(text: str) -> str:
    """Without white space and the pipes that a dump puts between cells."""
    return "".join(text.split()).replace("|", "")


def text_of(report: Report) -> str:
    return bare("".join(section.heading + section.text for section in report.sections))


def said(report: Invented) -> list[str]:
    """Every sentence, caption, label and filled cell of the report; its title and headings as well."""
    pieces = [part.text for part in report.body if isinstance(part, Prose)]
    for sheet in report.sheets:
        pieces.append(sheet.caption)
        # A header may stand in two cells, one above the other (`html_halved_heads`): both halves must be there.
        heads = [head.text for line in sheet.header for head in line]
        pieces += [half for text in heads for half in (text[: len(text) // 2], text[len(text) // 2 :])]
        pieces += [label for line in sheet.lines for label in line.labels]
        pieces += [figure.text for figure in sheet.figures()]
    return [bare(piece) for piece in pieces if bare(piece)]


@pytest.mark.parametrize("carrier", CARRIERS)
def test_every_word_of_a_report_is_in_its_sections(carrier: str) -> None:
    for template in TEMPLATES:
        rng = random.Random(f"complete/{carrier}/{template}")
        report = invent(template, rng)
        found = parse(Source(content=CARRIERS[carrier].render(report, rng), title=report.title))
        whole = text_of(found)
        lost = [piece for piece in said(report) if piece not in whole and piece != bare(found.title)]
        assert lost == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_page_around_it_never_comes_in(template: str) -> None:
    report = invent(template, random.Random(f"chrome/{template}"))
    content = page(report, STYLES["chrome"])
    assert all(word in content for word in CHROME[:5])
    whole = text_of(parse(Source(content=content.encode())))
    assert [word for word in CHROME if word in whole] == []


@pytest.mark.parametrize("tag", ["p", "blockquote", "li"])
@pytest.mark.parametrize(
    "long",
    [
        "一年来主动公开政府信息若干条，依申请公开政府信息为零，未发生行政复议，未收费。",
        "全年按时答复，工作有序开展。" * 20,
    ],
    ids=["every word of a report in one paragraph", "one long paragraph"],
)
def test_a_paragraph_that_looks_like_the_whole_report_is_not(tag: str, long: str) -> None:
    title = "柳河县教育局2010年政府信息公开工作年度报告"
    told = ["现将本局政府信息公开工作情况报告如下，由柳河县教育局编制。", long, "今后将继续加强政府信息公开工作。"]
    lines = "".join(f"<{tag}>{line}</{tag}>" for line in told)
    content = f"<title>{title}</title><body><div><a href='/'>首页</a></div><div><h1>{title}</h1>{lines}</div></body>"
    whole = text_of(parse(Source(content.encode())))
    assert all(line in whole for line in told) and "首页" not in whole
