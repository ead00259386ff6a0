"""What a crawl can be asked for, and how it stops."""

from __future__ import annotations

import itertools
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import nianbao.sample
from crawler.errors import CrawlFailed
from crawler.nights.campaign import Means, chosen
from crawler.run import crawl
from nianbao.sample.server import Answer
from parsers.errors import TemplateError
from storage.settings import REPOSITORY
from tests.crawler.crawling import Crawls, told
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report

COLUMN = '<meta name="ColumnName" content="政府信息公开年报">'


@pytest.fixture
def site() -> Iterator[Site]:
    years = range(2009, 2024)
    lines = [(f"/nb/{y}.html", f"洪泽区人民政府{y}年政府信息公开工作年度报告", f"{y + 1}-01-20") for y in years]
    with Site({"/": html('<a href="/nb/">政府信息公开年报</a>'), "/nb/": html(rows(*lines), head=COLUMN)}) as site:
        site.routes |= {f"/nb/{year}.html": report(year) for year in years}
        yield site


def test_a_dry_run_fetches_lists_and_writes_nothing(crawls: Crawls, site: Site) -> None:
    """Here with addresses of every kind: a report page, a list, what is not there; two years, at most one of a list."""
    urls = [f"{site.url}nb/2009.html", f"{site.url}nb/", f"{site.url}nowhere.pdf"]
    result = crawls.run(urls=urls, dry_run=True, years=[2018, 2019])
    found = sorted(seen["url"].removeprefix(site.url) for seen in result.found)
    assert found == ["nb/2009.html", "nb/2018.html", "nb/2019.html"]
    assert result.kinds() == {"nowhere.pdf": "not_found"}
    assert sorted(site.asked) == ["/nb/", "/nb/2009.html", "/nowhere.pdf", "/robots.txt"]
    assert crawls.db.captures.find_one({}) is None and crawls.db.runs.find_one({}) is None


def test_a_sample(crawls: Crawls, site: Site) -> None:
    assert len(crawls.run(home=site.url, dry_run=True, sample=3).found) == 3


def test_what_was_not_found_is_told_as_what_it_is(crawls: Crawls, site: Site) -> None:
    """A column without a report of the wanted years is a column that was found; a page that is no report answered."""
    none = crawls.run(home=site.url, dry_run=True, years=[2005, 2006])
    assert (none.exit_state, none.message) == ("nothing_found", "no report about 2005 to 2006 was found in 1 column")
    assert "--years" in none.advice
    site.routes["/news.html"] = html("<h1>图书馆开放时间</h1><p>周一至周五。</p>")
    other = crawls.run(urls=[f"{site.url}news.html"])
    assert other.exit_state == "nothing_found" and "is that of an annual report" in other.message


def registry(folder: Path, text: str) -> dict[str, str]:
    """A registry of one portal, `x`."""
    (folder / "portals").mkdir()
    entry = f"id: x\norgan: 洪泽区人民政府\nlevel: county\nregion_code: '320813'\n{text}"
    (folder / "portals" / "x.yaml").write_text(entry, encoding="utf-8")
    return {"NIANBAO_CONFIG": str(folder)}


def test_columns_of_the_registry_need_not_be_found(crawls: Crawls, site: Site, tmp_path: Path) -> None:
    """And only the lines that the registry's selectors choose are taken."""
    news = "".join(
        f"<p class='news'><a href='/news/{n}.html'>政务公开工作动态第{n}期</a> 2020-01-0{n}</p>" for n in range(1, 5)
    )
    lines = "".join(f"<p class='line'><a href='/nb/{n}.html'>第{n}号</a> 2020-01-0{n}</p>" for n in range(1, 5))
    site.routes["/nb/"] = html(news + lines.replace("号", "号年度情况说明"))
    column = f"columns: [{{url: '{site.url}nb/'}}]\nprofile: {{version: 1, items: ['.line']}}\n"
    result = crawls.run(registry(tmp_path, column), portals=["x"], dry_run=True)
    assert [seen["title"] for seen in result.found] == [f"第{n}号年度情况说明" for n in range(1, 5)]
    assert "/" not in site.asked


def test_a_page_that_is_named_is_filed_under_the_portal_of_its_host(crawls: Crawls, site: Site, tmp_path: Path) -> None:
    """And what is known of the portal stays as it is: its columns, its health, its layouts, its golden page."""
    for name in ("templates", "units"):
        (tmp_path / name).symlink_to(REPOSITORY / "config" / name)
    for file in (REPOSITORY / "config").glob("*.yaml"):
        (tmp_path / file.name).symlink_to(file)
    environment = registry(tmp_path, f"home: '{site.url}'\n")
    crawls.run(environment, portals=["x"], years=[2015, 2016])
    (state,) = crawls.db.portals.find({})
    layouts = list(crawls.db.layouts.find({}))
    assert state["_id"] == "x" and state["columns"]

    site.routes["/nb/2010.html"] = html("<p>gone</p>", 404)
    named = [f"{site.url}nb/2009.html", f"{site.url}nb/2010.html", f"{site.url}nb/"]
    for urls in (named[:2], named[:1], named[1:2], named[2:]):
        crawls.run(environment, urls=urls)
    assert {report["source"]["portal"] for report in crawls.db.reports.find({})} == {"x"}
    assert crawls.db.reports.count_documents({}) == 14
    assert {capture["portal"] for capture in crawls.db.captures.find({})} == {"x"}
    assert list(crawls.db.portals.find({})) == [state]
    assert list(crawls.db.layouts.find({})) == layouts


def test_a_column_that_has_moved_is_found_again(crawls: Crawls, site: Site, tmp_path: Path) -> None:
    text = f"home: '{site.url}'\ncolumns: [{{url: '{site.url}old/'}}]\n"
    result = crawls.run(registry(tmp_path, text), portals=["x"], dry_run=True)
    assert result.kinds() == {"old/": "not_found"}
    assert len(result.found) == 15


def test_a_file_that_is_gone_for_a_night_is_taken_as_it_was(crawls: Crawls) -> None:
    """A page that is new every day (a counter of visits) and whose report is its file."""
    visits = itertools.count()
    title = "洪泽区人民政府2023年政府信息公开工作年度报告"
    pdf = Path(nianbao.sample.__file__).parent / "site/zwgk/zfxxgk/zfxxgknb/202401/P020240131_2001.pdf"
    served = Answer(200, pdf.read_bytes(), {"Content-Type": "application/pdf"})
    cover = f"<h1>{title}</h1><div id='zoom'><p>详见附件：<a href='/nb/a.pdf'>{title}.pdf</a></p></div>"
    with Site({"/nb/a.pdf": served}) as site:
        site.routes["/nb/a.html"] = lambda target: html(
            f"{cover}<p>访问{next(visits)}次</p>", head=f"<title>{title}</title>"
        )
        crawls.run(urls=[f"{site.url}nb/a.html"])
        site.routes["/nb/a.pdf"] = html("busy", 404)
        second = crawls.run(urls=[f"{site.url}nb/a.html"])
    assert second.kinds() == {"nb/a.pdf": "not_found"}
    assert second.exit_state == "done", "a report that is named itself is one that was found"
    (found,) = crawls.db.reports.find({})
    assert found["figures"]["requests"]["received_new"]["total"] == 21
    assert [file["role"] for file in found["source"]["attachments"]] == ["report"]


def test_an_interrupt_keeps_what_was_fetched_and_the_next_crawl_goes_on(crawls: Crawls, site: Site) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def held(target: str) -> Answer:
        """From the middle on nothing is answered before the interrupt is on its way."""
        year = int(target[4:8])
        if year <= 2018:
            reached.set()
            go_on.wait()
        return report(year)

    site.routes |= {path: held for path in site.routes if path.startswith("/nb/2")}
    process = crawls.start(home=site.url)
    try:
        assert reached.wait(120), "the crawl does not come so far"
        process.send_signal(signal.SIGINT)
    finally:
        go_on.set()
    result = told(process)
    assert result.exit_state == "interrupted" and "goes on" in result.message
    kept = {capture["url"] for capture in crawls.db.captures.find({})}
    asked = {path for path in site.asked if path.startswith("/nb/2")}
    assert len(asked) < 15 and {site.url + path[1:] for path in asked} <= kept
    (run,) = crawls.db.runs.find({})
    assert run["state"] == "interrupted" and run["counts"]["pages"] >= len(asked)
    assert crawls.db.problems.find_one({}) is None


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({}, "nothing to crawl"),
        ({"home": "www.x.gov.cn"}, "must begin with http"),
        ({"urls": ["javascript:alert(1)"]}, "is no address"),
        ({"portals": ["sample"]}, "knows no address of sample"),
    ],
)
def test_arguments_that_name_nothing(arguments: dict[str, object], complaint: str) -> None:
    with pytest.raises(CrawlFailed, match=complaint):
        crawl(**arguments)  # type: ignore[arg-type]


def test_an_unknown_portal() -> None:
    with pytest.raises(TemplateError, match="nowhere"):
        crawl(["nowhere"])


def test_a_mistake_in_a_template_is_told_before_anything_is_fetched(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a crawl and in a night; it would cost the parse of every page."""
    variables = registry(tmp_path, f"home: {site.url}\n")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "wrong.yaml").write_text("id: right\n", encoding="utf-8")
    monkeypatch.setenv("NIANBAO_CONFIG", variables["NIANBAO_CONFIG"])
    for begin in (lambda: crawl(["x"]), lambda: chosen(["x"], Means())):
        with pytest.raises(TemplateError, match=r"wrong\.yaml:1"):
            begin()
    assert site.asked == []


def test_a_front_page_of_another_site_is_told_and_read(crawls: Crawls, site: Site, tmp_path: Path) -> None:
    column = '<a href="/nb/">政府信息公开年报</a>'
    site.routes["/"] = html(column, head='<meta name="SiteIDCode" content="4104000031">')
    result = crawls.run(registry(tmp_path, f"home: {site.url}\n"), portals=["x"], dry_run=True)
    (told,) = result.problems
    assert (told["kind"], told["where"]) == ("stranger", site.url.removeprefix("http://"))
    assert "begins with 410400, the portal's area code is 320813" in told["message"]
    assert len(result.found) == 15, "nothing is dropped for it: a person looks"
