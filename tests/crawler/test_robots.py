"""robots.txt as portals really answer it: error pages of status 200, redirects, circles, "not now", thirty megabytes."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from crawler.errors import explain
from crawler.manners.hosts import seconds
from crawler.middlewares.robots import LONGEST_RULES
from nianbao.sample.server import Answer
from tests.crawler.crawling import Crawls
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report, to

COLUMN = '<meta name="ColumnName" content="政府信息公开年报">'
LINE = ("/nb/r2019.html", "洪泽区人民政府2019年政府信息公开工作年度报告", "2020-01-20")
NOTHING = html("<h1>抱歉，您访问的页面不存在</h1>", head="<title>404</title>")
RULES = b"User-agent: *\nDisallow: /\n"
SILENT = {
    "an error page of status 200": NOTHING,
    "the front page": to("/"),
    "an error page of another host": to("http://error.example.gov.cn/404.html"),
    "a circle": to("/robots.txt"),
    "comments, and rules where nobody reads on": Answer(200, b"#" * LONGEST_RULES + b"\n" + RULES),
}
"""They say as little as a 404: the portal may be read."""
CLOSED = {
    "rules": Answer(200, RULES),
    "not now": html("slow down", 429),
    "another host's rules": to("http://new.example.gov.cn/robots.txt"),
}


def portal(robots: Answer) -> Site:
    pages = {"/": html('<a href="/nb/">政府信息公开年报</a>'), "/nb/": html(rows(LINE), head=COLUMN)}
    return Site({**pages, "/nb/r2019.html": report(2019), "/robots.txt": robots})


def test_what_is_no_set_of_rules_forbids_nothing(crawls: Crawls) -> None:
    with ExitStack() as stack:
        sites = {name: stack.enter_context(portal(robots)) for name, robots in {**SILENT, **CLOSED}.items()}
        told = crawls.run(home=[site.url for site in sites.values()])
        read = {name for name, site in sites.items() if "/nb/r2019.html" in site.asked}
        closed = {problem["where"]: problem["kind"] for problem in told.problems}
        assert read == set(SILENT)
        kinds = {name: "robots" if name == "rules" else "robots_unread" for name in CLOSED}
        assert closed == {f"{sites[name].place}/": kind for name, kind in kinds.items()}
        said = {one["portal"]: (one["refuses"], one["waits"]) for one in told.maps}
        assert {name: said[sites[name].place] for name in CLOSED} == {
            name: (name == "rules", name != "rules") for name in CLOSED
        }
        for name in CLOSED:
            assert set(sites[name].asked) == {"/robots.txt"}


@pytest.mark.parametrize(("value", "found"), [("120", 120.0), ("²", None), ("-5", None), ("1.5", None), ("", None)])
def test_what_a_retry_after_may_say(value: str, found: float | None) -> None:
    assert seconds(value) == found


def test_a_redirect_to_a_script_leads_outside() -> None:
    kind, told = explain(ValueError("Missing scheme in request url: javascript:alert(1)"))
    assert kind == "outside" and "javascript:alert(1)" in told
