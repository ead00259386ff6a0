"""The index follows its database, whatever happens to either; and answers as a plain look at every report does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pymongo import MongoClient

from storage import query, schema
from storage.base import Db, Doc
from storage.fulltext import Sort, TextIndex, answered
from storage.fulltext.figures import numbers
from storage.query import Filters
from storage.reports import Reports
from storage.where import BadFilter
from tests.storage.synthetic import report, write

YEARS = (2018, 2019, 2020)
ORGANS = 20


@pytest.fixture(scope="module")
def archive(client: MongoClient[Doc]) -> Iterator[Db]:
    """Twenty organs, three years; only read."""
    db = client[f"nianbao_test_{os.getpid()}_fulltext"]
    client.drop_database(db.name)
    schema.ensure(db)
    fill(db)
    yield db
    client.drop_database(db.name)


@pytest.fixture(scope="module")
def index(archive: Db, tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    found = TextIndex(archive, tmp_path_factory.mktemp("home"))
    assert found.catch_up() == ORGANS * len(YEARS)
    return found


def fill(db: Db) -> None:
    Reports(db).save(
        [
            write(report(n, year, size=300, text=f"关于第{n}号事项{year}年的说明。" * (1 + n % 3)), portal=f"p{n % 2}")
            for n in range(ORGANS)
            for year in YEARS
        ]
    )


def asked(index: TextIndex, **filters: object) -> list[str]:
    return index.ids(Filters(**filters))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "filters",
    [
        {"text": "第7号事项"},
        {"text": "主动公开政府信息"},
        {"text": "第7县"},
        {"text": "第7号 2019"},
        {"text": "事项 -2019年的"},
        {"text": "主动公开", "province": "510000", "years": (2018, 2019)},
        {"text": "主动公开", "level": "county", "portal": "p1"},
        {"text": "没有这样的话"},
        {"text": "主动", "organ": "第3縣"},
        {"organ": "organ-00003"},
        {"organ": "第3县人民政府", "year": 2020},
        {"template": "e2021_v30"},
        {"where": "requests.received_new.total>100"},
        {"where": "requests.received_new.total>=100 and reconsideration.upheld != 3", "level": "county"},
        {"where": "reconsideration.upheld=0", "text": "主动公开", "years": (2018, 2020)},
        {"where": "reconsideration.upheld<2.5 and reconsideration.upheld>=1.0", "organ": "organ-00003"},
        {"where": "requests.no_such_row.total<5"},
        {},
    ],
    ids=str,
)
def test_against_a_plain_look(archive: Db, index: TextIndex, filters: dict[str, object]) -> None:
    plain = {key: value for key, value in filters.items() if key != "text"}
    expected = []
    for entry in query.find_reports(archive, Filters(**plain)):  # type: ignore[arg-type]
        text = entry["title"] + "|" + "|".join(section["text"] for section in entry["sections"])
        words = str(filters.get("text", "")).split()
        good = all(word not in text if word[0] == "-" else word in text for word in words if word[0] != "-")
        good &= not any(word[1:] in text for word in words if word[0] == "-")
        if good:
            expected.append(entry["_id"])

    found = asked(index, **filters)

    assert sorted(found) == sorted(expected)
    assert index.search(Filters(**filters), limit=5).total == len(expected)  # type: ignore[arg-type]


def test_the_name_comes_before_what_only_mentions_it(archive: Db, index: TextIndex) -> None:
    assert asked(index, text="第7县")[:3] == [report(7, year).id for year in (2020, 2019, 2018)]


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_make_up_the_whole_list(index: TextIndex, sort: Sort) -> None:
    for filters in (Filters(text="主动公开"), Filters()):
        whole = index.ids(filters, sort=sort)
        pages: list[str] = []
        while True:
            page = index.search(filters, sort=sort, limit=7, after=pages[-1] if pages else None)
            pages += [hit.id for hit in page.hits]
            if not page.has_more:
                break
        assert pages == whole
        assert len(whole) == page.total == 60


def test_sorted_by_requests(archive: Db, index: TextIndex) -> None:
    total = {one["_id"]: one["figures"]["requests"]["received_new"]["total"] for one in query.find(archive, Filters())}

    found = [total[one] for one in index.ids(Filters(), sort=Sort.REQUESTS)]

    assert found == sorted(found, reverse=True)


def test_facets_count_what_answers(archive: Db, index: TextIndex) -> None:
    found = index.facets(Filters(text="主动公开", level="county"))
    entries = list(query.find(archive, Filters(level="county")))

    assert {facet.value: facet.count for facet in found["year"]} == {year: len(entries) // 3 for year in YEARS}
    assert sum(facet.count for facet in found["province"]) == len(entries)
    assert [facet.value for facet in found["level"]] == ["county"]
    with pytest.raises(BadFilter):
        index.facets(Filters(), ["number; DROP TABLE reports"])


def test_a_page_that_is_not_in_the_list(index: TextIndex) -> None:
    with pytest.raises(BadFilter, match="not in this list"):
        index.search(Filters(text="第7县"), after="nobody/2020/own")


def test_conditions_on_figures_with_words_and_a_limit(archive: Db, index: TextIndex) -> None:
    filters = Filters(text="主动公开", where="requests.received_new.total>100", limit=4)

    found = [one["_id"] for one in query.find(archive, answered(index, filters))]

    every = {one["_id"] for one in query.find(archive, Filters(where=filters.where))}
    assert found == [one for one in index.ids(Filters(text="主动公开")) if one in every][:4]
    assert index.matching(filters) == every


def test_a_condition_follows_a_figure_that_changed(database: Db, tmp_path: Path) -> None:
    """Other figures with the same text, other text with the same figures, a figure that went blank, a withdrawal."""
    index = TextIndex(database, tmp_path)
    Reports(database).save([write(report(n, size=300, received=7)) for n in range(3)])
    index.catch_up()
    assert len(asked(index, where="requests.received_new.total=7")) == 3

    Reports(database).save([write(report(0, size=300, received=9), version=2)])
    Reports(database).save([write(report(1, size=300, received=7, text="换了说法。"), version=2)])
    index.catch_up()
    assert asked(index, where="requests.received_new.total=9") == [report(0).id]
    assert asked(index, where="requests.received_new.total=7") == [report(1).id, report(2).id]

    blank = write(report(0, size=300, received=9), version=3)
    blank.document["figures"]["requests"]["received_new"]["total"] = None
    Reports(database).save([blank])
    Reports(database).withdraw(write(report(2)).capture_id, "not_a_report")
    index.catch_up()
    assert asked(index, where="requests.received_new.total>=0") == [report(1).id]
    assert same_as_anew(index, database, tmp_path / "other")


def test_only_numbers_are_figures() -> None:
    found = numbers(
        {
            "requests": {"received_new": {"total": 0, "other": None}, "note": "无", "is": True},
            "proactive": {"fees": {"amount_wan_yuan": 1.5}},
            "local_tables": [{"value": 7}],
        }
    )

    assert found == {"requests.received_new.total": 0, "proactive.fees.amount_wan_yuan": 1.5}


def test_it_follows_what_is_new_changed_and_withdrawn(database: Db, tmp_path: Path) -> None:
    index = TextIndex(database, tmp_path)
    fill(database)
    index.catch_up()
    assert index.catch_up() == 0

    Reports(database).save([write(report(3, size=300, text="换了说法。"), version=2)])
    Reports(database).save([write(report(77, size=300, text="新来的。"))])
    assert index.catch_up() == 2
    assert asked(index, text="换了说法") == [report(3).id]
    assert asked(index, text="新来的") == [report(77).id]
    assert report(3).id not in asked(index, text="第3号事项2020")

    Reports(database).withdraw(write(report(77)).capture_id, "not_a_report")
    assert index.catch_up() == 1
    assert asked(index, text="新来的") == []
    assert same_as_anew(index, database, tmp_path / "other")


def test_another_parser_that_reads_the_same_is_no_new_text(database: Db, tmp_path: Path) -> None:
    index = TextIndex(database, tmp_path)
    Reports(database).save([write(report(1, size=300))])
    index.catch_up()

    Reports(database).save([write(report(1, size=300, parser="2"))])

    assert index.catch_up() == 0
    assert asked(index, text="主动公开") == [report(1).id]


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 400, None])
def test_a_damaged_index_is_made_anew(database: Db, tmp_path: Path, damage: bytes | None) -> None:
    index = TextIndex(database, tmp_path)
    Reports(database).save([write(report(n, size=300)) for n in range(5)])
    index.catch_up()
    path = index.status().path
    assert path.stat().st_mode & 0o077 == 0 or path.parent.stat().st_mode & 0o077 == 0
    if damage is None:
        with path.open("r+b") as stream:
            stream.seek(5000)
            stream.write(b"\xff" * 9000)
    else:
        path.write_bytes(damage)

    assert len(asked(index, text="主动公开")) == 5
    assert same_as_anew(index, database, tmp_path / "other")


def test_each_archive_has_an_index_of_its_own(client: MongoClient[Doc], database: Db, tmp_path: Path) -> None:
    name = f"{database.name}_second"
    other = client[name]
    try:
        schema.ensure(other)
        Reports(database).save([write(report(1, size=300))])
        Reports(other).save([write(report(2, size=300))])
        assert asked(TextIndex(database, tmp_path), text="主动公开") == [report(1).id]
        assert asked(TextIndex(other, tmp_path), text="主动公开") == [report(2).id]
        client.drop_database(name)
        schema.ensure(other)
        assert asked(TextIndex(other, tmp_path), text="主动公开") == []
    finally:
        client.drop_database(name)


def test_many_at_once_make_one_index(database: Db, tmp_path: Path) -> None:
    fill(database)

    def ask(_: int) -> list[str]:
        index = TextIndex(database, tmp_path)
        index.catch_up()
        return asked(index, text="第7号")

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(ask, range(6)))

    assert all(sorted(one) == sorted(report(7, year).id for year in YEARS) for one in found)
    assert same_as_anew(TextIndex(database, tmp_path), database, tmp_path / "other")


KILLED = """
import os, signal, sys
from pathlib import Path
from pymongo import MongoClient
from storage.fulltext import TextIndex, file, follow

follow.AT_ONCE = 7
left = int(sys.argv[4])
real = file.write

def write(connection, entries):
    global left
    for entry in entries:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        real(connection, [entry])

file.write = write
with MongoClient(sys.argv[1], tz_aware=True) as client:
    TextIndex(client[sys.argv[2]], Path(sys.argv[3])).catch_up()
"""


def test_killed_in_the_middle_and_started_again(database: Db, server_uri: str, tmp_path: Path) -> None:
    fill(database)
    for writes in (0, 11, 33):
        done = subprocess.run(
            [sys.executable, "-c", KILLED, server_uri, database.name, str(tmp_path), str(writes)], check=False
        )
        assert done.returncode == -signal.SIGKILL
        assert not TextIndex(database, tmp_path).status().is_complete

    index = TextIndex(database, tmp_path)

    assert 0 < index.catch_up() < ORGANS * len(YEARS)
    assert same_as_anew(index, database, tmp_path / "other")


def same_as_anew(index: TextIndex, database: Db, home: Path) -> bool:
    """Whether the index answers as one does that is made this moment; and FTS5 finds itself whole."""
    fresh = TextIndex(database, home)
    fresh.rebuild()
    questions = [Filters(text=text) for text in ("主动公开", "第3号", "2019", "县", None)]
    questions += [Filters(where=where) for where in ("requests.received_new.total>3", "reconsideration.upheld=0")]
    for filters in questions:
        if index.ids(filters) != fresh.ids(filters):
            return False
    return index.status().reports == fresh.status().reports
