"""What follows the reports step by step, coverage and checks over several of them, is what is worked out from nothing."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from parsers.report import Organ, Report
from storage import pending as pending_of
from storage.archive import Archive
from storage.base import Db, Doc, now
from storage.coverage import update as coverage
from storage.cross import update as cross
from storage.cross.copies import MOST_ORGANS
from storage.follow_up import follow_up
from storage.pending import Pending, organs_in, portals_in
from storage.portals import Portals
from storage.problems import Problem, Problems
from storage.process import Owner, _started, this_process
from storage.reports import Reports, ReportWrite
from storage.runs import Runs
from storage.saving.ledger import Ledger
from storage.shape.records import Health
from tests.storage.synthetic import capture, jointly, report, write
from tests.storage.test_cross import BUREAU, FORM, FORWARD, OVER, SUQIAN, TOWN, made, prose

RECEIVED = "requests.received_new.total"


def standing(db: Db) -> dict[str, Doc]:
    """All that follows the reports, without who said it first and how often it was written."""
    leave = ("writes", "run_id")
    names = ("coverage", "coverage_counts", "cross_checks")
    return {
        f"{name} {one['_id']}": {key: value for key, value in one.items() if key not in leave}
        for name in names
        for one in db[name].find({})
    }


def assert_as_from_nothing(db: Db) -> None:
    """Rebuilding changes nothing. A province that nobody has counted has no counts, and is not compared."""
    before = standing(db)
    cross.rebuild(db)
    coverage.rebuild(db)
    after = standing(db)
    counted = {key for key in before if key.startswith("coverage_counts")}
    after = {key: one for key, one in after.items() if not key.startswith("coverage_counts") or key in counted}
    differ = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
    assert not differ, [(key, before.get(key), after.get(key)) for key in differ[:3]]


def stored(db: Db, *reports: Report, portal: str = "suqian", version: int = 1) -> None:
    Reports(db).save([write(one, portal=portal, version=version) for one in reports])


def withdrawn(db: Db, one: Report) -> None:
    Reports(db).withdraw(write(one).capture_id, "not_a_report")


def of(organ: Organ, year: int) -> Report:
    one = report(1, year, url=f"http://www.suqian.gov.cn/{organ.id}/{year}.html", size=300)
    return replace(one, organ=organ)


def visited(db: Db, portal: str = "suqian", health: Health = Health.FRESH) -> str:
    run = Runs(db).start("crawl", {"portals": [portal]})
    if health is Health.FRESH:
        Portals(db).succeeded(portal, run, swept=True)
    else:
        Portals(db).failed(portal, run, health, "412")
    Runs(db).finish(run)
    return run


# --- copies ---------------------------------------------------------------------------------------------------


def bureaus(number: int) -> Iterator[Organ]:
    for n in range(number):
        yield replace(BUREAU, id=f"bureau{n:02}", name=f"宿迁市第{n}局", name_raw="")


def copies(db: Db) -> int:
    return db["cross_checks"].count_documents({"rule": "X-COPY"})


def test_a_form_that_many_fill_in_alike_is_nobodys_copy_whoever_comes_last(database: Db) -> None:
    """One after the other: as the thirty-first comes, those that were copies before are none any more."""
    organs = list(bureaus(MOST_ORGANS + 2))
    stored(database, *(made(organ, 2020, FORM) for organ in organs[:MOST_ORGANS]))
    follow_up(database)
    assert copies(database) == MOST_ORGANS * (MOST_ORGANS - 1) // 2
    for organ in organs[MOST_ORGANS:]:
        stored(database, made(organ, 2020, FORM))
        follow_up(database)
        assert copies(database) == 0
        assert Pending(database).everything() == {}, "the next run would look at all of them again"
    assert_as_from_nothing(database)
    assert Pending(database).everything() == {}
    for organ in organs[:2]:
        withdrawn(database, made(organ, 2020, FORM))
    follow_up(database)
    assert copies(database) == MOST_ORGANS * (MOST_ORGANS - 1) // 2
    assert Pending(database).everything() == {}
    assert_as_from_nothing(database)


def test_who_shares_a_form_with_many_may_be_a_copy_by_its_words(database: Db) -> None:
    first, *others = bureaus(MOST_ORGANS + 2)
    stored(database, made(first, 2020, FORM, prose(0, 60)), *(made(organ, 2020, FORM) for organ in others))
    stored(database, made(SUQIAN, 2020, {FORWARD: 1}, prose(0, 60)))
    follow_up(database)
    (one,) = database["cross_checks"].find({"rule": "X-COPY"})
    assert [item["where"] for item in one["items"]] == ["text"]
    stored(database, made(first, 2021, {FORWARD: 2}))  # one of the two is looked at again
    follow_up(database)
    assert_as_from_nothing(database)


def test_what_a_killed_run_has_left_of_others_copies_is_done_by_the_next(database: Db) -> None:
    *organs, last = bureaus(MOST_ORGANS + 1)
    stored(database, *(made(organ, 2020, FORM) for organ in organs))
    follow_up(database)
    stored(database, made(last, 2020, FORM))
    sheets = [cross.Sheet(one) for one in database["reports"].find({"organ.id": last.id})]
    cross.Copies(database).sign([last.id], sheets)  # and killed before a check was written
    assert set(Pending(database).all()) == {organ.id for organ in (*organs, last)}
    follow_up(database)
    assert copies(database) == 0
    assert Pending(database).everything() == {}
    assert_as_from_nothing(database)


def test_what_turns_while_it_was_noted_already_stays_noted_for_whoever_noted_it(
    database: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process writes a report of an organ whose copies this one looks at, and has only noted it as yet."""
    *organs, last = bureaus(MOST_ORGANS + 1)
    stored(database, *(made(organ, 2020, FORM) for organ in organs))
    follow_up(database)
    stored(database, made(last, 2020, FORM))
    sign = cross.Copies.sign

    def meanwhile(self: cross.Copies, *given: Any) -> Any:
        Pending(database).add([organs[0].id])
        return sign(self, *given)

    with monkeypatch.context() as patched:
        patched.setattr(cross.Copies, "sign", meanwhile)
        follow_up(database)
    assert set(Pending(database).everything()) == {organs[0].id}


def another(monkeypatch: pytest.MonkeyPatch, owner: Owner) -> None:
    """What is noted from now on is noted by this process."""
    monkeypatch.setattr(pending_of, "this_process", lambda: owner)


def test_what_another_process_has_noted_and_not_written_yet_stays_noted(
    database: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was crossed out by who looked before it was written, and nobody looked again."""
    visited(database)
    stored(database, made(SUQIAN, 2020, {FORWARD: 7}))
    follow_up(database, ["suqian"])
    save, pair = Ledger.carry_out, made(SUQIAN, 2021, {OVER: 8})

    def late(self: Ledger, *given: Any) -> Any:
        with monkeypatch.context() as mine:
            another(mine, this_process())
            mine.setattr(Ledger, "carry_out", save)
            stored(database, made(SUQIAN, 2019, {FORWARD: 1}))  # which both have noted
            follow_up(database)
        assert list(organs_in(Pending(database).everything())) == [SUQIAN.id]
        return save(self, *given)

    with monkeypatch.context() as theirs:
        another(theirs, replace(this_process(), pid=os.getppid(), started=_started(os.getppid())))
        theirs.setattr(Ledger, "carry_out", late)
        stored(database, pair)
        assert Pending(database).everything() == {SUQIAN.id: 2}, "it knows that it has written"
        follow_up(database)
    assert database["cross_checks"].count_documents({"rule": "T3-CHAIN", "status": "fail"}) == 1
    assert Pending(database).everything() == {}
    assert_as_from_nothing(database)


@pytest.mark.parametrize("why", ["gone", "silent", "of an earlier version"])
def test_what_was_noted_by_who_will_not_write_any_more_is_crossed_out(
    database: Db, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    theirs = replace(this_process(), host="elsewhere")
    with monkeypatch.context() as patched:
        another(patched, replace(theirs, host=socket.gethostname(), started=-9.0) if why == "gone" else theirs)
        stored(database, made(SUQIAN, 2020, {FORWARD: 7}))
    if why == "silent":
        (note,) = database["pending"].find({})
        long_ago = {key: {**one, "at": now() - timedelta(hours=2)} for key, one in note["by"].items()}
        database["pending"].update_one({"_id": note["_id"]}, {"$set": {"by": long_ago}})
    elif why != "gone":
        database["pending"].update_many({}, {"$unset": {"by": 1}})
    follow_up(database)
    assert Pending(database).everything() == {}


# --- a whole and its parts, several addresses -----------------------------------------------------------------


def test_a_whole_forgets_a_part_that_is_gone(database: Db) -> None:
    part = made(BUREAU, 2024, {RECEIVED: 160})
    stored(database, made(SUQIAN, 2024, {RECEIVED: 100}, scope="consolidated"), part, made(TOWN, 2024, {RECEIVED: 10}))
    stored(database, made(BUREAU, 2023, {RECEIVED: 5}))  # it is still there, in another year
    follow_up(database)
    withdrawn(database, part)
    follow_up(database)
    (one,) = database["cross_checks"].find({"rule": "H-HIER"})
    assert (one["status"], one["items"][0]["right"], one["note"]) == ("pass", 10, "1 parts: x2/2024/own")
    assert_as_from_nothing(database)


def test_where_a_dead_address_gives_way_to_one_that_says_otherwise_the_checks_follow(database: Db) -> None:
    stored(database, made(SUQIAN, 2020, {FORWARD: 7}))
    writes = []
    for url, value in (("http://a.gov.cn/1.html", 7), ("http://b.gov.cn/2.html", 8)):
        one = made(SUQIAN, 2021, {OVER: value})
        (kept,) = Archive(database).store([replace(capture(1, url.encode()), url=url, canonical_url=url)])
        given = write(replace(one, source=replace(one.source, url=url)))
        writes.append(ReportWrite(given.document, kept.capture_id, given.portal, given.fetched_at))
    Reports(database).save(writes)
    follow_up(database)
    (before,) = database["cross_checks"].find({"rule": "T3-CHAIN"})
    Reports(database).address_died({"http://a.gov.cn/1.html": "dead link (404)"})
    follow_up(database)
    (after,) = database["cross_checks"].find({"rule": "T3-CHAIN"})
    assert (before["status"], after["status"], after["items"][0]["right"]) == ("pass", "fail", 8)
    assert_as_from_nothing(database)


# --- coverage -------------------------------------------------------------------------------------------------


def test_an_organs_own_portal_counts_after_every_run(database: Db) -> None:
    """Its reports stand on the city's portal; its own refuses. A rerun that changes one of them has been to no portal."""
    visited(database, "own", Health.BLOCKED)
    stored(database, of(SUQIAN, 2020), portal="central")
    follow_up(database, ["own"], {"own": SUQIAN.id})
    assert database["coverage"].count_documents({"organ_id": SUQIAN.id, "state": "blocked"}) > 10
    stored(database, of(SUQIAN, 2021), portal="central")
    follow_up(database)
    assert database["coverage"].count_documents({"organ_id": SUQIAN.id, "state": "blocked"}) > 10
    assert_as_from_nothing(database)


def unreadable(run: str, address: str = "http://www.suqian.gov.cn/x1/2021.html") -> Problem:
    return Problem("damaged", address, "it is cut off", "parse", "suqian", None, run)


def states(db: Db, organ: Organ = SUQIAN) -> set[str]:
    return {one["state"] for one in db["coverage"].find({"organ_id": organ.id, "year": {"$gte": 2020, "$lte": 2023}})}


def test_a_page_that_cannot_be_read_hides_what_is_missing_until_something_is_read_there(database: Db) -> None:
    first = visited(database)
    Problems(database).record_all([unreadable(first)])
    stored(database, of(SUQIAN, 2019))
    follow_up(database, ["suqian"])
    assert states(database) == {"not_found"}
    Problems(database).record_all([unreadable("a rerun, which could not read it either")])
    follow_up(database)
    assert states(database) == {"not_found"}
    visited(database)  # it finds the page unchanged
    follow_up(database, ["suqian"])
    assert states(database) == {"not_found"}
    assert_as_from_nothing(database)
    stored(database, of(replace(BUREAU, id="x1"), 2021))  # another organ's report was read there
    follow_up(database)
    assert states(database) == {"not_published"}
    assert_as_from_nothing(database)


def noted(db: Db) -> set[str]:
    return portals_in(Pending(db).everything())


def test_a_portal_is_looked_at_again_only_where_another_set_of_problems_stands_for_it(database: Db) -> None:
    """A rerun fails on the same page every time: that once cost a look at every organ of the portal."""
    problems, first = Problems(database), visited(database)
    problems.record_all([unreadable(first)])
    stored(database, of(SUQIAN, 2019))
    assert noted(database) == {"suqian"}
    follow_up(database, ["suqian"])
    assert noted(database) == set()
    problems.record_all([unreadable("a rerun")])
    assert noted(database) == set()
    (one,) = problems.open()
    assert (one.count, one.run_id) == (2, "a rerun")
    assert_as_from_nothing(database)
    for told, portals in (
        (replace(unreadable("a rerun"), kind="too_slow"), {"suqian"}),  # another kind of failure
        (unreadable("a rerun", "http://www.suqian.gov.cn/x2/2021.html"), {"suqian"}),  # another page
        (replace(unreadable("a rerun"), portal="moved"), {"suqian", "moved"}),
    ):
        problems.record_all([told])
        assert noted(database) == portals
        follow_up(database)
        assert_as_from_nothing(database)
    assert problems.resolve(one.where) == 2
    assert noted(database) == {"suqian", "moved"}
    follow_up(database)
    problems.record_all([unreadable("a rerun")])  # opened again, on the one portal that it is of
    assert noted(database) == {"suqian"}
    follow_up(database)
    assert_as_from_nothing(database)


def test_a_problem_that_another_run_closes_while_this_one_meets_it_again_is_followed_up(
    database: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one has looked at the portal without it when this one opens it anew."""
    problems, first = Problems(database), visited(database)
    problems.record_all([unreadable(first)])
    stored(database, of(SUQIAN, 2019))
    follow_up(database, ["suqian"])
    standing = Problems._standing

    def closed(self: Problems, met: Iterable[Problem]) -> dict[str, str | None]:
        found = standing(self, met)
        monkeypatch.setattr(Problems, "_standing", standing)
        assert Problems(database).resolve(unreadable(first).where) == 1
        follow_up(database)
        assert states(database) == {"not_published"}
        return found

    monkeypatch.setattr(Problems, "_standing", closed)
    problems.record_all([unreadable("a rerun")])
    assert noted(database) == {"suqian"}
    follow_up(database)
    assert states(database) == {"not_found"}
    assert_as_from_nothing(database)


def test_who_is_killed_before_a_problem_is_written_has_noted_its_portal(
    database: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    first = visited(database)
    stored(database, of(SUQIAN, 2019))
    follow_up(database, ["suqian"])
    written = Problems._written
    for where in (killed, lambda self, operations: killed(written(self, operations))):  # before the write, and after it
        monkeypatch.setattr(Problems, "_written", where)
        with pytest.raises(KeyboardInterrupt):
            Problems(database).record_all([unreadable(first)])
        assert noted(database) == {"suqian"}
        follow_up(database)
        assert_as_from_nothing(database)
    assert states(database) == {"not_found"}


def test_what_an_earlier_visit_could_not_fetch_hides_nothing_from_a_later_one(database: Db) -> None:
    first = visited(database)
    Problems(database).record_all([replace(unreadable(first), stage="fetch", kind="timeout")])
    stored(database, of(SUQIAN, 2019))
    follow_up(database, ["suqian"])
    assert states(database) == {"not_found"}
    visited(database)
    follow_up(database, ["suqian"])
    assert states(database) == {"not_published"}


def departments(db: Db, year: int) -> int:
    """How many are expected in the province."""
    (one,) = db["coverage_counts"].find({"_id": f"江苏省/{year}"})
    return int(one["levels"].get("department", {}).get("expected", 0))


def test_counts_follow_organs_that_are_discovered_and_forgotten(database: Db) -> None:
    """A department is expected from its first report on, in years too of which nothing else has changed."""
    visited(database)
    stored(database, of(SUQIAN, 2021), of(SUQIAN, 2024))
    follow_up(database, ["suqian"])
    listed = [departments(database, year) for year in (2021, 2024)]
    for year in (2020, 2015):
        stored(database, of(BUREAU, year), portal="elsewhere")
        follow_up(database)
        assert [departments(database, year) - 1 for year in (2021, 2024)] == listed
        assert_as_from_nothing(database)
    for year in (2015, 2020):
        withdrawn(database, of(BUREAU, year))
        follow_up(database)
        assert_as_from_nothing(database)
    assert [departments(database, year) for year in (2021, 2024)] == listed


def test_who_is_no_part_of_a_joint_report_any_more_is_missing_again(database: Db) -> None:
    first, again = jointly(of(SUQIAN, 2020), BUREAU), jointly(of(SUQIAN, 2020), TOWN)
    assert first.id == again.id
    stored(database, first)
    follow_up(database)
    stored(database, again, version=2)
    follow_up(database)
    assert database["coverage"].find_one({"_id": f"{BUREAU.id}/2020"}) is None
    assert_as_from_nothing(database)


def test_counts_that_a_killed_run_has_not_made_are_made_by_the_next(
    database: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was killed after what is known of the years was written, and before it was counted."""
    visited(database)
    stored(database, of(SUQIAN, 2021))
    follow_up(database, ["suqian"])
    stored(database, of(SUQIAN, 2022), of(BUREAU, 2020))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(coverage, "recount", killed)
        with pytest.raises(KeyboardInterrupt):
            follow_up(database)
    follow_up(database)
    assert_as_from_nothing(database)
    assert Pending(database).everything() == {}
