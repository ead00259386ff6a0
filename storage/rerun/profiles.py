"""What a rerun must be told of portals: the storage does not know the registry."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from parsers.source import PortalContext


class Profiles(Protocol):
    """The portals of `config/portals/`."""

    def context(self, portal_id: str, fetched_at: datetime) -> PortalContext | None:
        """What the parser is told of the portal for a page that was fetched then; None: nobody knows it any more."""
        ...

    def versions(self, portal_id: str) -> frozenset[int]:
        """The versions of all page profiles that it has or had; empty: nobody knows it any more."""
        ...
