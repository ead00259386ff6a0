"""How each portal's pages were built when they were last well: what the next visit compares with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from storage.access.writes import upsert
from storage.base import Db, Doc, utc
from storage.shape.records import Layout, PortalLayouts

MOST = 60
"""Layouts of one portal: some twenty columns with a list and two generations of pages. The newest are kept."""


class Layouts:
    """The collection `layouts`."""

    def __init__(self, db: Db) -> None:
        self._layouts = db["layouts"]

    def get(self, portal: str) -> PortalLayouts | None:
        found = self._layouts.find_one({"_id": portal})
        return None if found is None else _layouts(found)

    def put(self, portal: str, layouts: Sequence[Layout], profile_version: int) -> None:
        """Replace what is known; nothing is written where it is the same."""
        newest = sorted(layouts, key=lambda layout: (layout.seen_at, layout.digest), reverse=True)[:MOST]
        kept = tuple(sorted(newest, key=lambda layout: (layout.column, layout.role, layout.digest)))
        record = PortalLayouts(_id=portal, layouts=kept, profile_version=profile_version)
        if self.get(portal) != record:
            upsert(self._layouts, asdict(record))


def _layouts(document: Doc) -> PortalLayouts:
    layouts = tuple(
        Layout(
            **{
                **layout,
                "words": tuple(layout["words"]),
                "fields": tuple(layout["fields"]),
                "seen_at": utc(layout["seen_at"]),
            }
        )
        for layout in document["layouts"]
    )
    return PortalLayouts(document["_id"], layouts, document["profile_version"])
