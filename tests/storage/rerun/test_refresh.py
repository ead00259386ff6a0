"""What reads word by word as it stands: no document of it is made, and only by what it was read is written."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import pytest

from parsers.source import Source
from storage.base import Db, Doc
from storage.corrections.files import load_corrections
from storage.gone import Gone
from storage.rerun.read import Reading, Stands
from storage.rerun.stale import Selection
from storage.saving.ledger import Ledger
from tests.storage.rerun.conftest import Edit
from tests.storage.rerun.site import NOON, Here, House, address, capture, page
from tests.storage.rerun.test_races import KEY, NOTE, rerun_with
from tests.storage.synthetic import dump

ALL = Selection(everything=True)


class Watched(Here):
    """Keeps what was read. `forgetful`: as where nobody knows how a page read before."""

    def __init__(self, forgetful: bool = False) -> None:
        super().__init__()
        self.readings: list[Reading] = []
        self._forgetful = forgetful

    def submit(self, source: Source, stands: Stands | None = None) -> Future[Reading]:
        future = super().submit(source, None if self._forgetful else stands)
        self.readings.append(future.result())
        return future

    @property
    def documents(self) -> int:
        return sum(one.packed is not None for one in self.readings)


def contents(db: Db) -> dict[str, list[bytes]]:
    return dump(db, leave=("runs", "meta", "stats"))


def sources(house: House, number: int) -> list[Doc]:
    (found,) = house.db["readings"].find({"_id": house.report(number)["_id"]})
    return list(found["sources"])


def test_an_edit_that_changes_no_reading_makes_no_document(house: House, edit: Edit) -> None:
    house.fill("e2021_v30", "e2019_v60", "e2021_v30")
    entries = list(house.db["catalogue"].find({}))
    house.here = Watched()
    edit(e2021_v30=NOTE)
    assert house.rerun().outcomes == {"unchanged": 2}
    assert (len(house.here.readings), house.here.documents) == (2, 0)
    report = house.report(1)
    assert (report["revision"], report["writes"]) == (1, 2)
    assert sources(house, 1) == report["sources"]
    assert list(house.db["catalogue"].find({})) == entries, "nothing that a list shows has changed"
    assert house.rerun().to_do == 0
    assert house.rerun(ALL).outcomes == {"unchanged": 3}
    assert house.here.documents == 0


def test_it_ends_as_if_whole_reports_had_been_compared(
    house: House, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.fill("e2021_v30", "e2021_v30")
    found = []
    for forgetful in (True, False):
        house.here = Watched(forgetful)
        edit(e2021_v30=NOTE)
        assert house.rerun().outcomes == {"unchanged": 2}
        house.db["reports"].update_many({}, {"$set": {"derived.parsed_at": NOON}})
        found.append(contents(house.db))
        assert house.here.documents == (2 if forgetful else 0)
        monkeypatch.delenv("NIANBAO_CONFIG")
        assert house.rerun().outcomes == {"unchanged": 2}
        house.db["reports"].update_many({}, {"$set": {"writes": 1}})
        house.db["readings"].update_many({}, {"$set": {"writes": 1}})
    assert found[0] == found[1]


def test_what_reads_otherwise_is_made_a_document_of(house: House, edit: Edit) -> None:
    house.fill("e2021_v30", "e2019_v60")
    house.here = Watched()
    edit(e2021_v30=KEY)
    assert house.rerun().outcomes == {"applied": 1}
    assert house.here.documents == 1
    before = sources(house, 1)
    assert house.rerun(ALL).outcomes == {"unchanged": 2}
    assert house.here.documents == 1, "what it reads as now is known again"
    assert sources(house, 1) == before == house.report(1)["sources"]


def test_a_report_of_an_earlier_version_is_compared_whole_and_known_from_then_on(house: House, edit: Edit) -> None:
    house.fill("e2021_v30")
    for name in ("reports", "readings"):
        house.db[name].update_many({}, {"$unset": {"sources.0.as_read": 1}})
    house.here = Watched()
    edit(e2021_v30=NOTE)
    assert house.rerun().outcomes == {"unchanged": 1}
    assert (house.here.documents, house.report(1)["revision"]) == (1, 1)
    edit(e2021_v30=("id: e2021_v30", "# another\nid: e2021_v30"))
    assert house.rerun().outcomes == {"unchanged": 1}
    assert house.here.documents == 1


def test_a_report_that_two_addresses_carry_keeps_both_digests(house: House, edit: Edit) -> None:
    house.store(capture(1, page(1, "e2021_v30")))
    house.rerun()
    house.store(capture(1, page(1, "e2021_v30"), url=address(2), canonical_url=address(2)))
    house.rerun()
    (both,) = house.db["reports"].find({})
    assert len(both["sources"]) == 2 and all(one["as_read"] for one in both["sources"])
    edit(e2021_v30=NOTE)
    assert house.rerun().outcomes == {"unchanged": 2}
    (after,) = house.db["reports"].find({})
    assert [one["as_read"] for one in after["sources"]] == [one["as_read"] for one in both["sources"]]
    assert after["derived"]["fingerprint"] != both["derived"]["fingerprint"]
    assert house.rerun().to_do == 0


def test_a_report_that_is_not_so_simple_any_more_takes_its_document_from_the_archive(house: House, edit: Edit) -> None:
    """Its address dies between the reading and the writing: another write, the same reading."""
    house.fill("e2021_v30")
    house.here = Watched()
    edit(e2021_v30=NOTE)

    def meanwhile() -> None:
        Gone(house.db).note({address(1): "404"}, "crawl")
        (held,) = house.db["reports"].find({})
        house.db["reports"].update_one({"_id": held["_id"]}, {"$set": {"writes": held["writes"] + 1}})

    assert rerun_with(house, "writing", meanwhile).outcomes == {"unchanged": 1}
    report = house.report(1)
    assert house.here.documents == 0
    assert (report["revision"], report["writes"]) == (1, 3)
    assert report["sources"] == sources(house, 1) and report["sources"][0]["gone_at"] is not None
    assert report["sources"][0]["as_read"] is not None
    assert house.rerun().to_do == 0


@pytest.mark.parametrize("change", [NOTE, KEY])
def test_a_report_that_was_withdrawn_meanwhile_does_not_come_back(
    house: House, edit: Edit, change: tuple[str, str]
) -> None:
    from storage.reports import Reports

    (capture_id,) = house.fill("e2021_v30")
    edit(e2021_v30=change)
    found = rerun_with(house, "writing", lambda: Reports(house.db).withdraw(capture_id, "not_a_report"))
    assert found.outcomes == {"overtaken": 1}
    assert [house.db[name].count_documents({}) for name in ("reports", "catalogue", "readings")] == [0, 0, 0]


def test_a_withdrawal_that_was_cut_off_is_brought_to_its_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from storage.reports import Reports

    (capture_id,) = house.fill("e2021_v30")
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "forget", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            Reports(house.db).withdraw(capture_id, "not_a_report")
    assert house.db["readings"].count_documents({}) == 1
    Reports(house.db).withdraw(capture_id, "not_a_report")
    assert [house.db[name].count_documents({}) for name in ("reports", "catalogue", "readings")] == [0, 0, 0]


def test_who_is_put_right_by_people_is_not_known_by_the_digest(house: House, edit: Edit, monkeypatch: Any) -> None:
    """A correction that is added between two reruns needs the whole report."""
    house.fill("e2021_v30")
    house.here = Watched()
    corrections = load_corrections()
    monkeypatch.setattr(type(corrections), "of", lambda self, report_id: (object(),))
    monkeypatch.setattr(type(corrections), "identities_of", lambda self, report_id: ())
    monkeypatch.setattr(type(corrections), "figures_of", lambda self, report_id: ())
    edit(e2021_v30=NOTE)
    assert house.rerun().outcomes == {"unchanged": 1}
    assert house.here.documents == 1
