"""The “Openness” family (宣城, 亳州, 池州, 呼伦贝尔; portals.md 2.9): the number of a list's page is part of its path."""

from __future__ import annotations

import re

from crawler.finding.paging import declared
from crawler.pages.markup import Markup
from crawler.vendors.vendor import Vendor

ADDRESS = re.compile(
    r"/(?:(?:Branch)?Openness|Xxgk)Content/show(?:List)?/|/XxgkAnnualReport/show/|/Xxgknb/show/"
    r"|/opennessContent/\?(?:[^#]*&)?branch_id=",  # 和县
    re.I,
)
PAGE = re.compile(r"/page_(\d+)\.html$")


class Openness(Vendor):
    """`/OpennessContent/showList/<organ>/<category>/page_1.html` and `/XxgkAnnualReport/show/<id>.html`."""

    name = "openness"

    def recognise(self, markup: Markup) -> str | None:
        found = next((hit for link in markup.links if (hit := ADDRESS.search(link.url))), None)
        return f"addresses hold {found[0]}" if found else None

    def next_page(self, markup: Markup) -> str | None:
        found = super().next_page(markup)
        here = PAGE.search(markup.url)
        if found or here is None:
            return found
        number = int(here[1])
        # Only as far as the list says that it goes: behind its end some of them show the last page again and again.
        return PAGE.sub(f"/page_{number + 1}.html", markup.url) if number < (declared(markup).pages or 0) else None
