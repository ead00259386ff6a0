"""Waiting for a database that is away: what is told, how long, and that giving up is for all."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pymongo import MongoClient
from pymongo.errors import ExecutionTimeout, NetworkTimeout, PyMongoError

from storage.access.patience import SOON, Patience
from storage.base import Doc
from storage.database import OpenDatabase
from storage.errors import DatabaseError
from storage.settings import Settings, load


@pytest.fixture
def settings() -> Iterator[Settings]:
    """Of a port at which nobody listens: it is held, so that nobody else takes it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        uri = f"mongodb://reader:secret@127.0.0.1:{held.getsockname()[1]}/?serverSelectionTimeoutMS=100"
        yield load({"NIANBAO_HOME": str(Path("/nonexistent")), "MONGODB_URI": uri, "NIANBAO_PATIENCE_SECONDS": "600"})


@pytest.fixture
def nobody(settings: Settings) -> Iterator[OpenDatabase]:
    with MongoClient[Doc](settings.mongodb_uri) as client:
        yield OpenDatabase(client, "nianbao", None, settings)


def test_a_glance_does_not_wait_and_tells_how_long_there_is_waiting(nobody: OpenDatabase, settings: Settings) -> None:
    told: list[str] = []
    patience = Patience(nobody, settings, told.append)
    assert not patience.glance(lambda: nobody.command("ping"))
    assert told == [f"{settings.where} does not answer: waiting for it, at most 10 minutes"]
    assert "secret" not in told[0]
    assert not patience.glance(lambda: nobody.command("ping"))
    assert patience.waits == 1, "it is away once"
    assert patience.glance(lambda: "it answers")
    assert told[-1] == ""


@pytest.mark.parametrize("error", [NetworkTimeout("timed out"), ExecutionTimeout("operation exceeded time limit")])
def test_who_does_not_answer_within_a_moment_is_busy_and_after_a_while_away(
    nobody: OpenDatabase, settings: Settings, monkeypatch: pytest.MonkeyPatch, error: PyMongoError
) -> None:
    """Of a busy machine nobody is told that its database does not answer."""
    told: list[str] = []
    patience = Patience(nobody, settings, told.append)

    def slow() -> None:
        raise error

    assert not patience.glance(slow)
    assert patience.glance(lambda: "it answers")
    assert (told, patience.waits) == ([], 0)
    assert not patience.glance(slow)
    later = time.monotonic() + SOON
    monkeypatch.setattr("storage.access.patience.time.monotonic", lambda: later)
    assert not patience.glance(slow)
    assert len(told) == patience.waits == 1 and "so far" in told[0]
    assert patience.glance(lambda: "it answers") and told[-1] == ""


def test_work_is_done_again_until_the_database_answers(nobody: OpenDatabase, settings: Settings) -> None:
    told: list[str] = []
    left = iter([lambda: nobody.command("ping"), lambda: {"ok": 1.0}])
    assert Patience(nobody, settings, told.append)(lambda: next(left)()) == {"ok": 1.0}
    assert [bool(line) for line in told] == [True, False]


def test_who_has_waited_long_enough_gives_up_for_all(nobody: OpenDatabase, settings: Settings) -> None:
    told: list[str] = []
    short = replace(settings, patience_seconds=0.3)
    patience = Patience(nobody, short, told.append)
    with pytest.raises(DatabaseError, match=r"What was stored is safe\. Start the database, and then the same command"):
        patience(lambda: nobody.command("ping"))
    waited = len(told)
    for again in (patience, patience.glance):
        with pytest.raises(DatabaseError, match=r"does not answer|has not answered"):
            again(lambda: nobody.command("ping"))
    assert len(told) == waited, "and says no more that it waits"
