"""Load a dump into a database, and prove that everything arrived.

Checked before: the checksums of the dump's files. Checked after: the number of documents and the hash of their
bytes, read back from the server, collection by collection.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeAlias

from bson import json_util
from bson.raw_bson import RawBSONDocument
from pymongo.errors import BulkWriteError

from storage.base import Db
from storage.dumps.dump import (
    FORMAT,
    MANIFEST,
    Content,
    DumpedCollection,
    Manifest,
    Progress,
    file_sha256,
    gather,
    raw_collection,
)
from storage.errors import DatabaseError

Existing: TypeAlias = Literal["refuse", "replace"]
"""What to do with a collection that holds other documents than the dump's."""
_BATCH_DOCUMENTS = 500
_BATCH_BYTES = 8 * 2**20


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a dump. Raises DatabaseError when there is none, or it is of an unknown format."""
    file = folder / MANIFEST
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise DatabaseError(f"{file}: dump format {data['format']}; this program reads {FORMAT}")
        collections = tuple(DumpedCollection(**item) for item in data.pop("collections"))
        return Manifest(**data, collections=collections)
    except FileNotFoundError as error:
        raise DatabaseError(
            f"{folder} is no finished dump: it has no {MANIFEST}; name a folder that `nianbao backup` or `nianbao db dump` made"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatabaseError(f"{file} is damaged: {error}") from error


def verify(folder: Path) -> Manifest:
    """Compare the dump's files with its checksums. Raises DatabaseError naming the first that differs."""
    manifest = read_manifest(folder)
    for collection in manifest.collections:
        for name, sha256 in (
            (collection.file, collection.sha256),
            (collection.metadata, collection.metadata_sha256),
        ):
            file = folder / name
            if not file.is_file():
                raise DatabaseError(f"the dump is damaged: {file} is missing")
            if file_sha256(file) != sha256:
                raise DatabaseError(f"the dump is damaged: {file} differs from its checksum")
    return manifest


def load(
    folder: Path,
    database: Db,
    *,
    existing: Existing = "refuse",
    progress: Progress = lambda name, count: None,
) -> Manifest:
    """Put a dump's collections into `database`, whatever name it had where it was dumped.

    A collection that is there and empty, or equal to the dump's, is no obstacle; one with other documents is
    refused (DatabaseError) or, with `existing="replace"`, dropped. Loading a second time changes nothing.
    Raises DatabaseError also when the dump is damaged or something did not arrive as it was.
    """
    manifest = verify(folder)
    present = {str(info["name"]) for info in database.list_collections()}
    to_do = [item for item in manifest.collections if not _holds(database, item, present)]
    if existing == "refuse":
        for item in to_do:
            if _metadata(folder, item)["type"] == "view":
                continue  # it holds nothing of its own: what it shows is in other collections
            count = database[item.name].estimated_document_count() if item.name in present else 0
            if count:
                raise DatabaseError(
                    f"the database {database.name} already holds {count} other documents in {item.name}: take an"
                    " empty one (NIANBAO_DATABASE=another_name), or say --replace, which drops what it holds"
                )
    # Views last: what they look at must be there.
    for item in sorted(to_do, key=lambda item: _metadata(folder, item)["type"] == "view"):
        _load_collection(folder, item, database, progress)
    for item in to_do:
        arrived = _content(database, item.name)
        if (arrived.documents, arrived.digest) != (item.documents, item.content):
            raise DatabaseError(
                f"{item.name}: {arrived.documents} of {item.documents} documents arrived, or not as they were"
            )
    return manifest


def _holds(database: Db, item: DumpedCollection, present: set[str]) -> bool:
    """Is this collection there already, document for document? Cheap where the counts differ.

    An empty one is made anew, since its options and indexes may be others.
    """
    if not item.documents or item.name not in present:
        return False
    if database[item.name].estimated_document_count() != item.documents:
        return False
    return _content(database, item.name).digest == item.content


def _content(database: Db, name: str) -> Content:
    """What a collection holds; nothing for a view."""
    if next(database.list_collections(filter={"name": name}), {}).get("type") == "view":
        return Content()
    indexes = [dict(index) for index in database[name].list_indexes()]
    return gather(raw_collection(database, name), indexes)


def _metadata(folder: Path, item: DumpedCollection) -> dict[str, Any]:
    return dict(json_util.loads((folder / item.metadata).read_text(encoding="utf-8")))


def _load_collection(folder: Path, item: DumpedCollection, database: Db, progress: Progress) -> None:
    metadata = _metadata(folder, item)
    database.drop_collection(item.name)
    database.command("create", item.name, **metadata["options"])
    if metadata["type"] == "view":
        return
    collection = raw_collection(database, item.name)
    count = 0
    for batch in _batches(folder / item.file):
        try:
            # What was stored once is stored again, also if a later validator would refuse it today.
            collection.insert_many(batch, ordered=False, bypass_document_validation=True)
        except BulkWriteError as error:
            first = (error.details or {}).get("writeErrors", [{}])[0].get("errmsg", "")
            raise DatabaseError(f"{item.name}: the server refuses a document: {first}") from error
        count += len(batch)
        progress(item.name, count)
    indexes = [_index(index) for index in metadata["indexes"] if index["name"] != "_id_"]
    if indexes:
        database.command("createIndexes", item.name, indexes=indexes)


def _index(index: dict[str, Any]) -> dict[str, Any]:
    """As `createIndexes` takes it: without what only `listIndexes` says."""
    return {key: value for key, value in index.items() if key not in ("ns", "background")}


def _batches(file: Path) -> Iterator[list[RawBSONDocument]]:
    batch: list[RawBSONDocument] = []
    size = 0
    with file.open("rb") as stream:
        for raw in _read_documents(stream, file):
            if batch and (len(batch) == _BATCH_DOCUMENTS or size + len(raw) > _BATCH_BYTES):
                yield batch
                batch, size = [], 0
            batch.append(RawBSONDocument(raw))
            size += len(raw)
    if batch:
        yield batch


def _read_documents(stream: BinaryIO, file: Path) -> Iterator[bytes]:
    """BSON begins with its own length (four bytes, little-endian, these four included)."""
    while head := stream.read(4):
        length = int.from_bytes(head, "little")
        raw = head + stream.read(max(length - 4, 0))
        if len(raw) != length or length < 5:
            raise DatabaseError(f"the dump is damaged: {file} ends in the middle of a document")
        yield raw
