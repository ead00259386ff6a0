"""A front page that says it is another site's is told of; what was left as a placeholder says nothing."""

from __future__ import annotations

import pytest

from crawler.finding.own_page import stranger
from crawler.pages.markup import Markup
from crawler.registry import Portal

PORTAL = Portal(id="x", organ="某县人民政府", level="county", region_code="410426")


def front(url: str, **tags: str) -> Markup:
    metas = "".join(f'<meta name="{name}" content="{content}">' for name, content in tags.items())
    return Markup(f"<html><head>{metas}</head><body></body></html>", url)


@pytest.mark.parametrize(
    ("url", "tags"),
    [
        ("http://www.x.gov.cn/", {}),
        ("http://www.x.gov.cn/", {"SiteDomain": "www.x.gov.cn", "SiteIDCode": "4104260001"}),
        ("http://xxgk.x.gov.cn/", {"SiteDomain": "http://www.x.gov.cn/"}),
        ("http://www.x.gov.cn/", {"SiteDomain": "x.gov.cn"}),
        ("http://www.x.gov.cn/", {"SiteDomain": "网站域名", "SiteIDCode": "政府网站标识码"}),
        ("http://www.x.gov.cn/", {"SiteIDCode": "4104000031"}),  # the city's, on its county's portal
        ("http://110.166.81.53/", {"SiteDomain": "www.x.gov.cn"}),
        ("http://127.0.0.1:8931/", {"SiteDomain": "www.x.gov.cn"}),
    ],
)
def test_its_own(url: str, tags: dict[str, str]) -> None:
    assert stranger(front(url, **tags), PORTAL) is None


def test_anothers_domain() -> None:
    told = stranger(front("http://www.x.gov.cn/", SiteDomain="www.wx.gov.cn"), PORTAL)
    assert told is not None and told.startswith("it says that it is www.wx.gov.cn (SiteDomain)")


def test_anothers_code() -> None:
    told = stranger(front("http://www.x.gov.cn/", site_id_code="2202000006"), PORTAL)
    assert told == "its 网站标识码 begins with 220200, the portal's area code is 410426: a copy of another site"
    national = Portal(id="y", organ="某部", level="national", region_code="000000")
    assert stranger(front("http://www.y.gov.cn/", SiteIDCode="2202000006"), national) is None
    assert stranger(front("http://www.y.gov.cn/", SiteIDCode="2202000006"), Portal(id="z", level="county")) is None
