"""What the registry says of one portal, as frozen values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlsplit

from crawler.urls import Scope
from parsers.source import PortalContext

LEVELS = ("national", "province", "city", "county", "township", "department")
COLUMN_KINDS = ("list", "departments", "page")
BASES = ("page seen", "url shape", "unknown")
"""How a vendor is known: somebody saw a page of it; its addresses look like it; nobody knows."""
VENDORS = (
    "nfra", "mohurd", "hanweb_jpaas", "gkmlpt", "epoint", "hanweb", "lonsun", "openness", "siteserver", "vsb", "ucap",
    "gongkai_hex", "hebei_uuid", "empirecms", "trs", "nfcms", "generic",
)  # fmt: skip
"""The names of `crawler.vendors`, which takes too long to import to read a name."""
PORTAL_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class Column:
    """A 年报 column that is known, so that it need not be found."""

    url: str
    kind: str = "list"
    """list, departments (an index of organs with a column each) or page (the report itself)."""
    render: bool = False
    """The list is built by script and no address behind it is known: read it in a browser."""
    vendor: str | None = None
    """The system of this column, where it is not the portal's: one portal may hold two generations (portals.md 2.0)."""
    organ: str | None = None
    """Whose reports it holds, where they are not the portal's own."""


@dataclass(frozen=True)
class Case:
    """A report page that was seen: what a check of the portal must read again."""

    url: str
    organ: str
    year: int | None = None


@dataclass(frozen=True)
class Profile:
    """How this portal's pages are built. A change of it is a new version, because reports are read through it."""

    version: int = 0
    body: tuple[str, ...] = ()
    """CSS selectors of a report's body, tried before the general ones."""
    items: tuple[str, ...] = ()
    """CSS selectors of the list's items, where the general way finds the wrong ones."""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Portal:
    """One portal of `config/portals/`, or one that the command line named by its front page."""

    id: str
    organ: str | None = None
    level: str | None = None
    province: str | None = None
    city: str | None = None
    county: str | None = None
    region_code: str | None = None
    home: str | None = None
    hosts: tuple[str, ...] = ()
    shared_hosts: tuple[str, ...] = ()
    """What it has beside its own hosts in common with the portals of its platform: the search of a province."""
    columns: tuple[Column, ...] = ()
    cases: tuple[Case, ...] = ()
    vendor: str = "generic"
    basis: str = "unknown"
    """How the vendor is known: one of BASES."""
    verified: bool = False
    """Somebody has looked at the portal itself and found what stands here. What a machine learnt is in the database."""
    platform: str | None = None
    """The name of what it shares with others of its file: a province or a city bought one system."""
    profile: Profile = field(default_factory=Profile)
    earlier_profiles: tuple[Profile, ...] = ()
    """Those before a redesign, each with its years: what was fetched then is read through them for ever."""
    delay: float | None = None
    """Seconds between two requests; None leaves it to the settings."""
    access: str | None = None
    """What a person noted about reaching it: http only, answers 412, needs a browser."""
    note: str | None = None
    """What else is known."""
    invented: bool = False
    """It comes with the program and is nobody's: lists name it apart, and no count of portals has it."""

    @property
    def is_registered(self) -> bool:
        """It stands in the registry: a portal that was named by an address has the host for an id, with a dot or a port."""
        return PORTAL_ID.fullmatch(self.id) is not None

    @property
    def scope(self) -> Scope:
        named = [column.url for column in self.columns]
        return Scope.of([*named, self.home] if self.home else named, self.hosts, self.shared_hosts)

    @property
    def context(self) -> PortalContext:
        """What the parser may know of the portal: 市林业局 on it is the one of this city."""
        return self.context_of(self.profile)

    def profile_at(self, day: date) -> Profile:
        """The profile of a page that was fetched on this day."""
        for profile in self.earlier_profiles:
            if (profile.valid_from or day) <= day <= (profile.valid_to or day):
                return profile
        return self.profile

    def context_of(self, profile: Profile) -> PortalContext:
        return PortalContext(
            id=self.id,
            organ=self.organ,
            level=self.level,
            region_code=self.region_code,
            province=self.province,
            city=self.city,
            county=self.county,
            body=profile.body,
            profile_version=profile.version,
        )

    def at(self, home: str) -> Portal:
        """The same portal reached at another address: the sample is served on a port that is free today."""
        return replace(self, home=home)


def portal_of(url: str) -> Portal:
    """A portal that stands in no registry: `--home` or `--url` named it. Its id is its host."""
    return Portal(id=urlsplit(url).netloc.lower().removeprefix("www."), home=url)
