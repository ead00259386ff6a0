"""A capture that turns out to be another report, or none: nothing stands twice, and what stood is kept."""

from __future__ import annotations

from dataclasses import replace

from storage import query
from storage.base import Db, State
from storage.query import Filters
from storage.reports import Reports, ReportWrite
from tests.storage.synthetic import dump, report, revision, save, write

COPY = "http://copy.cn/1"


def renamed(one: ReportWrite, organ: str) -> ReportWrite:
    """The same capture, read as the report of another organ."""
    organ_block = {**one.document["organ"], "id": organ, "name": organ}
    key = f"{organ}/{one.document['report_year']}/own"
    return replace(one, document={**one.document, "_id": key, "organ": organ_block})


def standing(db: Db) -> list[str]:
    assert [one["_id"] for one in db["catalogue"].find({})] == [one["_id"] for one in db["reports"].find({})]
    return sorted(one["_id"] for one in db["reports"].find({}))


def test_a_capture_read_as_another_organ_s_leaves_the_first(database: Db) -> None:
    one = write(report(1))
    Reports(database).save([one, write(report(2))])
    (saved,) = Reports(database).save([replace(renamed(one, "better"), run_id="r2")])
    assert saved.state is State.NEW
    assert standing(database) == ["better/2020/own", report(2).id]
    kept = revision(database, f"{report(1).id}/1")
    assert kept["replaced"]["why"] == ["moved to better/2020/own"] and kept["replaced"]["run_id"] == "r2"
    assert [entry["_id"] for entry in query.find(database, Filters())] == standing(database)
    assert [one["revision"] for one in query.revisions(database, report(1).id)] == [1]
    before = dump(database)
    Reports(database).save([renamed(one, "better")])
    assert dump(database) == before


def test_a_report_that_returns_goes_on_counting(database: Db) -> None:
    one = write(report(1))
    for _ in range(2):
        Reports(database).save([one])
        Reports(database).save([renamed(one, "better")])
    Reports(database).save([one])
    found = query.get(database, report(1).id)
    assert found is not None
    assert (found["revision"], found["change"]["why"]) == (3, ["returned"])
    assert [kept["revision"] for kept in query.revisions(database, report(1).id)] == [1, 2]
    assert standing(database) == [report(1).id]


def test_a_later_page_at_the_same_address_takes_nothing_away(database: Db) -> None:
    """A column whose one address shows the report of the latest year."""
    url = "http://www.organ1.gov.cn/latest.html"
    save(database, report(1, 2019, url=url, content=b"2019"))
    save(database, report(1, 2020, url=url, content=b"2020"), version=2)
    assert standing(database) == [report(1, 2019).id, report(1, 2020).id]


def test_no_report_after_all(database: Db) -> None:
    one = write(report(1))
    reports = Reports(database)
    reports.save([one])
    assert reports.withdraw(one.capture_id, "not_a_report", "r2") == [report(1).id]
    assert standing(database) == []
    assert revision(database, f"{report(1).id}/1")["replaced"]["why"] == ["not_a_report"]
    assert reports.withdraw(one.capture_id, "not_a_report") == []


def test_the_other_address_stands_when_one_is_withdrawn(database: Db) -> None:
    reports = Reports(database)
    good, copy = write(report(1)), write(report(1, url=COPY, received=5, trust="doubtful", content=b"c"))
    reports.save([good, copy])
    reports.withdraw(good.capture_id, "not_a_report", "r2")
    found = query.get(database, report(1).id)
    assert found is not None
    assert (found["source"]["url"], len(found["sources"]), found["flags"]) == (COPY, 1, [])
    assert found["change"]["why"][0] == "not_a_report"
    assert database["report_alternates"].count_documents({}) == 0
    reports.save([good])
    reports.withdraw(copy.capture_id, "not_a_report", "r3")
    assert standing(database) == [report(1).id]
    assert database["report_alternates"].count_documents({}) == 0
