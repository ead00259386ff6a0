"""Where a page stands by its own word: the 网站标识码 that every government site has to carry (portals.md 1.1).

Its first six digits are the area code. It is asked only where nobody said which portal the page is of (`--home`, `--url`,
a file of somebody's disk): 城关镇 alone would be that of a hundred counties.
"""

from __future__ import annotations

import re

from parsers.documents.model import Document
from parsers.source import PortalContext
from parsers.units import load_units

_CODE = re.compile(r"(?P<area>\d{6})\d{4}")


def context_of(document: Document, portal: PortalContext | None) -> PortalContext | None:
    """`portal` where it says whose it is, or where it lies; else the place that the page's own 网站标识码 names, if any."""
    if portal is not None and (portal.organ or portal.province or portal.region_code):
        return portal
    written = next((value.strip() for name, value in document.meta if name.lower() == "siteidcode"), "")
    code = _CODE.fullmatch(written)
    region = load_units().by_id.get(code["area"]) if code else None
    if region is None:
        return portal
    return PortalContext(
        id=portal.id if portal else "",
        region_code=region.region_code,
        province=region.province,
        city=region.city,
        county=region.county,
    )
