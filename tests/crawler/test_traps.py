"""Lists without an end, jumps, pauses, refusals: every crawl comes to its end, and politely.

Each trap is a portal of its own; one process crawls them all, two times.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from crawler.finding.resorts import PROBES
from crawler.manners.hosts import ATTEMPTS
from nianbao.sample.server import Answer
from storage.base import Db
from tests.crawler.browser.test_chromium import built_by_script
from tests.crawler.crawling import Crawls, Told, left
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report, to

COLUMN = '<meta name="ColumnName" content="政府信息公开年报">'
HOME = html('<a href="/nb/">政府信息公开年报</a>')
BOOM = ("/nb/boom.html", "洪泽区人民政府2013年政府信息公开工作年度报告", "2014-01-20")
YEARS = range(2008, 2023)
DROPPED: list[str] = []
"""What was asked of the portal that drops connections, in the order in which it was."""
LIMITS = {"pages": 4, "discovery": 12}


def line(year: int) -> tuple[str, str, str]:
    return (f"/nb/r{year}.html", f"洪泽区人民政府{year}年政府信息公开工作年度报告", f"{year + 1}-01-20")


def column(*years: int, more: str = "") -> Answer:
    return html(rows(*(line(year) for year in years)) + more, head=COLUMN)


def traps() -> dict[str, Site]:
    """Every trap by its name."""
    return {
        "repeats": _repeats(),
        "calendar": _calendar(),
        "menus": _menus(),
        "dead": _dead(),
        "jumps": _jumps(),
        "index": _index(),
        "circle": Site({"/": to("/0"), **{f"/{n}": _jump(f"/{(n + 1) % 6}") for n in range(6)}}),
        "pause": _pause(),
        "hour": Site({"/": HOME, "/nb/": column(2019), "/nb/r2019.html": html("busy", 429, Retry_After="3600")}),
        "refuses": _refuses(),
        "drops": Site(
            {"/": HOME, "/nb/": column(*YEARS), **dict.fromkeys((line(year)[0] for year in YEARS), DROPPED.append)}
        ),
        "frame": _frame(),
        **{
            f"robots {status}": Site({"/": HOME, "/robots.txt": html("none", status)})
            for status in (404, 401, 403, 500)
        },
        "script": built_by_script("http://127.0.0.1:9/"),
        "boom": Site({"/": HOME, "/nb/": column(2019, more=rows(BOOM)), "/nb/boom.html": report(2013)}),
        "empty": Site({"/": HOME, "/nb/": html("<p>暂无内容</p>", head=COLUMN)}),
        "slow": _slow(),
        "delay": _delay(),
    }


def _repeats() -> Site:
    """Portals answer any page number with the last page (portals.md section 5)."""
    paging = '<script>createPageHTML(50, 0, "index", "html");</script>'
    pages = {f"/nb/index_{n}.html": column(2019, more=paging) for n in range(1, 60)}
    return Site({"/": HOME, "/nb/": column(2019, more=paging), "/nb/r2019.html": report(2019), **pages})


def _calendar() -> Site:
    """Every page has a new line and a next page."""

    def page(target: str) -> Answer:
        number = int(target.rpartition("=")[2])
        return column(2010 + number, more=f'<a href="/list?p={number + 1}">下一页</a>')

    return Site({"/": HOME, "/nb/": to("/list?p=1"), "/list": page})


def _menus() -> Site:
    """Every menu leads to more menus."""
    numbers = itertools.count()

    def menu(target: str) -> Answer:
        return html("".join(f'<a href="/m?n={next(numbers)}">政务公开</a>' for _ in range(9)))

    return Site({"/": html('<a href="/m?n=x">政务公开</a>'), "/m": menu})


def _dead() -> Site:
    """A saved portal whose menus link to addresses that are not there."""
    dead = "".join(f'<a href="/dead{n}.shtml">政务公开</a>' for n in range(20))
    return Site({"/": html(dead + '<a href="/nb/">部门年报</a>'), "/nb/": column(2019)})


def _jump(target: str) -> Answer:
    return html(f"<script>window.location.href='{target}'</script>")


def _jumps() -> Site:
    refresh = '<meta http-equiv="refresh" content="0;url=/portal/">'
    return Site(
        {"/": html("", head=refresh), "/portal/": _jump("/home.html"), "/home.html": HOME, "/nb/": column(2019),
         "/nb/r2019.html": report(2019)}
    )  # fmt: skip


def _index() -> Site:
    """/ sends on to /index.html, which is the same page by its key; and a list given by the front page is in a frame."""
    refresh = '<meta http-equiv="refresh" content="0;url=/index.html">'
    framed = html('<iframe src="/nb/in.html"></iframe>', head=COLUMN)
    return Site(
        {"/": html("", head=refresh), "/index.html": HOME, "/nb/": framed, "/nb/in.html": column(2019),
         "/nb/r2019.html": report(2019)}
    )  # fmt: skip


def _pause() -> Site:
    answers = iter([html("busy", 503, Retry_After="1")])
    return Site(
        {"/": HOME, "/nb/": column(2019, 2020), "/nb/r2019.html": lambda target: next(answers, report(2019)),
         "/nb/r2020.html": report(2020)}
    )  # fmt: skip


def _delay() -> Site:
    """Wants a second between two requests, and once two without any."""
    busy = iter([html("busy", 503, Retry_After="2")])
    return Site(
        {"/": HOME, "/robots.txt": Answer(200, b"User-agent: *\nCrawl-delay: 1\n", {}), "/nb/": column(2018, 2019, 2020),
         "/nb/r2020.html": report(2020), "/nb/r2019.html": report(2019),
         "/nb/r2018.html": lambda target: next(busy, report(2018))}
    )  # fmt: skip


def _slow() -> Site:
    """Takes its time with every answer; some come after a detour, or after it has asked to be left in peace."""
    chain = iter([html("busy", 503), html("slow down", 429)])
    dated = iter([503, 503])

    def until(target: str) -> Answer:
        status = next(dated, None)
        moment = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
        return report(2016) if status is None else html("busy", status, Retry_After=moment)

    site = Site(
        {"/": HOME, "/nb/": column(*range(2012, 2020)), **{f"/nb/r{year}.html": report(year) for year in range(2012, 2015)},
         "/nb/r2015.html": to("/old/r2015.html"), "/old/r2015.html": to("/new/r2015.html", 301), "/new/r2015.html": report(2015),
         "/nb/r2016.html": until, "/nb/r2017.html": lambda target: next(chain, report(2017)),
         "/nb/r2018.html": report(2018), "/nb/r2019.html": html("slow down", 429)}
    )  # fmt: skip
    latency = threading.Event()

    def gate(target: str, headers: Mapping[str, str]) -> Answer | None:
        latency.wait(0.03)
        return None

    site.gate = gate
    return site


def _refuses() -> Site:
    pages = {f"/nb/r{year}.html": html("<script>$_ts={}</script>", 412) for year in range(2010, 2019)}
    return Site({"/": HOME, "/nb/": column(*range(2010, 2019)), **pages})


def _frame() -> Site:
    """应急管理部: the list is in a frame. And a file that is none where a report was expected."""
    archive = Answer(200, b"PK\x03\x04 no archive", {"Content-Type": "application/zip"})
    return Site(
        {"/": HOME, "/nb/": html('<iframe src="/nb/in.html"></iframe>'), "/nb/in.html": column(2019),
         "/nb/r2019.html": archive}
    )  # fmt: skip


@dataclass(frozen=True)
class Trapped:
    """All traps after their crawls."""

    sites: dict[str, Site]
    asked: dict[str, list[str]]
    """In the first crawl."""
    first: Told
    second: Told
    db: Db

    def kinds(self, name: str) -> dict[str, str]:
        """Path -> kind of problem, of one portal in the first crawl."""
        place = self.sites[name].place
        found = (problem for problem in self.first.problems if problem["where"].startswith(place + "/"))
        return {problem["where"].removeprefix(place): problem["kind"] for problem in found}

    def health(self, name: str) -> str:
        (state,) = self.db.portals.find({"_id": self.sites[name].place})
        return str(state["health"])

    def kept(self, name: str) -> dict[str, str]:
        """Path -> kind of what is in the archive."""
        site = self.sites[name]
        captures = self.db.captures.find({"portal": site.place})
        return {"/" + capture["url"].removeprefix(site.url): capture["kind"] for capture in captures}


@pytest.fixture(scope="module")
def trapped(module_crawls: Crawls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trapped]:
    with ExitStack() as stack:
        sites = {name: stack.enter_context(site) for name, site in traps().items()}
        homes = [*(site.url for site in sites.values()), "http://127.0.0.1:9/"]
        # A proxy of the environment is not for this machine: nobody answers at that one. And there is no browser.
        environment = {
            "http_proxy": "http://127.0.0.1:9",
            "NIANBAO_CHROMIUM": str(tmp_path_factory.getbasetemp() / "none"),
        }
        first = module_crawls.run(environment, home=homes, limits=LIMITS, fault="code")
        asked = {name: site.asked for name, site in sites.items()}
        # Those that make us wait need not be asked twice.
        again = [sites[name].url for name in ("jumps", "repeats", "frame")]
        second = module_crawls.run(home=again, limits=LIMITS)
        yield Trapped(sites, asked, first, second, module_crawls.db)


def test_a_last_page_that_repeats_itself(trapped: Trapped) -> None:
    assert [path for path in trapped.asked["repeats"] if "index_" in path] == ["/nb/index_1.html"]


def test_a_calendar_that_never_ends(trapped: Trapped) -> None:
    lists = [path for path in trapped.asked["calendar"] if path.startswith("/list")]
    assert lists == [f"/list?p={number}" for number in range(1, LIMITS["pages"] + 1)]
    assert trapped.kinds("calendar")["/list?p=1"] == "list_incomplete"


def test_menus_without_an_end(trapped: Trapped) -> None:
    # robots.txt, the front page, so many menus, and when they led nowhere the sitemap and the usual addresses
    assert len(trapped.asked["menus"]) == 3 + LIMITS["discovery"] + len(PROBES)
    assert trapped.health("menus") == "failing"


def test_dead_menus_are_no_flood_of_problems(trapped: Trapped) -> None:
    assert trapped.kinds("dead") == {"/nb/r2019.html": "not_found"}


def test_jumps_are_followed_and_archived(trapped: Trapped) -> None:
    assert {"/", "/portal/", "/home.html", "/nb/r2019.html"} <= trapped.kept("jumps").keys()


def test_a_jump_to_the_index_file_is_followed(trapped: Trapped) -> None:
    assert trapped.kinds("index") == {}
    assert trapped.kept("index").get("/nb/r2019.html") == "report"


def test_jumps_in_a_circle_end(trapped: Trapped) -> None:
    assert trapped.kinds("circle") == {"/": "not_found"}
    assert len(trapped.asked["circle"]) < 10


def test_a_pause_is_kept_by_the_whole_host(trapped: Trapped) -> None:
    assert trapped.kinds("pause") == {}
    requests = trapped.sites["pause"].requests
    busy = next(request for request in requests if request.status == 503)
    later = [(request.path, request.at - busy.at) for request in requests if request.at > busy.at]
    assert later and not [one for one in later if one[0].startswith("/nb/r") and one[1] < 0.95], later
    assert trapped.asked["pause"].count("/nb/r2019.html") == 2


def test_who_asks_for_an_hour_is_asked_in_the_next_run(trapped: Trapped) -> None:
    assert trapped.kinds("hour") == {"/nb/r2019.html": "rate_limited"}
    assert trapped.asked["hour"].count("/nb/r2019.html") == 1


def test_a_host_that_goes_on_refusing_is_left_alone(trapped: Trapped) -> None:
    refused = [path for path in trapped.asked["refuses"] if path.startswith("/nb/r")]
    assert len(refused) == len(set(refused)) and len(refused) == 5
    kinds = list(trapped.kinds("refuses").values())
    assert kinds.count("blocked") == len(refused) and kinds.count("left_alone") == 9 - len(refused)
    assert {trapped.kept("refuses")[path] for path in refused} == {"blocked"}
    assert trapped.health("refuses") == "blocked", "its list alone was read"


def test_a_host_that_drops_its_pages_is_left_alone_before_all_retries_are_spent(trapped: Trapped) -> None:
    # Each attempt is one request: nothing beneath Scrapy asks again at once, past the pause.
    assert len(DROPPED) - ATTEMPTS in (0, 1), "one may be on its way when the last attempt is counted"
    kinds = [trapped.kinds("drops")[line(year)[0]] for year in YEARS]
    assert kinds.count("left_alone") >= len(YEARS) - ATTEMPTS and set(kinds) == {"left_alone", "unreachable"}
    assert trapped.health("drops") == "failing", "its list alone was read"


@pytest.mark.parametrize(("status", "fetched"), [(404, True), (401, False), (403, False), (500, False)])
def test_robots_that_cannot_be_read(trapped: Trapped, status: int, fetched: bool) -> None:
    assert ("/" in trapped.asked[f"robots {status}"]) is fetched
    if not fetched:
        refuses = status in (401, 403)
        assert trapped.kinds(f"robots {status}") == {"/": "robots" if refuses else "robots_unread"}
        assert trapped.health(f"robots {status}") == ("blocked" if refuses else "failing"), "who cannot say waits"


def test_never_are_two_requests_of_a_host_open_at_once(trapped: Trapped) -> None:
    """Redirects, retries and robots.txt among them; the slow one would show it."""
    for name, site in trapped.sites.items():
        spans = sorted((request.at, request.at + request.seconds) for request in site.requests)
        assert all(end <= begin for (_, end), (begin, _) in itertools.pairwise(spans)), name
    assert min(request.seconds for request in trapped.sites["slow"].requests) >= 0.02


def test_robots_is_asked_first_and_once(trapped: Trapped) -> None:
    for name, asked in trapped.asked.items():
        assert asked[0] == "/robots.txt", name
        # An error of the server is tried again like any other.
        assert asked.count("/robots.txt") == (3 if name == "robots 500" else 1), name


def test_chains_of_busy_answers_end(trapped: Trapped) -> None:
    """503, 429, and then the page; 429 for ever; and what is asked for as a date is waited for."""
    asked = trapped.asked["slow"]
    assert [asked.count(f"/nb/r{year}.html") for year in (2016, 2017, 2019)] == [3, 3, 3]
    assert trapped.kinds("slow") == {"/nb/r2019.html": "http_error"}
    requests = trapped.sites["slow"].requests
    busy = [request for request in requests if request.path == "/nb/r2016.html" and request.status == 503]
    for one in busy:  # a date has no parts of a second
        later = [request.at - one.at for request in requests if request.at > one.at]
        assert min(later) >= 0.95


def test_a_crawl_delay_is_kept(trapped: Trapped) -> None:
    times = left(request for request in trapped.sites["delay"].requests if request.path != "/robots.txt")
    assert len(times) == 6
    # Never less, after a pause that the host asked for as well.
    assert all(later - earlier >= 0.95 for earlier, later in itertools.pairwise(times))


def test_an_address_that_nobody_answers(trapped: Trapped) -> None:
    messages = [problem["message"] for problem in trapped.first.problems if problem["where"] == "127.0.0.1:9/"]
    assert messages and "refuses connections" in messages[0] and "robots.txt" in messages[0]


def test_a_list_in_a_frame(trapped: Trapped) -> None:
    assert list(trapped.kinds("frame")) == ["/nb/r2019.html"]
    assert trapped.kept("frame")["/nb/r2019.html"] == "page"


def test_without_a_browser_a_list_built_by_script_is_a_problem(trapped: Trapped) -> None:
    assert trapped.kinds("script") == {"/nb/": "needs_browser"}
    (problem,) = (one for one in trapped.first.problems if one["kind"] == "needs_browser")
    assert "apt-get install chromium" in problem["message"]


def test_a_fault_of_ours_costs_one_page_and_keeps_it(trapped: Trapped) -> None:
    assert trapped.kinds("boom") == {"/nb/boom.html": "crawler_failed", "/nb/r2019.html": "not_found"}
    assert "/nb/boom.html" in trapped.kept("boom")


def test_a_column_without_a_line_is_a_problem(trapped: Trapped) -> None:
    assert trapped.kinds("empty") == {"/nb/": "empty_column"}


def test_a_second_crawl_finds_all_of_it_unchanged(trapped: Trapped) -> None:
    assert "captures_new" not in trapped.second.counts and "captures_changed" not in trapped.second.counts
