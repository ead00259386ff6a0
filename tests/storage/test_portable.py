"""What we send is what a real MongoDB takes, where the embedded server is more patient. The commands themselves are
looked at where they are all run: tests/storage/test_indexes.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pymongo import MongoClient, UpdateOne
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from storage.access import writes
from storage.base import Db, Doc
from storage.shape.collections import COLLECTIONS
from tests.storage.portable import in_command, in_schema


def test_validators_are_within_what_mongodb_understands() -> None:
    complaints = [text for spec in COLLECTIONS if spec.validator for text in in_schema(spec.validator, spec.name)]
    assert not complaints


def test_indexes_are_within_the_limits() -> None:
    for spec in COLLECTIONS:
        assert len(spec.indexes) < 64, spec.name
        for index in spec.indexes:
            assert len(index.key) <= 32, index.name


@pytest.mark.parametrize(
    "schema", [{"required": []}, {"enum": [1, 1]}, {"bsonType": []}, {"properties": {"a": {"format": "date"}}}]
)
def test_a_schema_that_would_be_refused_is_seen(schema: Doc) -> None:
    assert list(in_schema(schema))


@pytest.mark.parametrize(
    "command",
    [
        {"find": "c", "projection": {"source": 1, "source.url": 1}},
        {"find": "c", "projection": {"a": 1, "b": 0}},
        {"aggregate": "c", "pipeline": [{"$project": {"a.b": 1, "a": 1}}]},
        {"update": "c", "updates": [{"q": {}, "u": {"$set": {"a": 1}, "$inc": {"a.b": 1}}}]},
        {"update": "c", "updates": [{"q": {}, "u": {"$set": {"a..b": 1}}}]},
    ],
)
def test_a_command_that_would_be_refused_is_seen(command: Doc) -> None:
    assert list(in_command(command))


def test_commands_that_are_fine() -> None:
    project = {"$project": {"_id": 0, "organ.id": 1, "organ.name": 1}}
    assert not list(in_command({"aggregate": "c", "pipeline": [project]}))
    assert not list(in_command({"update": "c", "updates": [{"q": {}, "u": {"$set": {"a": 1}, "$inc": {"ab": 1}}}]}))


class Concerns(CommandListener):
    """The write concern of every update."""

    def __init__(self) -> None:
        self.of: list[Doc | None] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name == "update":
            self.of.append(event.command.get("writeConcern"))

    def succeeded(self, event: CommandSucceededEvent) -> None: ...

    def failed(self, event: CommandFailedEvent) -> None: ...


@pytest.fixture
def listened(server_uri: str, bare_database: Db) -> Iterator[tuple[Db, Concerns]]:
    concerns = Concerns()
    with MongoClient[Doc](server_uri, event_listeners=[concerns], w="majority", journal=True) as client:
        yield client[bare_database.name], concerns


@pytest.mark.parametrize("alone", [True, False])
def test_only_a_server_that_is_alone_vouches_with_the_last_write_for_those_before(
    listened: tuple[Db, Concerns], monkeypatch: pytest.MonkeyPatch, alone: bool
) -> None:
    """Of a replica set another member may have taken over in between; of shards only one has the last write."""
    db, concerns = listened
    monkeypatch.setattr(writes, "is_alone", lambda collection: alone)
    changes = [UpdateOne({"_id": key}, {"$set": {"a": 1}}, upsert=True) for key in range(3)]
    writes.settle(db["some"], changes)
    assert db["some"].count_documents({"_id": {"$in": [0, 1, 2]}}) == 3
    safe = {"w": "majority", "j": True}
    assert concerns.of == ([{"w": 1, "j": False}, safe] if alone else [safe])
