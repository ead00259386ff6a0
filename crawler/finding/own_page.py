"""Whether a front page says that it is another site's: hijacked domains republish whole portals (portals.md 1.1 and 1.4).

Every government site has to name its domain and its 网站标识码, ten digits that begin with the area code. A page that
names others is a copy, or the portal has moved: it is told, and a person looks.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.pages.markup import Markup
from crawler.registry import Portal
from crawler.urls import host_of, is_private

DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+")
CODE = re.compile(r"(?P<area>\d{6})\d{4}")
PLACES = ("province", "city", "county", "township")
"""Levels of which the area code is the portal's own: a central body's 网站标识码 begins with letters or bm."""
SAME = 4
"""Digits that must agree: a county that became a district has another code, but the province's and the city's part stay."""


def stranger(markup: Markup, portal: Portal) -> str | None:
    """Why this front page seems to be another site's, in a sentence; None where nothing says so.

    Tags that were left as a placeholder say nothing.
    """
    host = host_of(urlsplit(markup.url))
    named = DOMAIN.search(markup.meta.get("sitedomain", "").lower())
    if named is not None and not _is_address(host) and not _is_below(host, named[0].removeprefix("www.")):
        return f"it says that it is {named[0]} (SiteDomain): a copy of that site, or the portal has moved"
    code = CODE.fullmatch(markup.meta.get("siteidcode", "").strip())
    own = portal.region_code
    if code is not None and own is not None and portal.level in PLACES and code["area"][:SAME] != own[:SAME]:
        return f"its 网站标识码 begins with {code['area']}, the portal's area code is {own}: a copy of another site"
    return None


def _is_address(host: str) -> bool:
    """An IP address has no name that a tag could repeat; some genuine portals have no other (portals.md 3.9)."""
    return is_private(host) or ":" in host or host.replace(".", "").isdigit()


def _is_below(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
