"""An entry of the registry -> a Portal. Its keys may stand in the entry, in its platform or in the file's defaults."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from crawler.registry.portal import BASES, COLUMN_KINDS, LEVELS, PORTAL_ID, VENDORS, Case, Column, Portal, Profile
from crawler.urls import absolute, host_of
from parsers.yaml_file import Node

REGION_CODE = re.compile(r"[0-9]{6}|[0-9]{9}|[0-9]{12}")
INHERITED = (
    "level", "province", "city", "region_code", "vendor", "basis", "verified", "platform", "profile",
    "earlier_profiles", "politeness", "access", "note", "shared_hosts",
)  # fmt: skip
"""What a platform or a file may say for its portals."""


@dataclass(frozen=True)
class Layers:
    """An entry and what it inherits from, nearest first. A key is taken whole from the first that has it."""

    nodes: tuple[Node, ...]

    def of(self, key: str) -> Node:
        """Where a key stands; the entry itself, which then complains, where it stands nowhere."""
        # Every node is asked, so that each knows the key for one that is read.
        having = [node for node in self.nodes if key in node]
        return having[0] if having else self.nodes[0]

    def text(self, key: str) -> str | None:
        return self.of(key).optional_text(key)


def portal(layers: Layers) -> Portal:
    """The portal of an entry. Raises TemplateError with the line of what is wrong."""
    entry, of = layers.nodes[0], layers.of
    found = Portal(
        id=_matching(entry, "id", PORTAL_ID, "small letters, digits and hyphens"),
        organ=of("organ").text("organ"),
        level=_one_of(of("level"), "level", LEVELS),
        province=layers.text("province"),
        city=layers.text("city"),
        county=layers.text("county"),
        region_code=_region_code(of("region_code")),
        home=_address(entry, "home"),
        hosts=tuple(_host(entry, host) for host in entry.texts("hosts", ())),
        shared_hosts=tuple(
            _host(of("shared_hosts"), host, "shared_hosts") for host in of("shared_hosts").texts("shared_hosts", ())
        ),
        columns=tuple(_column(column) for column in entry.nodes("columns")),
        cases=tuple(_case(case) for case in entry.nodes("cases")),
        vendor=_one_of(of("vendor"), "vendor", VENDORS) if "vendor" in of("vendor") else "generic",
        basis=_one_of(of("basis"), "basis", BASES) if "basis" in of("basis") else "unknown",
        verified=of("verified").flag("verified"),
        platform=layers.text("platform"),
        profile=_profile(of("profile").node("profile")) if "profile" in of("profile") else Profile(),
        earlier_profiles=tuple(_profile(one) for one in of("earlier_profiles").nodes("earlier_profiles")),
        delay=_delay(of("politeness").node("politeness")) if "politeness" in of("politeness") else None,
        access=layers.text("access"),
        note=layers.text("note"),
        invented=entry.flag("invented"),
    )
    entry.done()
    return found


def check_inherited(node: Node) -> None:
    """Refuse what a platform or a file's defaults cannot say for many portals."""
    for key in list(node.keys()):
        if key not in INHERITED:
            raise node.error(f"{key!r} cannot be said of many portals; known here: {', '.join(INHERITED)}", key)


def _region_code(node: Node) -> str | None:
    """None where nobody has looked it up yet."""
    if "region_code" not in node:
        return None
    return _matching(node, "region_code", REGION_CODE, "6, 9 or 12 digits in quotes")


def _column(node: Node) -> Column:
    column = Column(
        url=_needed_address(node),
        kind=_one_of(node, "kind", COLUMN_KINDS) if "kind" in node else "list",
        render=node.flag("render"),
        vendor=_one_of(node, "vendor", VENDORS) if "vendor" in node else None,
        organ=node.optional_text("organ"),
    )
    node.done()
    return column


def _case(node: Node) -> Case:
    case = Case(
        url=_needed_address(node), organ=node.text("organ"), year=node.number("year") if "year" in node else None
    )
    node.done()
    return case


def _profile(node: Node) -> Profile:
    profile = Profile(
        version=node.number("version"),
        body=_selectors(node, "body"),
        items=_selectors(node, "items"),
        valid_from=_day(node, "valid_from"),
        valid_to=_day(node, "valid_to"),
    )
    node.done()
    return profile


def _selectors(node: Node, key: str) -> tuple[str, ...]:
    """CSS selectors, each looked at before a page is: one that is none would fail on every page of the portal."""
    found = node.texts(key, ())
    if found:
        from lxml.cssselect import CSSSelector, SelectorError  # few portals have any
    for selector in found:
        try:
            CSSSelector(selector)
        except SelectorError as error:
            raise node.error(f"{selector!r} is no CSS selector: {error}", key) from None
    return found


def _delay(node: Node) -> float | None:
    delay = node.decimal("delay") if "delay" in node else None
    if delay is not None and delay < 0:
        raise node.error("'delay' must not be negative", "delay")
    node.done()
    return delay


def _needed_address(node: Node) -> str:
    url = _address(node, "url")
    if url is None:
        raise node.error("'url' is missing")
    return url


def _address(node: Node, key: str) -> str | None:
    text = node.optional_text(key)
    if text is not None and absolute("http://invalid.invalid/", text) != text:
        raise node.error(f"{key!r} must be an http or https address", key)
    return text


def _host(node: Node, host: str, key: str = "hosts") -> str:
    if host_of(urlsplit(f"//{host.removeprefix('*.')}")) != host.removeprefix("*."):
        raise node.error(f"{host!r} is no host name such as www.x.gov.cn or *.x.gov.cn", key)
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
