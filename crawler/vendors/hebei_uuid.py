"""河北's shared platform (portals.md 2.11); the date in an address is the day of import: `/columns/<uuid>/<month>/<day>/<uuid>.html`."""

from __future__ import annotations

import re

from crawler.pages.markup import Markup
from crawler.vendors.vendor import Vendor

ADDRESS = re.compile(r"/columns/[0-9a-f]{8}-[0-9a-f-]{27}/")


class HebeiUuid(Vendor):
    """Lists are plain pages."""

    name = "hebei_uuid"

    def recognise(self, markup: Markup) -> str | None:
        found = any(ADDRESS.search(link.url) for link in markup.links)
        return "addresses are /columns/<uuid>/<month>/<day>/<uuid>.html" if found else None
