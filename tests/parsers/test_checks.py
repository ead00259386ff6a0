"""The sums are four-valued and never repair anything."""

import pytest

from parsers.checks import run
from parsers.report import FigureCell, Level, Semantic, Status
from parsers.template import CheckRule

RULE = CheckRule("T4-SUM", Level.HARD, "=", ("b.total",), ("b.upheld", "b.other"), "b")


def cell(path: str, value: int | None, semantic: Semantic = Semantic.NUMBER) -> FigureCell:
    return FigureCell(path, "" if value is None else str(value), value, semantic)


def blank(path: str) -> FigureCell:
    return cell(path, None, Semantic.EMPTY)


def only(cells: list[FigureCell]) -> tuple[Status, float | None, float | None]:
    (check,) = run([RULE], cells)
    return check.status, check.left, check.right


def test_pass_and_fail_show_both_sides_and_the_cells() -> None:
    assert only([cell("b.total", 3), cell("b.upheld", 1), cell("b.other", 2)]) == (Status.PASS, 3, 3)
    assert only([cell("b.total", 9), cell("b.upheld", 1), cell("b.other", 2)]) == (Status.FAIL, 9, 3)


def test_blank_counts_as_nought_in_the_sum_only() -> None:
    cells = [cell("b.total", 1), cell("b.upheld", 1), blank("b.other")]
    assert only(cells) == (Status.PASS, 1, 1)
    assert cells[2].value is None
    assert only([blank("b.total"), cell("b.upheld", 1), blank("b.other")]) == (Status.FAIL, 0, 1)


def test_nothing_is_said_about_what_cannot_be_read_or_is_all_blank() -> None:
    unread = cell("b.other", None, Semantic.UNREADABLE)
    assert only([cell("b.total", 1), cell("b.upheld", 1), unread])[0] is Status.NOT_ASSESSABLE
    assert only([blank("b.total"), blank("b.upheld"), blank("b.other")])[0] is Status.NOT_ASSESSABLE
    assert only([cell("b.total", 1)])[0] is Status.NOT_ASSESSABLE


def test_a_rule_of_a_table_that_is_not_there_is_silent() -> None:
    assert run([RULE], [cell("c.total", 1)]) == ()


def test_decimals_are_summed_exactly() -> None:
    rule = CheckRule("X", Level.HARD, "=", ("m.a",), ("m.b", "m.c"), "")
    cells = [FigureCell(path, "", value, Semantic.NUMBER) for path, value in (("m.a", 0.3), ("m.b", 0.1), ("m.c", 0.2))]
    assert run([rule], cells)[0].status is Status.PASS


def test_whole_speaks_only_of_a_break() -> None:
    rule = CheckRule("T4-INT", Level.HARD, "whole", ("b.total",), (), "b.total")
    assert run([rule], [cell("b.total", 3)]) == ()
    assert run([rule], [cell("b.total", -3)])[0].status is Status.FAIL
    assert run([rule], [FigureCell("b.total", "1.5", 1.5, Semantic.NUMBER)])[0].status is Status.FAIL


@pytest.mark.parametrize(
    ("level", "status"), [("county", Status.FAIL), ("city", Status.PASS), (None, Status.NOT_ASSESSABLE)]
)
def test_organs_of_some_levels_need_not_hold_to_a_rule(level: str | None, status: Status) -> None:
    rule = CheckRule("X", Level.SOFT, "=", ("b.rules",), (), "b", levels=("city",))
    assert run([rule], [cell("b.rules", 3)], level)[0].status is status
    assert run([rule], [cell("b.rules", 0)], level)[0].status is (Status.PASS if level else Status.NOT_ASSESSABLE)


@pytest.mark.parametrize(
    ("amount", "projects", "status"),
    [
        (200, 2, Status.PASS),
        (201, 2, Status.FAIL),
        (0, 0, Status.NOT_ASSESSABLE),
        (5, 0, Status.NOT_ASSESSABLE),
        (5, None, Status.NOT_ASSESSABLE),
    ],
)
def test_a_plausible_amount_is_so_much_for_each(amount: int, projects: int | None, status: Status) -> None:
    rule = CheckRule("X", Level.SOFT, "<=", ("b.amount",), ("b.projects",), "b", times=100)
    (check,) = run([rule], [cell("b.amount", amount), cell("b.projects", projects)])
    assert check.status is status
    assert status is Status.NOT_ASSESSABLE or (check.left, check.right) == (amount, 200)


@pytest.mark.parametrize(
    ("decisions", "before", "change", "status"),
    [
        (5, 3, 2, Status.FAIL),
        (5, 3, 1, Status.PASS),
        (0, 3, -3, Status.NOT_ASSESSABLE),
        (3, 3, None, Status.NOT_ASSESSABLE),
    ],
)
def test_two_that_should_differ(decisions: int, before: int, change: int | None, status: Status) -> None:
    rule = CheckRule("X", Level.SOFT, "differs", ("b.decisions",), ("b.before", "b.change"), "b")
    cells = [cell("b.decisions", decisions), cell("b.before", before), cell("b.change", change)]
    assert run([rule], cells)[0].status is status
