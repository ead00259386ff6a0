"""SiteServer CMS (百容千域; portals.md 2.10): `/channels/12693.html`, `/channels/12693_2.html`, `/contents/12693/400181.html`."""

from __future__ import annotations

import re

from crawler.finding.paging import declared
from crawler.pages.markup import Markup
from crawler.vendors.vendor import Vendor

MARKS = re.compile(r"/SiteFiles/(?:bairong|assets)|stlDynamic_|/api/stl/actions/|stltree_")
ADDRESS = re.compile(r"/(?:channels/\d+(?:_\d+)?|contents/\d+/\d+)\.html$")
CHANNEL = re.compile(r"/channels/(\d+)(?:_(\d+))?\.html$")


class SiteServer(Vendor):
    """Pages are counted from 1, and the first has no number."""

    name = "siteserver"

    def recognise(self, markup: Markup) -> str | None:
        found = MARKS.search(markup.text)
        if found:
            return f"the page says {found[0]}"
        found = next((hit for link in markup.links if (hit := ADDRESS.search(link.url))), None)
        return "addresses are /channels/<id>.html and /contents/<channel>/<id>.html" if found else None

    def next_page(self, markup: Markup) -> str | None:
        found = super().next_page(markup)
        here = CHANNEL.search(markup.url)
        if found or here is None:
            return found
        number = int(here[2] or 1)
        if number >= (declared(markup).pages or 0):
            return None
        return CHANNEL.sub(f"/channels/{here[1]}_{number + 1}.html", markup.url)
