"""One report at several addresses."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import permutations

import pytest

from parsers.report import Report, Section, Unread
from parsers.stable import stable
from storage.base import Db, Doc, State
from storage.reports import Reports, ReportWrite
from storage.saving.authority import authority as authority_of
from tests.storage.synthetic import dump, report, write

ORIGINAL = "http://www.organ1.gov.cn/zwgk/2020.html"
COPY = "http://www.city.gov.cn/copy/1.html"
MIRROR = "http://www.a-copy.com/2020.html"
FILE = "http://www.organ1.gov.cn/2020.pdf"


def standing(db: Db) -> Doc:
    (found,) = list(db["reports"].find({}))
    return found


def three() -> list[ReportWrite]:
    return [
        write(report(1, url=ORIGINAL)),
        write(report(1, url=COPY, content=b"copy", trust="doubtful")),
        write(report(1, url=FILE, content=b"file", media_type="application/pdf")),
    ]


def test_one_report_and_all_its_addresses(database: Db) -> None:
    result = Reports(database).save(three())
    assert [saved.state for saved in result] == ["new", "unchanged", "unchanged"]
    found = standing(database)
    assert found["source"]["url"] == ORIGINAL
    assert [(source["url"], source["chosen"]) for source in found["sources"]] == [
        (COPY, False),
        (FILE, False),
        (ORIGINAL, True),
    ]
    assert [source["media_type"] for source in found["sources"]][1] == "application/pdf"
    assert not found["disagreements"]
    assert database["report_alternates"].count_documents({}) == 2


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_what_stands_does_not_depend_on_the_order(database: Db, order: tuple[int, ...]) -> None:
    for position in order:
        Reports(database).save([three()[position]])
    found = standing(database)
    assert found["source"]["url"] == ORIGINAL
    assert len(found["sources"]) == 3
    assert database["report_alternates"].count_documents({}) == 2
    before = dump(database)
    assert {saved.state for saved in Reports(database).save(three())} == {State.UNCHANGED}
    assert dump(database) == before


def test_figures_that_disagree_are_flagged_until_they_agree(database: Db) -> None:
    Reports(database).save([write(report(1, url=ORIGINAL, received=100))])
    copy = report(1, url=COPY, received=101, trust="doubtful", content=b"copy")
    (saved,) = Reports(database).save([write(copy)])
    assert saved.state is State.CHANGED
    found = standing(database)
    assert found["figures"]["requests"]["received_new"]["total"] == 100
    assert found["flags"][-1] == "sources_disagree:requests"
    (quarrel,) = found["disagreements"]
    assert quarrel["path"] == "requests.received_new.total"
    assert sorted(reading["value"] for reading in quarrel["readings"]) == [100, 101]
    assert {source["url"]: source["relation"] for source in found["sources"]} == {ORIGINAL: "chosen", COPY: "differs"}
    assert found["change"]["why"] == ["other_source"]
    assert found["change"]["what"] == {"meta": ["flags"]}
    mended = report(1, url=COPY, received=100, trust="doubtful", content=b"mended")
    Reports(database).save([write(mended, version=2)])
    assert not standing(database)["disagreements"]
    assert not [flag for flag in standing(database)["flags"] if flag.startswith("sources_disagree")]


def test_a_blank_is_no_disagreement(database: Db) -> None:
    Reports(database).save([write(report(1, url=ORIGINAL))])
    document = report(1, url=COPY, content=b"copy").to_document()
    document["figures"]["requests"]["received_new"]["total"] = None
    given = write(report(1, url=COPY))
    Reports(database).save([ReportWrite(document, given.capture_id, given.portal, given.fetched_at)])
    assert not standing(database)["disagreements"]
    assert not [flag for flag in standing(database)["flags"] if flag.startswith("sources_disagree")]


def test_a_page_that_loses_its_tables_gives_way_and_returns(database: Db) -> None:
    Reports(database).save(three())
    broken = report(1, url=ORIGINAL, trust="unreadable", content=b"broken")
    (saved,) = Reports(database).save([write(broken, version=2)])
    assert saved.state is State.CHANGED or saved.state is State.UNCHANGED
    assert standing(database)["source"]["url"] == FILE
    assert database["report_alternates"].count_documents({}) == 2
    Reports(database).save([write(report(1, url=ORIGINAL, content=b"whole"), version=3)])
    found = standing(database)
    assert found["source"]["url"] == ORIGINAL
    assert {other["source"]["url"] for other in database["report_alternates"].find({})} == {COPY, FILE}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"trust": "verified", "url": FILE, "media_type": "application/pdf"}, {"trust": "doubtful", "url": COPY}),
        ({"url": ORIGINAL}, {"url": COPY + ".pdf", "media_type": "application/pdf"}),
        ({"url": COPY}, {"url": ORIGINAL}),
        ({"url": ORIGINAL, "trust": "unreadable"}, {"url": MIRROR}),
    ],
    ids=["verified", "page", "address", "mirror"],
)
def test_the_written_rule(database: Db, better: dict[str, str], worse: dict[str, str]) -> None:
    writes = [write(report(1, **better)), write(report(1, **worse, content=b"w"))]  # type: ignore[arg-type]
    Reports(database).save(writes[::-1])
    assert standing(database)["source"]["url"] == better["url"]


def test_a_page_that_moved_is_one_report_with_two_addresses(database: Db) -> None:
    moved = "http://www.organ1.gov.cn/new/2020.html"
    Reports(database).save([write(report(1, url=ORIGINAL)), write(report(1, url=moved, content=b"redesigned"))])
    found = standing(database)
    assert {source["url"]: source["relation"] for source in found["sources"]} == {ORIGINAL: "same", moved: "chosen"}
    assert (found["revision"], found["disagreements"]) == (1, [])


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("http://www.suqian.gov.cn/a.html", "official"),
        ("http://122.137.242.24:8080/pub/a.html", "official"),
        ("http://122.137.242.24/pub/a.html", "mirror"),
        ("http://127.0.0.1:8000/a.html", "official"),
        ("http://www.cas.cn/nb.html", "official"),
        ("http://www.suqian.gov.cn.example.com/a.html", "mirror"),
        ("https://notgov.cn/a.html", "mirror"),
        (None, "official"),
    ],
)
def test_who_speaks_at_an_address(url: str | None, authority: str) -> None:
    assert authority_of(url) == authority


COUNTED = "一、总体情况\n全年主动公开政府信息。\n浏览次数：{}次\n打印时间：2026年1月{}日 10:22:31"


def test_a_hit_counter_and_a_new_stamp_are_no_news(database: Db) -> None:
    def fetched(number: int) -> Report:
        one = report(1, url=FILE, content=f"%PDF stamped {number}".encode(), media_type="application/pdf")
        text = COUNTED.format(number, number)
        told = one.cells[0]._replace(at={"start": 10 + number, "end": 14 + number})
        sections = (Section(1, "overview", "一、总体情况", text),)
        source = replace(one.source, text_sha256=hashlib.sha256(stable(text).encode()).hexdigest())
        unread = (Unread("办理建议3件", {"start": 20 + number, "end": 26 + number}),)
        return replace(one, sections=sections, cells=(told, *one.cells[1:]), source=source, unread=unread)

    Reports(database).save([write(fetched(1))])
    first = standing(database)
    (saved,) = Reports(database).save([write(fetched(22), version=2)])
    now = standing(database)
    assert (saved.state, saved.revision) == (State.UNCHANGED, 1)
    assert now["source"]["text_sha256"] == first["source"]["text_sha256"]
    assert now["source"]["raw_sha256"] != first["source"]["raw_sha256"]
    assert now["sections"][0]["text"] == COUNTED.format(22, 22)
    assert (now["cells"][0]["at"], now["unread"][0]["at"]) == ({"start": 32, "end": 36}, {"start": 42, "end": 48})
    assert database["report_revisions"].count_documents({}) == 0
