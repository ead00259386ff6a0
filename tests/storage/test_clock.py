"""A clock that is set back: what came later is later, whatever its time says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import reports
from storage.archive import Archive
from storage.base import now
from storage.rerun.lease import LEASE, Lease
from storage.rerun.run import rerun
from storage.rerun.stale import Selection
from storage.runs import Runs
from storage.saving import ledger, plan
from tests.storage.rerun.conftest import Edit, edit, house
from tests.storage.rerun.site import NOON, House, address, capture, page

__all__ = ["edit", "house"]
DAY = timedelta(days=1)


def test_a_page_fetched_under_an_earlier_clock_is_the_later_version(house: House) -> None:
    house.store(capture(1, page(1, "e2021_v30")))
    house.rerun()
    corrected = page(1, "e2021_v30").replace("，未收取费用".encode(), b"")
    (second,) = house.store(capture(1, corrected, fetched_at=NOON - 400 * DAY))
    assert house.rerun().outcomes == {"applied": 1}
    report = house.report(1)
    assert (report["revision"], report["source"]["capture_id"]) == (2, second)
    latest = Archive(house.db).latest(address(1))
    assert latest is not None and latest.id == second
    again = capture(1, corrected, fetched_at=NOON - 500 * DAY)
    assert Archive(house.db).store([again])[0].state == "unchanged"


def test_revisions_count_on(house: House, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> None:
    house.fill("e2021_v30")
    for module in (reports, plan, ledger):
        if hasattr(module, "now"):
            monkeypatch.setattr(module, "now", lambda: NOON - 1000 * DAY)
    edit(e2021_v30=("carried_forward", "carried_on"))
    assert house.rerun(accept_regressions=True).outcomes == {"applied": 1}
    report = house.report(1)
    assert report["revision"] == 2 and report["change"]["at"] < NOON
    assert house.rerun().to_do == 0


def test_a_rerun_under_a_clock_that_jumps_back_and_forth(
    house: House, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease is renewed, the run is closed, and a lease of tomorrow that a killed process left is taken over."""
    house.fill(*["e2021_v30"] * 4)
    edit(e2021_v30=("carried_forward", "carried_on"))
    moments = iter([now() + n * (-1) ** n * DAY for n in range(10_000)])
    for module in ("storage.rerun.lease.now", "storage.runs.now"):
        monkeypatch.setattr(module, lambda: next(moments))
    found = rerun(house.db, Selection(), house.portals, house.options(accept_regressions=True))
    assert found.outcomes == {"applied": 4}
    assert house.db["meta"].find_one({"_id": "rerun.lease"}) is None
    monkeypatch.undo()
    states = {run.state for run in Runs(house.db).latest(50)}
    assert states == {"finished"}

    held = {"_id": "rerun.lease", "token": "t", "run_id": None, "since": now() + DAY, "until": now() + DAY + LEASE}
    gone = Lease(house.db)
    gone.take()
    house.db["meta"].update_one({"_id": "rerun.lease"}, {"$set": {**held, "pid": 2**22 + 1, "started": 1.0}})
    with Lease(house.db):
        assert house.db["meta"].find_one({"_id": "rerun.lease"}) is not None
