"""The panel's rows: the right figure of the right form, sums that are null when a part is, and honest qualities."""

from __future__ import annotations

from typing import Any

import pytest

from parsers.report import Report, Status
from storage.export import cells, panel
from storage.export.measures import load_measures
from storage.export.quality import Quality
from tests.storage.export.made import hard, made
from tests.storage.synthetic import jointly

RECEIVED = "requests.received_new.total"
DENIED = "requests.results.denied"
REASONS = next(measure for measure in load_measures().all if measure.key == "denied").sources["e2019_v60"]


def row_of(one: Report) -> dict[str, Any]:
    document = {**one.to_document(), "revision": 1}
    document["source"]["portal"] = "sample"
    measures = load_measures()
    (row,) = panel.rows(document, measures)
    columns = panel.columns(measures)
    return {column.key: value for column, value in zip(columns, row, strict=True)}


def test_the_same_measure_comes_from_each_form() -> None:
    old = row_of(made(1, 2015, "e2014_stats", {"statistics.requests.received.total": 7}))
    told = row_of(made(1, 2014, "e2014_narrative", {"statistics.requests.received.total": 3}))
    new = row_of(made(1, 2021, "e2021_v30", {RECEIVED: 0}))
    assert [row["requests_received"] for row in (old, told, new)] == [7, 3, 0]
    assert new["requests_received__quality"] == "consistent"


def test_a_joint_report_names_its_organs() -> None:
    one, other = made(1, 2015, "e2014_stats", {}), made(2, 2015, "e2014_stats", {})

    assert row_of(jointly(one, other.organ))["joint_organ_ids"] == f"{one.organ.id}; {other.organ.id}"
    assert row_of(one)["joint_organ_ids"] is None


def test_a_sum_with_a_blank_part_is_null_and_not_less() -> None:
    full = dict.fromkeys(REASONS, 2)
    assert row_of(made(1, 2020, "e2019_v60", full))["denied"] == 16
    with_blank = row_of(made(1, 2020, "e2019_v60", {**full, REASONS[3]: None}))
    assert (with_blank["denied"], with_blank["denied__quality"]) == (None, "missing")
    without = row_of(made(1, 2020, "e2019_v60", dict.fromkeys(REASONS[1:], 2)))
    assert without["denied"] is None


def test_sums_are_exact() -> None:
    figures = {"litigation_direct.total": 0.1, "litigation_after_reconsideration.total": 0.2}
    assert row_of(made(1, 2020, "e2019_v60", figures))["litigation"] == 0.3


def test_fees_of_the_two_times_stay_apart() -> None:
    old = row_of(made(1, 2015, "e2014_stats", {"statistics.fees.request_fees_wan_yuan": 1.5}))
    new = row_of(made(1, 2021, "e2021_v30", {"proactive.administrative_fees.amount_wan_yuan": 99.5}))
    assert (old["request_fees_wan_yuan"], old["administrative_fees_wan_yuan"]) == (1.5, None)
    assert (new["request_fees_wan_yuan"], new["administrative_fees_wan_yuan"]) == (None, 99.5)


def test_a_figure_from_a_sentence_is_no_figure_of_the_table() -> None:
    """A report of 2020 whose text tells a count of another time: the table's cell is what is exported."""
    row = row_of(made(1, 2020, "e2019_v60", {"statistics.requests.received.total": 40, RECEIVED: None}))
    assert row["requests_received"] is None


@pytest.mark.parametrize(
    ("more", "quality"),
    [
        ({}, Quality.CONSISTENT),
        ({"checks": (hard(Status.PASS, RECEIVED),)}, Quality.VERIFIED),
        ({"checks": (hard(Status.PASS, RECEIVED), hard(Status.FAIL, RECEIVED))}, Quality.DOUBTFUL),
        ({"checks": (hard(Status.NOT_ASSESSABLE, RECEIVED),)}, Quality.CONSISTENT),
        ({"flags": ("rows_missing:requests",)}, Quality.DOUBTFUL),
        ({"flags": ("rows_missing:proactive", "late")}, Quality.CONSISTENT),
        ({"flags": ("totals_only:requests",)}, Quality.CONSISTENT),
        ({"trust": {"requests": "unreadable"}}, Quality.DOUBTFUL),
        ({"trust": {"requests": "doubtful"}, "checks": (hard(Status.PASS, RECEIVED),)}, Quality.CONSISTENT),
    ],
)
def test_quality(more: dict[str, Any], quality: Quality) -> None:
    row = row_of(made(1, 2020, "e2019_v60", {RECEIVED: 5}, **more))
    assert row["requests_received"] == 5
    assert row["requests_received__quality"] == quality


def test_a_sum_is_as_good_as_its_worst_part() -> None:
    figures = {"litigation_direct.total": 1, "litigation_after_reconsideration.total": 2}
    row = row_of(made(1, 2020, "e2019_v60", figures, checks=(hard(Status.FAIL, "litigation_direct.total"),)))
    assert (row["litigation"], row["litigation__quality"]) == (3, "doubtful")
    assert row["litigation_after_reconsideration__quality"] == "consistent"
    assert row["hard_checks_failed"] == 1


def test_money_without_a_unit_is_doubtful_and_its_table_is_not() -> None:
    amount = "proactive.centralized_procurement.amount_wan_yuan"
    figures = {amount: 500, "proactive.centralized_procurement.projects": 2}
    one = made(1, 2020, "e2019_v60", figures, flags=("unit_missing:proactive",), unit_source={amount: "none"})
    row = row_of(one)
    assert (row["procurement_wan_yuan"], row["procurement_wan_yuan__quality"]) == (500, "doubtful")
    assert row["procurement_projects__quality"] == "consistent"


def test_a_mixed_report_gives_what_its_forms_agree_on() -> None:
    both = "e2014_stats@1+e2021_v30@1"
    old = "statistics.requests.received.total"
    assert row_of(made(1, 2021, "mixed", {old: 4, RECEIVED: 4}, version=both))["requests_received"] == 4
    assert row_of(made(1, 2021, "mixed", {old: 4, RECEIVED: 5}, version=both))["requests_received"] is None
    assert row_of(made(1, 2021, "mixed", {old: 4, RECEIVED: None}, version=both))["requests_received"] == 4


def test_cells_carry_the_words_of_the_form() -> None:
    path = f"{DENIED}.state_secret.total"
    one = {**made(1, 2021, "e2021_v30", {path: None}).to_document(), "revision": 1}
    (row,) = cells.rows(one, load_measures())
    named = {column.key: value for column, value in zip(cells.COLUMNS, row, strict=True)}
    assert named["row_label"] == "本年度办理结果·不予公开·1.属于国家秘密"
    assert named["column_label"] == "总计"
    assert (named["value"], named["semantic"], named["quality"]) == (None, "empty", "missing")
