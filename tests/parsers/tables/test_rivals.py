"""A label that stands once too often, with another figure: nobody can say which is meant, so its table is flagged."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from benchmarks.cases import run
from parsers import Report, Source, parse
from tests.parsers.generator.carriers import CARRIERS
from tests.parsers.generator.model import Figure, Invented, Line, Prose, Sheet
from tests.parsers.generator.reports import invent

SHARED = "（二）被依法纠错数"
"""Label of two rows of the 2014 form: one below 行政复议, one below 行政诉讼 (domain.md section 1.2)."""


def read(report: Invented, carrier: str) -> Report:
    content = CARRIERS[carrier].render(report, random.Random(0))
    return parse(Source(content=content, title=report.title))


def with_row_again(at: int, number: str) -> Invented:
    """A report whose statistics table has the row SHARED a third time, behind row `at` of its lines."""
    report = invent("e2014_stats", random.Random(5), traps=False)
    (sheet,) = report.sheets
    lines = list(sheet.lines)
    own = next(line for line in lines if SHARED.replace("（", "(").replace("）", ")") in _folded(line.labels))
    lines.insert(at, replace(own, figures=(Figure("", number, int(number)),)))
    body = tuple(replace(part, lines=tuple(lines)) if isinstance(part, Sheet) else part for part in report.body)
    return replace(report, body=body)


def _folded(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(label.replace("（", "(").replace("）", ")") for label in labels)


@pytest.mark.parametrize("carrier", ["html_plain", "text_pipes", "text_markdown_rule", "docx"])
@pytest.mark.parametrize("at", [15, 50, 60])
def test_a_row_too_many_of_a_shared_label_is_flagged(carrier: str, at: int) -> None:
    found = read(with_row_again(at, "6836"), carrier)
    assert "rows_repeated:statistics" in found.flags
    assert 6836 not in [cell.value for cell in found.cells]


def test_the_two_rows_of_a_shared_label_are_no_rivals() -> None:
    found = read(invent("e2014_stats", random.Random(5), traps=False), "text_pipes")
    assert not [flag for flag in found.flags if flag.startswith("rows_repeated")]


@pytest.mark.parametrize("mutation", ["repeat a table with other figures", "repeat a table with a few other figures"])
def test_what_two_copies_of_a_table_say_differently_is_null_and_what_both_say_stays(mutation: str) -> None:
    for number in range(30):
        outcome = run(f"damage/{mutation}/{number}", seed="copies")
        assert outcome is not None and outcome.judged is not None
        assert outcome.judged.wrong == (), outcome.name
        if not outcome.carrier.startswith("text"):
            assert outcome.judged.missing == (), outcome.name


def copies(*numbers: str) -> Invented:
    """A report of the 2014 form whose table stands there once for each number, with that in 收到申请数."""
    report = invent("e2014_stats", random.Random(5), traps=False)
    body: list[Sheet | Prose] = []
    for part in report.body:
        if isinstance(part, Sheet):
            body.extend(replace(part, lines=tuple(map(_received(number), part.lines))) for number in numbers)
        else:
            body.append(part)
    return replace(report, body=tuple(body))


def _received(number: str) -> Callable[[Line], Line]:
    def changed(line: Line) -> Line:
        if [figure.path for figure in line.figures] != ["statistics.requests.received.total"]:
            return line
        return replace(line, figures=(replace(line.figures[0], text=number, value=int(number)),))

    return changed


@pytest.mark.parametrize("carrier", ["html_plain", "html_cut_table", "text_pipes", "text_tabs", "xlsx"])
def test_three_copies_of_which_one_differs_in_one_figure(carrier: str) -> None:
    once, same, other = (
        read(copies(*numbers), carrier) for numbers in (["12"], ["12", "12", "12"], ["12", "12", "6836"])
    )
    assert same.figures["statistics"] == once.figures["statistics"]
    assert "rows_repeated:statistics" not in same.flags and "rows_repeated:statistics" in other.flags
    received = once.figures["statistics"]["requests"]["received"]
    assert received["total"] == 12
    assert other.figures["statistics"]["requests"]["received"] == {**received, "total": None}


def with_table_again(path: str, number: str) -> tuple[Invented, str]:
    """A report in which the table of one row that holds `path` stands twice, there with another number; and its row."""
    report = invent("e2019_v60", random.Random(30), traps=False)
    sheet = next(s for s in report.sheets if [f for line in s.lines for f in line.figures if f.path == path])
    (line,) = sheet.lines
    figures = tuple(replace(f, text=number) if f.path == path else f for f in line.figures)
    other = replace(sheet, lines=(replace(line, figures=figures),))
    body = [part for one in report.body for part in ((one, other) if one is sheet else (one,))]
    return replace(report, body=tuple(body)), path.partition(".")[0]


@pytest.mark.parametrize("carrier", ["text_glued", "text_spaces", "text_pipes", "text_tabs"])
@pytest.mark.parametrize(
    "path", ["proactive.centralized_procurement.projects", "litigation_after_reconsideration.other"]
)
def test_a_table_of_one_row_that_stands_twice(path: str, carrier: str) -> None:
    report, head = with_table_again(path, "6836")
    found = read(report, carrier)
    assert f"rows_repeated:{head}" in found.flags
    assert path not in [cell.path for cell in found.cells if cell.value is not None]
    assert 6836 not in [cell.value for cell in found.cells]


@pytest.mark.parametrize("header", ["", "\t" * 14])
def test_a_table_of_blanks_in_front_of_another_is_one_of_two(header: str) -> None:
    """A header alone, as at the foot of a page, is none."""
    names = "结果维持\t结果纠正\t其他结果\t尚未审结\t总计"
    table = f"行政复议\t行政诉讼\n{names}\t未经复议直接起诉\t复议后起诉\n{names}\t{names}\n"
    text = (
        "某县教育局2021年政府信息公开工作年度报告\n一、总体情况\n公开工作有序推进。\n四、政府信息公开行政复议、行政诉讼情况\n"
        f"{table}{header}\n{table}" + "\t".join("200020000000000") + "\n" + "公开工作有序推进。" * 20
    )
    found = parse(Source(text.encode()))
    assert found.figures["reconsideration"]["upheld"] == (None if header else 2)
    assert ("rows_repeated:reconsideration" in found.flags) is bool(header)
