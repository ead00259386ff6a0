"""Pages are read again, and every report is held against what its page says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parsers.errors import NotAReport, Unreadable
from parsers.template import load_templates
from storage.readings import DOUBTED
from storage.rerun.current import Current
from storage.rerun.deep import Reread, reread
from storage.rerun.workers import Workers
from storage.verify import Verified, verify, verify_deep
from tests.storage.rerun.conftest import Edit
from tests.storage.rerun.site import House, capture, page
from tests.storage.rerun.test_outcomes import NOTE, Instead
from tests.storage.test_verify import alike

EVERYWHERE = ("readings", "catalogue")


def deep(house: House, workers: Workers | None = None, sample: int | None = None) -> Reread:
    return reread(house.db, Current(load_templates(), house.portals), workers or house.here, sample=sample)


def test_a_report_that_was_altered_with_every_digest_is_found_and_read_again(house: House) -> None:
    house.fill("e2021_v30", "e2019_v60")
    before = house.report(1)
    assert deep(house) == Reread(compared=2)
    alike(house.db, before["_id"], *EVERYWHERE)
    found = verify(house.db)
    assert found.is_whole, "no digest says it"
    for mark in (False, True):
        verify_deep(house.db, found, Current(load_templates(), house.portals), house.here, mark=mark)
        assert found.deep == Reread(compared=2, otherwise=[before["_id"]])
        assert (found.is_whole, found.doubted) == (False, [before["_id"]])
        assert house.db["readings"].count_documents({"made_of": DOUBTED}) == mark
    assert house.rerun().outcomes == {"applied": 1}
    after = house.report(1)
    assert (after["figures"], after["revision"], after["change"]["why"]) == (before["figures"], 2, ["altered"])
    assert verify(house.db).is_whole and deep(house) == Reread(compared=2)
    assert house.rerun().to_do == 0


def test_another_address_of_a_report_is_read_again_as_well(house: House) -> None:
    house.fill("e2021_v30")
    other = "http://www.zhuanzai.gov.cn/nb.html"
    house.store(replace(capture(1, page(1, "e2021_v30")), url=other, canonical_url=other))
    assert house.rerun().outcomes == {"applied": 1}
    assert deep(house) == Reread(compared=2)
    key = house.report(1)["_id"]
    house.db["report_alternates"].update_one({"report_id": key}, {"$set": {"title": "another"}})
    assert deep(house).otherwise == [key]
    house.db["report_alternates"].delete_one({"report_id": key})
    assert deep(house).otherwise == [key]


def test_what_earlier_code_has_read_is_counted_and_not_compared(house: House, edit: Edit) -> None:
    house.fill("e2021_v30", "e2019_v60")
    edit(e2021_v30=NOTE)
    alike(house.db, house.report(1)["_id"], *EVERYWHERE)
    assert deep(house) == Reread(compared=1, earlier=1)


def test_what_cannot_be_read_again_is_told(house: House) -> None:
    (capture_id,) = house.fill("e2021_v30")
    assert deep(house, Instead(Unreadable("too_slow", "it took a minute"))).unread == {capture_id: "it took a minute"}
    assert deep(house, Instead(NotAReport("no_report"))).otherwise == [house.report(1)["_id"]]
    house.db["raw"].delete_many({})
    assert "there is no such entry" in deep(house).unread[capture_id]


def test_what_is_written_or_lost_meanwhile_accuses_nobody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.fill("e2021_v30", "e2019_v60")
    first, second = (house.report(n)["_id"] for n in (1, 2))
    alike(house.db, first, *EVERYWHERE)
    house.db["reports"].delete_one({"_id": second})
    submit = house.here.submit

    def meanwhile(*given):  # type: ignore[no-untyped-def]
        for name in ("reports", "readings"):
            house.db[name].update_one({"_id": first}, {"$set": {"writes": 9}})
        return submit(*given)

    monkeypatch.setattr(house.here, "submit", meanwhile)
    assert deep(house) == Reread(compared=1)


def test_a_sample_is_of_so_many_reports_wherever_it_begins(house: House) -> None:
    house.fill(*["e2021_v30", "e2019_v60"] * 2)
    for number in (1, 3, 4, 9):
        for _ in range(3):
            assert deep(house, sample=number) == Reread(compared=min(number, 4))
    assert Verified(deep=deep(house)).is_whole
