"""`nianbao doctor` on archives of other versions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nianbao import health
from nianbao.health import Finding, Mark
from storage import embedded
from storage.base import Db
from storage.settings import load


def change(database: Db, **fields: object) -> None:
    database["meta"].update_one({"_id": "schema"}, {"$set": fields})


def look(database: Db, server_uri: str, home: Path) -> Finding:
    settings = load({"MONGODB_URI": server_uri, "NIANBAO_DATABASE": database.name, "NIANBAO_HOME": str(home)})
    (found,) = (one for one in health.examine(settings) if one.subject == "archive 档案库")
    return found


def test_an_archive_of_this_version_is_good(database: Db, server_uri: str, tmp_path: Path) -> None:
    assert look(database, server_uri, tmp_path) == Finding(Mark.GOOD, "archive 档案库", "in the shape of this version")


def test_a_server_that_does_not_run_is_not_started_for_a_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load({"NIANBAO_HOME": str(tmp_path)})
    lying = replace(embedded.status(settings), running=False, disk_bytes=5_000_000)
    monkeypatch.setattr("storage.embedded.status", lambda settings: lying)
    (found,) = (one for one in health.examine(settings) if one.subject == "archive 档案库")
    assert found.mark is Mark.GOOD and found.text.startswith("not looked at: its server does not run")
    assert "nianbao db start" in found.advice
    assert list(tmp_path.iterdir()) == [], "nothing was started, and nothing written"


def test_an_archive_of_a_later_version_is_named_with_what_to_do(database: Db, server_uri: str, tmp_path: Path) -> None:
    change(database, version=999)
    found = look(database, server_uri, tmp_path)
    assert found.mark is Mark.BROKEN
    assert "written by a later nianbao (version 999 of its schema" in found.text
    assert found.advice.startswith("update nianbao, or point NIANBAO_DATABASE")


def test_an_archive_of_an_earlier_version_needs_nothing(database: Db, server_uri: str, tmp_path: Path) -> None:
    change(database, fingerprint="of an earlier version")
    found = look(database, server_uri, tmp_path)
    assert found.mark is Mark.GOOD and "by itself" in found.text
