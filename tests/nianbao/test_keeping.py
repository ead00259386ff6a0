"""`nianbao verify`, `backup`, `restore`, `export x.warc.gz`, `import` as a user meets them, each on a database of its own."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pymongo import MongoClient

from crawler.profiles import RegistryProfiles
from parsers import parse
from parsers.source import Source
from storage import schema
from storage.archive import Archive
from storage.base import Db, Doc
from storage.dumps import dump as module
from storage.dumps.dump import dump
from storage.dumps.load import load
from storage.reports import Reports, ReportWrite
from storage.verify import verify
from tests.nianbao.conftest import CommandLine
from tests.storage.rerun.site import NOON, House, address, capture, page
from tests.storage.synthetic import capture as made
from tests.storage.synthetic import report, write
from tests.storage.test_verify import alike


@pytest.fixture
def other(client: MongoClient[Doc], database: Db) -> Iterator[Db]:
    db = client[f"{database.name}_other"]
    yield db
    client.drop_database(db.name)


@pytest.fixture
def here(nianbao: CommandLine, database: Db, server_uri: str) -> CommandLine:
    return replace(nianbao, variables={"MONGODB_URI": server_uri, "NIANBAO_DATABASE": database.name})


def elsewhere(here: CommandLine, other: Db) -> CommandLine:
    return replace(here, variables={**here.variables, "NIANBAO_DATABASE": other.name})


def fill(db: Db, number: int = 3) -> None:
    Archive(db).store([made(n, f"page {n}".encode()) for n in range(number)])
    Reports(db).save([write(report(n, content=f"page {n}".encode(), size=300)) for n in range(number)])


def test_verify_says_what_is_damaged_and_leaves_with_1(here: CommandLine, database: Db) -> None:
    fill(database)
    good = here.quick("verify")
    assert (good.code, good.out) == (0, "")
    assert good.last.startswith("Everything is there and as it was: 3 bodies (18 B), 3 captures, 3 reports")
    (held,) = database["raw"].find({}).limit(1)
    database["raw"].update_one({"_id": held["_id"]}, {"$set": {"body": b"other"}})

    looked = here.quick("verify", "--dry-run")
    assert looked.code == 1 and "Without --dry-run they are marked" in looked.last
    assert database["damage"].count_documents({}) == 0
    done = here.quick("verify", "--json")
    assert done.code == 1
    (found,) = done.documents
    assert found["whole"] is False and [one["sha256"] for one in found["damaged"]] == [held["_id"]]
    assert "1 damaged or missing bodies among 3 bodies" in done.last and "Crawl their portals again" in done.last
    assert here.quick("verify").out.startswith(f"damaged {held['_id']}: ")
    assert database["damage"].count_documents({}) == 1


def test_verify_tells_what_was_altered_or_lost_and_what_to_do(here: CommandLine, database: Db) -> None:
    fill(database)
    first, second = (report(n).id for n in range(2))
    database["reports"].update_one({"_id": first}, {"$set": {"figures.requests.received_new.total": 1000}})
    database["reports"].delete_one({"_id": second})
    looked = here.quick("verify", "--dry-run")
    assert looked.code == 1 and "Without --dry-run they are marked, and the next rerun" in looked.last
    done = here.quick("verify")
    assert done.out.splitlines() == [
        f"report {first}: altered, its content is not what was written",
        f"report {second}: lost, it was written and nothing has withdrawn it",
    ]
    assert done.code == 1 and "`nianbao rerun` reads them again" in done.last
    (told,) = here.quick("verify", "--json").documents
    assert (told["altered"], told["lost"], told["whole"]) == ([f"report {first}"], [second], False)
    database["readings"].delete_many({"_id": {"$in": [first, second]}})
    assert "nianbao restore DIR --replace" in here.quick("verify").last, "no rerun would find them"


def test_verify_reads_the_pages_again_where_it_is_asked_to(here: CommandLine, database: Db, tmp_path: Path) -> None:
    house = House(database, tmp_path / "home", RegistryProfiles())
    house.fill("e2021_v30", "e2019_v60")
    key = house.report(1)["_id"]
    assert here.quick("verify", "--sample", "1").code == 2
    alike(database, key, "readings", "catalogue")
    done = here.quick("verify", "--deep", "--dry-run")
    assert (done.code, done.out.splitlines()) == (1, [f"report {key}: altered, its page says something else"]), (
        done.last
    )
    assert "1 reports that say something else than their pages" in done.last and "2 readings" in done.last
    database["readings"].update_many({}, {"$set": {"sources.0.made_of": ["parser:0"]}})
    (told,) = here.quick("verify", "--deep", "--sample", "1", "--json").documents
    assert told["deep"] == {"compared": 0, "otherwise": [], "earlier": 1, "unread": {}}
    assert "2 were not: `nianbao rerun` reads them" in here.quick("verify", "--deep").last


def test_a_backup_comes_back_and_a_damaged_one_does_not(
    here: CommandLine, database: Db, other: Db, tmp_path: Path
) -> None:
    fill(database)
    folder = tmp_path / "backups" / "today"
    done = here.quick("backup", folder)
    assert (done.code, done.out) == (0, f"{folder}\n")
    assert "written and read back" in done.last
    assert here.quick("backup", folder).code == 1, "nothing is written over"
    there = elsewhere(here, other)
    restored = there.quick("restore", folder)
    assert restored.code == 0 and "3 bodies and what points at them are as they were" in restored.last
    assert there.quick("restore", folder).code == 0
    assert there.quick("find", "--json").documents == here.quick("find", "--json").documents

    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    raw = next(one for one in manifest["collections"] if one["name"] == "raw")
    (folder / raw["file"]).write_bytes((folder / raw["file"]).read_bytes()[:-1])
    damaged = there.quick("restore", folder, "--replace")
    assert damaged.code == 1 and "the dump is damaged" in damaged.last
    assert there.quick("verify").code == 0, "a damaged backup touches nothing"


def test_a_backup_made_during_a_crawl_points_at_nothing_that_is_missing(
    database: Db, other: Db, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crawl writes between any two collections; what is dumped last was written first."""
    fill(database)
    real = module._dump_collection
    number = iter(range(1000, 2000))

    def dumped(*arguments: object) -> object:
        n = next(number)
        content = f"page {n}".encode()
        crawl = threading.Thread(
            target=lambda: (
                Archive(database).store([made(n, content)]),
                Reports(database).save([write(report(n, content=content, size=300))]),
            )
        )
        crawl.start()
        crawl.join()
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_dump_collection", dumped)
    dump(database, tmp_path / "d")
    load(tmp_path / "d", other)
    found = verify(other)
    assert found.is_whole, found
    assert found.captures > found.reports, "it was being written to"


def test_an_import_that_would_break_sums_says_that_nothing_of_it_is_written(
    here: CommandLine, database: Db, other: Db, tmp_path: Path
) -> None:
    there, good = elsewhere(here, other), page(1, "e2021_v30")
    people = f">{random.Random(1).randrange(1, 50)}<".encode()
    spoiled = good.replace(people, b">99<", 1)
    assert spoiled != good
    for number, content in enumerate((good, spoiled)):
        Archive(other).store([capture(1, content, portal="127.0.0.1", fetched_at=NOON + timedelta(days=number))])
        file = tmp_path / f"{number}.warc.gz"
        assert there.quick("export", file).code == 0
        done = here.quick("import", file)
    assert done.code == 1 and "none of that is written" in done.last and "--accept-regressions" in done.last
    (stands,) = database["reports"].find({})
    assert stands["revision"] == 1
    assert here.quick("rerun", "--accept-regressions").code == 0
    (stands,) = database["reports"].find({})
    assert stands["revision"] == 2


def test_a_rerun_says_what_becomes_of_what_it_could_not_read(here: CommandLine, database: Db, other: Db) -> None:
    kept = Archive(database).store(
        [capture(1, page(1, "e2021_v30"), portal="127.0.0.1"), capture(2, page(2, "e2021_v30"), portal="nobody")]
    )
    writes = []
    for one, number in zip(kept, (1, 2), strict=True):
        parsed = parse(Source(page(number, "e2021_v30"), address(number), "text/html"))
        portal = "127.0.0.1" if number == 1 else "nobody"
        writes.append(ReportWrite(parsed.to_document(), one.capture_id, portal, one.fetched_at))
    saved = Reports(database).save(writes)
    database["raw"].delete_one({"_id": kept[0].raw_sha256})
    done = here.quick("rerun", "--all")
    assert done.code == 0 and "1 missing-raw, 1 rejected" in done.last
    assert "missing-raw: what stands there stays as it is; `nianbao verify` marks the bytes" in done.err
    assert "rejected: what stands there stays as it is" in done.err
    first, second = (one.report_id for one in saved)
    assert f"{first}: missing-raw: stands as it was: The archived bytes" in done.out
    assert f"{second}: rejected: config/portals has no nobody any more" in done.out
    assert "Put its file back" in done.out


def test_pages_travel_as_warc(here: CommandLine, database: Db, other: Db, tmp_path: Path) -> None:
    none = here.quick("export", tmp_path / "none.warc.gz")
    assert none.code == 3 and not (tmp_path / "none.warc.gz").exists()
    stored = capture(1, page(1, "e2021_v30"), portal="127.0.0.1")
    Archive(database).store([stored])
    file = tmp_path / "pages.warc.gz"
    done = here.quick("export", file)
    assert done.code == 0 and f"1 capture is in {file}" in done.last
    assert here.quick("export", file, "--form", "panel").code == 2

    there = elsewhere(here, other)
    taken = there.quick("import", file, "--json")
    assert taken.code == 0, taken.err
    (told,) = taken.documents
    assert (told["new"], told["left"], told["outcomes"]) == (1, 1, {"applied": 1})
    assert other["reports"].count_documents({}) == 1
    again = there.quick("import", file)
    assert again.code == 0 and "0 captures are new, 1 were there" in again.last
    (tmp_path / "no.warc").write_bytes(b"<html>")
    wrong = there.quick("import", tmp_path / "no.warc")
    assert wrong.code == 1 and "no.warc cannot be read" in wrong.last
    assert there.quick("import", file, "--portal", "nobody").code == 1
    assert there.quick("import", tmp_path / "absent.warc").code == 2
    kinds = {run["kind"]: run["state"] for run in other["runs"].find({})}
    assert kinds == {"import": "failed", "rerun": "finished"}
    assert schema.is_current(other)
