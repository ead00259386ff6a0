"""What a MongoDB 7 or 8 refuses and the embedded server lets through, as far as it can be seen in what we send.

After MongoDB's manual: `$jsonSchema` (json_schema_parser's rules), projections (path collisions since 4.4), update operators
(conflicting paths).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

KEYWORDS = frozenset(
    [
        "additionalProperties",
        "anyOf",
        "bsonType",
        "enum",
        "items",
        "maxItems",
        "maximum",
        "minItems",
        "minimum",
        "pattern",
        "properties",
        "required",
    ]
)
"""Of those that MongoDB knows the ones that our schemas need."""


def in_schema(schema: Mapping[str, Any], where: str = "") -> Iterator[str]:
    """Complaints about a `$jsonSchema`."""
    if unknown := set(schema) - KEYWORDS:
        yield f"{where}: unknown keywords {sorted(unknown)}"
    for word in ("required", "enum", "anyOf"):
        if word in schema and not schema[word]:
            yield f"{where}: {word} is an empty list"
    for word in ("required", "enum", "bsonType"):
        values = schema.get(word)
        if isinstance(values, list) and len({repr(value) for value in values}) < len(values):
            yield f"{where}: {word} names something twice"
    if schema.get("bsonType") == []:
        yield f"{where}: bsonType is an empty list"
    for name, inner in schema.get("properties", {}).items():
        yield from in_schema(inner, f"{where}.{name}")
    for word in ("additionalProperties", "items"):
        if isinstance(schema.get(word), Mapping):
            yield from in_schema(schema[word], f"{where}.{word}")
    for inner in schema.get("anyOf", ()):
        yield from in_schema(inner, f"{where}|")


def in_command(command: Mapping[str, Any]) -> Iterator[str]:
    """Complaints about a find, an aggregate, an update."""
    if projection := command.get("projection"):
        yield from _projection(projection)
    for stage in command.get("pipeline", ()):
        if "$project" in stage and all(isinstance(kept, int) for kept in stage["$project"].values()):
            yield from _projection(stage["$project"])
    for statement in command.get("updates", ()):
        change = statement["u"]
        if isinstance(change, Mapping) and any(name.startswith("$") for name in change):
            yield from _collisions((path for fields in change.values() for path in fields), "update")


def _projection(projection: Mapping[str, Any]) -> Iterator[str]:
    yield from _collisions(projection, "projection")
    if len({bool(kept) for path, kept in projection.items() if path != "_id"}) > 1:
        yield f"projection: some fields are kept and some left out: {projection}"


def _collisions(paths: Iterable[str], what: str) -> Iterator[str]:
    every = list(paths)
    for path in every:
        if not all(path.split(".")) or path.startswith("$"):
            yield f"{what}: {path!r} is no path"
    for one, other in combinations(every, 2):
        if one == other or one.startswith(f"{other}.") or other.startswith(f"{one}."):
            yield f"{what}: {one} and {other} collide"
