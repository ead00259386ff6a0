"""What runs in a worker process: parse, and pack the result so that little travels and nothing is done twice."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import bson
from backports import zstd

from parsers.source import Source
from storage.access.encoding import encode
from storage.saving.compare import PROVENANCE, content_sha256

_LEVEL = 1


@dataclass(frozen=True)
class Reading:
    """A report as it reads now."""

    report_id: str
    template: str
    text_sha256: str
    content_sha256: str
    provenance: Mapping[str, Any]
    """`source` and `derived` of the document, so that nobody has to unpack a report that reads as before."""
    packed: bytes
    """The document of the report."""
    seconds: float
    """Of a processor, that the parser itself took: what else the machine does is not counted."""

    def document(self) -> dict[str, Any]:
        return unpack(self.packed)


def read(source: Source) -> Reading:
    """Raises NotAReport and Unreadable as `parsers.parse` does, and Unstorable where the result cannot be kept."""
    from parsers import parse

    start = time.process_time()
    report = parse(source)
    seconds = time.process_time() - start
    document = report.to_document()
    return Reading(
        report_id=report.id,
        template=report.template.id,
        text_sha256=report.source.text_sha256,
        content_sha256=content_sha256(document),
        provenance={side: document[side] for side in PROVENANCE},
        packed=pack(document),
        seconds=seconds,
    )


def pack(document: Mapping[str, Any]) -> bytes:
    return zstd.compress(encode(document), _LEVEL)


def unpack(packed: bytes) -> dict[str, Any]:
    document: dict[str, Any] = bson.decode(zstd.decompress(packed))
    return document
