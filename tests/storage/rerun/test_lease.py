"""Two reruns of one archive at once: the second says so and goes."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from pymongo.errors import AutoReconnect

from storage.base import Db, now
from storage.process import this_process
from storage.rerun.errors import Busy, RerunError
from storage.rerun.lease import LEASE, RENEW, Lease
from tests.storage.rerun.site import House, capture, page


def test_the_second_rerun_says_who_has_it(house: House) -> None:
    house.store(capture(1, page(1, "e2021_v30")))
    with Lease(house.db) as lease:
        lease.name("20260105T120000000Z-rerun-1234")
        with pytest.raises(Busy, match=rf"20260105T120000000Z-rerun-1234, process \d+ on {socket.gethostname()}"):
            house.rerun()
        assert house.rerun(dry_run=True).to_do == 1, "who only looks need not wait"
    assert house.db["runs"].count_documents({}) == 0
    assert house.rerun().outcomes == {"applied": 1}


@pytest.mark.parametrize(
    ("host", "started", "minutes", "is_over"),
    [
        ("here", 0.0, 5, False),
        ("here", -5.0, 5, True),  # a process that is no more: its pid belongs to another one now
        ("elsewhere", 0.0, 5, False),
        ("elsewhere", 0.0, -1, True),
    ],
)
def test_whose_lease_is_over(database: Db, host: str, started: float, minutes: int, is_over: bool) -> None:
    us = this_process()
    database["meta"].insert_one(
        {
            "_id": "rerun.lease",
            "token": "other",
            "since": now(),
            "until": now() + timedelta(minutes=minutes),
            "run_id": None,
            "host": us.host if host == "here" else host,
            "pid": us.pid,
            "started": us.started + started,
        }
    )
    if is_over:
        with Lease(database):
            held = database["meta"].find_one({"_id": "rerun.lease"})
            assert held is not None
            assert held["pid"] == us.pid
    else:
        with pytest.raises(Busy), Lease(database):
            pass


def test_a_lease_is_renewed_and_its_loss_is_noticed(database: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = now()
    monkeypatch.setattr("storage.rerun.lease.now", lambda: moment)

    def until() -> object:
        held = database["meta"].find_one({"_id": "rerun.lease"})
        assert held is not None
        return held["until"]

    with Lease(database) as lease:
        first = until()
        lease.renew()
        assert until() == first, "seldom is enough"
        moment += RENEW
        lease.renew()
        assert until() == moment + LEASE
        database["meta"].delete_one({"_id": "rerun.lease"})
        moment += RENEW
        with pytest.raises(RerunError, match="another one has taken over"):
            lease.renew()


def test_the_lease_goes_with_the_rerun_however_it_ends(house: House) -> None:
    house.store(capture(1, page(1, "e2021_v30")))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    house.here.submit = stop  # type: ignore[method-assign, assignment]
    with pytest.raises(KeyboardInterrupt):
        house.rerun()
    assert house.db["meta"].find_one({"_id": "rerun.lease"}) is None
    (run,) = house.db["runs"].find({})
    assert (run["state"], run["kind"]) == ("interrupted", "rerun")


def test_a_lease_that_could_not_be_given_back_is_nobodys(database: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database went away in the middle: the same process takes the lease again when it is back."""

    def away(_: Lease) -> None:
        raise AutoReconnect("away")

    with monkeypatch.context() as patch, pytest.raises(AutoReconnect), Lease(database):
        patch.setattr(Lease, "release", away)
        raise AutoReconnect("away")
    assert database["meta"].find_one({"_id": "rerun.lease"}) is not None
    with Lease(database):
        pass
    assert database["meta"].find_one({"_id": "rerun.lease"}) is None
