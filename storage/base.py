"""Names that every room of the storage shares: types, keys, time, canonical JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:  # the driver takes a second to load, and a process that parses needs none
    from pymongo.collection import Collection
    from pymongo.database import Database

# A MongoDB document is open by nature: its values are what BSON allows.
Doc: TypeAlias = dict[str, Any]
Db: TypeAlias = "Database[Doc]"
Coll: TypeAlias = "Collection[Doc]"

BUCKETS = 1024
"""Every collection that is walked spreads its documents over this many buckets, field `bucket`."""

T = TypeVar("T")


class State(StrEnum):
    """What a write did."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    """The database's validator, or BSON itself, would not take it; the reason is in `problems`."""
    OVERTAKEN = "overtaken"
    """What the write was to replace has been replaced by another process meanwhile; nothing was written."""


def bucket_of(key: str) -> int:
    """0 to 1023: the first ten bits of the key's SHA-256.

    A walk takes windows of buckets, `{bucket: {$gte: a, $lt: b}}`: bounded on both sides and indexed.
    Paging by limit, skip or a one-sided range reads everything on the embedded server (embedded.md 1.4).
    """
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) >> 22


def address_of(canonical_url: str) -> str:
    """24 hex digits that stand for an address: the first part of a capture's `_id`."""
    return hashlib.sha256(canonical_url.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def capture_key(address: str, version: int) -> str:
    return f"{address}/{version}"


def split_capture(capture_id: str) -> tuple[str, int]:
    """(address, version) of a capture's `_id`. Raises ValueError where it is none."""
    address, _, version = capture_id.rpartition("/")
    if not address or not version.isdigit():
        raise ValueError(f"{capture_id!r} is no capture id: expected <address>/<version>")
    return address, int(version)


def now() -> datetime:
    """The time in UTC, cut to milliseconds as BSON keeps it, so that what is read equals what was written."""
    return utc(datetime.now(UTC))


def utc(moment: datetime) -> datetime:
    """`moment` in UTC and in whole milliseconds. Without a zone it is taken as UTC, as PyMongo may return
    it.
    """
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def plain(record: Any) -> Doc:
    """A dataclass as a document, for what is written at once: `dataclasses.asdict` would copy every value of it as well."""
    return {name: _without_classes(getattr(record, name)) for name in record.__dataclass_fields__}


def _without_classes(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return type(value)(map(_without_classes, value))
    return plain(value) if hasattr(value, "__dataclass_fields__") else value


def printable(text: str) -> str:
    """`text` as BSON can hold it: half a surrogate pair, which a damaged address may bring, becomes "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON: keys sorted, no white space, NaN refused (ValueError).

    `1` and `1.0` are the same number to MongoDB and to a reader, so they hash alike.
    """
    text = _json(value, _plain)
    if text.endswith(".0") or any(sign in text for sign in _WHOLE):
        text = _json(_canonical(value))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_WHOLE = (".0,", ".0]", ".0}", "e+")
"""Signs of a whole number that was written as a float, or of a text that looks so: only then are all values looked at
one by one, which takes longer than the writing.
"""


def _json(value: object, default: Callable[[object], object] | None = None) -> str:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=default
    )


def _plain(value: object) -> object:
    """What JSON does not know of itself."""
    if isinstance(value, datetime):
        return utc(value).isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no canonical JSON")


def _canonical(value: object) -> object:
    kind = type(value)
    if kind is str or kind is int or value is None:  # most of a report: no need to ask further
        return value
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_canonical(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, datetime):
        return utc(value).isoformat()
    return _canonical(dict(value)) if isinstance(value, Mapping) else value


def slices(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """`items` in runs of at most `size`."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """As `slices`, of a stream."""
    stream = iter(items)
    while some := list(islice(stream, size)):
        yield some
