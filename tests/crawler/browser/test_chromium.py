"""Lists that a script builds: read in a real browser, and without one a problem that says what to install."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.browser.chromium import find_chromium
from crawler.browser.contexts import Contexts
from nianbao.sample.server import Answer
from storage.base import Db
from tests.crawler.crawling import Crawls, Told
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report

COLUMN = '<meta name="ColumnName" content="政府信息公开年报">'
SCRIPT = """
fetch("/rows.json").then(r => r.text()).then(t => { document.getElementById("list").innerHTML = t; });
fetch("/private/secret.json"); fetch("OTHERsecret.json"); new Image().src = "/picture.png";
new WebSocket("OTHERsocket".replace("http", "ws")); navigator.sendBeacon("OTHERbeacon", "x");
const worker = `fetch("OTHERworker"); new WebSocket("OTHERworker".replace("http", "ws"))`;
const peer = new RTCPeerConnection({iceServers: [{urls: "stun:127.0.0.1:DATAGRAMS"}]});
peer.createDataChannel("x"); peer.createOffer().then(offer => peer.setLocalDescription(offer));
new Worker(URL.createObjectURL(new Blob([worker])));
for (const tag of ["script", "iframe"]) {
  const element = document.createElement(tag); element.src = "OTHERfrom-" + tag; document.body.append(element);
}
"""
PAGED = """
const rows = ROWS; let page = 1;
function go() {
  if (page * 2 >= rows.length) return;
  const list = document.getElementById("list");
  list.innerHTML = rows.slice(page * 2, page * 2 + 2).join(""); page += 1;
}
"""


def built_by_script(other: str, datagrams: int = 9) -> Site:
    """Not one link without the script; and a script that asks for more than it should, also past every proxy."""
    script = SCRIPT.replace("OTHER", other).replace("DATAGRAMS", str(datagrams))
    page = html(f"<ul id='list'></ul><script>{script}</script>", head=COLUMN)
    lines = rows(("/nb/2019.html", "洪泽区人民政府2019年政府信息公开工作年度报告", "2020-01-20"))
    return Site(
        {
            "/robots.txt": Answer(200, b"User-agent: *\nDisallow: /private/\n", {}),
            "/": html('<a href="/nb/">政府信息公开年报</a>'),
            "/nb/": page,
            "/rows.json": html(lines),
            "/nb/2019.html": report(2019),
        }
    )


def turned_by_script() -> Site:
    """平潭: two lines in the page, the others behind 下一页, and no address for them."""
    home = html("<a href='/nb/'>政府信息公开年报</a><a href='/bm/'>部门年报</a><a href='/xz/'>乡镇年报</a>")
    years = range(2009, 2015)
    details = {f"/nb/{year}.html": report(year) for year in years}
    return Site(
        {
            "/": home,
            "/nb/": _paged(years[::-1][:5], says=5),
            "/bm/": _paged(years[:4], says=9),
            "/xz/": _paged(years[:4]),
            **details,
        }
    )


def _paged(years: range, says: int = 0) -> Answer:
    lines = [
        f"<li><a href='/nb/{year}.html'>洪泽区人民政府{year}年政府信息公开工作年度报告</a><span>{year + 1}-01-20</span></li>"
        for year in years
    ]
    script = f"<script>{PAGED.replace('ROWS', json.dumps(lines))}</script>"
    link = "<a href='javascript:;' onclick='go()'>下一页</a>"
    paging = f"<p>共 {says} 条 {link}</p>" if says else f'<script>document.write("{link}")</script>'
    return html(f"<ul id='list'>{''.join(lines[:2])}</ul>{paging}{script}", head=COLUMN)


TABS = """
const gk = new URLSearchParams(location.search).get("gk"); let page = 0;
async function go() {
  page += 1;
  const asked = {method: "POST", body: JSON.stringify({channelList: [gk], pageNo: page, pageSize: 3})};
  const answer = await (await fetch("/zwgk-search-front/api/data/affair", asked)).json();
  const line = one => `<li><a href="${one.url}">${one.title}</a><span>${one.display_date}</span></li>`;
  if (answer.data.list.length) document.getElementById("list").innerHTML = answer.data.list.map(line).join("");
}
go();
document.write("<a href='javascript:;' onclick='go()'>下一页</a>");
"""
IN_TABS = (2015, 2016, 2017, 2018, 2020)


def tabs() -> Site:
    """内蒙古, 湖南: one page whose tabs are told by `?gk=4`; 浦东: its lines come by POST, and a script writes the pager."""
    lines = [
        {
            "url": f"/nb/{year}.html",
            "title": f"洪泽区人民政府{year}年政府信息公开工作年度报告",
            "display_date": f"{year + 1}-01-20",
        }
        for year in IN_TABS
    ]
    home = html(
        "<a href='/zwgk/index.html?gk=1'>政府信息公开指南</a><a href='/zwgk/index.html?gk=4'>政府信息公开年报</a>"
    )
    site = Site({"/": home, "/zwgk/index.html": html(f"<ul id='list'></ul><script>{TABS}</script>")})
    site.routes |= {f"/nb/{year}.html": report(year) for year in IN_TABS}

    def affair(sent: str) -> Answer:
        asked = json.loads(sent)
        first = (asked["pageNo"] - 1) * asked["pageSize"]
        held = lines[first : first + asked["pageSize"]] if asked["channelList"] == ["4"] else []
        return Answer(200, json.dumps({"data": {"list": held}}).encode(), {"Content-Type": "application/json"})

    site.posts["/zwgk-search-front/api/data/affair"] = affair
    return site


def leaving(other: str) -> Site:
    """A page whose script clicks on a link to another portal, before it has built its list."""
    script = f"<script>const a = document.createElement('a'); a.href = '{other}secret.json'; a.click();</script>"
    home = html("<a href='/away/'>政府信息公开年报</a>")
    return Site({"/": home, "/away/": html(f"<div id='app'></div>{script}", head=COLUMN)})


@dataclass(frozen=True)
class Browsed:
    """The portals after one crawl."""

    built: Site
    turned: Site
    tabs: Site
    other: Site
    datagrams: bytes
    """What came to a port of this machine that is not the portal's."""
    told: Told
    db: Db


@pytest.fixture(scope="module")
def browsed(module_crawls: Crawls) -> Iterator[Browsed]:
    with ExitStack() as stack:
        other = stack.enter_context(Site({"/secret.json": html("another portal")}))
        port = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        port.bind(("127.0.0.1", 0))
        port.setblocking(False)
        built = stack.enter_context(built_by_script(other.url, port.getsockname()[1]))
        turned = stack.enter_context(turned_by_script())
        spa = stack.enter_context(tabs())
        away = stack.enter_context(leaving(other.url))
        told = module_crawls.run(home=[built.url, turned.url, spa.url, away.url])
        datagrams = b""
        with suppress(BlockingIOError):
            datagrams = port.recv(2000)
        yield Browsed(built, turned, spa, other, datagrams, told, module_crawls.db)


needs_browser = pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium: apt-get install chromium")


@pytest.mark.browser
@needs_browser
def test_a_list_built_by_script(browsed: Browsed) -> None:
    assert "320813/2019/own" in browsed.told.reports
    captures = browsed.db.captures.find({"url": f"{browsed.built.url}nb/"})
    raw, rendered = sorted(captures, key=lambda one: str(one["canonical_url"]))
    assert not raw["rendered"] and rendered["rendered"] and rendered["canonical_url"].endswith("#rendered")


@pytest.mark.browser
@needs_browser
def test_the_browser_is_as_polite_as_we_are(browsed: Browsed) -> None:
    """It asks for what the page needs, of this portal, as robots.txt allows it."""
    assert "/rows.json" in browsed.built.asked
    assert not {"/picture.png", "/private/secret.json"} & set(browsed.built.asked)
    assert browsed.other.asked == [] and browsed.datagrams == b""
    agents = {request.headers["user-agent"] for request in browsed.built.requests}
    assert all(agent.startswith("nianbao/") for agent in agents)


@pytest.mark.browser
@needs_browser
def test_pages_that_only_a_click_turns(browsed: Browsed) -> None:
    assert {f"320813/{year}/own" for year in range(2009, 2015)} <= set(browsed.told.reports)
    captures = browsed.db.captures.find({"url": f"{browsed.turned.url}nb/", "rendered": True})
    shown = {capture["canonical_url"].partition("#")[2] for capture in captures}
    assert shown == {"rendered", "rendered-2", "rendered-3"}


@pytest.mark.browser
@needs_browser
def test_a_tab_whose_lines_come_by_post(browsed: Browsed) -> None:
    """The tab 政府信息公开年报 alone is shown, and paged by the link that its script wrote."""
    assert {f"320813/{year}/own" for year in IN_TABS} <= set(browsed.told.reports)
    columns = [path for path in browsed.tabs.asked if path.startswith("/zwgk/index.html")]
    assert set(columns) == {"/zwgk/index.html?gk=4"}


@pytest.mark.browser
@needs_browser
def test_a_pager_that_only_a_script_knows_is_turned_in_the_browser(browsed: Browsed) -> None:
    """Nothing in the page says that there is more: no link, no number, no known call."""
    captures = browsed.db.captures.find({"url": f"{browsed.turned.url}xz/", "rendered": True})
    assert {capture["canonical_url"].partition("#")[2] for capture in captures} == {"rendered", "rendered-2"}


@pytest.mark.browser
@needs_browser
def test_part_of_a_list_does_not_pass_for_all_of_it(browsed: Browsed) -> None:
    assert browsed.told.kinds() == {"bm/": "list_incomplete", "away/": "outside"}


def test_a_chromium_that_is_named_is_taken(tmp_path: Path) -> None:
    named = tmp_path / "chromium"
    assert find_chromium(named) is None
    named.touch()
    assert find_chromium(named) == named


class Handler:
    """What `Contexts` asks of scrapy-playwright's handler."""

    def __init__(self) -> None:
        self.context_wrappers: dict[str, Handler] = {}
        self.closed: list[str] = []
        self.context = self
        self.name = ""

    def open(self, name: str) -> None:
        held = self.context_wrappers.setdefault(name, Handler())
        held.name, held.closed = name, self.closed

    async def close(self) -> None:
        self.closed.append(self.name)


def test_a_context_that_is_used_up_is_closed_with_its_last_page() -> None:
    contexts, handler = Contexts(pages=2), Handler()

    def take() -> str:
        name = str(contexts.take()["playwright_context"])
        handler.open(name)
        return name

    async def show() -> list[list[str]]:
        seen = []
        first, second = take(), take()
        await contexts.give_back(second, handler)
        seen.append(list(handler.closed))  # the first page is still under way
        third = take()
        await contexts.give_back(first, handler)
        seen.append(list(handler.closed))
        await contexts.give_back(third, handler)
        seen.append(list(handler.closed))  # it has a page left
        return seen

    assert asyncio.run(show()) == [[], ["pages-0"], ["pages-0"]]


@pytest.mark.browser
@needs_browser
def test_memory_stays_flat_over_rendered_pages_and_contexts_are_recycled(tmp_path: Path) -> None:
    """Thirty pages in four contexts; `python -m benchmarks.browser` shows two thousand."""
    program = (
        "from crawler.browser import contexts; contexts.PAGES = 8\n"
        "from benchmarks.browser import run\n"
        "memory, contexts = run(30)\n"
        "print(contexts, max(one[1] for one in memory[:15]), max(one[1] for one in memory[15:]), sep='\\n')\n"
    )
    environment = {**os.environ, "NIANBAO_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    contexts, first, second = map(float, done.stdout.splitlines()[-3:])
    assert contexts == 4
    assert second < 1.3 * first
