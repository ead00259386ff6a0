"""Addresses that die: the report stays, says so, and stands on a living address where that is as good."""

from __future__ import annotations

from dataclasses import replace

from storage.archive import Archive
from storage.base import Db, Doc, address_of
from storage.gone import Gone
from storage.reports import Reports, ReportWrite
from storage.verify import verify
from tests.storage.synthetic import capture, report, write

FIRST = "http://www.a.gov.cn/2020.html"
SECOND = "http://www.b.gov.cn/2020.html"
MIRROR = "http://www.a-copy.com/2020.html"


def stored(db: Db, *urls: str) -> None:
    archive = Archive(db)
    writes = []
    for url in urls:
        content = url.encode()
        (kept,) = archive.store([replace(capture(1, content), url=url, canonical_url=url)])
        given = write(report(1, url=url, content=content))
        writes.append(ReportWrite(given.document, kept.capture_id, given.portal, given.fetched_at))
    Reports(db).save(writes)


def standing(db: Db) -> Doc:
    (found,) = db["reports"].find({})
    return found


def dead(db: Db) -> dict[str, bool]:
    return {source["url"]: source["gone_at"] is not None for source in standing(db)["sources"]}


def test_of_two_that_are_as_good_the_living_one_stands(database: Db) -> None:
    stored(database, FIRST, SECOND)
    assert standing(database)["source"]["url"] == FIRST
    content = standing(database)["content_sha256"]
    reports = Reports(database)
    assert reports.address_died({FIRST: "dead link (404)"}, "r1") == [standing(database)["_id"]]
    found = standing(database)
    assert (found["source"]["url"], found["revision"]) == (SECOND, 1)
    assert dead(database) == {FIRST: True, SECOND: False}
    assert reports.address_died({FIRST: "dead link (410)"}, "r2") == [], "it is known"
    (gone,) = verify(database).gone
    assert (gone.url, gone.told, gone.run_id) == (FIRST, "dead link (404)", "r1")
    assert verify(database).is_whole, "the archive has its bytes"
    reports.address_died({SECOND: "dead link (404)"})
    assert standing(database)["source"]["url"] == FIRST, "where all are dead the rest of the rule holds"
    reports.address_answers([address_of(FIRST), address_of(SECOND)])
    assert dead(database) == {FIRST: False, SECOND: False}
    assert not list(Gone(database).all())
    found = standing(database)
    assert (found["source"]["url"], found["content_sha256"], found["revision"]) == (FIRST, content, 1)


def test_a_dead_official_address_stands_before_a_living_mirror(database: Db) -> None:
    stored(database, SECOND, MIRROR)
    Reports(database).address_died({SECOND: "dead link (404)"})
    assert standing(database)["source"]["url"] == SECOND
    assert dead(database) == {SECOND: True, MIRROR: False}


def test_what_is_read_anew_keeps_the_mark_and_strangers_get_none(database: Db) -> None:
    stored(database, FIRST)
    reports = Reports(database)
    reports.address_died({FIRST: "dead link (404)", "http://nobody.gov.cn/": "dead link (404)"})
    assert [one.url for one in Gone(database).all()] == [FIRST]
    source = standing(database)["source"]
    for parser in ("2", "3"):
        again = write(report(1, url=FIRST, content=FIRST.encode(), parser=parser))
        write_again = ReportWrite(again.document, source["capture_id"], again.portal, again.fetched_at)
        assert [saved.state for saved in reports.save([write_again])] == ["unchanged"]
        assert standing(database)["derived"]["parser_version"] == parser
        assert dead(database) == {FIRST: True}
