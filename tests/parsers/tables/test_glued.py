"""Digits that ran together, with each other and with units; a run that is too long is no row, and costs nothing."""

from __future__ import annotations

import pytest

from benchmarks.cases import run
from parsers import Source, parse
from parsers.tables import glued
from parsers.tables.found import Slot
from parsers.tables.glued import split_digits


def test_every_split_of_a_short_run() -> None:
    found = split_digits([Slot("170", None)], 2, False)
    assert [[slot.raw for slot in row if slot is not None] for row in found] == [["1", "70"], ["17", "0"]]


@pytest.mark.parametrize("width", [2, 3, 7])
def test_a_run_of_two_hundred_digits_is_not_even_cut(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(piece: str) -> bool:
        raise AssertionError(f"looked at {piece}")

    monkeypatch.setattr(glued, "_is_figure", cut)
    for blanks_lost in (False, True):
        assert split_digits([Slot("1" * 201, None)], width, blanks_lost) == []


def test_the_form_of_2014_whose_units_run_into_its_figures() -> None:
    for number in range(12):
        outcome = run(f"report/e2014_stats/text_glued/{number}", seed="units")
        assert outcome is not None and outcome.judged is not None
        assert (outcome.judged.wrong, outcome.judged.missing, outcome.fault) == ((), (), None), outcome.name


def test_an_ordinal_is_none_of_the_figure_in_front_of_it() -> None:
    rows = "（一）收到申请数件121.当面申请数件02.传真申请数件3.网络申请数件74.信函申请数件5（二）申请办结数件121.按时办结数件122.延期办结数件0"
    text = f"某县教育局2015年政府信息公开工作年度报告\n统计表\n统计指标单位统计数三、依申请公开情况{rows}（三）申请答复数件"
    report = parse(Source(text.encode()))
    requests = report.figures["statistics"]["requests"]
    assert requests["received"] == {"total": 12, "in_person": 0, "fax": None, "online": 7, "letter": 5}
    assert requests["completed"] == {"total": 12, "on_time": 12, "extended": 0}
    assert "rows_missing:statistics" in report.flags and report.trust["statistics"] != "verified"
