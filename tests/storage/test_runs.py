"""Runs, problems and portals: what happened, told so that nothing is told twice."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from storage import runs as module
from storage.base import Db, address_of
from storage.portals import Portals
from storage.problems import Problem, Problems
from storage.process import Owner, this_process
from storage.runs import CUT_OFF, Runs
from storage.shape.records import Column, Health, ProblemState, RunState
from tests.storage.synthetic import moment


def test_a_run_from_start_to_finish(database: Db) -> None:
    runs = Runs(database)
    run = runs.start("crawl", {"portals": ["sample"], "years": "2019-2021", "sample": None, "dry": False})
    found = runs.get(run)
    assert found is not None
    assert (found.state, found.kind, found.finished_at) == (RunState.RUNNING, "crawl", None)
    assert found.arguments["portals"] == ["sample"]
    runs.update(run, {"captures": 3})
    Problems(database).record("fetch", "http://a.cn", "no answer", run_id=run)
    done = runs.finish(run, RunState.FINISHED, counts={"captures": 4, "reports": 1}, message="done")
    assert (done.state, dict(done.counts), done.problems) == ("finished", {"captures": 4, "reports": 1}, 1)
    assert done.finished_at is not None and done.finished_at >= done.started_at
    assert runs.get("nothing") is None
    with pytest.raises(KeyError):
        runs.finish("nothing")


def test_the_latest_runs_over_the_turn_of_months(database: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = Runs(database)
    ids = []
    for day in range(70):
        monkeypatch.setattr(module, "now", lambda day=day: moment(day * 24 * 60))
        ids.append(runs.start("nightly" if day % 2 else "crawl", {}))
    assert ids == sorted(ids)
    assert [run.id for run in runs.latest(40)] == ids[:-41:-1]
    assert [run.kind for run in runs.latest(5, "nightly")] == ["nightly"] * 5
    assert len(runs.latest(1000)) == 70


def test_a_run_whose_process_is_gone_is_interrupted(database: Db) -> None:
    code = "from storage.process import this_process as me; print(me().pid, me().started)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    pid, started = said.split()
    runs = Runs(database)
    dead, living, elsewhere = (runs.start("crawl", {}) for _ in range(3))
    database["runs"].update_one({"_id": dead}, {"$set": {"pid": int(pid), "process_started": float(started)}})
    database["runs"].update_one({"_id": elsewhere}, {"$set": {"host": "another", "pid": 1}})
    runs.update(dead, {"pages": 3})
    # Whoever asks is told at once, although nothing has written it down yet; its last counts stay.
    assert [run.message for run in runs.latest() if run.state is RunState.INTERRUPTED] == [CUT_OFF]
    told = runs.get(dead)
    assert runs.reap() == [dead] and runs.reap() == []
    found = runs.get(dead)
    assert found is not None and found.state is RunState.INTERRUPTED and found.finished_at == found.heartbeat_at
    assert found == told and found.counts == {"pages": 3}
    assert {run.state for run in runs.latest() if run.id in (living, elsewhere)} == {RunState.RUNNING}


def test_who_is_gone() -> None:
    me = this_process()
    assert not me.is_gone()
    assert Owner(me.host, me.pid, me.started - 100).is_gone()
    assert not Owner("another machine", me.pid, me.started - 100).is_gone()
    unused = next(pid for pid in range(300_000, 4_000_000) if not psutil.pid_exists(pid))
    assert Owner(me.host, unused, 1.0).is_gone()


def test_the_same_problem_twice_is_one(database: Db) -> None:
    problems = Problems(database)
    first = problems.record("fetch", "http://a.cn", "no answer", run_id="r1", stage="fetch", portal="p")
    second = problems.record("fetch", "http://a.cn", "still none", run_id="r2", stage="fetch", portal="p")
    other = problems.record("unreadable", "http://a.cn", "rubbish", run_id="r2", stage="parse")
    assert first == second != other
    found = problems.get(first)
    assert found is not None
    assert (found.count, found.message, found.run_id, found.state) == (2, "still none", "r2", "open")
    assert found.last_at >= found.first_at
    assert problems.of_run("r1") == [] and problems.count_of_run("r2") == 2


def test_success_closes_and_failure_opens_again(database: Db) -> None:
    problems = Problems(database)
    key = problems.record("fetch", "http://a.cn", "no answer")
    problems.record("fetch", "http://b.cn", "no answer")
    assert problems.resolve("http://a.cn") == 1
    assert problems.resolve("http://a.cn", "http://c.cn") == 0
    found = problems.get(key)
    assert found is not None and found.state is ProblemState.RESOLVED and found.resolved_at is not None
    assert [one.where for one in problems.open()] == ["http://b.cn"]
    problems.record("fetch", "http://a.cn", "again")
    found = problems.get(key)
    assert found is not None and (found.state, found.count, found.resolved_at) == ("open", 2, None)


def test_a_problem_of_the_run_that_fetched_the_page_stays_open(database: Db) -> None:
    """A list's end is missed before the list itself is written: that it came does not mend it."""
    problems = Problems(database)
    key = problems.record("list_incomplete", "http://a.cn", "14 lines, 6 were seen", run_id="r1")
    assert problems.resolve_addresses([address_of("http://a.cn")], "r1") == 0
    assert [one.id for one in problems.open()] == [key]
    assert problems.resolve_addresses([address_of("http://a.cn")], "r2") == 1


def test_a_capture_s_problem_is_closed_by_its_address(database: Db) -> None:
    problems = Problems(database)
    problems.record("unreadable", "http://a.cn/1?x=1", "rubbish", capture_id="a" * 24 + "/3", stage="parse")
    assert problems.resolve_addresses(["a" * 24]) == 1


def test_a_message_that_is_no_text_is_kept_all_the_same(database: Db) -> None:
    key = Problems(database).record("fetch", "http://a.cn/\ud800", "half \ud800" + "x" * 5000)
    found = Problems(database).get(key)
    assert found is not None and found.message.startswith("half ?") and len(found.message) == 2000


def test_four_writers_count_every_problem(database: Db) -> None:
    batch = [Problem("fetch", f"http://{n}.cn", "no answer") for n in range(50)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: Problems(database).record_all(batch), range(4)))
    found = list(Problems(database).open())
    assert len(found) == 50 and {problem.count for problem in found} == {4}


def test_what_is_known_of_a_portal(database: Db) -> None:
    portals = Portals(database)

    def told() -> dict[str, Health]:
        return {key: state.health for key, state in portals.states(["sample", "other", "third"]).items()}

    assert portals.get("sample") is None
    portals.failed("sample", "r1", Health.BLOCKED, "412 Precondition Failed")
    portals.failed("sample", "r2", Health.BLOCKED, "412 Precondition Failed")
    state = portals.get("sample")
    assert state is not None and (state.failures, state.health, state.last_success_at) == (2, "blocked", None)
    stored = database["portals"].find_one({"_id": "sample"})
    assert stored is not None and stored["cursor"] == {}, "a field of the contract from the first document on"
    portals.succeeded("sample", "r3", columns=[Column("http://a.cn/nb/", "年报", "trs")], counts={"reports": 8})
    portals.succeeded("sample", "r4", counts={"reports": 9}, cursor={"page": "2"})
    state = portals.get("sample")
    assert state is not None
    assert (state.failures, state.health, state.last_run_id) == (0, "fresh", "r4")
    assert state.columns == (Column("http://a.cn/nb/", "年报", "trs"),)
    assert dict(state.counts) == {"reports": 9} and dict(state.cursor) == {"page": "2"}
    portals.succeeded("sample", "r5", cursor={"backfill_2019": "then"}, swept=True, golden="a.cn/nb/1.html")
    state = portals.get("sample")
    assert state is not None and dict(state.cursor) == {"page": "2", "backfill_2019": "then"}
    assert state.last_sweep_at is not None and state.golden == "a.cn/nb/1.html"
    portals.failed("other", "r4", Health.FAILING, "no such host")
    assert told() == {"sample": Health.FRESH, "other": Health.FAILING}
    assert portals.late(["sample", "other", "third"]) == 1, "what is known to be wrong stays said"
    assert told() == {"sample": Health.LATE, "other": Health.FAILING}
    portals.stopped("third", "r6")
    third = portals.get("third")
    assert third is not None and (third.health, third.last_success_at) == (Health.UNKNOWN, None)
    assert set(portals.states(["sample", "other", "third"])) == {"sample", "other", "third"}
