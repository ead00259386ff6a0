"""The registry as a rerun needs it: through which page profile a page was read, and through which it would be today."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from crawler.registry import PORTAL_ID, Portal, read_portal
from parsers.source import PortalContext
from parsers.template import config_directory

_SAYS_PROFILE = re.compile(r"^(?:profile|earlier_profiles)\s*:", re.MULTILINE)


@dataclass(frozen=True)
class RegistryProfiles:
    """`storage.rerun.profiles.Profiles` from `config/portals/`."""

    directory: Path = field(default_factory=lambda: config_directory() / "portals")

    def context(self, portal_id: str, fetched_at: datetime) -> PortalContext | None:
        """What the parser is told of the portal for a page of that time; None where its file is gone.

        A portal that a command line named by its address never had a file: its id is its host.
        """
        if _is_host(portal_id):
            return PortalContext(id=portal_id)
        portal = _portal(self.directory, portal_id)
        return None if portal is None else portal.context_of(portal.profile_at(fetched_at.date()))

    def versions(self, portal_id: str) -> frozenset[int]:
        """The versions of all its profiles; none where its file is gone."""
        if _is_host(portal_id):
            return frozenset({0})
        text = _text(self.directory, portal_id)
        if text is not None and not _SAYS_PROFILE.search(text):
            return frozenset({0})  # most portals have none, and thousands of files are read slowly as YAML
        portal = _portal(self.directory, portal_id)
        if portal is None:
            return frozenset()
        return frozenset(profile.version for profile in (portal.profile, *portal.earlier_profiles))


def _is_host(portal_id: str) -> bool:
    return portal_id == "localhost" or not PORTAL_ID.fullmatch(portal_id)


def _text(directory: Path, portal_id: str) -> str | None:
    try:
        return (directory / f"{portal_id}.yaml").read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


@cache
def _portal(directory: Path, portal_id: str) -> Portal | None:
    path = directory / f"{portal_id}.yaml"
    return read_portal(path) if path.exists() else None
