"""南方 CMS, the front of Guangdong's shared platform (portals.md 2.6): `/xxgknb/content/post_10385218.html`."""

from __future__ import annotations

import re

from crawler.pages.markup import Markup
from crawler.vendors.vendor import Vendor

ARTICLE = re.compile(r"(?<!gkmlpt)/content/post_\d+\.html(?:[?#]|$)")


class Nfcms(Vendor):
    """Reports often stand in a flat column of all bureaus, the organ named in the text alone."""

    name = "nfcms"

    def recognise(self, markup: Markup) -> str | None:
        found = any(ARTICLE.search(link.url) and "/gkmlpt/" not in link.url for link in markup.links)
        return "articles are /content/post_<id>.html" if found else None
