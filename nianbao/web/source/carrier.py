"""Which archived file a report's figures were read from: the page, or the file of which the page is only the cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Carrier:
    number: int
    """0 is the page itself, 1 the first attachment, as `nianbao show --attachment` counts."""
    name: str
    url: str | None
    media_type: str | None
    role: str
    raw_sha256: str | None
    """None: linked, and never fetched."""
    is_read: bool
    """Do the places of the figures (`cells[].at`) speak of this file?"""


def carriers(report: Mapping[str, Any]) -> list[Carrier]:
    """The page, then its attachments. Exactly one of them is the one that was read."""
    source = report["source"]
    attachments: Sequence[Mapping[str, Any]] = source.get("attachments") or ()
    read = 0
    if "attachment_only" in report["flags"]:
        found = (n for n, one in enumerate(attachments, 1) if one["role"] == "report" and one["raw_sha256"])
        read = next(found, 0)
    page = Carrier(0, "网页", source["url"], source["media_type"], "page", source["raw_sha256"], read == 0)
    files = [
        Carrier(
            number,
            one["name"] or one["url"],
            one["url"],
            one["media_type"],
            one["role"],
            one["raw_sha256"],
            read == number,
        )
        for number, one in enumerate(attachments, 1)
    ]
    return [page, *files]


def of_cell(cell: Mapping[str, Any], files: Sequence[Carrier]) -> int:
    """The number of the file that a figure stands in: a picture or a companion that its place names, else the file
    that was read."""
    at = cell.get("at") or {}
    named = at.get("attachment") or at.get("picture")
    read = next(file.number for file in files if file.is_read)
    return next((file.number for file in files if file.number and file.url == named), read) if named else read
