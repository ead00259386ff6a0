"""Two traps of portals.md section 5 at once, each pair a portal of its own; one process crawls them all, two times.

Between the two crawls some portals change: what was read once is never lost by what they answer then.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count

import pytest

from nianbao.sample.server import Answer
from storage.base import Db
from tests.crawler.crawling import Crawls, Told
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report, to, with_validators

COLUMN = '<meta name="ColumnName" content="政府信息公开年报">'
HOME = html('<a href="/nb/">政府信息公开年报</a>')
GONE = "<p>您访问的页面不存在，<a href='/'>返回首页</a></p>"
COUNTED = "<script>var countPage = 3;</script>"
JSON = {"Content-Type": "application/json"}
YEARS = range(2019, 2024)


def line(year: int) -> tuple[str, str, str]:
    return (f"/nb/{year}.html", f"洪泽区人民政府{year}年政府信息公开工作年度报告", f"{year + 1}-01-20")


def column(*years: int, more: str = "") -> Answer:
    return with_validators(html(rows(*map(line, years)) + more, head=COLUMN))


def reports(*years: int) -> dict[str, Answer]:
    return {f"/nb/{year}.html": with_validators(report(year)) for year in years}


def in_gb(answer: Answer) -> Answer:
    """The same in GB18030, declared as gb2312."""
    page = answer.body.decode().replace("<head>", '<head><meta charset="gb2312">', 1)
    return Answer(answer.status, page.encode("gb18030"), {"Content-Type": "text/html"})


def for_telephones(answer: Answer, target: str) -> Answer:
    """The same, which sends telephones elsewhere."""
    script = f"<head><script>if(/Android|iPhone/i.test(navigator.userAgent)){{location.href='{target}';}}</script>"
    return Answer(answer.status, answer.body.replace(b"<head>", script.encode(), 1), answer.headers)


VISITORS = count(1)
MENU = "".join(
    f'<a href="/menu/{name}.html">{name}</a>' for name in ("政务公开", "办事服务", "互动交流", "走进洪泽") * 9
)


def with_a_clock(target: str) -> Answer:
    """A front page that is another one at every look."""
    number = next(VISITORS)
    told = f"<p>您是第{number}位访客，现在是 10:00:{number:02}</p>"
    return html(f'<a href="/nb/">政府信息公开年报</a>{MENU}{told}')


def framed(*urls: str) -> Answer:
    frames = "".join(f"<frame src='{url}'>" for url in urls)
    return Answer(
        200, f"<html><frameset cols='20%,80%'>{frames}</frameset></html>".encode(), {"Content-Type": "text/html"}
    )


def table(*years: int) -> str:
    rows = (
        f"<tr><td>{title}</td><td>{day}</td><td><a href='{url}'>查看</a></td></tr>"
        for url, title, day in map(line, years)
    )
    return f"<table>{''.join(rows)}</table>"


def jump(target: str) -> Answer:
    return html(f"<script>window.location.href='{target}'</script>")


def wants_cookie(target: str, headers: Mapping[str, str]) -> Answer | None:
    """Whoever comes without the cookie is sent to where he wanted to go, with one."""
    if target == "/robots.txt" or "seen=1" in headers.get("cookie", ""):
        return None
    return Answer(302, b"", {"Location": target, "Set-Cookie": "seen=1; path=/"})


def interface(target: str) -> Answer:
    """开普云's: two lines a page, seven in all, and an error in the place of the third page."""
    number = int(target.rpartition("page=")[2].partition("&")[0])
    if number > 2:
        return html("error", 500)
    lines = map(line, range(2003 + 2 * number, 2005 + 2 * number))
    found = [{"title": title, "url": url, "publishedTimeStr": day} for url, title, day in lines]
    return Answer(200, json.dumps({"data": {"total": 7, "rows": 2, "results": found}}).encode(), JSON)


def portals() -> dict[str, Site]:
    found = {
        # An error page of status 200 that is not in UTF-8.
        "gone in GBK": Site({"/": HOME, "/nb/": column(2019, 2020), **reports(2019), "/nb/2020.html": in_gb(html(GONE))}),
        # Compressed although nobody asked for it, and in a charset that is declared wrongly.
        "packed GBK": Site(
            {"/": HOME, "/nb/": column(2019),
             "/nb/2019.html": Answer(200, gzip.compress(in_gb(report(2019)).body), {"Content-Type": "text/html"})}
        ),
        # A cookie first, then a script that jumps, then a list whose articles want to be asked by a jump as well.
        "cookie and jumps": Site(
            {"/": jump("/portal/"), "/portal/": HOME, "/nb/": column(*YEARS), **reports(*YEARS),
             "/nb/2020.html": jump("/art/2020.html"), "/art/2020.html": with_validators(report(2020))}
        ),
        # A dead article jumps to the front page.
        "jumps home": Site({"/": HOME, "/nb/": column(2019, 2020), **reports(2019), "/nb/2020.html": jump("/index.html")}),
        # The portal begins elsewhere, and a dead article is sent to where it begins; the front page for another one.
        "sent home": Site(
            {"/": jump("/portal/"), "/portal/": HOME, "/nb/": column(2019, 2020, 2021), **reports(2019),
             "/nb/2020.html": to("/"), "/nb/2021.html": HOME}
        ),
        # The same of a front page with a clock; a page that says nothing of a report, and not that it is none.
        "clock and busy": Site(
            {"/": with_a_clock, "/nb/": column(2019, 2020, 2021), **reports(2019), "/nb/2020.html": with_a_clock,
             "/nb/2021.html": html(f"{MENU}<p>{'系统升级，给您带来不便敬请谅解。' * 9}</p>")}
        ),
        # Given as the front page: a list, whose second page differs from it in numbers alone.
        "front is a list": Site(
            {"/": column(2020, 2021, more='<a href="/2.html">下一页</a>'), "/2.html": column(2019), **reports(2019, 2020, 2021)}
        ),
        # Reports that send telephones elsewhere: to where nobody of ours may go, to a page that is gone.
        "for telephones": Site(
            {"/": HOME, "/nb/": column(2019, 2020),
             "/nb/2019.html": for_telephones(report(2019), "http://m.elsewhere.example/"),
             "/nb/2020.html": for_telephones(report(2020), "/m/2020.html")}
        ),
        # A frame set as in 2005, a menu whose base is a folder, rows of a table whose link is called 查看, pages by number.
        "frame set and rows": Site(
            {"/": framed("/menu.html", "/main.html"), "/main.html": html("welcome"),
             "/menu.html": html('<a target="main" href="nb/">政府信息公开年报</a>', head='<base href="/old/">'),
             "/old/nb/": html(table(2019, 2020) + '<b>1</b> <a href="\\old\\nb\\2.html">2</a>', head=COLUMN),
             "/old/nb/2.html": html(table(2021), head=COLUMN), **reports(2019, 2020, 2021)}
        ),
        # The list is in a frame, and the frame's page jumps to it.
        "frame and jump": Site(
            {"/": HOME, "/nb/": html('<iframe src="/nb/in.html"></iframe>'), "/nb/in.html": jump("/nb/list.html"),
             "/nb/list.html": column(2019), **reports(2019)}
        ),
        # The site has moved, which only who brings its cookie is told.
        "moved": Site({"/": jump("http://www.elsewhere.example/")}),
        # The list's second page: an error of the server, and an error page of status 200 where more lines are declared.
        "half a list": Site(
            {"/": HOME, "/nb/": column(2019, 2020, more='<a href="/nb/2.html">下一页</a>'), **reports(2019, 2020),
             "/nb/2.html": html("error", 500)}
        ),
        "half a list says 200": Site(
            {"/": HOME, "/nb/": column(2019, 2020, more='<script>createPageHTML(3, 0, "index", "html");</script>'),
             "/nb/index_1.html": html(GONE), **reports(2019, 2020)}
        ),
        # The third page of what a script asks for.
        "half an interface": Site(
            {"/": HOME, "/nb/": html("<script>load('/common/search/c1241?_isJson=true')</script>", head=COLUMN),
             "/common/search/c1241": interface, **reports(*range(2005, 2009))}
        ),
        "one too many": Site(
            {"/": HOME, "/nb/": column(2019, more='<script>createPageHTML(2, 0, "index", "html");</script>'),
             **reports(2019)}
        ),
        # A picture to enter by, a painted menu, cells that wait for a click, and >> for the next page.
        "splash and painted": Site(
            {"/": html("<a href='/en/'>English</a><a href='/in/'><img src='in.gif' alt='进入网站'></a>"),
             "/in/": html("<map name='m'><area href='/bs/' alt='在线办事'><area href='/zw/' alt='政务公开'></map>"),
             "/zw/": html("<p onclick=\"location.href='/zn/'\">指南</p><p onclick=\"location.href='/nb/'\">信息公开年报</p>"),
             "/nb/": column(2019, 2020, more="<a href='/nb/p2.html'>&gt;&gt;</a>"),
             "/nb/p2.html": column(2021, more="<a href='/nb/'>&lt;&lt;</a>"), **reports(2019, 2020, 2021)}
        ),
        # The menu is in a frame, and the news that it leads to have a report that no column has.
        "menu in a frame": Site(
            {"/": html("<iframe src='/top.html'></iframe><p>要闻</p>"), "/nb/": column(2019),
             "/top.html": html("<a href='/nb/'>政府信息公开年报</a><a href='/xw/'>新闻中心</a>"),
             "/xw/": html(rows(line(2022), ("/xw/1.html", "市长会见客商", "2023-02-01"))), **reports(2019, 2022)}
        ),
        # 信息公开 has a column of the government's, and a frame with the organs.
        "organs in a frame": Site(
            {"/": html("<a href='/gk/'>信息公开</a>"), "/nb/": column(2019),
             "/gk/": html("<a href='/nb/'>信息公开年报</a><iframe src='/tree.html'></iframe><iframe src='/gone.html'></iframe>"),
             "/tree.html": html("<a href='/u/1/'>白马镇</a><a href='/u/2/'>县民政局</a>"),
             "/u/1/": html("<a href='/u/1/nb/'>信息公开年度报告</a>"), "/u/2/": html("<a href='/u/2/nb/'>信息公开年报</a>"),
             "/u/1/nb/": column(2022), "/u/2/nb/": column(2023), **reports(2019, 2022, 2023)}
        ),
        # The script says how many pages there are, and nothing says that the second one is index_2 and not index_1.
        "numbered from two": Site(
            {"/": HOME, "/nb/": column(2019, 2020, more=COUNTED), "/nb/index_2.html": column(2021, more=COUNTED),
             "/nb/index_3.html": column(2022, more=COUNTED), **reports(2019, 2020, 2021, 2022)}
        ),
        "shells": Site({"/": HOME, "/nb/": column(*YEARS), **reports(*YEARS)}),
    }  # fmt: skip
    for name in ("cookie and jumps", "moved"):
        found[name].gate = wants_cookie
    return found


def change(sites: Mapping[str, Site]) -> None:
    """What was a report is an empty page, an error page of status 200, sent home, a script's shell."""
    shells = sites["shells"].routes
    shells["/nb/2019.html"] = Answer(200, b"", {"Content-Type": "text/html"})
    shells["/nb/2020.html"] = html(GONE)
    shells["/nb/2021.html"] = to("/")
    shells["/nb/2022.html"] = html("<div id='app'></div><script src='/app.js'></script>")


@dataclass(frozen=True)
class Met:
    sites: dict[str, Site]
    asked: dict[str, list[tuple[str, int]]]
    """Path and status, of the second crawl."""
    first: Told
    second: Told
    db: Db

    def read(self, name: str) -> set[str]:
        """The pages that were read as reports."""
        found = self.db.captures.find({"portal": self.sites[name].place, "kind": "report"})
        return {"/" + one["url"].removeprefix(self.sites[name].url) for one in found}

    def kinds(self, name: str, told: Told | None = None) -> dict[str, str]:
        place = self.sites[name].place
        found = (one for one in (told or self.first).problems if one["where"].startswith(place + "/"))
        return {one["where"].removeprefix(place): one["kind"] for one in found}


@pytest.fixture(scope="module")
def met(module_crawls: Crawls) -> Iterator[Met]:
    with ExitStack() as stack:
        sites = {name: stack.enter_context(site) for name, site in portals().items()}
        first = module_crawls.run(home=[site.url for site in sites.values()])
        change(sites)
        for site in sites.values():
            site.requests.clear()
        second = module_crawls.run(home=[sites[name].url for name in ("shells", "cookie and jumps")])
        asked = {name: [(one.path, one.status) for one in site.requests] for name, site in sites.items()}
        yield Met(sites, asked, first, second, module_crawls.db)


def all_of(*years: int) -> set[str]:
    return {f"/nb/{year}.html" for year in years}


def test_an_error_page_in_another_charset_is_one(met: Met) -> None:
    assert met.kinds("gone in GBK") == {"/nb/2020.html": "not_found"}


def test_what_is_packed_and_declared_wrongly_is_read(met: Met) -> None:
    assert met.read("packed GBK") == all_of(2019) and met.kinds("packed GBK") == {}


def test_a_cookie_and_jumps_before_everything(met: Met) -> None:
    """In the second crawl as well: with a cookie of its own, and only asked whether it changed."""
    assert met.read("cookie and jumps") == all_of(2019, 2021, 2022, 2023) | {"/art/2020.html"}
    assert met.kinds("cookie and jumps") == {} == met.kinds("cookie and jumps", met.second)
    again = dict(met.asked["cookie and jumps"])
    assert {again[path] for path in met.read("cookie and jumps")} == {304}
    assert len(met.asked["cookie and jumps"]) == len(YEARS) + 6, "robots.txt, / twice, its target, the list, one jump"


def test_an_article_that_jumps_to_the_front_page_is_gone(met: Met) -> None:
    assert met.kinds("jumps home") == {"/nb/2020.html": "not_found"} and met.read("jumps home") == all_of(2019)


def test_an_article_in_whose_place_the_front_page_comes_is_gone(met: Met) -> None:
    assert met.kinds("sent home") == dict.fromkeys(("/nb/2020.html", "/nb/2021.html"), "not_found")
    assert met.read("sent home") == all_of(2019)


def test_a_front_page_with_a_clock_is_one_and_what_says_nothing_of_a_report_is_none(met: Met) -> None:
    assert met.kinds("clock and busy") == {"/nb/2020.html": "not_found", "/nb/2021.html": "not_a_report"}
    assert met.read("clock and busy") == all_of(2019)


def test_a_list_that_was_given_as_the_front_page_is_read_to_its_end(met: Met) -> None:
    assert met.kinds("front is a list") == {} and met.read("front is a list") == all_of(2019, 2020, 2021)


def test_a_portal_of_twenty_years_ago(met: Met) -> None:
    assert met.kinds("frame set and rows") == {} and met.read("frame set and rows") == all_of(2019, 2020, 2021)


def test_what_is_meant_for_telephones_is_not_followed(met: Met) -> None:
    assert met.kinds("for telephones") == {} and met.read("for telephones") == all_of(2019, 2020)


def test_a_list_behind_a_jump_in_a_frame(met: Met) -> None:
    assert met.read("frame and jump") == all_of(2019) and met.kinds("frame and jump") == {}


def test_a_site_that_has_moved_behind_a_cookie(met: Met) -> None:
    assert met.kinds("moved") == {"/": "moved"}


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("splash and painted", (2019, 2020, 2021)),
        ("menu in a frame", (2019, 2022)),
        ("organs in a frame", (2019, 2022, 2023)),
        ("numbered from two", range(2019, 2023)),
    ],
)
def test_a_way_that_only_people_see(met: Met, name: str, years: Iterable[int]) -> None:
    assert met.kinds(name) == {} and met.read(name) == all_of(*years)


def test_half_a_list_never_passes_for_all_of_it(met: Met) -> None:
    assert met.kinds("half a list") == {"/nb/2.html": "http_error"}
    assert met.kinds("half a list says 200") == {"/nb/": "list_incomplete"}
    (problem,) = (one for one in met.first.problems if one["kind"] == "list_incomplete")
    assert problem["message"].endswith("the list says 3 pages; 2 lines on 1 page were seen")
    assert met.read("half a list") == met.read("half a list says 200") == all_of(2019, 2020)


def test_half_an_interface_does_not_either(met: Met) -> None:
    (kind,) = met.kinds("half an interface").values()
    assert kind == "http_error" and met.read("half an interface") == all_of(*range(2005, 2009))


def test_the_last_page_that_a_list_names_need_not_be_there(met: Met) -> None:
    assert met.kinds("one too many") == {} and met.read("one too many") == all_of(2019)


def test_what_was_read_once_is_not_lost(met: Met) -> None:
    told = {"2019": "empty", "2020": "not_found", "2021": "not_found", "2022": "body_missing"}
    assert met.kinds("shells", met.second) == {f"/nb/{year}.html": kind for year, kind in told.items()}
    assert met.read("shells") == all_of(*YEARS)
    assert met.db.report_revisions.count_documents({}) == 0
    assert met.db.reports.count_documents({}) == len(YEARS) + len(range(2005, 2009))
