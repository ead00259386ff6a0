"""Nothing quadratic: a report ten times longer takes at most twelve times the steps.

Steps are counted, not timed: every call of a function of the parser, and every call that it makes into C.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any

import pytest

from parsers import Source, parse
from parsers.documents import read
from tests.parsers.documents.make_pdf import Page, make_pdf
from tests.parsers.generator import html, text
from tests.parsers.generator.model import Invented, Prose, Sheet
from tests.parsers.generator.prose import sentences
from tests.parsers.generator.reports import invent

MOST = 12
TITLE = "青河市数据局2022年政府信息公开工作年度报告"


def steps(work: Callable[[], object]) -> int:
    """How many calls `work` makes, in Python and into C."""
    counted = 0

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted


def long(times: int) -> Invented:
    """A report with its prose and its forms `times` over."""
    rng = random.Random("growth")
    report = invent("e2021_v30", rng)
    body: list[Prose | Sheet] = []
    for part in report.body:
        if isinstance(part, Sheet):
            body.extend([part] * times)
        else:
            body.append(part)
            body.extend(Prose("".join(sentences(rng, 2022, traps=False))) for _ in range(3 * times))
    return replace(report, body=tuple(body))


PAGES = {
    f"html_{name}": lambda report, name=name: html.page(report, html.STYLES[name])
    for name in ("chrome", "word", "nested")
}
DUMPS = {
    f"text_{name}": lambda report, name=name: text.page(report, name)
    for name in ("pipes", "blank_lines", "vanished", "markdown")
}


@pytest.mark.parametrize("carrier", [*PAGES, *DUMPS])
def test_a_report_ten_times_longer(carrier: str) -> None:
    render = {**PAGES, **DUMPS}[carrier]
    short, tenfold = (Source(content=render(long(times)).encode(), title=TITLE) for times in (1, 10))
    parse(short)  # what is read or compiled once
    once = steps(lambda: parse(short))
    assert once > 5000
    assert steps(lambda: parse(tenfold)) <= MOST * once


def test_a_pdf_ten_times_longer() -> None:
    rows = [(f"规范性文件{row}", str(row), "0") for row in range(12)]

    def paper(pages: int) -> bytes:
        made = []
        for number in range(pages):
            page = Page()
            page.text(84, 60, f"第{number + 1}部分总体情况")
            page.table(60, 100, (160, 100, 100), [("信息内容", "本年制发件数", "现行有效件数"), *rows])
            made.append(page)
        return make_pdf(made)

    short, tenfold = paper(1), paper(10)
    read(short)
    once = steps(lambda: read(short))
    assert once > 1000
    assert steps(lambda: read(tenfold)) <= MOST * once


def test_work_that_grows_faster_is_seen() -> None:
    def pairs(items: list[int]) -> int:
        return sum(len(str(a + b)) for a in items for b in items)

    once = steps(lambda: pairs(list(range(10))))
    assert steps(lambda: pairs(list(range(100)))) > MOST * once
