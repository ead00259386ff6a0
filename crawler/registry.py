"""The registry: `config/portals/<id>.yaml`, one portal each -> frozen values.

A portal is added, moved or corrected here and never in code. A wrong file raises TemplateError with its name and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from crawler.urls import Scope, absolute, host_of
from parsers.errors import TemplateError
from parsers.source import PortalContext
from parsers.template import config_directory
from parsers.yaml_file import Node, load

LEVELS = ("national", "province", "city", "county", "township", "department")
COLUMN_KINDS = ("list", "departments", "page")
PORTAL_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
REGION_CODE = re.compile(r"[0-9]{6}|[0-9]{9}|[0-9]{12}")


@dataclass(frozen=True)
class Column:
    """A 年报 column that is known, so that it need not be found."""

    url: str
    kind: str = "list"
    """list, departments (an index of organs with a column each) or page (the report itself)."""
    render: bool = False
    """The list is built by script and no address behind it is known: read it in a browser."""


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
    columns: tuple[Column, ...] = ()
    vendor: str = "generic"
    profile: Profile = field(default_factory=Profile)
    earlier_profiles: tuple[Profile, ...] = ()
    """Those before a redesign, each with its years: what was fetched then is read through them for ever."""
    delay: float | None = None
    """Seconds between two requests; None leaves it to the settings."""
    access: str | None = None
    """What a person noted about reaching it: http only, answers 412, needs a browser."""

    @property
    def scope(self) -> Scope:
        named = [column.url for column in self.columns]
        return Scope.of([*named, self.home] if self.home else named, self.hosts)

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


def load_portal(portal_id: str, directory: Path | None = None) -> Portal:
    """The portal with this id. Raises TemplateError where its file is missing or wrong."""
    folder = directory or config_directory() / "portals"
    path = folder / f"{portal_id}.yaml"
    if not PORTAL_ID.fullmatch(portal_id) or not path.exists():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.yaml"))) or "none"
        raise TemplateError("unknown_portal", f"{portal_id!r} is no portal of {folder}; known: {known}")
    return read_portal(path)


def load_portals(directory: Path | None = None) -> Iterator[Portal]:
    """Every portal of the registry, in the order of their ids."""
    folder = directory or config_directory() / "portals"
    return (read_portal(path) for path in sorted(folder.glob("*.yaml")))


def read_portal(path: Path) -> Portal:
    node = load(path)
    portal = Portal(
        id=_matching(node, "id", PORTAL_ID, "small letters, digits and hyphens"),
        organ=node.text("organ"),
        level=_one_of(node, "level", LEVELS),
        province=node.optional_text("province"),
        city=node.optional_text("city"),
        county=node.optional_text("county"),
        region_code=_matching(node, "region_code", REGION_CODE, "6, 9 or 12 digits in quotes"),
        home=_address(node, "home"),
        hosts=tuple(_host(node, host) for host in node.texts("hosts", ())),
        columns=tuple(_column(column) for column in node.nodes("columns")),
        vendor=node.text("vendor", "generic"),
        profile=_profile(node.node("profile")) if "profile" in node else Profile(),
        earlier_profiles=tuple(_profile(profile) for profile in node.nodes("earlier_profiles")),
        delay=_delay(node.node("politeness")) if "politeness" in node else None,
        access=node.optional_text("access"),
    )
    node.done()
    if portal.id != path.stem:
        raise node.error(f"the id {portal.id!r} must be the file's name", "id")
    return portal


def _column(node: Node) -> Column:
    url = _address(node, "url")
    if url is None:
        raise node.error("'url' is missing")
    column = Column(
        url=url,
        kind=_one_of(node, "kind", COLUMN_KINDS) if "kind" in node else "list",
        render=node.flag("render"),
    )
    node.done()
    return column


def _profile(node: Node) -> Profile:
    profile = Profile(
        version=node.number("version"),
        body=node.texts("body", ()),
        items=node.texts("items", ()),
        valid_from=_day(node, "valid_from"),
        valid_to=_day(node, "valid_to"),
    )
    node.done()
    return profile


def _delay(node: Node) -> float | None:
    delay = node.decimal("delay") if "delay" in node else None
    if delay is not None and delay < 0:
        raise node.error("'delay' must not be negative", "delay")
    node.done()
    return delay


def _address(node: Node, key: str) -> str | None:
    text = node.optional_text(key)
    if text is not None and absolute("http://invalid.invalid/", text) != text:
        raise node.error(f"{key!r} must be an http or https address", key)
    return text


def _host(node: Node, host: str) -> str:
    if host_of(urlsplit(f"//{host.removeprefix('*.')}")) != host.removeprefix("*."):
        raise node.error(f"{host!r} is no host name such as www.x.gov.cn or *.x.gov.cn", "hosts")
    return host


def _day(node: Node, key: str) -> date | None:
    text = node.optional_text(key)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise node.error(f"{key!r} must be a date in quotes such as '2019-05-15'", key) from None


def _one_of(node: Node, key: str, allowed: tuple[str, ...]) -> str:
    text = node.text(key)
    if text not in allowed:
        raise node.error(f"{key!r} must be one of {', '.join(allowed)}", key)
    return text


def _matching(node: Node, key: str, pattern: re.Pattern[str], what: str) -> str:
    text = node.text(key)
    if not pattern.fullmatch(text):
        raise node.error(f"{key!r} must be {what}", key)
    return text
