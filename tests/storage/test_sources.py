"""One report at several addresses."""

from __future__ import annotations

from itertools import permutations

import pytest

from storage.base import Db, Doc, State
from storage.reports import Reports, ReportWrite
from tests.storage.synthetic import dump, report, write

ORIGINAL = "http://www.organ1.gov.cn/zwgk/2020.html"
COPY = "http://www.city.gov.cn/copy/1.html"
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
    assert "sources_disagree" not in found["flags"]
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
    assert found["flags"][-1] == "sources_disagree"
    assert found["change"]["why"] == ["other_source"]
    assert found["change"]["what"] == {"meta": ["flags"]}
    mended = report(1, url=COPY, received=100, trust="doubtful", content=b"mended")
    Reports(database).save([write(mended, version=2)])
    assert "sources_disagree" not in standing(database)["flags"]


def test_a_blank_is_no_disagreement(database: Db) -> None:
    Reports(database).save([write(report(1, url=ORIGINAL))])
    document = report(1, url=COPY, content=b"copy").to_document()
    document["figures"]["requests"]["received_new"]["total"] = None
    given = write(report(1, url=COPY))
    Reports(database).save([ReportWrite(document, given.capture_id, given.portal, given.fetched_at)])
    assert "sources_disagree" not in standing(database)["flags"]


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
    ],
    ids=["verified", "page", "address"],
)
def test_the_written_rule(database: Db, better: dict[str, str], worse: dict[str, str]) -> None:
    writes = [write(report(1, **better)), write(report(1, **worse, content=b"w"))]  # type: ignore[arg-type]
    Reports(database).save(writes[::-1])
    assert standing(database)["source"]["url"] == better["url"]
