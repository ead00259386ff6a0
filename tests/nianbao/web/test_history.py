"""What a report said before, figure by figure and sentence by sentence; and what the cells of the coverage tables say."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from nianbao.web.expected import Count
from nianbao.web.heat import organ_cells, province_cells
from nianbao.web.history import changes
from nianbao.web.reasons import statute, what_to_do

AT = datetime(2026, 1, 5, tzinfo=UTC)
PATH = "figures.requests.received_new.total"


def revision(number: int, received: int | None, text: str, why: tuple[str, ...] = ("new_bytes",)) -> dict[str, Any]:
    return {
        "revision": number,
        "figures": {"requests": {"received_new": {"total": received}}},
        "sections": [
            {"ordinal": 0, "heading": "一、总体情况", "text": "不变。"},
            {"ordinal": 1, "heading": "二、申请", "text": text},
        ],
        "replaced": {"at": AT, "run_id": "run", "why": list(why), "what": {"figures": [PATH], "text": []}},
    }


def test_the_newest_change_comes_first_with_its_figures_and_its_reason() -> None:
    one, two, now = revision(1, 5, "甲。"), revision(2, None, "甲。", ("a_new_reason",)), revision(3, 7, "甲。")

    newest, oldest = changes(now, [one, two])

    assert [(each.before, each.after) for each in (newest, oldest)] == [(2, 3), (1, 2)]
    (figure,) = newest.figures
    assert (figure.path, figure.before, figure.after) == ("requests.received_new.total", None, 7)
    assert figure.label == "一、本年新收政府信息公开申请数量 · 总计"
    assert [why.zh for why in (*newest.why, *oldest.why)] == ["a_new_reason", "网页内容有变"]
    assert [(group.zh, count) for group, count in oldest.counts] == [("数据", 1)], (
        "groups without a change are left out"
    )
    assert not newest.text


def test_a_change_of_the_text_is_told_sentence_by_sentence() -> None:
    (change,) = changes(revision(2, 5, "收到5件。均已答复。"), [revision(1, 5, "收到4件。均已答复。")])

    assert change.text == [("二、申请", (("out", "收到4件。"), ("in", "收到5件。"), ("same", "均已答复。")))]


def test_of_what_stayed_only_the_ends_that_touch_a_change_are_shown() -> None:
    middle = "".join(f"第{number:03}句话没有变。" for number in range(20))

    (change,) = changes(revision(2, 5, f"新。{middle}尾。"), [revision(1, 5, f"旧。{middle}")])

    ((_, pieces),) = change.text
    kinds = [kind for kind, _ in pieces]
    assert kinds == ["out", "in", "same", "in"]
    stayed = pieces[2][1]
    assert stayed == f"{middle[:60]} … {middle[-60:]}"


@pytest.mark.parametrize(("length", "is_whole"), [(120, True), (121, False)])
def test_what_is_short_is_shown_whole(length: int, is_whole: bool) -> None:
    stayed = "句" * (length - 1) + "。"

    (change,) = changes(revision(2, 5, f"新。{stayed}"), [revision(1, 5, f"旧。{stayed}")])

    assert (change.text[0][1][-1] == ("same", stayed)) is is_whole


def test_an_organs_cell_leads_to_the_report_or_to_why_there_is_none() -> None:
    cells = organ_cells(
        "410104",
        "<管城>" + "长" * 60,
        [(2019, None, None), (2020, "found", "410104/2020/own"), (2021, "blocked", None)],
        "zh",
        2021,
    )

    first, second, third = str(cells).removeprefix("<td").split("<td")
    assert "无需公布" in first and "href" not in first
    assert 'href="/reports/410104/2020/own"' in second and "shown" not in second
    assert 'class="cov-blocked shown"' in third and 'href="/coverage/410104/2021"' in third
    assert "&lt;管城&gt;" in third and "<管城>" not in third
    assert "长" * 60 not in third, "a long name is cut for who listens"


def test_a_provinces_cell_says_how_much_is_here() -> None:
    counts = {
        2018: Count(),
        2019: Count(Counter(not_due=3)),
        2020: Count(Counter(unknown=4)),
        2021: Count(Counter(unknown=3, not_found=1)),
        2022: Count(Counter(found=1, late=1, not_found=2)),
        2023: Count(Counter(found=4)),
    }

    cells = str(province_cells("河南省", counts, {"level": "city", "q": ""}, "zh")).split("<td")[1:]

    texts = [cell.rpartition("</a>")[0].rpartition(">")[2] for cell in cells]
    assert texts == ["", "", "○", "0", "50%", "100%"]
    assert [cell.partition('"')[2].partition('"')[0] for cell in cells] == [
        "cov-none",
        "cov-not_due",
        "q0",
        "q0",
        "q3",
        "q5",
    ]
    assert "河南省 2022: 2 / 4" in cells[4]
    assert "level=city" in cells[4] and "q=&" not in cells[4]


@pytest.mark.parametrize(
    ("year", "due_on", "words"),
    [(2018, "2019-03-31", "第三十一条"), (2019, "2020-01-31", "1月31日"), (2019, "2020-03-31", "3月31日")],
)
def test_the_day_comes_from_the_regulation_of_its_time(year: int, due_on: str, words: str) -> None:
    assert words in statute(year, due_on).zh


@pytest.mark.parametrize(
    ("state", "portals", "command"),
    [
        ("unknown", ["km", "km2"], "nianbao backfill --years 2020 km"),
        ("blocked", ["km"], "nianbao portals show km"),
        ("blocked", [], None),
        ("unreachable", [], None),
        ("not_published", ["km"], None),
        ("found", ["km"], None),
    ],
)
def test_a_gap_names_the_command_that_would_look(state: str, portals: list[str], command: str | None) -> None:
    assert what_to_do(state, 2020, portals) == command
