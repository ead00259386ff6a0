"""kill -9 at one point after the other, each time started again: it ends where an undisturbed rerun ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from pymongo import MongoClient

from storage import schema
from storage.base import Db, Doc
from storage.catalogue import Catalogue
from storage.readings import Readings
from tests.crawler.crawling import contents
from tests.storage.rerun.conftest import Edit
from tests.storage.rerun.killing import BATCH
from tests.storage.rerun.site import House, capture, page

ROOT = Path(__file__).resolve().parents[3]
PAGES = 10
KEY = ("carried_forward", "carried_on")
NOTE = ("id: e2019_v60", "# a note\nid: e2019_v60")

POINTS = (
    ("after:storage.rerun.spool/Spool.plan", 1),
    ("after:storage.rerun.spool/Spool.keep", 2),
    ("after:storage.saving.ledger/replace_older", 1),
    ("after:pymongo.collection/Collection.replace_one", 2),
    ("after:storage.reports/Reports.save", 1),
    ("after:storage.archive/Archive.mark_all", 1),
    ("before:storage.rerun.spool/Spool.written", 2),
    ("before:storage.rerun.run/remove", 1),
)
"""In the order of a rerun. Each start comes further than the one before, and none to the end."""


def build(db: Db, home: Path) -> House:
    """Reports of both forms, a page that is none, one that cannot be read."""
    house = House(db, home)
    templates = ("e2021_v30", "e2019_v60")
    house.store(*(capture(n, page(n, templates[n % 2])) for n in range(PAGES)))
    house.store(capture(20, "<p>图书馆开放时间</p>".encode()), capture(21, b"%PDF-1.4 broken"))
    house.rerun()
    return house


def start(uri: str, house: House, point: str = "-", call: int = 0) -> int:
    arguments = [uri, house.db.name, str(house.home), point, str(call)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.storage.rerun.killing", *arguments],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


@pytest.mark.slow
def test_killed_at_one_point_after_the_other(
    server_uri: str, database: Db, client: MongoClient[Doc], tmp_path: Path, edit: Edit
) -> None:
    killed = build(database, tmp_path / "killed")
    other = client[f"{database.name}_undisturbed"]
    try:
        schema.ensure(other)
        undisturbed = build(other, tmp_path / "undisturbed")
        assert contents(killed.db) == contents(undisturbed.db)
        edit(e2021_v30=KEY, e2019_v60=NOTE)
        assert start(server_uri, undisturbed) == 0
        for point, call in POINTS:
            assert start(server_uri, killed, point, call) == -signal.SIGKILL, point
        assert start(server_uri, killed) == 0
        assert contents(killed.db) == contents(undisturbed.db)
    finally:
        client.drop_database(other.name)
    assert list((killed.home / "rerun").iterdir()) == []
    assert killed.db["meta"].find_one({"_id": "rerun.lease"}) is None
    states = [run["state"] for run in killed.db["runs"].find({"kind": "rerun"}, sort=[("_id", 1)])]
    assert states == ["finished", *["interrupted"] * len(POINTS), "finished"]
    assert killed.db["report_revisions"].count_documents({}) == PAGES // 2
    read = [len((house.home / "read.txt").read_text().splitlines()) for house in (undisturbed, killed)]
    assert read[0] == PAGES + 2
    # What was under way when it was killed in the reading phase is read once more, and nothing else.
    assert read[0] <= read[1] <= read[0] + 2 * BATCH


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("edited_with", [KEY, ("id: e2021_v30", "# a note\nid: e2021_v30")], ids=["figures", "words"])
def test_an_edit_that_is_taken_back_after_a_kill_is_taken_back_everywhere(
    house: House, edit: Edit, monkeypatch: pytest.MonkeyPatch, edited_with: tuple[str, str]
) -> None:
    """The kill came between the reports and their entries in the catalogue, by which a rerun finds what is out of date."""
    house.fill("e2021_v30", "e2021_v30")
    before = {
        one["_id"]: (one["content_sha256"], one["derived"]["fingerprint"]) for one in house.db["reports"].find({})
    }

    def kill(_: object, reports: Iterable[object], *__: object) -> None:
        if list(reports):
            raise Killed

    with monkeypatch.context() as patch:
        edit(e2021_v30=edited_with)
        patch.setattr(Catalogue, "write", kill)
        patch.setattr(Readings, "refresh", kill)
        with pytest.raises(Killed):
            house.rerun(accept_regressions=True)
    monkeypatch.delenv("NIANBAO_CONFIG")
    assert house.rerun(accept_regressions=True).to_do == 2
    after = {one["_id"]: (one["content_sha256"], one["derived"]["fingerprint"]) for one in house.db["reports"].find({})}
    assert after == before
    assert house.db["meta"].find_one({"_id": "rerun.writing"}) is None
    assert house.rerun().to_do == 0
