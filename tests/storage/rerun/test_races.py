"""A crawl and a rerun at once: what the crawl has read since holds, and nothing is there twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from parsers import parse
from parsers.source import PortalContext, Source
from storage.archive import Archive, Capture, Mark
from storage.base import State
from storage.reports import Reports, ReportWrite
from storage.rerun.run import rerun
from storage.rerun.stale import Selection
from storage.rerun.summary import Summary
from storage.runs import Runs
from tests.storage.rerun.conftest import Edit
from tests.storage.rerun.site import House, capture, page
from tests.storage.synthetic import report, save, write

NOTE = ("id: e2021_v30", "# a note\nid: e2021_v30")
KEY = ("carried_forward", "carried_on")


def crawl(house: House, *captures: Capture) -> list[State]:
    """What a crawl does with pages: archive, parse, store."""
    stored = Archive(house.db).store(captures)
    writes = []
    for one, kept in zip(captures, stored, strict=True):
        source = Source(one.content, one.url, "text/html", portal=PortalContext("sample", profile_version=1))
        writes.append(ReportWrite(parse(source).to_document(), kept.capture_id, "sample", one.fetched_at, "crawl"))
    states = [saved.state for saved in Reports(house.db).save(writes)]
    Archive(house.db).mark_all([Mark(kept.capture_id, "report", judged_by=()) for kept in stored])
    return states


def rerun_with(house: House, phase: str, meanwhile: Any) -> Summary:
    """A rerun in the middle of which something else happens: when `phase` begins."""
    happened = []

    def progress(now: str, done: int, of: int) -> None:
        if now == phase and not happened:
            happened.append(now)
            meanwhile()

    found = rerun(house.db, Selection(), house.portals, house.options(), progress)
    assert happened
    return found


@pytest.mark.parametrize("change", [NOTE, KEY])
def test_a_new_version_of_a_page_that_came_meanwhile_holds(house: House, edit: Edit, change: tuple[str, str]) -> None:
    house.fill("e2021_v30", "e2021_v30")
    edit(e2021_v30=change)
    newer = capture(1, page(1, "e2021_v30") + b"<!-- 2 -->", run_id="crawl2")
    found = rerun_with(house, "writing", lambda: crawl(house, newer))
    assert found.outcomes == {"overtaken": 1, "unchanged" if change is NOTE else "applied": 1}
    assert house.report(1)["source"]["capture_id"].endswith("/2")
    assert house.rerun().to_do == 0


@pytest.mark.parametrize("change", [NOTE, KEY])
def test_the_same_page_read_anew_meanwhile_is_not_written_over(
    house: House, edit: Edit, change: tuple[str, str]
) -> None:
    """A crawl that found other files with an unchanged page: same capture, another reading."""
    (capture_id,) = house.fill("e2021_v30")
    edit(e2021_v30=change)

    def meanwhile() -> None:
        source = Source(page(1, "e2021_v30"), "http://elsewhere.cn/", portal=PortalContext("sample", profile_version=1))
        document = parse(source).to_document()
        document["title"] = "read by a crawl"
        Reports(house.db).save([ReportWrite(document, capture_id, "sample", capture(1, b"").fetched_at, "crawl2")])

    found = rerun_with(house, "writing", meanwhile)
    assert found.outcomes == {"overtaken": 1}
    (stands,) = house.db["reports"].find({})
    assert stands["title"] == "read by a crawl"


def test_what_is_gone_when_its_turn_comes_is_overtaken(house: House, edit: Edit) -> None:
    house.fill("e2021_v30")
    edit(e2021_v30=NOTE)
    newer = capture(1, page(1, "e2021_v30") + b"<!-- 2 -->", run_id="crawl2")
    found = rerun_with(house, "reading", lambda: crawl(house, newer))
    assert found.outcomes == {"overtaken": 1}
    assert house.report(1)["source"]["capture_id"].endswith("/2")


def test_a_reading_that_would_be_another_report_now_does_not_bring_an_old_page_back(house: House, edit: Edit) -> None:
    """The year is understood otherwise, so the id is another; meanwhile a crawl has replaced the page."""
    house.fill("e2021_v30")
    edit(e2021_v30=NOTE)
    newer = capture(1, page(1, "e2021_v30") + b"<!-- 2 -->", run_id="crawl2")
    real = house.here.submit

    def other_year(source: Source, stands: object) -> Any:
        text = source.content.replace("2022年".encode(), "2023年".encode())
        return real(Source(text, source.url, source.media_type, portal=source.portal))

    house.here.submit = other_year  # type: ignore[method-assign, assignment]
    found = rerun_with(house, "writing", lambda: crawl(house, newer))
    assert found.outcomes == {"overtaken": 1}
    assert [one["report_year"] for one in house.db["reports"].find({})] == [2022]


def test_a_crawl_and_a_rerun_side_by_side(house: House, edit: Edit) -> None:
    """Each page's later version stands, once, and the catalogue follows."""
    house.fill(*["e2021_v30"] * 6)
    edit(e2021_v30=KEY)
    run_id = Runs(house.db).start("crawl", {})
    newer = [capture(n, page(n, "e2021_v30") + b"<!-- 2 -->", run_id=run_id) for n in range(1, 7)]
    with ThreadPoolExecutor(2) as pool:
        crawling = pool.submit(lambda: [crawl(house, one) for one in newer])
        rerunning = pool.submit(house.rerun)
        crawling.result()
        found = rerunning.result()
    # What the crawl has read before the rerun looked is not out of date any more.
    assert sum(found.outcomes.values()) == found.to_do <= 6
    reports = list(house.db["reports"].find({}))
    assert len(reports) == house.db["catalogue"].count_documents({}) == 6
    assert all(one["source"]["capture_id"].endswith("/2") for one in reports)
    entries = {one["_id"]: one["writes"] for one in house.db["catalogue"].find({})}
    assert entries == {one["_id"]: one["writes"] for one in reports}
    assert house.rerun().to_do == 0


def test_a_later_version_that_the_crawl_could_not_read_replaces_the_earlier_one(house: House) -> None:
    """The crawl was killed between archiving and parsing, say: what the page says now must not wait for ever."""
    house.fill("e2021_v30")
    house.store(capture(1, page(1, "e2021_v30").replace("，未收取费用".encode(), b"")))
    assert house.rerun().outcomes == {"applied": 1}
    report = house.report(1)
    assert report["revision"] == 2 and report["source"]["capture_id"].endswith("/2")
    assert house.rerun().to_do == 0


# --- the compare-and-swap of the write path itself --------------------------------------------------------------


def test_a_write_instead_of_another_reading_than_the_one_there_is_overtaken(house: House) -> None:
    save(house.db, report(1, received=1))
    (held,) = house.db["reports"].find({})
    seen = held["sources"][0]["provenance_sha256"]
    first = write(report(1, received=2, parser="2"))
    second = write(report(1, received=3, parser="3"))
    states = [
        Reports(house.db).save([ReportWrite(**{**vars(one), "instead_of": seen})])[0].state for one in (first, second)
    ]
    assert states == [State.CHANGED, State.OVERTAKEN]
    nothing_there = ReportWrite(**{**vars(second), "instead_of": ""})
    assert Reports(house.db).save([nothing_there])[0].state is State.OVERTAKEN
    # Done again after a kill, what has landed has landed.
    again = ReportWrite(**{**vars(first), "instead_of": seen})
    assert Reports(house.db).save([again])[0].state is State.UNCHANGED
    assert house.db["reports"].count_documents({}) == 1


def test_a_refresh_that_loses_its_race_is_seen(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from storage.saving.ledger import Ledger

    save(house.db, report(1, received=1))
    (held,) = house.db["reports"].find({})
    seen = held["sources"][0]["provenance_sha256"]
    real = Ledger.refresh

    def late(self: Ledger, news: Any) -> set[str]:
        if news:
            monkeypatch.setattr(Ledger, "refresh", real)
            save(house.db, report(1, received=5, parser="9"))
        return real(self, news)

    monkeypatch.setattr(Ledger, "refresh", late)
    mine = ReportWrite(**{**vars(write(report(1, received=1, parser="2"))), "instead_of": seen})
    assert Reports(house.db).save([mine])[0].state is State.OVERTAKEN
    (stands,) = house.db["reports"].find({})
    assert stands["figures"]["requests"]["received_new"]["total"] == 5
