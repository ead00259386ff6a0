"""Writing in batches: encoded once, bounded in number and bytes, every refusal told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from bson.raw_bson import RawBSONDocument
from pymongo import DeleteOne, InsertOne, ReplaceOne, UpdateOne, WriteConcern
from pymongo.errors import BulkWriteError, DuplicateKeyError, WriteError

from storage.access.encoding import encode
from storage.base import Coll, Doc

MAX_OPERATIONS = 500
"""embedded.md 1.5: the embedded server can hang for good in very large bulks."""
MAX_BYTES = 16 * 1024 * 1024
_RELAXED = WriteConcern(w=1, j=False)
Operation: TypeAlias = UpdateOne | DeleteOne | ReplaceOne[Doc]
DUPLICATE_KEY = 11000
REFUSED_BY_VALIDATOR = 121
NOT_ALLOWED = 13


@dataclass(frozen=True)
class Outcome:
    """What a batch of writes left undone, by position in the batch."""

    duplicates: frozenset[int] = frozenset()
    refused: Mapping[int, str] = field(default_factory=dict)
    """Position -> what the validator said."""


@dataclass(frozen=True)
class Keyed:
    """An encoded document that counts its writes."""

    id: str
    writes: int
    encoded: bytes

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Keyed:
        """Raises Unstorable."""
        return cls(document["_id"], document["writes"], encode(document))


def settle(collection: Coll, operations: Sequence[Operation], **options: Any) -> int:
    """An unordered bulk of updates that are acknowledged together: how many documents they changed.

    On a server that is alone the last one is written with the collection's own concern, and vouches for those before it,
    for they are in one journal: the embedded server syncs that for each operation of a bulk (12 ms each instead of 23,
    measured on two busy cores). Of several servers another may have taken over in between, or have the last one alone.
    """
    *head, last = operations or (None,)
    if last is None:
        return 0
    changed = 0
    if head and is_alone(collection):
        relaxed = collection.with_options(write_concern=_RELAXED)
        changed = relaxed.bulk_write(head, ordered=False, **options).modified_count
        operations = [last]
    return changed + collection.bulk_write(operations, ordered=False, **options).modified_count


def is_alone(collection: Coll) -> bool:
    """Whether one server keeps everything: no replica set, no shards. False where nobody has asked it yet."""
    servers = collection.database.client.topology_description.server_descriptions().values()
    return [server.server_type_name for server in servers] == ["Standalone"]


def set_if(key: str, writes: int, fields: Mapping[str, Any]) -> UpdateOne:
    """Sets whole fields (`writes` among them) in the document of this key, if it has been written so often; else nothing.

    A filter of `_id` and `writes` with a `$set` says the same. For such a filter the embedded server goes through its list
    of indexes several times, a quarter of the update, and for a `$set` it copies the whole document, a sixth (measured).
    """
    then = {"$mergeObjects": ["$$ROOT", {"$literal": dict(fields)}]}
    return UpdateOne({"_id": key}, [{"$replaceWith": {"$cond": [{"$eq": ["$writes", writes]}, then, "$$ROOT"]}}])


def insert_new(collection: Coll, documents: Sequence[bytes]) -> Outcome:
    """Insert encoded documents; those whose key is taken stay as they are in the database."""
    return _bulk(collection, [InsertOne(_raw(encoded)) for encoded in documents], [len(d) for d in documents])


def replace_older(collection: Coll, documents: Sequence[Keyed]) -> Outcome:
    """Write by `_id` unless a document with a higher `writes` is there already.

    Two processes may finish in the other order than they began: the later state must win. The filter then finds
    nothing, the upsert runs into the key, and the position comes back under `duplicates`. What is written for the first
    time is inserted first: on the embedded server an upsert takes four times as long.
    """
    first = [position for position, one in enumerate(documents) if one.writes == 1]
    inserted = insert_new(collection, [documents[position].encoded for position in first])
    refused = {first[index]: why for index, why in inserted.refused.items()}
    done = {position for index, position in enumerate(first) if index not in inserted.duplicates}
    rest = [position for position in range(len(documents)) if position not in done]
    operations = [
        ReplaceOne(
            {"_id": documents[p].id, "writes": {"$lte": documents[p].writes}}, _raw(documents[p].encoded), upsert=True
        )
        for p in rest
    ]
    replaced = _bulk(collection, operations, [len(documents[p].encoded) for p in rest])
    refused |= {rest[index]: why for index, why in replaced.refused.items()}
    return Outcome(frozenset(rest[index] for index in replaced.duplicates), refused)


def replace_held(collection: Coll, encoded: bytes, key: Mapping[str, Any]) -> bool:
    """Replace the one document that still answers to `key`. False: someone else was faster.

    Raises WriteError (code 121) where the validator refuses.
    """
    return collection.replace_one(key, _raw(encoded)).matched_count == 1


def upsert(collection: Coll, document: Mapping[str, Any]) -> None:
    """Write by `_id`, whatever is there. Two at once: the second tries again."""
    encoded = _raw(encode(document))
    key = {"_id": document["_id"]}
    try:
        collection.replace_one(key, encoded, upsert=True)
    except DuplicateKeyError:
        collection.replace_one(key, encoded, upsert=True)


def refusal(error: WriteError) -> str:
    """The validator's complaint as one line: which field, and what is wrong with it."""
    details = error.details or {}
    return explain_refusal(details)


def explain_refusal(details: Mapping[str, Any]) -> str:
    """From a write error's `errInfo`: `figures.requests: type did not match (string)`; else the server's
    message.
    """
    info = details.get("errInfo", {})
    found = list(dict.fromkeys(_complaints(info.get("details"), "")))
    if not found:
        return str(details.get("errmsg", "refused by the collection's validator"))
    return "; ".join(found[:5]) + (f" (and {len(found) - 5} more)" if len(found) > 5 else "")


def _complaints(node: object, path: str) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _complaints(item, path)
        return
    if not isinstance(node, Mapping):
        return
    name = node.get("propertyName", node.get("failingProperty", node.get("itemIndex")))
    here = path if name is None else f"{path}.{name}" if path else str(name)
    inner = [v for k, v in node.items() if k not in {"specifiedAs", "consideredValue"} and isinstance(v, (list, dict))]
    deeper = [line for value in inner for line in _complaints(value, here)]
    if deeper:
        yield from deeper
    elif "missingProperties" in node:
        yield f"{here or 'document'}: missing {', '.join(map(str, node['missingProperties']))}"
    elif isinstance(node.get("additionalProperties"), list):
        yield f"{here or 'document'}: unknown {', '.join(map(str, node['additionalProperties']))}"
    elif "reason" in node:
        kind = node.get("consideredType", node.get("consideredValue", ""))
        yield f"{here or 'document'}: {node['reason']}" + (f" ({kind})" if kind != "" else "")


def _raw(encoded: bytes) -> Doc:
    # PyMongo sends a RawBSONDocument as it is: the document is encoded once, and its size is known
    # beforehand.
    return cast(Doc, RawBSONDocument(encoded))


def _bulk(collection: Coll, operations: Sequence[InsertOne[Doc] | ReplaceOne[Doc]], sizes: Sequence[int]) -> Outcome:
    duplicates: set[int] = set()
    refused: dict[int, str] = {}
    for start, end in bounded(sizes):
        try:
            collection.bulk_write(operations[start:end], ordered=False)
        except BulkWriteError as error:
            details = error.details or {}
            for failure in details.get("writeErrors", []):
                position = start + failure["index"]
                if failure.get("code") == DUPLICATE_KEY:
                    duplicates.add(position)
                elif failure.get("code") == REFUSED_BY_VALIDATOR:
                    refused[position] = explain_refusal(failure)
                else:
                    raise
            if details.get("writeConcernErrors"):
                raise
    return Outcome(frozenset(duplicates), refused)


def bounded(sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Cut a batch into runs [start, end) of at most 500 operations and 16 MB (one larger document goes
    alone).
    """
    start = 0
    total = 0
    for position, size in enumerate(sizes):
        if position > start and (position - start >= MAX_OPERATIONS or total + size > MAX_BYTES):
            yield start, position
            start, total = position, 0
        total += size
    if start < len(sizes):
        yield start, len(sizes)
