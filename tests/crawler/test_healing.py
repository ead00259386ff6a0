"""Bytes that rot in the archive: verify finds them, the next crawl brings them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bson import Binary

from nianbao.sample import SamplePortal
from nianbao.sample.portal import COLUMN, GUANCHENG
from storage.archive import Archive
from storage.base import Db
from storage.raw import RawStore
from storage.verify import verify
from tests.crawler.conftest import FirstCrawl
from tests.crawler.crawling import Crawls, contents
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report

WORD = "/zwgk/zfxxgk/bmnb/hbsjyt/202001/P020200115_2008.docx"


def capture_of(db: Db, path: str) -> Mapping[str, Any]:
    (found,) = [one for one in db.captures.find({"rendered": False}) if one["url"].partition("/")[2].endswith(path)]
    return found


def rot(db: Db, capture: Mapping[str, Any]) -> None:
    """Turn one byte of a stored body, past every check of the program."""
    held = db.raw.find_one({"_id": capture["raw_sha256"]})
    assert held is not None
    body = bytearray(held["body"])
    body[len(body) // 2] ^= 0xFF
    db.raw.update_one({"_id": held["_id"]}, {"$set": {"body": Binary(bytes(body))}})


def test_found_by_verify_and_healed_by_the_next_crawl(
    first: FirstCrawl, sample_crawls: Crawls, portal: SamplePortal
) -> None:
    db = sample_crawls.db
    before = contents(db)["raw"]
    rotten, lost = capture_of(db, GUANCHENG), capture_of(db, COLUMN)
    pdf = next(one for one in db.captures.find({}) if one["media_type"] == "application/pdf")
    rot(db, rotten)
    rot(db, pdf)
    db.raw.delete_one({"_id": lost["raw_sha256"]})

    assert {one.sha256 for one in verify(db, mark=False).damaged} == {one["raw_sha256"] for one in (rotten, lost, pdf)}
    assert db.damage.count_documents({}) == 0, "who only looks writes nothing"
    found = verify(db)
    assert not found.is_whole
    told = {one.sha256: one for one in found.damaged}
    assert told[lost["raw_sha256"]].reason == "there is no such entry in `raw`"
    assert told[rotten["raw_sha256"]].addresses == [rotten["canonical_url"]]
    assert found.dangling == [], "the column is in no report, the others are there"
    assert {one._id for one in RawStore(db).marks()} == set(told)
    assert not Archive(db).comparable([rotten["canonical_url"]])

    unseen = capture_of(db, WORD)
    rot(db, unseen)  # after verify: the crawl meets it by itself, when the portal says that nothing has changed
    portal.forget()
    again = sample_crawls.run(home=portal.url)
    assert again.exit_state == "done" and again.counts["reports_unchanged"] > 0
    for path in (GUANCHENG, COLUMN):
        assert portal.count(path, status=200) == 1, "what is damaged is asked for unconditionally"
    assert [request.status for request in portal.requests if request.path == WORD] == [304, 200]
    assert portal.count(status=304) > 5, "and nothing else is asked for like that"
    assert contents(db)["raw"] == before
    assert verify(db).is_whole
    assert db.damage.count_documents({}) == 0


def test_what_the_visit_does_not_come_by_is_asked_for_all_the_same(crawls: Crawls) -> None:
    """A report that its list has dropped, and the front page, which a visit that knows the columns passes by."""
    lines = [
        (f"/nb/{year}.html", f"洪泽区人民政府{year}年政府信息公开工作年度报告", f"{year + 1}-01-20")
        for year in (2021, 2022)
    ]
    column = [
        html(rows(*some), head='<meta name="ColumnName" content="政府信息公开年报">') for some in (lines, lines[1:])
    ]
    routes = {f"/nb/{year}.html": report(year) for year in (2021, 2022)}
    with Site({"/": html('<a href="/nb/">政府信息公开年报</a>'), "/nb/": column[0], **routes}) as site:
        crawls.run(home=site.url)
        for path in ("/nb/2021.html", f"{site.place}/"):
            (capture,) = [one for one in crawls.db.captures.find({}) if one["canonical_url"].endswith(path)]
            rot(crawls.db, capture)
        assert len(verify(crawls.db).damaged) == 2
        site.routes["/nb/"] = column[1]
        site.requests.clear()
        told = crawls.run(urls=[f"{site.url}nb/"])
        assert told.exit_state == "done", told.message
        assert sorted(set(site.asked)) == ["/", "/nb/", "/nb/2021.html", "/nb/2022.html", "/robots.txt"]
    assert verify(crawls.db).is_whole
