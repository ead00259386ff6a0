"""What runs in a worker process: parse, and pack the result so that little travels and nothing is done twice."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import bson
from backports import zstd

from parsers.source import Source
from storage.access.encoding import encode
from storage.saving.as_read import as_read
from storage.saving.compare import SIDES, content_sha256
from storage.saving.unread import unread

_LEVEL = 1


@dataclass(frozen=True)
class Stands:
    """What a page is known to read as: where it still does, nobody needs its document."""

    as_read: str
    content_sha256: str


@dataclass(frozen=True)
class Reading:
    """A report as it reads now."""

    report_id: str
    template: str
    text_sha256: str
    content_sha256: str
    sides: Mapping[str, Any]
    """`storage.saving.compare.SIDES` of the document: where and by what it was read."""
    packed: bytes | None
    """The document of the report; None where it reads word by word as it stands."""
    seconds: float
    """Of a processor, that the parser itself took: what else the machine does is not counted."""
    as_read: str | None = None
    """See `storage.saving.as_read`."""
    unread: tuple[str, ...] = ()
    """See `storage.saving.unread`."""

    def document(self) -> dict[str, Any]:
        assert self.packed is not None
        return unpack(self.packed)


def read(source: Source, stands: Stands | None = None) -> Reading:
    """Raises NotAReport and Unreadable as `parsers.parse` does, and Unstorable where the result cannot be kept."""
    from parsers import parse

    start = time.process_time()
    report = parse(source)
    seconds = time.process_time() - start
    digest = as_read(report)
    packed = None
    if stands is not None and digest == stands.as_read:
        content = stands.content_sha256
    else:
        document = report.to_document()
        packed, content = pack(document), content_sha256(document)
    return Reading(
        report_id=report.id,
        template=report.template.id,
        text_sha256=report.source.text_sha256,
        content_sha256=content,
        sides={side: asdict(getattr(report, side)) for side in SIDES},
        packed=packed,
        seconds=seconds,
        as_read=digest,
        unread=unread(report.flags),
    )


def pack(document: Mapping[str, Any]) -> bytes:
    return zstd.compress(encode(document), _LEVEL)


def unpack(packed: bytes) -> dict[str, Any]:
    document: dict[str, Any] = bson.decode(zstd.decompress(packed))
    return document
