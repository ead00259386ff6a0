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
