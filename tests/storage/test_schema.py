"""Collections, validators, indexes, migrations: made once, by whoever comes first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import WriteError
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from parsers.report import FigureCell, Report, Scope, Status
from storage import schema
from storage.archive import Archive
from storage.base import Db, Doc, now
from storage.follow_up import follow_up
from storage.known import Known
from storage.process import this_process
from storage.shape.collections import COLLECTIONS
from storage.shape.migrations import MIGRATIONS, Migration, current_version
from storage.shape.validators import object_of, report_schema, schema_of
from storage.shape.views import VIEWS
from tests.storage.synthetic import capture, dump, report, save

NEXT = current_version() + 1


class Counter(CommandListener):
    def __init__(self) -> None:
        self.names: list[str] = []

    def started(self, event: CommandStartedEvent) -> None:
        self.names.append(event.command_name)

    def succeeded(self, event: CommandSucceededEvent) -> None: ...

    def failed(self, event: CommandFailedEvent) -> None: ...


def test_everything_is_there_after_the_first_call(bare_database: Db) -> None:
    schema.ensure(bare_database)
    names = set(bare_database.list_collection_names())
    assert names - {"system.views"} == {spec.name for spec in COLLECTIONS} | {view.name for view in VIEWS}
    for spec in COLLECTIONS:
        held = bare_database[spec.name].index_information()
        assert {index.name for index in spec.indexes} <= set(held)
        options = bare_database[spec.name].options()
        assert bool(options.get("validator")) == (spec.validator is not None)


def test_the_second_call_is_one_read(server_uri: str, database: Db) -> None:
    counter = Counter()
    with MongoClient[Doc](server_uri, event_listeners=[counter]) as client:
        schema.ensure(client[database.name])
    assert [name for name in counter.names if name != "endSessions"] == ["find"]


def test_four_at_once(server_uri: str, bare_database: Db) -> None:
    ran: list[str] = []
    migrations = (Migration(NEXT, "next", lambda db: ran.append(db.name)),)
    schema.ensure(bare_database)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: schema.ensure(bare_database, migrations), range(4)))
    assert ran == [bare_database.name]
    state = bare_database["meta"].find_one({"_id": "schema"})
    assert state is not None and (state["version"], state["migrations"]) == (
        NEXT,
        [*(m.name for m in MIGRATIONS), "next"],
    )
    assert bare_database["meta"].find_one({"_id": "schema.lock"}) is None


def test_a_new_database_needs_no_migration_and_an_old_one_each_once(bare_database: Db) -> None:
    ran: list[int] = []

    def step(version: int) -> Migration:
        return Migration(version, f"step {version}", lambda _: ran.append(version))

    schema.ensure(bare_database, (step(2),))
    assert ran == []
    schema.ensure(bare_database, (step(2), step(3), step(4)))
    schema.ensure(bare_database, (step(2), step(3), step(4)))
    assert ran == [3, 4]


def test_a_migration_that_fails_is_run_again_and_its_forerunner_is_not(bare_database: Db) -> None:
    schema.ensure(bare_database)
    ran: list[str] = []

    def fail_once(_: Db) -> None:
        ran.append("three")
        if ran.count("three") == 1:
            raise RuntimeError("the machine stopped")

    steps = (Migration(NEXT, "two", lambda _: ran.append("two")), Migration(NEXT + 1, "three", fail_once))
    with pytest.raises(RuntimeError):
        schema.ensure(bare_database, steps)
    schema.ensure(bare_database, steps)
    assert ran == ["two", "three", "three"]


def test_an_archive_of_a_later_version_is_not_touched(bare_database: Db) -> None:
    schema.ensure(bare_database, (Migration(NEXT, "later", lambda _: None),))
    with pytest.raises(schema.SchemaTooNew, match="update nianbao"):
        schema.refuse_newer(bare_database)
    with pytest.raises(schema.SchemaTooNew, match="update nianbao"):
        schema.ensure(bare_database)


def test_the_lock_of_a_dead_process_is_taken_over(bare_database: Db) -> None:
    me = this_process()
    lock: Doc = {"_id": "schema.lock", "token": "x", "until": now() + timedelta(hours=1), "host": me.host}
    bare_database["meta"].insert_one({**lock, "pid": me.pid, "started": me.started - 5000})
    schema.ensure(bare_database)
    assert bare_database["meta"].find_one({"_id": "schema"}) is not None


def test_the_lock_of_a_living_process_is_waited_for(bare_database: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    me = this_process()
    lock: Doc = {"_id": "schema.lock", "token": "x", "until": now() + timedelta(hours=1), "host": me.host}
    bare_database["meta"].insert_one({**lock, "pid": me.pid, "started": me.started})
    with monkeypatch.context() as impatient, pytest.raises(schema.DatabaseError, match="Another process"):
        impatient.setattr(schema, "_PATIENCE", 0.2)
        schema.ensure(bare_database)
    bare_database["meta"].update_one({"_id": "schema.lock"}, {"$set": {"until": now() - timedelta(hours=1)}})
    schema.ensure(bare_database)


def test_validators_and_indexes_that_differ_are_brought_up_to_date(database: Db) -> None:
    database.command("collMod", "runs", validator={})
    database["reports"].drop_index("report_year_1_bucket_1")
    database["reports"].create_index([("report_year", 1), ("bucket", 1)], name="by_hand")
    database["meta"].update_one({"_id": "schema"}, {"$set": {"fingerprint": "of an earlier version"}})
    schema.ensure(database)
    assert "report_year_1_bucket_1" in database["reports"].index_information()
    with pytest.raises(WriteError):
        database["runs"].insert_one({"_id": "x"})


@pytest.mark.parametrize("name", ["captures", "raw", "reports", "problems", "runs", "portals"])
def test_a_wrong_document_is_refused(database: Db, name: str) -> None:
    with pytest.raises(WriteError) as refused:
        database[name].insert_one({"_id": "x", "invented": True})
    assert refused.value.code == 121


def test_the_validator_follows_the_model() -> None:
    made = report_schema()
    document = report(1).to_document()
    assert set(document) <= set(made["properties"])
    assert set(made["required"]) > {"organ", "figures", "sources", "revision"}
    cell = made["properties"]["cells"]["items"]
    assert set(cell["required"]) <= set(FigureCell._fields) and all(
        set(cell["required"]) <= one.keys() for one in document["cells"]
    )
    assert made["properties"]["checks"]["items"]["properties"]["status"]["enum"] == [member.value for member in Status]
    assert made["properties"]["scope"]["enum"] == [member.value for member in Scope]
    assert object_of(Report)["additionalProperties"] is False


def test_a_kind_of_field_nobody_thought_of_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"teach storage\.shape\.validators"):
        schema_of(complex)
    optional: Any = tuple[str, int] | None
    assert schema_of(optional)["bsonType"] == ["array", "null"]


def test_an_archive_from_before_reruns_is_read_anew_by_the_first_one(database: Db) -> None:
    """Version 1 kept nowhere what a report or a verdict was made from: that is unknown, so it is out of date."""
    save(database, report(1), report(2))
    (stored,) = Archive(database).store([capture(3, b"<p>no report</p>", kind="not_a_report")])
    for name, field in (("reports", "sources.0.made_of"), ("captures", "judged_by")):
        database[name].update_many({}, {"$unset": {field: 1}})
    database["stats"].delete_many({"_id": {"$in": ["known.made_of", "known.judged_by"]}})
    database["meta"].update_one({"_id": "schema"}, {"$set": {"version": 1, "migrations": []}})
    brought_up = schema.ensure(database)
    assert brought_up[0] == "say what is out of date" and schema.ensure(database) == ()
    assert [one["made_of"] for one in database["readings"].find({})] == [["unknown"], ["unknown"]]
    marked = Archive(database).get(stored.capture_id)
    assert marked is not None and marked.judged_by == ("unknown",)
    assert Known(database, "made_of").values() == Known(database, "judged_by").values() == ["unknown"]


def test_copies_in_an_archive_of_version_3_are_looked_for_anew(database: Db) -> None:
    """It indexed single sentences: copies are found among the old reports as among the new ones."""
    save(database, report(1), report(2))
    follow_up(database)
    meant = dump(database, leave=("stats", "meta"))
    database["signatures"].update_many({}, {"$set": {"sentences": [1000], "bands": [1000]}})
    database["meta"].update_one({"_id": "schema"}, {"$set": {"version": 3, "migrations": []}})
    schema.ensure(database)
    assert database["pending"].count_documents({}) == 2
    follow_up(database)
    database["signatures"].update_many({}, {"$set": {"writes": 1}})
    assert dump(database, leave=("stats", "meta")) == meant


def test_an_archive_of_version_4_says_apart_how_its_reports_were_read(database: Db) -> None:
    """Its catalogue said it, with two indexes of its own; what was read by it is selected as before."""
    save(database, report(1), report(2))
    meant = dump(database, leave=("stats", "meta"))
    for one in database["readings"].find({}):
        old = {"made_of": one["made_of"], "template.version": "1", "derived": {"parser_version": "1"}}
        database["catalogue"].update_one({"_id": one["_id"]}, {"$set": old})
    database["readings"].delete_many({})
    for key in ("captures", "made_of"):
        database["catalogue"].create_index([(key, 1), *([("bucket", 1)] if key == "made_of" else [])])
    versions = [migration.name for migration in MIGRATIONS if migration.version <= 4]
    database["meta"].update_one({"_id": "schema"}, {"$set": {"version": 4, "migrations": versions}})
    assert schema.ensure(database)[0] == "say apart how reports were read"
    assert dump(database, leave=("stats", "meta")) == meant
    assert not {"captures_1", "made_of_1_bucket_1"} & set(database["catalogue"].index_information())
