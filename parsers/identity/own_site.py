"""Where a page stands by its own word: the 网站标识码 that every government site has to carry (portals.md 1.1), or the name
of a government's site where it has none.

The first six digits of the code are the area's. It is asked only where nobody said which portal the page is of (`--home`,
`--url`, a file of somebody's disk): 城关镇 alone would be that of a hundred counties.
"""

from __future__ import annotations

import re

from parsers.documents.model import Document
from parsers.identity.units import Unit, load_units
from parsers.source import PortalContext

_CODE = re.compile(r"(?P<area>\d{6})\d{4}")
_SITE = re.compile(r"(?:公众信息网|门户网站|门户网|信息网|网站|政府网)$")
_GOVERNMENT = re.compile(r"(?:政府|行政公署|行署)$")


def context_of(document: Document, portal: PortalContext | None) -> PortalContext | None:
    """`portal` where it says whose it is, or where it lies; else the place that the page's own 网站标识码 names, if any."""
    if portal is not None and (portal.organ or portal.province or portal.region_code):
        return portal
    region = _by_code(document) or _by_name(document)
    if region is None:
        return portal
    return PortalContext(
        id=portal.id if portal else "",
        region_code=region.region_code,
        province=region.province,
        city=region.city,
        county=region.county,
    )


def _by_code(document: Document) -> Unit | None:
    code = _CODE.fullmatch(_meta(document, "siteidcode"))
    return load_units().by_id.get(code["area"]) if code else None


def _by_name(document: Document) -> Unit | None:
    """宿迁市人民政府门户网站 -> 宿迁市; 朝阳区人民政府 is of two cities, and 宿迁市教育局 says nothing of what 市 means elsewhere."""
    name = _SITE.sub("", "".join(_meta(document, "sitename").split()))
    unit = load_units().find(name) if _GOVERNMENT.search(name) else None
    return unit if unit is not None and unit.id == unit.region_code else None


def _meta(document: Document, asked: str) -> str:
    return next((value.strip() for name, value in document.meta if name.lower() == asked), "")
