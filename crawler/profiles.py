"""The registry as a rerun needs it: through which page profile a page was read, and through which it would be today."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from crawler.registry import PORTAL_ID, Portal
from crawler.registry.files import Place, find, read
from parsers.source import PortalContext
from parsers.template import config_directory


@dataclass(frozen=True)
class RegistryProfiles:
    """`storage.rerun.profiles.Profiles` from `config/portals/`."""

    directory: Path = field(default_factory=lambda: config_directory() / "portals")

    def context(self, portal_id: str, fetched_at: datetime) -> PortalContext | None:
        """What the parser is told of the portal for a page of that time; None where its entry is gone.

        A portal that a command line named by its address never had a file: its id is its host.
        """
        if _is_host(portal_id):
            return PortalContext(id=portal_id)
        portal = _portal(self.directory, portal_id)
        return None if portal is None else portal.context_of(portal.profile_at(fetched_at.date()))

    def versions(self, portal_id: str) -> frozenset[int]:
        """The versions of all its profiles; none where its entry is gone."""
        if _is_host(portal_id):
            return frozenset({0})
        place = _place(self.directory, portal_id)
        if place is None:
            return frozenset()
        if not place.has_profile:
            return frozenset({0})  # most portals have none, and need not be read to know it
        portal = read(place)
        return frozenset(profile.version for profile in (portal.profile, *portal.earlier_profiles))


@cache
def _place(directory: Path, portal_id: str) -> Place | None:
    return find(portal_id, directory)


@cache
def _portal(directory: Path, portal_id: str) -> Portal | None:
    place = _place(directory, portal_id)
    return None if place is None else read(place)


def _is_host(portal_id: str) -> bool:
    return portal_id == "localhost" or not PORTAL_ID.fullmatch(portal_id)
