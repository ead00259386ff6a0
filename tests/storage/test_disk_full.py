"""A full disk: said in a sentence, nothing acknowledged is lost, no half file is left, and with room it goes on."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.base import Db
from storage.database import open_database
from storage.dumps.dump import dump
from storage.errors import DatabaseError
from storage.query import Filters
from storage.rerun.errors import RerunError
from storage.settings import Settings
from storage.verify import verify
from storage.warc.write import export_warc
from tests.storage.embedded.conftest import settings
from tests.storage.rerun.conftest import Edit, edit, house
from tests.storage.rerun.site import House, capture, page
from tests.storage.synthetic import capture as made

__all__ = ["edit", "house", "settings"]
ROOT = Path(__file__).resolve().parents[2]


def test_the_embedded_server_without_room_and_with_room_again(settings: Settings) -> None:
    environment = {**os.environ, "NIANBAO_HOME": str(settings.home), "NIANBAO_CACHE_MB": "64"}
    environment.pop("MONGODB_URI", None)
    done = subprocess.run(
        [sys.executable, "-m", "tests.storage.full_disk", "14"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    *acknowledged, told = done.stdout.splitlines()
    assert len(acknowledged) > 100
    assert told.startswith("StorageFailed the embedded database in ")
    assert "its storage has failed, as it does when the disk is full; make room and run the command again" in told

    # There is room now. The server is still the one that has failed; whoever comes next starts it anew.
    with open_database(settings) as db:
        archive = Archive(db)
        assert {one.id for one in archive.captures(acknowledged)} == set(acknowledged), "acknowledged and lost"
        assert verify(db).is_whole
        (stored,) = archive.store([made(200_000, b"more")])
        assert archive.content(stored.raw_sha256) == b"more"


@contextmanager
def no_room(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_no_room_for_what_a_rerun_has_read(house: House, edit: Edit) -> None:
    house.fill(*["e2021_v30"] * 6)
    edit(e2021_v30=("carried_forward", "carried_on"))
    with no_room(70_000), pytest.raises(RerunError, match="where readings wait, cannot be used: d"):
        house.rerun(accept_regressions=True)
    assert house.db["report_revisions"].count_documents({}) == 0, "nothing is written before everything is read"
    assert house.rerun(accept_regressions=True).outcomes == {"applied": 6}


def test_no_room_for_an_export_or_a_backup(database: Db, tmp_path: Path) -> None:
    Archive(database).store([capture(n, os.urandom(3000) + page(n, "e2021_v30")) for n in range(20)])
    file = tmp_path / "pages.warc.gz"
    file.write_bytes(b"yesterday's")
    with no_room(20_000):
        with pytest.raises(OSError, match="File too large"):
            export_warc(database, Filters(), file)
        with pytest.raises(DatabaseError, match="failed: File too large"):
            dump(database, tmp_path / "backup")
    assert file.read_bytes() == b"yesterday's"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["backup.partial", "pages.warc.gz"]
    dump(database, tmp_path / "backup")
    assert not (tmp_path / "backup.partial").exists()
