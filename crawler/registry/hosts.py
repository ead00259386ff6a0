"""Which portal of the registry an address is of: `--home https://www.suqian.gov.cn/` is the portal suqian."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from crawler.registry.files import index, read
from crawler.registry.portal import Portal, portal_of
from parsers.template import config_directory


def portal_for(url: str, directory: Path | None = None) -> Portal:
    """The portal whose front page lies on the address's host, with all that the registry knows of it; one that is named
    after the host where none does, or several do."""
    host = _host(url)
    places = index(directory or config_directory() / "portals").values()
    named = (read(place) for place in places if host in place.text)
    found = [portal for portal in named if portal.home and _host(portal.home) == host]
    return found[0] if len(found) == 1 else portal_of(url)


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")
