"""From one version's data folder to another's, with real data; the second version is the same server by
another name, which is all that the data folder knows of it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pymongo import MongoClient

from storage import embedded
from storage.base import Doc, bucket_of
from storage.database import connect, open_database
from storage.dumps.dump import dump
from storage.embedded import folders, state
from storage.embedded.choose import Server
from storage.embedded.places import Places
from storage.embedded.upgrade import upgrade
from storage.errors import DatabaseError, UpgradeNeeded
from storage.settings import Settings
from tests.storage.embedded.conftest import kill


@pytest.fixture
def newer(server: Server) -> Server:
    return replace(server, version="99.0")


def fill(settings: Settings, server: Server, count: int = 300) -> None:
    with embedded.attach(settings, server=server) as attached, MongoClient[Doc](attached.uri, journal=True) as client:
        for name in ("nianbao", "second"):
            client[name].captures.create_index([("bucket", 1), ("_id", 1)])
            client[name].captures.insert_many(
                {"_id": f"c{number}", "bucket": bucket_of(f"c{number}"), "raw": bytes(2000)} for number in range(count)
            )
    # Both killed, which is quicker than a stop, and tests more.
    running = state.read(Places.of(settings))
    assert running is not None
    kill(running.supervisor_pid)
    kill(running.pid)


def test_the_data_moves_to_the_new_version(settings: Settings, server: Server, newer: Server) -> None:
    fill(settings, server)
    # What an upgrade that was killed left behind is no obstacle.
    loading = settings.home / "db" / f"{newer.folder_name}.loading"
    loading.mkdir()
    (loading / "WiredTiger.wt").write_text("half")
    with pytest.raises(UpgradeNeeded, match="nianbao db upgrade") as caught:
        embedded.attach(settings, server=newer)
    assert caught.value.old.name == server.folder_name
    assert len(str(caught.value).splitlines()) == 1

    said: list[str] = []
    done = upgrade(settings, server=newer, say=said.append)
    assert done is not None
    assert done.documents == 600
    assert (done.old.name, done.new.name) == (f"{server.folder_name}.old", newer.folder_name)
    assert done.from_dump_of == ""
    assert len(said) == 4
    assert folders.has_data(done.old)
    assert not loading.exists()

    with embedded.attach(settings, server=newer) as attached, MongoClient[Doc](attached.uri) as client:
        assert embedded.status(settings).version == "99.0"
        assert [path.name for path in embedded.status(settings).other_folders] == [done.old.name]
        for name in ("nianbao", "second"):
            assert client[name].captures.count_documents({}) == 300
            assert "bucket_1__id_1" in client[name].captures.index_information()
    assert upgrade(settings, server=newer) is None, "there is nothing left to do"


def test_without_the_old_server_an_earlier_dump_does(
    settings: Settings, server: Server, newer: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = replace(server, version="0.0.1")
    backup = Places.of(settings).dumps / "backup"
    with embedded.attach(settings, server=earlier) as attached, MongoClient[Doc](attached.uri) as client:
        client.nianbao.captures.insert_many({"_id": f"c{number}"} for number in range(5))
        dump(client.nianbao, backup)
        client.nianbao.captures.insert_one({"_id": "later", "bucket": 1})
    # 0.0.1 is not at hand, and there is no time to fetch it (nor a network to ask: this is only quicker).
    monkeypatch.setattr("storage.embedded.upgrade._FETCH_SECONDS", 0.01)
    with pytest.raises(DatabaseError) as caught:
        upgrade(settings, server=newer)
    text = str(caught.value)
    assert "0.0.1), then run: nianbao db upgrade --old-server " in text
    assert f"--from-dump {backup}" in text
    with pytest.raises(DatabaseError, match=f"was written by {earlier.folder_name}"):
        upgrade(settings, server=newer, old_server=server.executable)
    with pytest.raises(DatabaseError, match="no finished dump"):
        upgrade(settings, server=newer, from_dump=tmp_path)
    assert folders.has_data(settings.home / "db" / earlier.folder_name), "nothing was touched so far"

    done = upgrade(settings, server=newer, from_dump=backup)
    assert done is not None
    assert done.documents == 5
    assert done.from_dump_of.startswith("20")


def test_dump_and_load_by_way_of_open_database(settings: Settings, server: Server, tmp_path: Path) -> None:
    settings = replace(settings, server=str(server.executable))
    with open_database(settings) as database:
        names = set(database.list_collection_names())
        assert {"captures", "reports"} <= names
        manifest = dump(database, tmp_path / "d")
    assert {item.name for item in manifest.collections} == names
    with connect(settings, create=False) as database:
        assert set(database.list_collection_names()) == names
