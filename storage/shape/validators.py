"""`$jsonSchema` made from dataclasses: the database enforces what the types say."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from parsers.report import Derived, Report, SourceUse, Status, field_names
from storage.base import BUCKETS
from storage.corrections.identity import READ_AS, ReadAs
from storage.corrections.overlay import CorrectionNote
from storage.shape.records import Change, Disagreement, SourceEntry

Schema = dict[str, Any]

_SCALARS: dict[object, list[str]] = {
    str: ["string"],
    int: ["int", "long"],
    float: ["double"],
    bool: ["bool"],
    bytes: ["binData"],
    datetime: ["date"],
    type(None): ["null"],
}
CELL = ("path", "raw", "semantic")
"""What every row of `cells` has to say."""
CHECK = ("rule", "status")
"""What every one of `checks` has to say."""
FIGURE_DEPTH = 6
"""`statistics.requests.replied.denied.state_secret` is five deep."""


def schema_of(kind: Any) -> Schema:
    """The schema of a type: scalars, enums, unions, sequences, mappings by string, dataclasses.

    Raises TypeError for anything else, so that a new kind of field is decided on and not let through.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return {}
    if kind in _SCALARS:
        return _types(_SCALARS[kind])
    if kind is date:
        return {"bsonType": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    if isinstance(kind, type) and field_names(kind):
        return object_of(kind)
    if origin in (typing.Union, types.UnionType):
        return _union([schema_of(argument) for argument in arguments])
    if origin is typing.Literal:
        return {"enum": list(arguments)}
    if origin in (tuple, list, Sequence):
        return _array(origin, arguments)
    if origin is not None and issubclass(origin, Mapping):
        values = schema_of(arguments[1])
        return {"bsonType": "object", **({"additionalProperties": values} if values else {})}
    raise TypeError(f"no $jsonSchema for {kind!r}: teach storage.shape.validators the type")


def object_of(
    kind: Any, *, extra: Mapping[str, Schema] | None = None, optional: Sequence[str] = (), leave: Sequence[str] = ()
) -> Schema:
    """The schema of a dataclass or named tuple: every field typed, unknown fields refused, those without a default
    required.

    `extra` adds or overrides fields and makes them required, but for those named in `optional`; those in `leave` are
    not stored.
    """
    hints = get_type_hints(kind)
    properties: dict[str, Schema] = {}
    required: list[str] = []
    for name in (one for one in field_names(kind) if one not in leave):
        properties[name] = schema_of(hints[name])
        if not _has_default(kind, name):
            required.append(name)
    for name, schema in (extra or {}).items():
        properties[name] = schema
        required.append(name)
    needed = [name for name in dict.fromkeys(required) if name not in optional]
    return {
        "bsonType": "object",
        **({"required": needed} if needed else {}),  # MongoDB refuses a list of none
        "properties": properties,
        "additionalProperties": False,
    }


def _has_default(kind: Any, name: str) -> bool:
    if not is_dataclass(kind):
        return name in kind._field_defaults
    item = next(item for item in fields(kind) if item.name == name)
    return item.default is not MISSING or item.default_factory is not MISSING


def report_schema() -> Schema:
    """The validator of `reports`: `parsers.report.Report` as `to_document` writes it, and what the storage
    adds.

    Of each of its two hundred cells only that it says which figure it is and how it was written, of each check which it is
    and how it ended: their types are the parser's, and to look at every field of every cell in the embedded server, which
    does it in Python, took longer than to write the report (6.2 ms a report instead of 2.2).
    """
    replacement = {
        "bsonType": "object",
        "required": ["from", "to", "count"],
        "properties": {
            "from": _types(["string"]),
            "to": _types(["string"]),
            "count": _types(["int", "long"]),
        },
        "additionalProperties": False,
    }
    check = {"bsonType": "object", "required": list(CHECK), "properties": {"status": schema_of(Status)}}
    source = {
        "portal": schema_of(str | None),
        "capture_id": schema_of(str),
        "fetched_at": schema_of(datetime),
    }
    return object_of(
        Report,
        extra={
            "_id": {"bsonType": "string", "pattern": "^.+/[0-9]{4}/(own|consolidated|joint)$"},
            "report_year": {"bsonType": ["int", "long"], "minimum": 2000, "maximum": 2100},
            "figures": figures_schema(),
            "replacements": {"bsonType": "array", "items": replacement},
            "source": object_of(SourceUse, extra=source),
            "derived": object_of(
                Derived,
                extra={"parsed_at": schema_of(datetime), "corrections": schema_of(str)},
                optional=("corrections",),
            ),
            "revision": {"bsonType": ["int", "long"], "minimum": 1},
            "writes": {"bsonType": ["int", "long"], "minimum": 1},
            "bucket": {"bsonType": ["int", "long"], "minimum": 0, "maximum": BUCKETS - 1},
            "content_sha256": {"bsonType": "string", "pattern": "^[0-9a-f]{64}$"},
            "cells": {"bsonType": "array", "items": {"bsonType": "object", "required": list(CELL)}},
            "checks": {"bsonType": "array", "items": check},
            "sources": {"bsonType": "array", "minItems": 1, "items": object_of(SourceEntry)},
            "disagreements": schema_of(tuple[Disagreement, ...]),
            "corrections": schema_of(tuple[CorrectionNote, ...]),
            "before_corrections": {"bsonType": "object"},
            READ_AS: object_of(ReadAs),
            "change": _union([object_of(Change), _types(["null"])]),
        },
        optional=("replacements", "corrections", "before_corrections", READ_AS, "disagreements"),
    )


def figures_schema(depth: int = FIGURE_DEPTH) -> Schema:
    """Nested objects whose leaves are numbers or null, and `local_tables`, a list of objects."""
    level: Schema = {"bsonType": ["int", "long", "double", "null"]}
    for _ in range(depth - 1):
        level = {"bsonType": ["object", "int", "long", "double", "null"], "additionalProperties": level}
    tables = {"bsonType": "array", "items": {"bsonType": "object"}}
    return {"bsonType": "object", "properties": {"local_tables": tables}, "additionalProperties": level}


def _types(names: Sequence[str]) -> Schema:
    return {"bsonType": names[0] if len(names) == 1 else list(names)}


def _array(origin: Any, arguments: tuple[Any, ...]) -> Schema:
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        members = [schema_of(argument) for argument in arguments]
        return {
            "bsonType": "array",
            "items": _union(members),
            "minItems": len(members),
            "maxItems": len(members),
        }
    items = schema_of(arguments[0])
    return {"bsonType": "array", **({"items": items} if items else {})}


def _union(members: list[Schema]) -> Schema:
    """Plain types are merged into one list and enums into one, so that a refusal names the field, not
    `anyOf`.
    """
    if all(set(member) == {"bsonType"} for member in members):
        names = [name for member in members for name in _listed(member["bsonType"])]
        return _types(list(dict.fromkeys(names)))
    nothing = _types(["null"])
    others = [member for member in members if member != nothing]
    if len(others) == 1 and len(members) == 2:
        only = dict(others[0])
        if "enum" in only:
            return {"enum": [*only["enum"], None]}
        if isinstance(only.get("bsonType"), (str, list)):
            # `pattern`, `properties` … apply to their own type only, so null may simply join the types.
            return {**only, "bsonType": [*_listed(only["bsonType"]), "null"]}
    return {"anyOf": members}


def _listed(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)
