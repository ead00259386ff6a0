"""西安博达 VisualSiteBuilder: page 2 of 11 is `zbgg/10.htm`, so that a page's number changes with every new line.

Only the link 下页 of each page says which is the next (portals.md 2.4); `crawler.finding.paging` believes links first.
"""

from __future__ import annotations

import re

from crawler.pages.markup import Markup
from crawler.vendors.vendor import Vendor

MARKS = re.compile(r"Visual ?SiteBuilder|_sitegray|/system/resource/|vsb_content|_showDynClickBatch|p_next p_fun")
ARTICLE = re.compile(r"/info/(?:\d{4,5}|egovinfo)/[\w/-]*\.htm$")


class Vsb(Vendor):
    """`slug.htm`, then `slug/N.htm` downwards; a column of one page is the report itself."""

    name = "vsb"

    def recognise(self, markup: Markup) -> str | None:
        found = MARKS.search(markup.text)
        if found:
            return f"the page says {found[0]}"
        return (
            "articles are /info/<column>/<id>.htm" if any(ARTICLE.search(link.url) for link in markup.links) else None
        )

    def next_page(self, markup: Markup) -> str | None:
        # The arithmetic of other systems would count upwards here.
        found = super().next_page(markup)
        return None if found and re.search(r"_\d+\.htm$", found) else found
