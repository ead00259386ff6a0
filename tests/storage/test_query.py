"""Questions and their answers, compared with a plain look at every report."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, replace

import pytest
from pymongo import MongoClient

from parsers.identity.organs import resolve
from storage import query, schema
from storage.base import Db, Doc
from storage.query import Filters
from storage.reports import Reports
from storage.where import BadFilter
from tests.storage.synthetic import jointly, report, write

YEARS = (2018, 2019, 2020)


@pytest.fixture(scope="module")
def filled(client: MongoClient[Doc]) -> Iterator[Db]:
    """Twenty organs, three years; only read."""
    db = client[f"nianbao_test_{os.getpid()}_query"]
    client.drop_database(db.name)
    schema.ensure(db)
    Reports(db).save(
        [
            write(report(n, year, size=300, text=f"关于第{n}号事项{year}。"), portal=f"p{n % 2}")
            for n in range(20)
            for year in YEARS
        ]
    )
    yield db
    client.drop_database(db.name)


def ids(db: Db, **filters: object) -> list[str]:
    return [entry["_id"] for entry in query.find(db, Filters(**filters))]  # type: ignore[arg-type]


def test_newest_first_then_by_id(filled: Db) -> None:
    found = ids(filled)
    assert len(found) == 60
    assert found == sorted(found, key=lambda key: (-int(key.split("/")[1]), key))
    assert ids(filled, limit=7) == found[:7]
    assert ids(filled, limit=0) == []
    (entry,) = query.find(filled, Filters(organ="organ-00003", year=2020), ["organ.name", "title"])
    assert entry == {
        "_id": report(3).id,
        "organ": {"name": "第3县人民政府"},
        "title": "第3县人民政府2020年政府信息公开工作年度报告",
    }


def test_by_organ(filled: Db) -> None:
    three = [report(3, year).id for year in reversed(YEARS)]
    assert ids(filled, organ="organ-00003") == three
    assert ids(filled, organ="第3县人民政府") == three
    assert ids(filled, organ="第3縣") == three
    assert ids(filled, organ="第3县人民政府", year=2019) == [report(3, 2019).id]
    assert ids(filled, organ="第3县人民政府", level="city") == []
    assert ids(filled, organ="没有") == []


@pytest.mark.parametrize(
    "filters",
    [
        {"year": 2019},
        {"years": (2018, 2020)},
        {"level": "county"},
        {"province": "510000"},
        {"template": "e2019_v60", "year": 2018},
        {"template": "e2021_v30"},
        {"portal": "p1"},
        {"level": "city", "province": "530000", "portal": "p1"},
        {"where": "requests.received_new.total>100"},
        {"where": "requests.received_new.total>50 and requests.received_new.total<=150", "year": 2020},
        {"where": "requests.received_new.public_welfare_org!=1"},
        {"where": "requests.received_new.public_welfare_org=0"},
    ],
    ids=str,
)
def test_against_a_plain_look(filled: Db, filters: dict[str, object]) -> None:
    expected = []
    for one in filled["reports"].find({}):
        total = one["figures"]["requests"]["received_new"]["total"]
        years = filters.get("years") or ((filters["year"],) if "year" in filters else YEARS)
        good = one["report_year"] in years  # type: ignore[operator]
        good &= filters.get("level") in (None, one["organ"]["level"])
        good &= filters.get("province") in (None, one["organ"]["province"])
        good &= filters.get("template") in (None, one["template"]["id"])
        good &= filters.get("portal") in (None, one["source"]["portal"])
        where = str(filters.get("where", ""))
        good &= ">100" not in where or total > 100
        good &= ">50" not in where or 50 < total <= 150
        good &= "public" not in where  # always blank here: neither 0 nor different from 1
        if good:
            expected.append(one["_id"])
    assert sorted(ids(filled, **filters)) == sorted(expected)
    assert expected or "public" in str(filters) or filters.get("template") == "e2021_v30"


@pytest.mark.parametrize("text", [".*", "第7县|第8县", "^", "(", "$", "[", "\\", "{'$gt': ''}"])
def test_a_name_is_never_a_pattern(filled: Db, text: str) -> None:
    assert ids(filled, organ=text) == []


def test_words_are_the_index_to_answer(filled: Db) -> None:
    with pytest.raises(BadFilter, match="search index"):
        ids(filled, text="第7县")
    assert ids(filled, text="第7县", ids=(report(7).id, "nobody", report(3).id)) == [report(7).id, report(3).id]
    assert ids(filled, ids=(report(7).id,), where="requests.received_new.total<0") == []


def test_a_wrong_condition_is_met_before_anything_is_read(filled: Db) -> None:
    with pytest.raises(BadFilter):
        query.find(filled, Filters(where="requests.total ~ 3"))


def test_whole_reports(filled: Db) -> None:
    found = list(query.find_reports(filled, Filters(year=2020, level="county")))
    assert [one["_id"] for one in found] == ids(filled, year=2020, level="county")
    assert all(one["sections"] and one["cells"] for one in found)
    assert query.get(filled, report(1, 2019).id) == filled["reports"].find_one({"_id": report(1, 2019).id})
    assert query.get(filled, "nobody/2019/own") is None


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("organ-00003/2019/own", [2019]),
        ("organ-00003/2019", [2019]),
        ("organ-00003", [2020, 2019, 2018]),
        ("第3县人民政府", [2020, 2019, 2018]),
        ("第3县人民政府/2018", [2018]),
        ("第3县人民政府 2018年", [2018]),
        ("第3县2018", [2018]),
        ("nobody", []),
    ],
)
def test_what_a_name_may_mean(filled: Db, name: str, years: list[int]) -> None:
    assert [entry["report_year"] for entry in query.resolve(filled, name)] == years
    assert all(entry["organ"]["id"] == "organ-00003" for entry in query.resolve(filled, name))


def test_history_and_other_addresses(database: Db) -> None:
    one = report(1)
    save = Reports(database).save
    save([write(one)])
    save([write(report(1, received=5, content=b"B"), version=2)])
    save([write(report(1, received=5, url="http://copy.cn/1", trust="doubtful"))])
    (earlier,) = query.revisions(database, one.id)
    assert earlier["revision"] == 1 and earlier["replaced"]["why"] == ["new_bytes"]
    (other,) = query.alternates(database, one.id)
    assert other["source"]["url"] == "http://copy.cn/1"
    # What a kill between the two writes leaves: a filed revision that is still the current one.
    database["report_revisions"].insert_one({"_id": f"{one.id}/2", "report_id": one.id, "revision": 2, "writes": 3})
    assert [kept["revision"] for kept in query.revisions(database, one.id)] == [1]


def test_provinces_are_found_by_their_short_names(database: Db) -> None:
    made = write(report(1))
    document = {**made.document, "organ": {**made.document["organ"], "province": "内蒙古自治区"}}
    Reports(database).save([replace(made, document=document)])
    for name in ("内蒙古", "內蒙古", "内蒙古自治区"):
        assert ids(database, province=name) == [report(1).id]
    assert ids(database, province="蒙古") == []


def test_an_organ_is_found_by_every_spelling_of_its_name(database: Db) -> None:
    """Three reports of one organ, each signed in another way."""
    names = {2016: "宿迁市发改委", 2017: "宿迁市发展改革委员会", 2018: "江苏省宿迁市发展和改革委员会"}
    made = []
    for year, name in names.items():
        one = write(report(1, year))
        organ = {**one.document["organ"], **asdict(resolve(name, name, None, year=year))}
        made.append(replace(one, document={**one.document, "organ": organ, "_id": f"{organ['id']}/{year}/own"}))
    Reports(database).save(made)
    (whole,) = {one.document["organ"]["id"] for one in made}
    series = [f"{whole}/{year}/own" for year in (2018, 2017, 2016)]
    for asked in (*names.values(), "宿迁市发展和改革委员会", "江苏省宿迁市发改委", whole):
        assert ids(database, organ=asked) == series, asked
    assert ids(database, organ="宿迁市") == series  # a part of the names, before it is the government
    assert ids(database, organ="宿迁市财政局") == []


def test_a_joint_report_is_found_for_each_of_its_organs(database: Db) -> None:
    one, other = report(1).organ, report(2).organ
    joint = jointly(report(1, 2019), other)
    Reports(database).save([write(report(2, 2018)), write(joint), write(report(2, 2020))])
    of_other = [report(2, 2020).id, joint.id, report(2, 2018).id]
    assert ids(database, organ=other.id) == ids(database, organ=other.name) == of_other
    assert ids(database, organ=other.name, year=2019) == [joint.id]
    assert ids(database, organ=one.id) == [joint.id] == ids(database, organ=joint.organ.id)
    stored = query.get(database, joint.id)
    assert stored is not None and [organ["name"] for organ in stored["joint_organs"]] == [one.name, other.name]
