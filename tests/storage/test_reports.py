"""The one write path: a second save changes nothing, a change leaves its revision, and nothing is lost on the way."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from storage import reports as module
from storage.base import Db, Doc, State
from storage.catalogue import Catalogue
from storage.problems import Problems
from storage.reports import Reports, ReportWrite, Saved
from tests.storage.synthetic import dump, moment, report, revision, save, write


def stored(db: Db, report_id: str) -> Doc:
    found = db["reports"].find_one({"_id": report_id})
    assert found is not None
    return found


def test_a_report_comes_back_as_the_parser_made_it(database: Db) -> None:
    one = report(1)
    (saved,) = save(database, one)
    assert saved == Saved(one.id, State.NEW, 1)
    found = stored(database, one.id)
    made = one.to_document()
    assert {name: found[name] for name in made if name not in ("source", "derived")} == {
        name: value for name, value in made.items() if name not in ("source", "derived")
    }
    assert found["source"] == {
        **made["source"],
        "portal": "sample",
        "capture_id": write(one).capture_id,
        "fetched_at": moment(),
    }
    assert found["derived"]["fingerprint"] == made["derived"]["fingerprint"]
    assert found["revision"] == 1 and found["change"] is None
    entry = database["catalogue"].find_one({"_id": one.id})
    assert entry is not None
    assert entry["figures"] == found["figures"] and "sections" not in entry and "cells" not in entry
    assert entry["checks_count"] == {"pass": 1, "fail": 0, "not_assessable": 1}


def test_the_same_batch_again_changes_not_one_byte(database: Db) -> None:
    batch = [write(report(n, year)) for n in range(20) for year in (2019, 2020)]
    first = Reports(database).save(batch)
    assert {saved.state for saved in first} == {State.NEW}
    before = dump(database)
    second = Reports(database).save(batch)
    assert [saved.state for saved in second] == [State.UNCHANGED] * 40
    assert [saved.report_id for saved in second] == [saved.report_id for saved in first]
    assert dump(database) == before


def test_a_later_fetch_and_a_later_parse_are_no_news(database: Db) -> None:
    save(database, report(1))
    before = dump(database)
    (saved,) = save(database, report(1), minutes=60, run_id="second")
    assert saved.state is State.UNCHANGED
    assert dump(database) == before


def test_a_field_that_came_later_and_has_nothing_to_say_is_no_news(database: Db) -> None:
    """An archive from before there were `joint_organs` and `unread`, read again by a parser that knows them."""
    earlier, later = write(report(1)), {"joint_organs", "unread"}
    assert all(len(earlier.document[name]) == 0 for name in later)
    bare = {name: value for name, value in earlier.document.items() if name not in later}
    Reports(database).save([replace(earlier, document=bare)])
    (saved,) = save(database, report(1, parser="2"))
    assert saved == Saved(report(1).id, State.UNCHANGED, 1)
    (saved,) = save(database, replace(report(1, parser="3"), joint_organs=(report(1).organ, report(2).organ)))
    assert saved == Saved(report(1).id, State.CHANGED, 2)


def test_a_change_keeps_what_was_and_says_what_and_why(database: Db) -> None:
    old = report(1, received=100)
    new = report(1, received=101, text="新。", content=b"other")
    save(database, old)
    before = stored(database, old.id)
    (saved,) = save(database, new, version=2, minutes=5, run_id="r2")
    assert saved == Saved(old.id, State.CHANGED, 2)
    kept = revision(database, f"{old.id}/1")
    assert {name: kept[name] for name in before if name != "_id"} == {
        name: value for name, value in before.items() if name != "_id"
    }
    assert kept["report_id"] == old.id
    replaced = kept["replaced"]
    assert replaced["revision"] == 2 and replaced["why"] == ["new_bytes"] and replaced["run_id"] == "r2"
    assert replaced["what"] == {
        "cells": ["cells.requests.received_new.total"],
        "figures": ["figures.requests.received_new.total"],
        "text": ["sections.1"],
    }
    now = stored(database, old.id)
    assert now["change"] == replaced and now["figures"]["requests"]["received_new"]["total"] == 101


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"parser": "2"}, ["new_parser"]),
        ({"template_version": "2"}, ["new_template"]),
        ({"profile": 2}, ["new_profile"]),
        ({"parser": "2", "profile": 2, "content": b"other"}, ["new_bytes", "new_profile", "new_parser"]),
        ({}, ["unexplained"]),
    ],
)
def test_the_reason_of_a_change(database: Db, options: dict[str, Any], why: list[str]) -> None:
    save(database, report(1, received=1))
    save(database, report(1, received=2, **options))
    assert revision(database, f"{report(1).id}/1")["replaced"]["why"] == why


def test_another_parser_with_the_same_result_is_noted_without_a_revision(database: Db) -> None:
    save(database, report(1))
    (saved,) = save(database, report(1, parser="2"))
    assert saved == Saved(report(1).id, State.UNCHANGED, 1)
    found = stored(database, saved.report_id)
    assert found["derived"]["parser_version"] == "2" and found["revision"] == 1
    assert database["report_revisions"].count_documents({}) == 0
    before = dump(database)
    save(database, report(1, parser="2"))
    assert dump(database) == before


def test_other_bytes_with_the_same_result_are_noted_without_a_revision(database: Db) -> None:
    """A visitor counter on the page changes its bytes every night."""
    save(database, report(1))
    (saved,) = save(database, report(1, content=b"visitor 2"), version=2)
    assert saved.state is State.UNCHANGED
    assert stored(database, saved.report_id)["source"]["capture_id"].endswith("/2")
    assert database["report_revisions"].count_documents({}) == 0


def test_a_content_that_returns_is_a_revision_of_its_own(database: Db) -> None:
    a, b = report(1, received=1, content=b"A"), report(1, received=2, content=b"B")
    states = [save(database, one, version=n + 1)[0] for n, one in enumerate([a, b, a, a])]
    assert [(saved.state, saved.revision) for saved in states] == [
        ("new", 1),
        ("changed", 2),
        ("changed", 3),
        ("unchanged", 3),
    ]
    totals = [revision(database, f"{a.id}/{n}")["figures"]["requests"]["received_new"]["total"] for n in (1, 2)]
    assert totals == [1, 2]


def test_the_parse_of_an_older_capture_does_not_win(database: Db) -> None:
    save(database, report(1, received=2, content=b"B"), version=2)
    before = dump(database)
    (saved,) = save(database, report(1, received=1, content=b"A"), version=1)
    assert saved.state is State.UNCHANGED
    assert dump(database) == before


def test_the_same_report_twice_in_one_batch(database: Db) -> None:
    a, b = report(1, received=1, content=b"A"), report(1, received=2, content=b"B")
    first = Reports(database).save([write(a), write(b, version=2), write(report(2))])
    assert [saved.state for saved in first] == ["new", "changed", "new"]


def test_the_validator_refuses_and_the_problem_is_kept(database: Db) -> None:
    wrong = report(2).to_document()
    wrong["figures"]["requests"]["received_new"]["total"] = "四"
    unknown = {**report(3).to_document(), "invented": 1}
    batch = [
        write(report(1)),
        replace(write(report(2)), document=wrong),
        replace(write(report(3)), document=unknown),
        write(report(4)),
    ]
    result = Reports(database).save(batch)
    assert [saved.state for saved in result] == ["new", "refused", "refused", "new"]
    assert "figures" in result[1].message and "invented" in result[2].message
    problem = Problems(database).of_run("run")
    assert [(one.kind, one.stage, one.capture_id) for one in problem] == [
        ("refused", "store", batch[1].capture_id),
        ("refused", "store", batch[2].capture_id),
    ]
    assert database["reports"].count_documents({}) == 2
    # The next parser does better: the problem is closed by its success.
    Reports(database).save([write(report(2))])
    assert [one.where for one in Problems(database).open()] == [report(3).source.url]


def test_a_refused_change_leaves_the_report_as_it_was(database: Db) -> None:
    save(database, report(1))
    before = stored(database, report(1).id)
    wrong = {**report(1, content=b"B").to_document(), "language": 7}
    (saved,) = Reports(database).save([replace(write(report(1), version=2), document=wrong)])
    assert saved.state is State.REFUSED and "language" in saved.message
    assert stored(database, report(1).id) == before


@pytest.mark.parametrize(
    "poison",
    [
        {"title": "half a pair \ud800"},
        {"figures": {"requests": {"total": math.nan}}},
        {"figures": {"requests": {"total": 2**70}}},
        {"title": "长" * 6_000_000},
        {"source": None},
        {"report_year": None},
        {"cells": [{}]},
        {"checks": 7},
    ],
    ids=["surrogate", "nan", "huge", "long", "sourceless", "yearless", "cell", "checks"],
)
def test_what_cannot_be_stored_does_not_sink_its_batch(database: Db, poison: dict[str, object]) -> None:
    bad = {**report(2).to_document(), **poison}
    batch = [write(report(1)), replace(write(report(2)), document=bad), write(report(3))]
    assert [saved.state for saved in Reports(database).save(batch)] == ["new", "refused", "new"]
    (problem,) = Problems(database).open()
    assert problem.capture_id == batch[1].capture_id
    # The same as a change of a good report.
    Reports(database).save([write(report(2))])
    later = replace(write(report(2), version=2), document=bad)
    assert [saved.state for saved in Reports(database).save([later])] == ["refused"]
    assert stored(database, report(2).id)["revision"] == 1


def test_a_missing_catalogue_entry_is_mended(database: Db) -> None:
    save(database, *[report(n) for n in range(5)])
    before = dump(database)
    for name in ("catalogue", "readings"):  # the latter is written last
        database[name].delete_one({"_id": report(1).id})
        database[name].update_one({"_id": report(2).id}, {"$set": {"writes": 0, "report_year": 1999}})
    save(database, *[report(n) for n in range(5)])
    assert dump(database) == before
    database["catalogue"].delete_many({})
    database["readings"].delete_many({})
    for name in ("readings", "catalogue"):  # of a report that was withdrawn, and filed before it was
        database[name].insert_one({"_id": "gone/2020/own", "bucket": 3, "revision": 1, "writes": 1})
    database["report_revisions"].insert_one({"_id": "gone/2020/own/1"})
    assert Catalogue(database).rebuild() == 5
    database["report_revisions"].delete_many({})
    assert dump(database) == before


def test_rounds_larger_than_one_query(database: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 7)
    result = save(database, *[report(n, size=200) for n in range(16)])
    assert [saved.report_id for saved in result] == [report(n).id for n in range(16)]
    assert isinstance(write(report(1)), ReportWrite)
