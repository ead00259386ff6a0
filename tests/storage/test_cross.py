"""Checks over several reports, on the real figures of domain.md 2.1 to 2.6 (the texts are ours)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from parsers.report import FigureCell, Organ, Report, Section, Semantic
from parsers.template import load_templates
from storage.base import Db, Doc
from storage.corrections.known_figures import paths_of
from storage.cross import hierarchy, update, years
from storage.cross.copies import MOST_SENTENCES, OTHERS, bands_of, compare, signature
from storage.cross.figures import Sheet
from storage.cross.years import over_years
from storage.follow_up import follow_up
from storage.reports import Reports
from tests.storage.synthetic import dump, report, write

HBE = Organ("130000-jyt", "河北省教育厅", "河北省教育厅", "department", "130000", "河北省")
HBI = Organ("130000-gxt", "河北省工业和信息化厅", "", "department", "130000", "河北省")
SUQIAN = Organ("321300", "宿迁市人民政府", "宿迁市", "city", "321300", "江苏省", "宿迁市")
BUREAU = Organ("x1", "宿迁市水务局", "", "department", "321300", "江苏省", "宿迁市")
TOWN = Organ("x2", "沭阳县沭城街道办事处", "", "township", "321322", "江苏省", "宿迁市", "沭阳县")
DONGGUAN = Organ("x3", "东莞市统计局", "", "department", "441900", "广东省", "东莞市")
NORMATIVE = "proactive.normative_documents"
LICENCES, PENALTIES, FEES = (f"proactive.administrative_{name}" for name in ("licensing", "penalty", "fees"))
OVER, FORWARD = "requests.carried_over.total", "requests.carried_forward.total"
Figures = Mapping[str, int | str | None]


def made(organ: Organ, year: int, figures: Figures, text: str = "", scope: str = "own") -> Report:
    """A report with these figures alone; None is a blank cell, text one that cannot be read."""
    nested: dict[str, Any] = {}
    cells = []
    for path, value in figures.items():
        *parents, leaf = path.split(".")
        node = nested
        for parent in parents:
            node = node.setdefault(parent, {})
        number = value if isinstance(value, int) else None
        node[leaf] = number
        semantic = (
            Semantic.UNREADABLE if isinstance(value, str) else Semantic.EMPTY if value is None else Semantic.NUMBER
        )
        cells.append(FigureCell(path, str(value or ""), number, semantic))
    one = report(1, year, url=f"http://www.x.gov.cn/{organ.id}/{year}/{scope}.html", content=f"{figures}".encode())
    sections = (Section(1, "overview", "一、总体情况", text),)
    return replace(
        one,
        organ=organ,
        scope=scope,
        figures=nested,
        cells=tuple(cells),
        sections=sections,
        trust={"requests": "verified"},
    )


def sheets(organ: Organ, by_year: Mapping[int, Figures]) -> list[Sheet]:
    return [Sheet(made(organ, year, figures).to_document()) for year, figures in by_year.items()]


def told(organ: Organ, by_year: Mapping[int, Figures]) -> dict[str, str]:
    """`T3-CHAIN 2022` -> pass, fail, not_assessable."""
    return {f"{one.rule} {one.year}": one.status.value for one in over_years(organ.id, sheets(organ, by_year))}


def stock(in_force: int | None, issued: int = 0, repealed: int = 0) -> Figures:
    return {f"{NORMATIVE}.in_force": in_force, f"{NORMATIVE}.issued": issued, f"{NORMATIVE}.repealed": repealed}


def save(db: Db, *reports: Report, follow: bool = True) -> None:
    Reports(db).save([write(one) for one in reports])
    if follow:
        follow_up(db)


def held(db: Db, rule: str) -> list[Doc]:
    return sorted(db["cross_checks"].find({"rule": rule}), key=lambda one: str(one["_id"]))


# --- two years of one organ -----------------------------------------------------------------------------------


def test_what_is_carried_forward_is_carried_over() -> None:
    nought: Figures = {OVER: 0, FORWARD: 0}
    assert told(HBE, {2021: nought, 2022: nought, 2023: nought}) == {"T3-CHAIN 2022": "pass", "T3-CHAIN 2023": "pass"}
    assert told(SUQIAN, {2023: {FORWARD: 121}, 2024: {OVER: 121}}) == {"T3-CHAIN 2024": "pass"}
    assert told(SUQIAN, {2023: {FORWARD: 121}, 2024: {OVER: 120}}) == {"T3-CHAIN 2024": "fail"}
    assert told(SUQIAN, {2022: {FORWARD: 121}, 2024: {OVER: 120}}) == {}  # no neighbours
    (one,) = over_years("321300", sheets(SUQIAN, {2023: {FORWARD: 121}, 2024: {OVER: 120}}))
    assert one.id == "T3-CHAIN|321300/2023/own|321300/2024/own"
    assert [(item.where, item.left, item.right) for item in one.items] == [(OVER, 121, 120)]


def test_a_blank_is_nought_for_the_check_and_what_cannot_be_read_is_left_open() -> None:
    assert told(SUQIAN, {2023: {FORWARD: None}, 2024: {OVER: 0}}) == {"T3-CHAIN 2024": "pass"}
    assert told(SUQIAN, {2023: {FORWARD: None}, 2024: {OVER: 3}}) == {"T3-CHAIN 2024": "fail"}
    assert told(SUQIAN, {2023: {FORWARD: "1?"}, 2024: {OVER: 3}}) == {"T3-CHAIN 2024": "not_assessable"}


def test_the_stock_of_documents() -> None:
    breaks = {2021: stock(181), 2022: stock(159, 5, 17), 2023: stock(156, 3, 5)}
    assert told(HBE, breaks) == {"T2-STOCK 2022": "fail", "T2-STOCK 2023": "fail"}
    found = [item for one in over_years(HBE.id, sheets(HBE, breaks)) for item in one.items]
    assert [(item.left, item.right) for item in found] == [(159, 169), (156, 157)]
    holds = {2021: stock(25, 5, 2), 2022: stock(26, 5, 4), 2023: stock(26, 1, 1)}
    assert told(HBI, holds) == {"T2-STOCK 2022": "pass", "T2-STOCK 2023": "pass"}


@pytest.mark.parametrize(
    ("item", "before", "change", "after", "status"),
    [(LICENCES, 156, -59, 97, "pass"), (PENALTIES, 1, -1, 0, "pass"), (FEES, 1, 0, 3, "fail")],
)
def test_items_go_on_where_they_ended(item: str, before: int, change: int, after: int, status: str) -> None:
    first: Figures = {f"{item}.items_prev_year": before, f"{item}.items_change": change}
    assert told(HBI, {2019: first, 2020: {f"{item}.items_prev_year": after}}) == {"T2A-CHAIN 2020": status}


def test_pending_cases_appear_again_only_where_the_organ_says_that_it_counts_them() -> None:
    first, later = {"reconsideration.pending": 12}, {"reconsideration.total": 9}
    assert told(SUQIAN, {2023: first, 2024: {"reconsideration.total": 20}}) == {"T4-CHAIN 2024": "pass"}
    assert told(SUQIAN, {2023: first, 2024: later}) == {"T4-CHAIN 2024": "not_assessable"}
    note = "注：行政复议、行政诉讼数量含上年度结转数量。"
    both = [Sheet(made(SUQIAN, 2023, first).to_document()), Sheet(made(SUQIAN, 2024, later, note).to_document())]
    assert [one.status.value for one in over_years("321300", both)] == ["fail"]


@pytest.mark.parametrize(("cases", "status"), [(77, "fail"), (40, "pass"), (4, "pass")])
def test_cases_after_reconsideration_had_one(cases: int, status: str) -> None:
    path = "litigation_after_reconsideration.total"
    found = told(SUQIAN, {2023: {"reconsideration.total": 20}, 2024: {"reconsideration.total": 1, path: cases}})
    assert found == {"T4-REV 2024": status}


# --- in the archive -------------------------------------------------------------------------------------------


def test_checks_follow_the_reports(database: Db) -> None:
    save(database, made(SUQIAN, 2023, {FORWARD: 121}), made(SUQIAN, 2024, {OVER: 121}))
    (one,) = held(database, "T3-CHAIN")
    assert (one["status"], one["level"], one["organ_id"], one["year"]) == ("pass", "cross", "321300", 2024)
    assert update.of_report(database, "321300/2023/own") == [one]
    assert list(database["cross_checks"].find({"year": 2024, "rule": "T3-CHAIN"})) == [one]
    before = dump(database, leave=("stats",))
    assert update.update(database, ["321300"]) == 0
    assert update.rebuild(database) == 0
    assert dump(database, leave=("stats",)) == before
    changed = write(made(SUQIAN, 2024, {OVER: 120}), version=2)
    Reports(database).save([changed])
    follow_up(database)
    (now,) = held(database, "T3-CHAIN")
    assert (now["_id"], now["status"], now["items"][0]["right"]) == (one["_id"], "fail", 120)
    Reports(database).withdraw(changed.capture_id, "not_a_report")
    follow_up(database)
    assert held(database, "T3-CHAIN") == []


def test_a_whole_is_at_least_the_sum_of_its_parts(database: Db) -> None:
    received = "requests.received_new.total"
    whole = made(SUQIAN, 2024, {received: 100}, scope="consolidated")
    save(database, whole, made(BUREAU, 2024, {received: 60}), made(SUQIAN, 2024, {received: 999}))
    (one,) = held(database, "H-HIER")
    assert (one["status"], one["items"][0]["left"], one["items"][0]["right"]) == ("pass", 100, 60)
    assert one["reports"] == ["321300/2024/consolidated"]
    save(database, made(TOWN, 2024, {received: 70}))  # another organ's crawl, below a county of the city
    (now,) = held(database, "H-HIER")
    assert (now["status"], now["items"][0]["right"]) == ("fail", 130)
    assert now["note"] == "2 parts: x1/2024/own, x2/2024/own"
    Reports(database).withdraw(write(whole).capture_id, "not_a_report")
    follow_up(database)
    assert held(database, "H-HIER") == []


def test_every_figure_that_a_rule_names_is_one_of_a_form() -> None:
    known = {path for template in load_templates() for path in paths_of(template)}
    named = [f"requests.{row}.{column}" for row in ("carried_forward", "carried_over") for column in years.COLUMNS]
    named += [f"{stock}.{name}" for stock in years.STOCKS for name in ("in_force", "issued", "repealed")]
    named += [f"{item}.{name}" for item in years.ITEMS for name in ("items_prev_year", "items_change")]
    named += [f"{block}.{name}" for block in years.BLOCKS for name in ("pending", "total")]
    assert [path for path in (*named, *hierarchy.SUMS) if path not in known] == []


# --- copies ---------------------------------------------------------------------------------------------------

FORM: Figures = {f"requests.results.{name}.total": number for number, name in enumerate("abcdefghij", start=3)}


def prose(first: int, last: int) -> str:
    return "".join(f"{year}年第{n}项工作按照要求认真推进并取得实效。" for n in range(first, last) for year in (2009,))


def test_one_organs_years_copied(database: Db) -> None:
    """东莞统计局: 2008 = 2009 = 2010."""
    save(database, *(made(DONGGUAN, year, FORM, prose(0, 40)) for year in (2008, 2009, 2010)))
    found = held(database, "X-COPY")
    assert [one["reports"] for one in found] == [
        ["x3/2008/own", "x3/2009/own"],
        ["x3/2008/own", "x3/2010/own"],
        ["x3/2009/own", "x3/2010/own"],
    ]
    assert {item["where"] for one in found for item in one["items"]} == {"figures", "text"}
    assert {(one["status"], one["level"], one["note"]) for one in found} == {("fail", "soft", "years")}
    assert update.rebuild(database) == 0
    Reports(database).save([write(made(DONGGUAN, 2010, {FORWARD: 1}, prose(50, 90)), version=2)])
    follow_up(database)
    assert [one["reports"] for one in held(database, "X-COPY")] == [["x3/2008/own", "x3/2009/own"]]


def test_two_organs_with_the_same_words(database: Db) -> None:
    save(database, made(DONGGUAN, 2020, {FORWARD: 1}, prose(0, 60)))
    save(database, made(BUREAU, 2020, {FORWARD: 2}, prose(0, 59)))
    (one,) = held(database, "X-COPY")
    assert (one["note"], one["items"][0]["where"]) == ("organs", "text")
    assert one["items"][0]["left"] > 0.97
    withdrawn = write(made(DONGGUAN, 2020, {FORWARD: 1}, prose(0, 60)))
    Reports(database).withdraw(withdrawn.capture_id, "not_a_report")
    follow_up(database)
    assert held(database, "X-COPY") == []
    assert database["signatures"].count_documents({}) == 1


@pytest.mark.parametrize(
    ("figures", "text", "copies"),
    [
        (FORM, "", True),
        ({**FORM, FORWARD: 1}, "", False),
        (FORM, prose(0, 20), True),
        ({FORWARD: 1}, prose(0, 36), True),
        ({FORWARD: 1}, prose(0, 30), False),
    ],
)
def test_what_a_copy_is(figures: Figures, text: str, copies: bool) -> None:
    one = signature(Sheet(made(DONGGUAN, 2019, FORM, prose(0, 40)).to_document()))
    other = signature(Sheet(made(DONGGUAN, 2020, figures, text).to_document()))
    assert (compare(one, other) is not None) == copies


def test_noughts_are_nobodys_copy() -> None:
    nought = dict.fromkeys(FORM, 0)
    one, other = (signature(Sheet(made(organ, 2020, nought).to_document())) for organ in (DONGGUAN, BUREAU))
    assert compare(one, other) is None


@pytest.mark.parametrize("length", [12, 33, 48, 63, 64, 66, 120, 199, 230])
def test_every_copy_of_another_organ_is_found(length: int) -> None:
    """However long the text and whichever sentences differ: as many as a copy may differ in, a group is the same."""
    rng = random.Random(length)
    for _ in range(60):
        own = {rng.getrandbits(48) for _ in range(length)}
        other = set(own)
        while True:
            changed = {*other, rng.getrandbits(48)} - {rng.choice(sorted(own))}
            kept = [tuple(sorted(some)[:MOST_SENTENCES]) for some in (own, changed)]
            common = len({*kept[0]} & {*kept[1]}) / len({*kept[0]} | {*kept[1]})
            if common < OTHERS:
                break
            other = changed
            assert {*bands_of(kept[0])} & {*bands_of(kept[1])}


def test_what_everybody_writes_makes_no_candidate() -> None:
    """A third of the sentences in common: no group of them is the same."""
    common = [n * 7919 for n in range(30)]
    texts = [tuple(sorted([*common, *(n * 104729 + organ for n in range(1, 61))])) for organ in range(1, 40)]
    seen = [band for text in texts for band in bands_of(text)]
    assert len(seen) == len({*seen}) == 39 * 8


def test_checks_by_earlier_rules_are_made_anew_by_the_next_run(database: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to know that a rule was mended: same in, same out, whenever it was stored."""
    Reports(database).save([write(report(1, year, size=300)) for year in (2019, 2020, 2021)])
    follow_up(database)
    checks = database["cross_checks"]
    meant, every = checks.count_documents({"status": "fail"}), checks.count_documents({})
    assert meant < every
    checks.update_many({}, {"$set": {"status": "fail"}})
    follow_up(database)
    assert checks.count_documents({"status": "fail"}) == every, "nobody has asked for it"
    monkeypatch.setattr(update, "RULES", update.RULES + 1)
    follow_up(database)
    assert checks.count_documents({"status": "fail"}) == meant
    assert not update.is_outdated(database)
