"""TRS WCM (拓尔思): static files, lists of which the length stands in a script call (portals.md 2.1)."""

from __future__ import annotations

import re

from crawler.pages.markup import Markup
from crawler.vendors.vendor import Vendor

ARTICLE = re.compile(r"/t(?:\d{8}_)?\d{5,}\.s?html?(?:[?#]|$)")
MARKS = re.compile(r"TRS_(?:UE)?Editor|trs_(?:editor_view|paper_default)|createPageHTML\s*\(|\bPager\s*\(\s*\{")


class Trs(Vendor):
    """Dates in its addresses are those of publishing or of a migration, never the report's year."""

    name = "trs"

    def recognise(self, markup: Markup) -> str | None:
        if any(ARTICLE.search(link.url) for link in markup.links):
            return "articles are t<date>_<id>.html"
        found = MARKS.search(markup.text)
        # ucap pages on the same call, with the name of an element in front
        return f"the page says {found[0].rstrip('({ ')}" if found and "page_div" not in markup.text else None
