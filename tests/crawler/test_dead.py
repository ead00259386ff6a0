"""A report's page that is dead at the next visit is kept and marked, and the mark goes when the page is back."""

from __future__ import annotations

from storage.verify import verify
from tests.crawler.crawling import Crawls
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report

YEARS = (2021, 2022)


def test_a_page_dies_and_comes_back(crawls: Crawls) -> None:
    lines = [
        (f"/nb/{year}.html", f"洪泽区人民政府{year}年政府信息公开工作年度报告", f"{year + 1}-01-20") for year in YEARS
    ]
    column = html(rows(*lines), head='<meta name="ColumnName" content="政府信息公开年报">')
    routes = {f"/nb/{year}.html": report(year) for year in YEARS}
    with Site({"/": html('<a href="/nb/">政府信息公开年报</a>'), "/nb/": column, **routes}) as site:
        assert crawls.run(home=site.url).counts["reports_new"] == 2
        page = site.routes.pop("/nb/2021.html")
        crawls.run(home=site.url)
        assert dead(crawls) == {2021: True, 2022: False}
        (gone,) = verify(crawls.db).gone
        assert gone.url == f"{site.place}/nb/2021.html" and "404" in gone.told
        site.routes["/nb/2021.html"] = page
        crawls.run(home=site.url)
        assert dead(crawls) == {2021: False, 2022: False}
    assert crawls.db.report_revisions.count_documents({}) == 0, "no report has changed"


def dead(crawls: Crawls) -> dict[int, bool]:
    found = crawls.db.reports.find({}, {"report_year": 1, "sources": 1})
    return {one["report_year"]: one["sources"][0]["gone_at"] is not None for one in found}
