"""What runs in a parser process: parse, and pack the report, so that the process that crawls need not take it apart.

A report of five hundred cells as objects costs the crawl ten milliseconds to receive, to turn into a document and to
hash; as bytes it costs one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import bson

from parsers.source import Source
from storage.access.encoding import encode
from storage.saving.as_read import as_read
from storage.saving.compare import content_sha256

CHAPTERS = 3
"""Sections from which on a report counts as one with sections."""


@dataclass(frozen=True)
class Reading:
    """A report, as the crawl passes it on."""

    report_year: int
    text_sha256: str
    content_sha256: str
    fields: frozenset[str]
    """Names of the parts that the page gave (`crawler.extensions.layout_watch` compares them)."""
    unknown_labels: tuple[str, ...]
    packed: bytes
    """The report's document as BSON."""
    as_read: str | None = None
    """See `storage.saving.as_read`."""

    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = bson.decode(self.packed)
        return document


def read(source: Source) -> Reading:
    """Raises NotAReport and Unreadable as `parsers.parse` does, and Unstorable where the result cannot be kept."""
    from parsers import parse

    report = parse(source)
    document = report.to_document()
    return Reading(
        report_year=report.report_year,
        text_sha256=report.source.text_sha256,
        content_sha256=content_sha256(document),
        fields=fields(document),
        unknown_labels=report.unknown_labels,
        packed=encode(document),
        as_read=as_read(report),
    )


def fields(document: Mapping[str, Any]) -> frozenset[str]:
    """What a page gave, from its report's document: names of its parts that are there."""
    page = document["page"]
    given = {
        "title": document["title"],
        "published_on": page["published_on"],
        "index_number": page["index_number"],
        "publisher": page["publisher"],
        "sections": len(document["sections"]) >= CHAPTERS,
        "figures": any(cell["value"] is not None for cell in document["cells"]),
    }
    return frozenset({"report", *(name for name, value in given.items() if value)})
