"""What charts say beside their numbers: which are doubtful, where a form changed, which years follow from each other."""

from __future__ import annotations

from typing import Any

import pytest

from nianbao.web.charts import compared, organ_charts
from nianbao.web.series import Break, Point, Series, breaks, broken_chains, by_tables, one_a_year, other_forms
from storage.export.measures import load_measures

MEASURES = {measure.key: measure for measure in load_measures().all}
RECEIVED = MEASURES["requests_received"]


def report(year: int, form: str = "e2021_v30", scope: str = "own", **figures: Any) -> dict[str, Any]:
    return {"report_year": year, "template": {"id": form}, "scope": scope, "figures": figures}


def requests(over: int | None, forward: int | None) -> dict[str, Any]:
    return {"carried_over": {"total": over}, "carried_forward": {"total": forward}}


def told(found: list[Break]) -> list[tuple[int, str, str]]:
    return [(one.year, one.words.zh, one.words.en) for one in found]


def test_a_break_is_a_missing_year_another_form_or_another_scope() -> None:
    reports = [
        report(2014, "e2014_narrative"),
        report(2015, "e2014_stats"),
        report(2017, "e2014_stats"),
        report(2020, "e2019_v60", "joint"),
        report(2021, "mixed", "joint"),
    ]

    assert told(breaks(reports)) == [
        (2017, "缺 2016 年", "2016 missing"),
        (2020, "缺 2018–2019 年", "2018–2019 missing"),
        (2020, "2019 年表式", "2019 form"),
        (2020, "范围改变", "another scope"),
        (2021, "混用表式", "mixed forms"),
    ]


def test_organs_that_changed_their_form_together_have_one_line_for_it() -> None:
    first = [report(2018, "e2014_stats"), report(2019, "e2019_v60"), report(2021, "e2021_v30")]
    second = [report(2020, "e2019_v60"), report(2021, "e2021_v30")]

    assert told(other_forms([second, first, []])) == [
        (2019, "2019 年表式", "2019 form"),
        (2021, "2021 年表式", "2021 form"),
    ]


def test_a_comparison_marks_what_is_doubtful_and_draws_nothing_across_a_missing_year() -> None:
    one = Series(RECEIVED, [Point(2019, 3, "verified", "a"), Point(2021, 9, "doubtful", "b")])
    other = Series(RECEIVED, [Point(2020, None, "doubtful", "c"), Point(2021, 4, "consistent", "d")])
    forms = other_forms([[report(2019, "e2019_v60"), report(2021)]])

    chart = compared({"a": "甲", "b": "乙"}, {"a": one, "b": other}, forms, "件", "zh")

    assert chart["x"] == ["2019", "2020", "2021"]
    assert [(line["name"], line["data"], line["doubtful"], line["axis"]) for line in chart["series"]] == [
        ("甲", [3, None, 9], ["2021"], 0),
        ("乙", [None, None, 4], [], 0),
    ]
    assert chart["breaks"] == [{"x": "2021", "label": "2021 年表式"}]
    assert compared({}, {}, [], "件", "en")["x"] == []


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (report(2021, requests=requests(5, 0)), []),
        (report(2021, requests=requests(4, 0)), [(2020, 2021, 4, 5)]),
        (report(2021, requests=requests(None, 0)), []),
        (report(2022, requests=requests(4, 0)), []),
        (report(2021, scope="joint", requests=requests(4, 0)), []),
    ],
    ids=["holds", "does not hold", "nothing to judge", "a year between", "another scope"],
)
def test_years_follow_from_each_other_or_not(after: dict[str, Any], expected: list[tuple[int, ...]]) -> None:
    found = broken_chains([report(2020, requests=requests(1, 5)), after])

    assert [(one.before, one.after, one.left, one.right) for one in found] == expected


def test_a_later_years_items_are_last_years_plus_their_change() -> None:
    before = report(2019, "e2019_v60", proactive={"administrative_penalty": {"items_prev_year": 7, "items_change": -2}})
    after = report(2020, "e2019_v60", proactive={"administrative_penalty": {"items_prev_year": 6, "items_change": 0}})

    assert [(one.rule, one.left, one.right) for one in broken_chains([before, after])] == [("T2A-CHAIN", 6, 5)]


@pytest.mark.parametrize(
    ("trust", "quality"),
    [("verified", "verified"), ("consistent", "consistent"), ("doubtful", "doubtful"), ("unreadable", "doubtful")],
)
def test_without_its_cells_a_figure_is_as_good_as_its_table(trust: str, quality: str) -> None:
    entry = {
        **report(2022, requests={"received_new": {"total": 4}}),
        "_id": "x/2022/own",
        "revision": 1,
        "organ": {"id": "x", "name": "甲"},
        "flags": [],
        "trust": {"requests": trust, "reconsideration": "verified"},
    }

    found = by_tables([entry], RECEIVED)

    assert found.points == [Point(2022, 4, quality, "x/2022/own")]


def test_the_stock_of_documents_is_last_years_plus_issued_less_repealed() -> None:
    before = report(2021, proactive={"rules": {"in_force": 10, "issued": 0, "repealed": 0}})
    after = report(2022, proactive={"rules": {"in_force": 9, "issued": 2, "repealed": 4}})

    assert [(one.rule, one.left, one.right) for one in broken_chains([before, after])] == [("T2-STOCK", 9, 8)]


def test_the_organs_own_report_goes_before_others_of_the_year() -> None:
    own, joint, only = report(2020), report(2020, scope="joint"), report(2019, scope="consolidated")

    assert one_a_year([joint, own, only]) == [only, own]


def test_a_gap_says_why_and_the_axis_goes_on_to_the_last_year_that_is_due() -> None:
    measured = Series(RECEIVED, [Point(2019, 3, "verified", "a"), Point(2021, 9, "doubtful", "b")])
    states = {2018: "not_found", 2020: "blocked", 2021: "found", 2022: "not_found", 2023: "not_due"}

    (chart,) = organ_charts([measured], [], [], "en", states)

    assert chart["x"] == ["2019", "2020", "2021", "2022"]
    assert [(gap["x"], gap["sign"], gap["label"]) for gap in chart["gaps"]] == [
        ("2020", "⊘", "portal refuses"),
        ("2022", "?", "looked for, not found"),
    ]
    assert chart["series"][0]["name"] == RECEIVED.en != RECEIVED.zh
    assert chart["series"][0]["data"] == [3, None, 9, None]
    assert chart["series"][0]["doubtful"] == ["2021"]
