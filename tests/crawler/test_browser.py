"""Lists that a script builds: read in a real browser, and without one a problem that says what to install."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.browser import find_chromium
from nianbao.sample.server import Answer
from tests.crawler.crawling import Crawls
from tests.crawler.pages import rows
from tests.crawler.site import Site, html, report

COLUMN = '<meta name="ColumnName" content="政府信息公开年报">'
SCRIPT = """
fetch("/rows.json").then(r => r.text()).then(t => { document.getElementById("list").innerHTML = t; });
fetch("/private/secret.json"); fetch("OTHER/secret.json"); new Image().src = "/picture.png";
"""


@pytest.fixture
def other() -> Iterator[Site]:
    with Site({"/secret.json": html("another portal")}) as site:
        yield site


@pytest.fixture
def site(other: Site) -> Iterator[Site]:
    page = html(
        f"<ul id='list'></ul><script>{SCRIPT.replace('OTHER/', other.url)}</script>"
        + "<ul><li><a href='/nb/plain.html'>洪泽区人民政府2020年度部门预算</a></li></ul>",
        head=COLUMN,
    )
    lines = rows(("/nb/2019.html", "洪泽区人民政府2019年政府信息公开工作年度报告", "2020-01-20"))
    routes = {
        "/robots.txt": Answer(200, b"User-agent: *\nDisallow: /private/\n", {}),
        "/": html('<a href="/nb/">政府信息公开年报</a>'),
        "/nb/": page,
        "/rows.json": html(lines),
        "/nb/2019.html": report(2019),
    }
    with Site(routes) as site:
        yield site


@pytest.mark.browser
@pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium: apt-get install chromium")
def test_a_list_built_by_script(crawls: Crawls, site: Site, other: Site) -> None:
    result = crawls.run(home=site.url)
    assert list(result.reports.values()) == ["new"]
    raw, rendered = sorted(crawls.db.captures.find({"url": f"{site.url}nb/"}), key=lambda one: one["rendered"])
    assert not raw["rendered"] and rendered["rendered"] and rendered["canonical_url"].endswith("#rendered")
    # The browser asks for what the page needs, of this portal, as robots.txt allows it.
    assert "/rows.json" in site.asked
    assert not {"/picture.png", "/private/secret.json"} & set(site.asked)
    assert other.asked == []
    agents = {request.headers["user-agent"] for request in site.requests}
    assert all(agent.startswith("nianbao/") for agent in agents)


def test_without_a_browser_the_rest_goes_on(crawls: Crawls, site: Site, tmp_path: Path) -> None:
    result = crawls.run({"NIANBAO_CHROMIUM": str(tmp_path / "none")}, home=site.url, urls=[f"{site.url}nb/2019.html"])
    (problem,) = result.problems
    assert problem["kind"] == "needs_browser" and "apt-get install chromium" in problem["message"]
    assert list(result.reports.values()) == ["new"]


def test_a_chromium_that_is_named_is_taken(tmp_path: Path) -> None:
    named = tmp_path / "chromium"
    assert find_chromium(named) is None
    named.touch()
    assert find_chromium(named) == named
