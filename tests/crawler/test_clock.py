"""A clock that is set back between two crawls, by an hour and by a year: what came later is later, whatever its time says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.nights.schedule import load_schedule
from crawler.profiles import RegistryProfiles
from crawler.urls import canonical_url
from nianbao.sample.server import Answer
from storage.archive import Archive
from storage.base import Db, Doc, now
from storage.leases import Leases
from storage.portals import Portals
from storage.rerun.run import rerun
from storage.rerun.stale import Selection
from storage.runs import Runs
from storage.verify import verify
from tests.crawler.crawling import CLOCKS, Crawls
from tests.crawler.forks import ROOT
from tests.crawler.real_pages import rows
from tests.crawler.site import HTML, Site, html
from tests.storage.rerun.site import House, page

HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
FIRST, SECOND, THIRD = "/nb/1.html", "/nb/2.html", "/nb/3.html"
SAID = ("全年主动公开政府信息，", "受理依申请公开事项，")


def portal() -> Site:
    lines = [(path, f"某镇2022年政府信息公开工作年度报告 {path}", "2023-01-10") for path in (FIRST, SECOND, THIRD)]
    column = html(rows(*lines), head='<meta name="ColumnName" content="政府信息公开年报">')
    routes = {"/": html('<a href="/nb/">政府信息公开年报</a>'), "/nb/": column}
    return Site({**routes, FIRST: version(1, 0), SECOND: version(2, 0), THIRD: html("", 403)})


def version(number: int, edition: int) -> Answer:
    """A page of which each edition says a little less."""
    text = page(number, "e2021_v30").decode()
    for piece in SAID[:edition]:
        assert piece in text
        text = text.replace(piece, "")
    return Answer(200, text.encode(), HTML)


def held(db: Db, collection: str) -> dict[str, Doc]:
    return {one["_id"]: one for one in db[collection].find({})}


def test_crawls_and_a_rerun_under_a_clock_that_is_set_back(crawls: Crawls, tmp_path: Path) -> None:
    db = crawls.db
    with portal() as site:
        before: list[dict[str, dict[str, Doc]]] = []
        for edition, back in enumerate((timedelta(0), HOUR, YEAR)):
            site.routes[FIRST] = version(1, edition)
            told = crawls.run(home=site.url, clock=-back.total_seconds())
            assert told.exit_state == "done", told.message
            before.append({name: held(db, name) for name in ("captures", "raw", "report_revisions")})

        # Versions count on, and nothing that was stored is another.
        versions = Archive(db).history(canonical_url(f"{site.url.rstrip('/')}{FIRST}"))
        assert [one.version for one in versions] == [1, 2, 3]
        assert [one.fetched_at for one in versions] == sorted((one.fetched_at for one in versions), reverse=True)
        for number, one in enumerate(versions):
            assert Archive(db).content(one.raw_sha256).decode().count(SAID[0]) == (number == 0)
        for earlier, later in pairwise(before):
            for name in earlier:
                assert earlier[name].items() <= later[name].items(), name

        # The report is what the portal showed last; its history is in the order in which it was written.
        report, other = (
            db["reports"].find_one({"source.url": f"{site.url.rstrip('/')}{one}"}) for one in (FIRST, SECOND)
        )
        assert report is not None and other is not None
        assert (report["revision"], report["source"]["capture_id"]) == (3, versions[-1].id)
        assert SAID[1] not in report["sections"][0]["text"]
        assert other["revision"] == 1, "what did not change has no history"
        past = sorted(db["report_revisions"].find({"report_id": report["_id"]}), key=lambda one: int(one["revision"]))
        assert [one["source"]["capture_id"] for one in past] == [one.id for one in versions[:2]]

        # Nothing ends before it begins, and nothing waits for a time that has been.
        for run in Runs(db).latest(10):
            assert run.state == "finished" and run.finished_at is not None and run.finished_at >= run.started_at
        (problem,) = db["problems"].find({})
        assert problem["where"].endswith(THIRD) and problem["count"] == 3
        assert problem["first_at"] <= problem["last_at"]
        assert db["leases"].count_documents({}) == 0

    # With the clock put right a rerun finds everything as it is.
    found = rerun(db, Selection(everything=True), RegistryProfiles(), House(db, tmp_path).options())
    assert found.outcomes == {"unchanged": 2}
    assert held(db, "report_revisions").keys() == before[-1]["report_revisions"].keys()
    assert verify(db).is_whole


@pytest.mark.parametrize("ahead", [HOUR * 30, YEAR])
def test_a_portal_that_was_visited_tomorrow_is_due_today(database: Db, ahead: timedelta) -> None:
    """Its last visit was made under a clock that was ahead and has been put right."""
    Portals(database).succeeded("sample", "run", swept=True)
    state = Portals(database).get("sample")
    assert state is not None and state.last_tried_at is not None and state.last_sweep_at is not None
    later = replace(state, last_tried_at=state.last_tried_at + ahead, last_sweep_at=state.last_sweep_at + ahead)
    due = load_schedule().due(later, now())
    assert due is not None and due.sweep
    assert load_schedule().due(state, now()) is None


def test_a_lease_of_next_year_holds_nothing(database: Db) -> None:
    """Another machine's, taken under a clock that was ahead; of one that is some minutes ahead nothing is taken away."""
    leases = Leases(database)
    lease = leases.take("portal:sample")
    assert lease is not None
    for ahead, is_free in ((timedelta(minutes=9), False), (YEAR, True)):
        until = now() + ahead
        database["leases"].update_one({"_id": "portal:sample"}, {"$set": {"host": "elsewhere", "until": until}})
        taken = leases.take("portal:sample")
        assert (taken is not None) == is_free


def test_the_clocks_are_all_known() -> None:
    """Whoever writes another `datetime.now` sees this test."""
    files = [path for room in ("crawler", "storage") for path in (ROOT / room).rglob("*.py")]
    looks = {path for path in files if "datetime.now(" in path.read_text(encoding="utf-8")}
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in looks}
    elsewhere = {"storage.dumps.dump", "storage.embedded.supervisor", "storage.embedded.upgrade"}
    assert names - elsewhere - {"storage.export.package", "storage.export.run"} == set(CLOCKS)
