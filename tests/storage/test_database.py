"""Opening the database at an address, and what is said when that fails."""

from __future__ import annotations

import socket
from functools import partial
from pathlib import Path

import pytest
from pymongo import MongoClient
from pymongo.errors import AutoReconnect, OperationFailure, ServerSelectionTimeoutError

from storage import database
from storage.database import connect, explained, open_database
from storage.errors import DatabaseError
from storage.settings import Settings, load


def settings_for(uri: str, home: Path) -> Settings:
    return load({"MONGODB_URI": uri, "NIANBAO_HOME": str(home), "NIANBAO_DATABASE": "nianbao_test_database"})


def test_with_an_address_nothing_embedded_is_used(server_uri: str, tmp_path: Path) -> None:
    settings = settings_for(server_uri, tmp_path / "home")
    with open_database(settings) as db:
        assert db.name == "nianbao_test_database"
        assert "captures" in db.list_collection_names()
        assert db.codec_options.tz_aware
        assert db.write_concern.document == {"w": "majority", "j": True}
        db.client.drop_database(db.name)
    assert not settings.home.exists()


def test_options_of_the_address_are_respected(server_uri: str, tmp_path: Path) -> None:
    uri = server_uri.partition("?")[0] + "?directConnection=true&w=1&socketTimeoutMS=77700"
    with connect(settings_for(uri, tmp_path)) as db:
        assert db.write_concern.document == {"w": 1}
        assert db.client.options.pool_options.socket_timeout == 77.7


def test_an_address_where_nobody_answers(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        uri = f"mongodb://reader:hunter2@127.0.0.1:{port}/?serverSelectionTimeoutMS=200"
        with pytest.raises(DatabaseError, match=f"127.0.0.1:{port}/ does not answer") as caught:
            connect(settings_for(uri, tmp_path))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "uri",
    [
        "mongodb://reader:hunter2@@host/",
        "mongodb://reader:hunter2@host:port/",
        "mongodb://reader:hun/ter2@host/",
        "mongodb://",
    ],
)
def test_an_address_that_cannot_be_read(uri: str, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"MONGODB_URI .* is not understood") as caught:
        connect(settings_for(uri, tmp_path))
    shown = str(caught.value) + str(caught.value.__context__ if not caught.value.__suppress_context__ else "")
    assert "hunter2" not in shown
    assert "ter2" not in shown


@pytest.mark.parametrize("option", ["tls=yes", "tsl=true", "authMechanism=hunter2"])
def test_an_option_that_would_be_passed_over_is_refused(option: str, tmp_path: Path) -> None:
    """PyMongo only warns, and connects without TLS."""
    named = option.partition("=")[0].lower()
    with pytest.raises(DatabaseError, match=rf"its option {named} has a name or value that is not") as caught:
        connect(settings_for(f"mongodb://reader:hunter2@127.0.0.1:1/?{option}", tmp_path))
    assert "hunter2" not in str(caught.value)


def test_a_server_that_pymongo_warns_of_by_its_name_is_not_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is connected to."""
    monkeypatch.setattr(database, "MongoClient", partial(MongoClient, connect=False))
    address = "mongodb://name.mongo.cosmos.azure.com:10255/?tls=true"
    with database._client(address, settings_for(address, tmp_path)) as client:
        assert client.write_concern.document == {"w": "majority", "j": True}


def test_a_server_that_is_too_old(server_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_OLDEST_WIRE_VERSION", 99)
    with pytest.raises(DatabaseError, match="older than MongoDB 7"):
        connect(settings_for(server_uri, tmp_path))


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (OperationFailure("Authentication failed.", 18), "refuses the user or password: see MONGODB_URI"),
        (OperationFailure("not authorized", 13), "may not use the database nianbao_test_database"),
        (OperationFailure("no", 14031), "disk is full"),
        (OperationFailure("write: No space left on device", 1), "disk is full"),
        (OperationFailure("bad value, full error: {...}", 2), "host/: bad value (code 2)"),
        (ServerSelectionTimeoutError("host:27017: [Errno -2]"), "does not answer"),
        (AutoReconnect("connection closed"), "the connection broke off"),
    ],
)
def test_what_went_wrong_is_said_in_a_line(error: OperationFailure, text: str, tmp_path: Path) -> None:
    said = str(explained(error, settings_for("mongodb://u:hunter2@host/", tmp_path)))
    assert text in said
    assert "hunter2" not in said
    assert "\n" not in said
