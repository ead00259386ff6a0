"""Stopped half-way, and raced: a save that is done again ends where an undisturbed one ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pymongo.collection import Collection

from storage import reports as module
from storage.base import Db, State
from storage.reports import Reports
from storage.saving import ledger
from tests.storage.synthetic import dump, moment, report, revision, save, write


class Stop(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("after", range(10))
def test_stopped_before_any_write_and_started_again(
    database: Db, bare_database: Db, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """As kill -9 between any two writes: the batch saved again ends where an undisturbed one ends."""
    monkeypatch.setattr(module, "now", moment)
    other = "http://copy.gov.cn/1.html"
    first = [write(report(n, received=1)) for n in range(5)]
    first.append(write(report(4, received=1, url=other, trust="doubtful")))
    second = [
        write(report(0, received=2, content=b"B"), version=2),
        write(report(1, received=3, url=other, trust="doubtful")),
        write(report(2, received=1, url="http://a.gov.cn/2.html", content=b"C")),
        write(report(5)),
        write(report(4, received=1, trust="unreadable", content=b"broken"), version=2),
    ]
    expected = [report(n).id for n in (0, 1, 2, 5, 4)]
    Reports(database).save(first)
    writes = 0
    stop_at = after

    def counted(name: str) -> None:
        real = getattr(Collection, name)

        def write_or_stop(self: Any, *arguments: Any, **options: Any) -> Any:
            nonlocal writes
            if writes == stop_at:
                raise Stop
            writes += 1
            return real(self, *arguments, **options)

        monkeypatch.setattr(Collection, name, write_or_stop)

    for name in ("bulk_write", "replace_one", "update_one", "update_many", "delete_one", "insert_many"):
        counted(name)
    try:
        Reports(database).save(second)
    except Stop:
        stop_at = -1
        again = Reports(database).save(second)
        assert [saved.report_id for saved in again] == expected
    else:
        pytest.fail("the save takes fewer writes than this test has cases for")
    monkeypatch.undo()
    disturbed = dump(database, leave=["stats"])
    monkeypatch.setattr(module, "now", moment)
    for name in ("reports", "report_revisions", "report_alternates", "catalogue", "readings"):
        database[name].delete_many({})
    Reports(database).save(first)
    Reports(database).save(second)
    assert dump(database, leave=["stats"]) == disturbed


def test_a_revision_without_its_successor_is_not_shown_and_is_written_over(
    database: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(database, report(1, received=1))

    def stop(*_: object) -> bool:
        raise Stop

    monkeypatch.setattr(ledger, "replace_held", stop)
    with pytest.raises(Stop):
        save(database, report(1, received=2), version=2, run_id="killed")
    monkeypatch.undo()
    assert database["report_revisions"].count_documents({}) == 1
    save(database, report(1, received=3), version=3, run_id="later")
    kept = revision(database, f"{report(1).id}/1")
    assert kept["replaced"]["run_id"] == "later"
    assert kept["figures"]["requests"]["received_new"]["total"] == 1


def test_who_loses_the_race_leaves_the_winner_s_reasons(database: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    save(database, report(1, received=1))
    real = ledger.replace_held
    raced = False

    def race(*arguments: Any) -> bool:
        nonlocal raced
        if not raced:
            raced = True
            save(database, report(1, received=2), version=2, run_id="winner")
        return real(*arguments)

    monkeypatch.setattr(ledger, "replace_held", race)
    (saved,) = save(database, report(1, received=3), version=3, run_id="loser")
    assert saved.revision == 3
    assert revision(database, f"{report(1).id}/1")["replaced"]["run_id"] == "winner"
    assert revision(database, f"{report(1).id}/2")["replaced"]["run_id"] == "loser"


def test_four_writers_of_the_same_batch(database: Db) -> None:
    batch = [write(report(n, size=500)) for n in range(25)]
    later = [write(report(n, received=7777, size=500, content=b"B"), version=2) for n in range(25)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: Reports(database).save([*batch, *later]), range(4)))
    states = [saved.state for result in results for saved in result]
    assert (states.count(State.NEW), states.count(State.CHANGED)) == (25, 25)
    assert database["reports"].count_documents({}) == 25
    assert database["report_revisions"].count_documents({}) == 25
    alone = dump(database, leave=["stats", "report_revisions"])
    Reports(database).save([*batch, *later])
    assert dump(database, leave=["stats", "report_revisions"]) == alone
