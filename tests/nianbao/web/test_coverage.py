"""The table of what is expected: the same counts as the storage's, every cell with its evidence, fresh after a rebuild."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any
from unittest import mock

import httpx
from pymongo.collection import Collection

from nianbao.web.archive import WebArchive
from nianbao.web.country import country, percent
from nianbao.web.expected import HERE, MISSING, STATES, Expected, added
from nianbao.web.keeper import Keeper
from storage import schema
from storage.base import Db
from storage.coverage import update
from storage.coverage.counts import overview, provinces, total
from storage.coverage.query import organs
from tests.nianbao.web.stock import CLOSED, GUANCHENG, ORGAN
from tests.storage.synthetic import report, save

TODAY = date(2026, 2, 15)
"""Departments' reports of 2025 are due by then, governments' are not."""


def test_it_counts_what_the_storage_counts(stocked: Db) -> None:
    table = Expected.load(stocked, TODAY)
    names = [name for name in provinces(stocked) if name in table.provinces]
    told = overview(stocked, names, table.years, TODAY)
    for level in ("", "county", "national"):
        matrix = table.matrix(table.years, level)
        for name, cells in matrix.items():
            for year, count in cells.items():
                theirs = total(told[name, year], level or None)
                assert count.states.total() == theirs.expected, (name, year, level)
                assert count.here == theirs.states["found"]
                assert (count.states["late"], count.states["early"]) == (theirs.late, theirs.early)
                for state in (*MISSING, "not_due"):
                    assert count.states[state] == theirs.states[state], (name, year, state)
    assert added(cells[2025] for cells in table.matrix(table.years).values()).states["not_due"] > 3000


def test_an_organ_has_the_states_that_the_storage_tells(stocked: Db) -> None:
    table = Expected.load(stocked, TODAY)
    for province in ("云南省", "未知", "中央"):
        told = organs(stocked, province, table.years, today=TODAY)
        lines = table.select(table.years, province=province)
        assert [line.id for line in lines] == [row.id for row in told]
        for line, row in zip(lines, told, strict=True):
            states = {year: state for year in table.years if (state := table.state(line, year)) is not None}
            assert {y: "found" if s in HERE else s for y, s in states.items()} == row.years


def test_filters_narrow_and_pages_are_the_whole_list(web: httpx.Client, archive: WebArchive) -> None:
    for asked in ({"province": "云南省", "level": "city"}, {"state": "blocked"}, {"state": "here", "from": 2020}):
        seen: list[str] = []
        cursor = ""
        while True:
            page = web.get("/api/coverage", params={**asked, "size": 7, "cursor": cursor}).json()
            seen += [one["id"] for one in page["items"]]
            states = {state for one in page["items"] for state in one["years"].values()}
            if "state" in asked:
                assert states & set(HERE if asked["state"] == "here" else ["blocked"])
            if page["next"] is None:
                break
            cursor = page["next"]
        assert len(seen) == len(set(seen)) == page["total"] > 0
        table = list(csv.reader(io.StringIO(web.get("/coverage.csv", params=asked).content.decode("utf-8-sig"))))
        assert [row[0] for row in table[1:]] == seen
    organ, _ = CLOSED["km"]
    assert web.get("/api/coverage", params={"state": "blocked"}).json()["items"][0]["id"] == organ


def test_every_state_leads_to_the_report_or_to_why_it_is_not_here(web: httpx.Client) -> None:
    for cell, state, words in (
        ("530100/2020", "blocked", "拒绝访问"),
        ("532900/2019", "unreachable", "没有应答"),
        ("410104/2020", "found", GUANCHENG),
        ("410104/2019", "not_found", "还不能断言未公布"),
        ("110000/2019", "unknown", "nianbao backfill --years 2019"),
    ):
        document = web.get(f"/api/coverage/{cell}").json()
        assert document["state"] == state, cell
        assert document["due_on"] == f"{int(cell[-4:]) + 1}-03-31"
        assert words in web.get(f"/coverage/{cell}").text, cell
    page = web.get("/coverage", params={"q": "管城"}).text
    assert f'href="/reports/{GUANCHENG}"' in page
    assert 'href="/coverage/410104/2019"' in page
    assert web.get("/api/coverage/532900/2019").json()["problems"][0]["kind"] == "timeout"
    for nothing in ("410104/1999", "nobody/2020", "710000/2020", "410104/x", "%24ne/2020"):
        assert web.get(f"/coverage/{nothing}").status_code in (400, 404), nothing


def test_an_organs_page_has_its_row(web: httpx.Client, archive: WebArchive) -> None:
    organ = next(row.organ_id for row in archive.shelf.rows if row.organ_name == ORGAN)
    page = web.get(f"/organs/{organ}").text
    assert f'href="/coverage/{organ}/2017"' in page
    assert f'aria-label="{ORGAN} 2018: 已归档"' in page


def test_the_map_shows_a_year_or_all(web: httpx.Client, archive: WebArchive) -> None:
    found = country(archive.expected, 2020)
    henan = next(place for place in found.places if place.name == "河南省")
    assert (henan.all.count.here, henan.all.shade) == (1, 1)
    assert f"河南省：1 / {henan.all.count.expected}" in web.get("/", params={"year": 2020}).text
    assert web.get("/", params={"year": 1950}).status_code == 200
    assert added(place.all.count for place in found.places).here == 6
    # The map goes row by row, the table as official tables do.
    assert [place.name for place in found.places][:2] == ["黑龙江省", "内蒙古自治区"]
    assert [place.name for place in found.rows][:4] == ["中央", "北京市", "天津市", "河北省"]
    assert found.rows[-1].name == "未知"
    assert sum(place.all.count.expected for place in found.rows) == found.all.expected
    assert [percent(one) for one in (None, 0, 0.0001, 0.004, 0.5, 0.9999, 1)] == [
        "–", "0%", "<0.1%", "0.4%", "50%", "99%", "100%",
    ]  # fmt: skip


def test_the_table_is_read_anew_when_it_was_counted_anew(database: Db) -> None:
    schema.ensure(database)
    save(database, *(report(number) for number in range(3)))
    keeper = Keeper(database)
    keeper.open()
    first = keeper.expected
    keeper.settle()
    assert keeper.expected is first
    assert first.count(first.lines, first.years).here == 0
    update.rebuild(database)
    keeper.settle()
    assert keeper.expected.count(keeper.expected.lines, keeper.expected.years).here == 3
    assert set(STATES) >= set(keeper.expected.count(keeper.expected.lines, keeper.expected.years).states)


def test_the_table_is_shown_without_a_query_and_a_cell_with_one_by_its_key(
    web: httpx.Client, archive: WebArchive
) -> None:
    archive.keeper.settle()  # or it may find, in the middle, that it has not read everything for ten minutes
    asked: list[tuple[str, object]] = []
    plain: Callable[..., Any] = Collection.find

    def watch(self: Collection[Any], *arguments: Any, **options: Any) -> Any:
        asked.append((self.name, arguments[0] if arguments else options.get("filter")))
        return plain(self, *arguments, **options)

    with mock.patch.object(Collection, "find", watch), mock.patch.object(Collection, "aggregate", watch):
        for path in (
            "/coverage",
            "/coverage?province=云南省&state=missing",
            "/coverage.csv",
            "/api/coverage/provinces",
        ):
            assert web.get(path).status_code == 200
        # The keeper looks at the runs meanwhile, and at the stamp of the last count.
        assert not [one for one in asked if one[0] not in ("runs", "stats")], asked
        assert web.get("/api/coverage/410104/2020").status_code == 200
    assert [one for one in asked if one[0] == "coverage"] == [("coverage", {"_id": "410104/2020"})]
