"""Dump and load: what comes back is what was there, to the byte; what is damaged is refused."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import gridfs
import pytest
from bson import Binary, Decimal128, Int64, Regex, Timestamp, decode_file_iter
from pymongo import MongoClient
from pymongo.errors import WriteError

from storage.base import Db, Doc, bucket_of
from storage.dumps.dump import MANIFEST, dump
from storage.dumps.load import load, read_manifest, verify
from storage.errors import DatabaseError

VALIDATOR = {
    "$jsonSchema": {"bsonType": "object", "required": ["bucket"], "properties": {"bucket": {"bsonType": "int"}}}
}


@pytest.fixture
def filled(bare_database: Db) -> Db:
    """Every kind of collection that a dump treats in its own way."""
    database = bare_database
    database.create_collection("captures", validator=VALIDATOR, validationAction="error")
    database.captures.create_index([("bucket", 1), ("_id", 1)])
    database.captures.create_index([("url", 1)], unique=True, name="one_url")
    database.captures.insert_many(
        {"_id": f"c{number}", "bucket": bucket_of(f"c{number}"), "url": f"http://例.test/{number}", "n": number}
        for number in range(1500)
    )
    database.odd.insert_many(
        [
            {"_id": 1, "z": 1, "a": {"y": None, "b": [1, 2.5, -0.0, float("nan"), Int64(3)]}},
            {"_id": "年报", "when": datetime(2021, 3, 31, 12, 0, 0, 123000, tzinfo=UTC), "bin": Binary(b"\0\xff" * 99)},
            {"_id": {"a": 1, "b": 2}, "d": Decimal128("1.10"), "r": Regex("^年", "i"), "t": Timestamp(5, 6)},
        ]
    )
    database.create_collection("empty")
    files = gridfs.GridFSBucket(database, "raw_files")
    for name, size in (("a", 700_000), ("b", 10), ("c", 0)):
        files.upload_from_stream_with_id(name, name, os.urandom(size))
    # Chunks without a file: an upload that was broken off.
    database["raw_files.chunks"].insert_one({"files_id": "lost", "n": 0, "data": b"x"})
    return database


@pytest.fixture
def other(client: MongoClient[Doc], bare_database: Db) -> Iterator[Db]:
    database = client[f"{bare_database.name}_loaded"]
    yield database
    client.drop_database(database.name)


def everything(database: Db) -> dict[str, list[str]]:
    return {
        name: sorted(repr(document) for document in database[name].find()) for name in database.list_collection_names()
    }


def test_what_was_dumped_is_loaded(filled: Db, other: Db, tmp_path: Path) -> None:
    told: dict[str, int] = {}
    manifest = dump(filled, tmp_path / "d", source="a test", progress=told.__setitem__)
    assert manifest.documents == 1500 + 3 + 3 + (3 + 1 + 0 + 1)
    assert told["captures"] == 1500
    assert read_manifest(tmp_path / "d") == manifest
    assert (tmp_path / "d").stat().st_mode & 0o077 == 0

    loaded = load(tmp_path / "d", other)
    assert loaded == manifest
    assert everything(other) == everything(filled)
    assert gridfs.GridFSBucket(other, "raw_files").open_download_stream("a").read() == (
        gridfs.GridFSBucket(filled, "raw_files").open_download_stream("a").read()
    )
    indexes = other.captures.index_information()
    assert set(indexes) == {"_id_", "one_url", "bucket_1__id_1"}
    assert indexes["one_url"]["unique"] is True
    with pytest.raises(WriteError, match="validation"):
        other.captures.insert_one({"_id": "x"})
    assert "empty" in other.list_collection_names()

    before = everything(other)
    load(tmp_path / "d", other)
    assert everything(other) == before, "a second time changes nothing"


def test_a_dump_of_the_loaded_is_the_same(filled: Db, other: Db, tmp_path: Path) -> None:
    first = dump(filled, tmp_path / "1")
    load(tmp_path / "1", other)
    second = dump(other, tmp_path / "2")
    assert [(c.name, c.documents, c.content) for c in first.collections] == [
        (c.name, c.documents, c.content) for c in second.collections
    ]


def test_the_layout_is_mongodumps(filled: Db, tmp_path: Path) -> None:
    dump(filled, tmp_path / "d")
    folder = tmp_path / "d" / filled.name
    with (folder / "captures.bson").open("rb") as stream:
        assert {document["_id"] for document in decode_file_iter(stream)} == {f"c{n}" for n in range(1500)}
    metadata = json.loads((folder / "captures.metadata.json").read_text(encoding="utf-8"))
    assert metadata["options"]["validator"] == VALIDATOR
    assert [index["name"] for index in metadata["indexes"]] == ["_id_", "bucket_1__id_1", "one_url"]


def test_documents_without_a_bucket_are_not_left_out(bare_database: Db, tmp_path: Path) -> None:
    bare_database.captures.create_index("bucket")
    bare_database.captures.insert_many([{"bucket": 5}, {"bucket": 5000}, {"bucket": -1}, {}, {"bucket": None}])
    assert dump(bare_database, tmp_path / "d").documents == 5


def test_an_archive_that_is_not_there_gives_no_backup(bare_database: Db, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="there is no archive in the database"):
        dump(bare_database, tmp_path / "d")
    assert not list(tmp_path.iterdir())


def test_a_damaged_dump_is_refused(filled: Db, other: Db, tmp_path: Path) -> None:
    folder = tmp_path / "d"
    dump(filled, folder)
    file = folder / filled.name / "odd.bson"
    good = file.read_bytes()

    file.write_bytes(good[:-1] + b"\1")
    with pytest.raises(DatabaseError, match=r"damaged: .*odd\.bson differs from its checksum"):
        load(folder, other)
    file.unlink()
    with pytest.raises(DatabaseError, match=r"damaged: .*odd\.bson is missing"):
        load(folder, other)
    assert other.list_collection_names() == [], "nothing was loaded before everything was looked at"

    # A file cut off before the checksum was taken: the documents' own lengths tell.
    file.write_bytes(good[:-5])
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    for item in manifest["collections"]:
        if item["name"] == "odd":
            item["sha256"] = hashlib.sha256(good[:-5]).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(DatabaseError, match="ends in the middle of a document"):
        load(folder, other)

    (folder / MANIFEST).write_text('{"format": 2}', encoding="utf-8")
    with pytest.raises(DatabaseError, match="dump format 2"):
        verify(folder)
    (folder / MANIFEST).write_text("{", encoding="utf-8")
    with pytest.raises(DatabaseError, match="damaged"):
        verify(folder)
    (folder / MANIFEST).unlink()
    with pytest.raises(DatabaseError, match="no finished dump"):
        verify(folder)


def test_what_is_there_is_not_overwritten_unasked(filled: Db, other: Db, tmp_path: Path) -> None:
    dump(filled, tmp_path / "d")
    other.odd.insert_one({"_id": "mine"})
    with pytest.raises(DatabaseError, match="already holds 1 other documents in odd"):
        load(tmp_path / "d", other)
    assert everything(other) == {"odd": ["{'_id': 'mine'}"]}
    load(tmp_path / "d", other, existing="replace")
    assert everything(other) == everything(filled)


def test_a_dump_never_writes_into_a_folder_that_is_there(filled: Db, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="exists already"):
        dump(filled, tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError, match="failed: Not a directory"):
        dump(filled, tmp_path / "file" / "d")
    (tmp_path / "d.partial").mkdir()
    (tmp_path / "d.partial" / "rest").write_text("of a dump that was killed")
    dump(filled, tmp_path / "d")
    assert not (tmp_path / "d.partial").exists()
    assert not (tmp_path / "d" / "rest").exists()
