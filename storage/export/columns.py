"""A column of an export: its key, its names, what its values are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

from storage.base import Doc
from storage.errors import StorageError

Value: TypeAlias = str | int | float | date | None
Row: TypeAlias = Sequence[Value]
"""One value a column, in the columns' order. None is blank in every format; 0 is 0."""


class ExportError(StorageError):
    """The export cannot be made. The text says what to do."""


class Kind(StrEnum):
    """What a column holds; the words are those of a Frictionless table schema."""

    TEXT = "string"
    WHOLE = "integer"
    NUMBER = "number"
    DAY = "date"


@dataclass(frozen=True)
class Column:
    key: str
    zh: str
    en: str
    kind: Kind = Kind.TEXT
    unit: str | None = None
    definition: str = ""
    comparable: str = ""
    """Of a measure: yes, approx, sum_only, no (config/measures.yaml)."""
    note: str = ""
    words: tuple[str, ...] = ()
    """The only values that it can have, beside none; empty: any."""


def dig(document: Doc, path: str) -> Any:
    """The value at a dotted path, None where the path ends early. What a document holds is open, hence Any."""
    node: Any = document
    for name in path.split("."):
        node = node.get(name) if isinstance(node, dict) else None
    return node


def number(value: object) -> int | float | None:
    """A number of the database as one; what is none (a bool is none) is None."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def day(value: object) -> date | None:
    """An ISO date of a report's page block. Raises ExportError for what the validators let pass and is no date."""
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise ExportError(f"{value!r} is no date; `nianbao rerun` reads the report again") from None
