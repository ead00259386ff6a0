"""The shelf follows the archive: what a run wrote is there, what was withdrawn is gone, and nothing is read for nothing."""

from __future__ import annotations

import itertools

from nianbao.web.keeper import AT_LATEST, LOOK_EVERY, Keeper
from nianbao.web.shelf import Shelf
from storage.base import Db
from storage.reports import Reports
from storage.runs import Runs
from tests.storage.synthetic import report, save, write


def ids(shelf: Shelf) -> set[str]:
    return {row.id for row in shelf.rows}


def test_what_a_run_wrote_is_read_and_no_more(database: Db) -> None:
    save(database, *(report(number) for number in range(6)))
    keeper = Keeper(database)
    keeper.open()
    first = keeper.settle()
    assert len(first) == 6
    assert keeper.settle() is first
    run = Runs(database).start("crawl", {})
    save(database, report(7), report(2, received=77), run_id=run)
    Runs(database).finish(run)
    second = keeper.settle()
    assert ids(second) == {*ids(first), report(7).id}
    changed = second.get(report(2).id)
    assert changed is not None
    assert changed.received == 77
    assert second.rows == Shelf.load(database).rows


def test_what_was_withdrawn_is_gone(database: Db) -> None:
    writes = [write(report(number)) for number in range(4)]
    Reports(database).save(writes)
    keeper = Keeper(database)
    keeper.open()
    run = Runs(database).start("rerun", {})
    Reports(database).withdraw(writes[1].capture_id, "no report after all", run)
    Runs(database).finish(run)
    assert ids(keeper.settle()) == {report(number).id for number in (0, 2, 3)}


def test_an_archive_that_changed_without_a_run_is_seen_in_time(database: Db) -> None:
    clock = itertools.count(0.0, AT_LATEST / 4)
    keeper = Keeper(database, clock=lambda: next(clock))
    keeper.open()
    save(database, report(1))
    for _ in range(4):
        keeper.settle()
    assert ids(keeper.settle()) == {report(1).id}


def test_it_looks_beside_the_reader_and_not_at_every_page(database: Db) -> None:
    seconds = [0.0]
    told: list[int] = []
    keeper = Keeper(database, then=lambda: told.append(1), clock=lambda: seconds[0])
    keeper.open()
    for number, moment, expected in ((1, LOOK_EVERY, 1), (2, LOOK_EVERY * 1.5, 1), (3, LOOK_EVERY * 2, 3)):
        run = Runs(database).start("crawl", {})
        save(database, report(number), run_id=run)
        Runs(database).finish(run)
        seconds[0] = moment
        assert len(keeper.shelf) <= expected
        keeper.close()  # waits for the look that was begun, if one was
        assert len(keeper.shelf) == expected
    assert told == [1, 1]
