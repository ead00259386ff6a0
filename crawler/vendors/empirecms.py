"""帝国 EmpireCMS (柘城; portals.md 2.11): `/slug/2018-07-12/7477.html`, `index_2.html` is the second page."""

from __future__ import annotations

import re

from crawler.pages.markup import Markup
from crawler.vendors.vendor import Vendor

MARKS = re.compile(r"title=[\"']Total record[\"']|/e/(?:public|data|class)/|EmpireCMS", re.I)
ARTICLE = re.compile(r"/20\d\d-\d\d-\d\d/\d+\.html$")


class EmpireCms(Vendor):
    """Its pager is a row of links; Total record counts the lines."""

    name = "empirecms"

    def recognise(self, markup: Markup) -> str | None:
        found = MARKS.search(markup.text)
        if found:
            return f"the page says {found[0]}"
        return (
            "articles are /<slug>/<date>/<id>.html" if any(ARTICLE.search(link.url) for link in markup.links) else None
        )
