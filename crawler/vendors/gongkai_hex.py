"""山东's “gongkai” (淄博, 济南, 聊城; portals.md 2.0): `/gongkai/site_x/channel_<24 hex>/doc_<24 hex>.html`."""

from __future__ import annotations

import re

from crawler.pages.markup import Markup
from crawler.vendors.vendor import Vendor

ADDRESS = re.compile(r"/gongkai/site_\w+/channel_[0-9a-f]{24}/")


class GongkaiHex(Vendor):
    """Lists are plain pages."""

    name = "gongkai_hex"

    def recognise(self, markup: Markup) -> str | None:
        found = any(ADDRESS.search(link.url) for link in markup.links)
        return "addresses are /gongkai/site_x/channel_<24 hex>/doc_<24 hex>.html" if found else None
