"""A lease: one holder at a time, renewed while it lives, taken over when its process is gone or its time is up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from storage.base import Db
from storage.leases import LeaseLost, Leases


def test_one_holder_at_a_time(database: Db) -> None:
    leases = Leases(database)
    with ThreadPoolExecutor(8) as pool:
        taken = [lease for lease in pool.map(lambda _: leases.take("portal:a", "run"), range(16)) if lease]
    (held,) = taken
    assert leases.take("portal:a") is None
    assert leases.take("portal:b") is not None
    held.release()
    assert leases.take("portal:a") is not None


def test_the_lease_of_a_process_that_is_gone_is_taken_over(database: Db) -> None:
    leases = Leases(database)
    held = leases.take("portal:a")
    assert held is not None
    database["leases"].update_one({"_id": "portal:a"}, {"$set": {"started": 5.0}})
    with leases.take("portal:a") or held as other:
        assert other is not held
        with pytest.raises(LeaseLost, match="belongs to another process"):
            held.renew()
        held.release()
        assert leases.holder("portal:a") is not None, "who lost it does not release another's"
    assert leases.holder("portal:a") is None


def test_the_lease_of_another_machine_is_taken_over_when_its_time_is_up(database: Db) -> None:
    leases = Leases(database)
    assert leases.take("portal:a") is not None
    elsewhere = {"host": "another-machine", "pid": 1}
    database["leases"].update_one({"_id": "portal:a"}, {"$set": elsewhere})
    assert leases.take("portal:a") is None
    spent = Leases(database, term=timedelta(seconds=-1))
    short = spent.take("portal:c")
    assert short is not None
    database["leases"].update_one({"_id": "portal:c"}, {"$set": elsewhere})
    assert leases.take("portal:c") is not None
    with pytest.raises(LeaseLost):
        short.renew()


def test_a_renewed_lease_lasts(database: Db) -> None:
    leases = Leases(database)
    held = leases.take("portal:a")
    assert held is not None
    before = leases.holder("portal:a")
    Leases(database, term=timedelta(hours=1)).renew(held)
    after = leases.holder("portal:a")
    assert before is not None and after is not None and after.until > before.until
