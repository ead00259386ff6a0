"""Dump a database into a folder: the backup, and the bridge between two versions of the embedded server.

The layout is mongodump's, so that `mongorestore` reads it as well:

    FOLDER/manifest.json                      ours: counts and checksums, written last
    FOLDER/<database>/<collection>.bson       the documents, one behind the other, as BSON
    FOLDER/<database>/<collection>.metadata.json   options (validators among them) and indexes

A dump of a database that is being written to is no snapshot of one moment, but every document in it is whole and points
at nothing that is missing: what is written first (bytes, then captures, then reports, then what speaks of them) is dumped last.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias, cast
from urllib.parse import quote

from bson import json_util
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.collection import Collection
from pymongo.database import Database

from storage.access.reads import walk
from storage.base import Coll, Db
from storage.errors import DatabaseError

FORMAT = 1
MANIFEST = "manifest.json"
_FIRST = ("readings", "catalogue", "reports", "report_alternates", "report_revisions")
_LAST = ("captures", "raw", "raw.files", "raw.chunks")
PARTIAL = ".partial"
"""Behind the name of a dump that is not finished."""
Progress: TypeAlias = Callable[[str, int], None]
"""Told (collection, documents so far) now and then."""
RawCollection: TypeAlias = Collection[RawBSONDocument]
_RAW = CodecOptions(document_class=RawBSONDocument)
_REPORT_EVERY = 5_000


@dataclass(frozen=True)
class DumpedCollection:
    """One collection of a dump. `file` and `metadata` are relative to the dump's folder."""

    name: str
    file: str
    metadata: str
    documents: int
    bytes: int
    sha256: str
    """Of the file."""
    metadata_sha256: str
    content: str
    """Of the documents in any order: the sum of their SHA-256, 64 hex digits."""


@dataclass(frozen=True)
class Manifest:
    """What a dump holds."""

    format: int
    database: str
    server: str
    """Where it was made: `MongoDB 8.2.11`."""
    source: str
    """What the maker says it was made of; the data folder's name in an upgrade."""
    started: str
    finished: str
    collections: tuple[DumpedCollection, ...]

    @property
    def documents(self) -> int:
        return sum(collection.documents for collection in self.collections)


class Content:
    """The hash of a set of documents, whatever their order."""

    def __init__(self) -> None:
        self._sum = 0
        self.documents = 0

    def add(self, raw: bytes) -> None:
        self._sum += int.from_bytes(hashlib.sha256(raw).digest(), "big")
        self.documents += 1

    @property
    def digest(self) -> str:
        return f"{self._sum % (1 << 256):064x}"


def dump(database: Db, folder: Path, *, source: str = "", progress: Progress = lambda name, count: None) -> Manifest:
    """Write every collection of `database` into `folder`, which must not exist yet.

    Raises DatabaseError when the folder exists or cannot be written, and where there is nothing to dump: whoever named
    another archive by mistake has no backup. PyMongoError as PyMongo does. A dump
    that was broken off stays behind as `FOLDER.partial` and is overwritten by the next one.
    """
    if folder.exists():
        raise DatabaseError(f"{folder} exists already: give a folder that does not exist yet")
    infos = sorted(database.list_collections(), key=lambda info: _turn(str(info["name"])))
    if not infos:
        raise DatabaseError(
            f"there is no archive in the database {database.name}, nothing was written: NIANBAO_HOME and"
            " NIANBAO_DATABASE say which one is meant"
        )
    partial = folder.with_name(folder.name + PARTIAL)
    started = _now()
    try:
        shutil.rmtree(partial, ignore_errors=True)
        data = partial / quote(database.name)
        data.mkdir(mode=0o700, parents=True)
        partial.chmod(0o700)
        manifest = Manifest(
            format=FORMAT,
            database=database.name,
            server=f"MongoDB {database.client.server_info()['version']}",
            source=source,
            started=started,
            finished="",
            collections=tuple(
                _dump_collection(database, info, partial, data, progress)
                for info in infos
                if not str(info["name"]).startswith("system.")
            ),
        )
        manifest = Manifest(**{**vars(manifest), "finished": _now()})
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
        (partial / MANIFEST).write_text(text, encoding="utf-8")
        partial.rename(folder)
    except OSError as error:
        raise DatabaseError(f"the dump to {folder} failed: {error.strerror or error}") from error
    return manifest


def _turn(name: str) -> tuple[int, int, str]:
    """When a collection is dumped: against the order in which a crawl writes."""
    if name in _FIRST:
        return (0, _FIRST.index(name), name)
    return (2, _LAST.index(name), name) if name in _LAST else (1, 0, name)


def _dump_collection(
    database: Db, info: Mapping[str, Any], folder: Path, data: Path, progress: Progress
) -> DumpedCollection:
    name = str(info["name"])
    collection = raw_collection(database, name)
    is_view = info.get("type") == "view"
    indexes = [] if is_view else [dict(index) for index in database[name].list_indexes()]
    file = data / f"{quote(name)}.bson"
    metadata = data / f"{quote(name)}.metadata.json"
    file.touch(mode=0o600)
    content = Content() if is_view else gather(collection, indexes, file, progress)
    metadata.write_text(
        json_util.dumps(
            {
                "collectionName": name,
                "type": info.get("type", "collection"),
                "options": info.get("options", {}),
                "indexes": indexes,
            },
            ensure_ascii=False,
        ),
        encoding="utf-8",
    )
    return DumpedCollection(
        name=name,
        file=file.relative_to(folder).as_posix(),
        metadata=metadata.relative_to(folder).as_posix(),
        documents=content.documents,
        bytes=file.stat().st_size,
        sha256=file_sha256(file),
        metadata_sha256=file_sha256(metadata),
        content=content.digest,
    )


def gather(
    collection: RawCollection,
    indexes: list[dict[str, Any]],
    file: Path = Path(os.devnull),
    progress: Progress = lambda name, count: None,
) -> Content:
    """Read every document, write them to `file`, and hash them."""
    wanted = collection.estimated_document_count()
    content = _write(documents(collection, indexes), collection.name, file, progress)
    if content.documents < wanted:
        # Documents without a bucket, chunks without a file: take everything, whatever it costs.
        content = _write(documents(collection, []), collection.name, file, progress)
    return content


def _write(found: Iterator[bytes], name: str, file: Path, progress: Progress) -> Content:
    content = Content()
    with file.open("wb") as stream:
        for document in found:
            stream.write(document)
            content.add(document)
            if content.documents % _REPORT_EVERY == 0:
                progress(name, content.documents)
    progress(name, content.documents)
    return content


def documents(collection: RawCollection, indexes: list[dict[str, Any]]) -> Iterator[bytes]:
    """Every document as BSON, without making the server hold the whole collection in memory where an index
    allows that: by `bucket`, or a file's chunks by its id (embedded.md 1.4). Else one plain cursor.
    """
    first_keys = {next(iter(index["key"])) for index in indexes}
    if "bucket" in first_keys:
        for document in walk(cast(Coll, collection)):
            yield bytes(cast(RawBSONDocument, document).raw)
    elif "files_id" in first_keys and collection.name.endswith(".chunks"):
        files = collection.database[collection.name.removesuffix(".chunks") + ".files"]
        for file in files.find({}, {"_id": 1}):
            with collection.find({"files_id": file["_id"]}) as cursor:
                yield from (bytes(document.raw) for document in cursor)
    else:
        with collection.find({}) as cursor:
            yield from (bytes(document.raw) for document in cursor)


def file_sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def raw_collection(database: Database[Any], name: str) -> RawCollection:
    """The collection with its documents as undecoded BSON: what is dumped and loaded is never re-encoded."""
    return cast(RawCollection, database.get_collection(name, codec_options=_RAW))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
