"""One process at a portal: who comes second is told so, asks nothing of the portal, and can come again."""

from __future__ import annotations

import pytest

from crawler.errors import Busy
from crawler.manners.turns import take_turn
from crawler.registry import portal_of
from storage.base import Db
from storage.leases import Leases
from tests.crawler.crawling import Crawls
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report

FRONT = html(rows(("/nb/2019.html", "洪泽区人民政府2019年政府信息公开工作年度报告", "2020-01-20")))
PAGES = {"/": html('<a href="/nb/">政府信息公开年报</a>'), "/nb/": FRONT, "/nb/2019.html": report(2019)}


def test_two_take_turns(database: Db) -> None:
    portal, leases = portal_of("http://www.hongze.gov.cn/"), Leases(database)
    with take_turn(leases, portal, "first"):
        with pytest.raises(Busy, match=r"the portal \S+ is visited by another process of run first \(process \d+ on "):
            take_turn(leases, portal, "second")
        with take_turn(leases, portal_of("http://www.huaian.gov.cn/"), "second"):
            pass
    take_turn(leases, portal, "second").__exit__(None, None, None)
    assert database.leases.count_documents({}) == 0


def test_a_crawl_leaves_out_who_is_being_visited(crawls: Crawls) -> None:
    with Site(PAGES) as one, Site(PAGES) as other:
        with take_turn(Leases(crawls.db), portal_of(one.url), "somebody"):
            alone = crawls.run(home=one.url)
            both = crawls.run(home=[one.url, other.url])
        assert alone.exit_state == "failed" and one.asked == []
        assert "is visited by another process of run somebody" in alone.message
        assert both.exit_state == "interrupted" and both.counts["reports_new"] == 1 and "/nb/2019.html" in other.asked
        after = crawls.run(home=one.url)
    assert (after.exit_state, after.message) == ("done", "") and "/nb/2019.html" in one.asked
    assert [run["state"] for run in crawls.db.runs.find({}).sort("started_at", 1)] == [
        "failed",
        "interrupted",
        "finished",
    ]
    assert crawls.db.leases.count_documents({}) == 0
