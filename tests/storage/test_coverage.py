"""Coverage: who is expected, what is known of each year and why, and counts that are ready."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from parsers.report import Organ, Report
from storage.base import Db
from storage.coverage import counts, query, update
from storage.coverage.records import CoverageState
from storage.coverage.rules import Tried, judge
from storage.follow_up import follow_up
from storage.pending import Pending
from storage.portals import Portals
from storage.problems import Problem, Problems
from storage.reports import Reports
from storage.runs import Runs
from storage.shape.records import Health
from storage.units import Units
from tests.storage.synthetic import dump, jointly, report, write

TODAY = date(2026, 4, 1)
SUQIAN = Organ("321300", "宿迁市人民政府", "宿迁市", "city", "321300", "江苏省", "宿迁市")
BUREAU = Organ("x0123456789ab", "宿迁市水务局", "市水务局", "department", "321300", "江苏省", "宿迁市")
OK = Tried("p", Health.FRESH, "run", date(2026, 4, 1))


def of(organ: Organ, year: int, published: date | None = None, **changes: Any) -> Report:
    one = report(1, year, url=f"http://www.suqian.gov.cn/{organ.id}/{year}.html", **changes)
    return replace(one, organ=organ, page=replace(one.page, published_on=published or date(year + 1, 1, 20)))


def crawled(db: Db, portal: str = "suqian", health: Health = Health.FRESH) -> str:
    """A run that has been to the portal of 宿迁, to the ends of its lists."""
    run = Runs(db).start("crawl", {"portals": [portal]})
    if health is Health.FRESH:
        Portals(db).succeeded(portal, run, swept=True)
    else:
        Portals(db).failed(portal, run, health, "412")
    Portals(db).owned({portal: SUQIAN.id})
    Runs(db).finish(run)
    return run


def states(db: Db, organ: Organ = SUQIAN) -> dict[int, str]:
    return {one["year"]: one["state"] for one in query.of_organs(db, [organ.id])}


# --- the rules ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tried", "first", "state"),
    [
        ([OK], 2019, "not_published"),
        ([OK], 2022, "not_found"),
        ([OK], None, "not_found"),
        ([replace(OK, problems=("a",))], 2019, "not_found"),
        ([replace(OK, whole_on=None)], 2019, None),
        ([replace(OK, whole_on=None, years_on={2020: date(2026, 4, 1)})], 2019, None),
        ([replace(OK, whole_on=None, years_on={2021: date(2026, 4, 1)})], 2019, "not_published"),
        ([replace(OK, whole_on=date(2021, 12, 31))], 2019, None),
        ([replace(OK, whole_on=date(2021, 6, 1), years_on={2021: date(2021, 12, 1)})], 2019, None),
        ([replace(OK, whole_on=date(2022, 1, 5))], 2019, "not_found"),
        ([replace(OK, whole_on=date(2022, 3, 31))], 2019, "not_found"),
        ([replace(OK, whole_on=date(2022, 4, 1))], 2019, "not_published"),
        ([replace(OK, health=Health.LATE)], 2019, "not_published"),
        ([replace(OK, health=Health.FAILING)], 2019, "not_found"),
        ([replace(OK, health=Health.FAILING, answered=False)], 2019, "unreachable"),
        ([replace(OK, health=Health.TEMPLATE_CHANGED)], 2019, "not_found"),
        ([replace(OK, health=Health.BLOCKED)], 2019, "blocked"),
        ([replace(OK, health=Health.UNKNOWN)], 2019, None),
        ([replace(OK, portal="a", health=Health.BLOCKED), OK], 2019, "not_published"),
        ([], 2019, None),
    ],
)
def test_what_is_said_of_a_missing_report(tried: list[Tried], first: int | None, state: str | None) -> None:
    found = judge(2021, "city", [], tried, first, TODAY)
    assert (found.state if found else None) == state


def test_nothing_is_said_before_the_day() -> None:
    assert judge(2025, "city", [], [OK], 2019, date(2026, 3, 31)) is None
    assert judge(2025, "department", [], [OK], 2019, date(2026, 2, 1)) is not None


def test_late_and_early_are_told_by_the_first_day_of_publication() -> None:
    def entry(key: str, day: str | None) -> dict[str, Any]:
        return {"_id": key, "page": {"published_on": day}}

    found = judge(2021, "city", [entry("b", "2022-04-02"), entry("a", "2022-05-01")], [], 2021, TODAY)
    assert found is not None
    assert (found.state, found.punctuality, found.reports) == (CoverageState.FOUND, "late", ("a", "b"))
    undated = judge(2021, "city", [entry("a", None)], [], 2021, TODAY)
    assert undated is not None
    assert undated.punctuality is None


# --- the collection -------------------------------------------------------------------------------------------


def test_a_crawl_leaves_what_is_known_of_every_year(database: Db) -> None:
    run = crawled(database)
    Reports(database).save([write(of(SUQIAN, year), portal="suqian") for year in (2019, 2020, 2022)])
    update.update(database, [SUQIAN.id], ["suqian"], date(2024, 4, 2))
    found = states(database)
    assert {year: found[year] for year in range(2018, 2024)} == {
        2018: "not_found",
        2019: "found",
        2020: "found",
        2021: "not_published",
        2022: "found",
        2023: "not_published",
    }
    assert min(found) == 2008
    (missing,) = [one for one in query.of_organs(database, [SUQIAN.id]) if one["year"] == 2021]
    assert (missing["portal"], missing["health"], missing["run_id"]) == ("suqian", "fresh", run)
    (there,) = [one for one in query.of_organs(database, [SUQIAN.id]) if one["year"] == 2020]
    assert there["reports"] == ["321300/2020/own"]
    assert (there["due_on"], there["published_on"], there["punctuality"]) == ("2021-03-31", "2021-01-20", "on_time")


def test_a_problem_may_hide_the_report(database: Db) -> None:
    run = crawled(database)
    Problems(database).record_all(
        [Problem("timeout", "http://www.suqian.gov.cn/x", "no", "fetch", "suqian", None, run)]
    )
    Reports(database).save([write(of(SUQIAN, 2019), portal="suqian")])
    update.update(database, [SUQIAN.id], ["suqian"], TODAY)
    (hidden,) = [one for one in query.of_organs(database, [SUQIAN.id]) if one["year"] == 2021]
    assert hidden["state"] == "not_found"
    assert len(hidden["problems"]) == 1


def test_a_second_run_that_says_the_same_changes_nothing(database: Db) -> None:
    crawled(database, health=Health.BLOCKED)
    Reports(database).save([write(of(SUQIAN, 2019), portal="suqian")])
    assert update.update(database, [], ["suqian"], TODAY) > 10
    before = dump(database, leave=("runs", "portals", "stats"))
    crawled(database, health=Health.BLOCKED)
    assert update.update(database, [], ["suqian"], TODAY) == 0
    assert dump(database, leave=("runs", "portals", "stats")) == before
    assert states(database)[2021] == "blocked"
    crawled(database)
    update.update(database, [], ["suqian"], TODAY)
    assert states(database)[2021] == "not_published"


def test_a_discovered_department_is_expected_from_its_first_report_on(database: Db) -> None:
    Reports(database).save([write(of(BUREAU, year), portal="suqian") for year in (2020, 2021)])
    crawled(database)
    follow_up(database, ["suqian"])
    assert Pending(database).all() == {}
    unit = database["units"].find_one({"_id": BUREAU.id})
    assert unit is not None
    assert (unit["origin"], unit["since"], unit["province"], unit["parent"]) == ("discovered", 2020, "江苏省", "321300")
    found = states(database, BUREAU)
    assert (min(found), found[2020], found[2022]) == (2020, "found", "not_published")
    Reports(database).withdraw(write(of(BUREAU, 2020)).capture_id, "not_a_report")
    Reports(database).withdraw(write(of(BUREAU, 2021)).capture_id, "not_a_report")
    follow_up(database)
    assert states(database, BUREAU) == {}
    assert database["units"].find_one({"_id": BUREAU.id}) is None


def test_what_a_killed_run_left_is_done_by_the_next(database: Db) -> None:
    Reports(database).save([write(of(SUQIAN, 2019), portal="suqian")])
    seen = Pending(database).all()
    Reports(database).save([write(of(SUQIAN, 2020), portal="suqian")])
    Pending(database).done(seen)  # noted again meanwhile: it stays
    assert set(Pending(database).all()) == {SUQIAN.id}
    follow_up(database)
    assert states(database) == {2019: "found", 2020: "found"}


def test_rebuilding_gives_what_the_runs_have_left(database: Db) -> None:
    crawled(database)
    Reports(database).save([write(of(SUQIAN, 2019), portal="suqian"), write(of(BUREAU, 2021), portal="suqian")])
    update.update(database, [SUQIAN.id, BUREAU.id], ["suqian"], TODAY)
    before = dump(database, leave=("runs", "portals", "stats", "units", "coverage_counts"))
    assert update.rebuild(database, TODAY) == 0
    assert dump(database, leave=("runs", "portals", "stats", "units", "coverage_counts")) == before
    database["coverage"].update_one({"_id": "321300/2019"}, {"$set": {"state": "blocked", "organ_id": "nobody"}})
    assert update.rebuild(database, TODAY) >= 1
    assert states(database)[2019] == "found"


# --- counts ---------------------------------------------------------------------------------------------------


def test_counts_are_kept_for_every_province_and_year(database: Db) -> None:
    crawled(database)
    Reports(database).save(
        [write(of(SUQIAN, 2021, date(2022, 4, 9)), portal="suqian"), write(of(BUREAU, 2021), portal="suqian")]
    )
    update.update(database, [SUQIAN.id, BUREAU.id], ["suqian"], TODAY)
    found = counts.overview(database, ["江苏省", "云南省"], [2021, 2025], date(2026, 2, 10))
    city = found["江苏省", 2021]["city"]
    assert (city.expected, city.states["found"], city.states["unknown"], city.late) == (13, 1, 12, 1)
    assert found["江苏省", 2021]["department"].states["found"] == 1
    assert found["云南省", 2021]["city"].states == {"unknown": 16}
    assert found["云南省", 2025]["city"].states == {"not_due": 16}
    both = counts.total(found["江苏省", 2021])
    assert both.expected == both.states.total()
    assert counts.total(found["江苏省", 2021], "city") == city
    assert counts.provinces(database)[:2] == ["中央", "北京市"]
    rows = query.organs(database, "江苏省", range(2020, 2023), today=TODAY)
    assert [row.id for row in rows if row.level == "department" and row.id.startswith("x")] == [BUREAU.id]
    assert next(row.years for row in rows if row.id == SUQIAN.id) == {
        2020: "not_found",
        2021: "found",
        2022: "not_published",
    }


# --- units ----------------------------------------------------------------------------------------------------


def test_the_lists_are_loaded_once(database: Db) -> None:
    units = Units(database)
    assert units.load() == len(units.registry.units)
    assert Units(database).load() == 0
    found = database["units"].find_one({"_id": "410104"})
    assert found is not None
    assert (found["name"], found["province"], found["parent"]) == ("管城回族区人民政府", "河南省", "410100")
    database["stats"].delete_one({"_id": "units.loaded"})
    database["units"].update_one({"_id": "410104"}, {"$set": {"digest": "old"}})
    database["units"].insert_one({**found, "_id": "nobody"})
    assert Units(database).load() == 2
    assert database["units"].find_one({"_id": "nobody"}) is None


def test_a_joint_report_is_the_report_of_each_of_its_organs(database: Db) -> None:
    joint = jointly(of(SUQIAN, 2020), BUREAU)
    Reports(database).save([write(joint), write(of(BUREAU, 2021))])
    update.update(database, Pending(database).all(), today=TODAY)
    assert states(database)[2020] == states(database, BUREAU)[2020] == "found" == states(database, BUREAU)[2021]
    (one,) = (one for one in query.of_organs(database, [BUREAU.id]) if one["year"] == 2020)
    assert one["reports"] == [joint.id] and one["name"] == BUREAU.name
    before = query.of_organs(database, [BUREAU.id, SUQIAN.id])
    update.rebuild(database, TODAY)
    assert query.of_organs(database, [BUREAU.id, SUQIAN.id]) == before
