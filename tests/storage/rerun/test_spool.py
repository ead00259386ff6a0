"""What waits to be written: private, kept through a kill, never mixed up with what is out of date."""

from __future__ import annotations

import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from storage.archive import Mark
from storage.rerun import inputs
from storage.rerun.delta import Delta, Line, Moved
from storage.rerun.errors import RerunError
from storage.rerun.outcome import Outcome
from storage.rerun.spool import Row, Spool, place, remove, remove_others
from storage.rerun.stale import Item, Selection
from storage.rerun.summary import changes, groups, outcomes, verdict
from tests.storage.rerun.site import NOON, House, capture, page

ITEMS = [Item(f"{n:024}/1", n % 3, f"organ{n}/2020/own", "sample", "e2019_v60") for n in range(10)]
ROW = Row(
    ITEMS[0],
    Outcome.WOULD_APPLY,
    instead_of="before",
    new_id="other/2020/own",
    url="http://a.cn/1",
    fetched_at=NOON,
    mark=Mark(ITEMS[0].capture_id, "report", "text", None, ()),
    delta=Delta(1, 2, (Line("figures.x", 1, None),), (), (Moved("T3-ROW", "x", "pass", "fail"),)),
    document=b"packed",
    content_sha256="content",
)


def test_the_file_is_nobody_elses(tmp_path: Path) -> None:
    path = place(tmp_path / "home", "archive", ["all"])
    with Spool(path) as spool:
        spool.plan(ITEMS)
        for file in (path.parent, *path.parent.iterdir()):
            assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file


def test_each_thing_is_dealt_with_once_and_in_order(tmp_path: Path) -> None:
    with Spool(tmp_path / "spool") as spool:
        spool.plan([*ITEMS, *ITEMS])
        assert spool.count() == 10
        seen = []
        for some in spool.unread(4):
            seen += some
            spool.keep([Row(item, Outcome.UNCHANGED) for item in some])
        assert seen == sorted(ITEMS, key=lambda item: (item.bucket, item.capture_id))
        assert list(spool.unread(4)) == []
        for rows in spool.unwritten(3):
            spool.written((row.item.capture_id, row.outcome, "") for row in rows)
        assert list(spool.unwritten(3)) == []
        assert outcomes(spool) == {"unchanged": 10}


def test_everything_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "spool"
    with Spool(path) as spool:
        spool.plan(ITEMS)
        spool.keep([ROW])
    with Spool(path) as spool:
        assert spool.is_planned
        ((row,),) = spool.unwritten(5)
        assert row == replace(ROW, delta=None), "deltas are for the summary"
        (change,) = changes(spool, 5)
        assert (change.report_id, change.delta) == ("other/2020/own", ROW.delta)
        assert verdict(spool).broken == 1
        (group,) = groups(spool)
        assert (group.to_do, group.changed, group.fields, group.figures, group.broken) == (10, 1, 1, 2, 1)


def test_a_plan_that_was_broken_off_is_made_anew(tmp_path: Path) -> None:
    def items() -> object:
        yield ITEMS[0]
        raise KeyboardInterrupt

    with Spool(tmp_path / "spool") as spool:
        try:
            spool.plan(items())  # type: ignore[arg-type]
        except KeyboardInterrupt:
            assert not spool.is_planned
            assert spool.count() == 0


def test_another_plan_of_the_archive_takes_its_place(tmp_path: Path) -> None:
    kept, old, foreign = (
        place(tmp_path, archive, [key]) for archive, key in (("a", "new"), ("a", "old"), ("b", "old"))
    )
    for path in (kept, old, foreign):
        Spool(path).close()
    remove_others(kept)
    assert sorted(path.name for path in kept.parent.iterdir()) == sorted([kept.name, foreign.name])
    remove(kept)
    remove(kept)
    assert not kept.exists()


def test_without_a_path_there_is_no_file(tmp_path: Path) -> None:
    with Spool(None) as spool:
        spool.plan(ITEMS)
        assert spool.count() == 10


def test_a_damaged_file_is_begun_anew(house: House) -> None:
    house.store(capture(1, page(1, "e2021_v30")))
    options = house.options()
    path = place(house.home, f"{options.archive}/{house.db.name}", [repr(Selection()), inputs.digest()])
    path.parent.mkdir(parents=True)
    path.write_bytes(b"this is no database" * 100)
    assert house.rerun().outcomes == {"applied": 1}


def test_a_file_that_cannot_be_used_is_named(house: House) -> None:
    house.store(capture(1, page(1, "e2021_v30")))

    class Full:
        def submit(self, *_: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

    house.here.submit = Full().submit  # type: ignore[method-assign, assignment]
    with pytest.raises(RerunError, match=r"rerun/.*disk is full"):
        house.rerun()
    (run,) = house.db["runs"].find({"kind": "rerun"})
    assert run["state"] == "failed"
    assert house.db["meta"].find_one({"_id": "rerun.lease"}) is None
