"""A password in MONGODB_URI: it opens the database, and it is nowhere else. What users ask can read and not write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote_plus

import bson
import pytest
from pymongo import MongoClient

from storage.base import Db, Doc
from tests.nianbao.conftest import CommandLine, Done
from tests.nianbao.guarded import PASSWORD, Guarded, guarded
from tests.nianbao.test_keeping import fill
from tests.storage.rerun.site import page
from tests.storage.synthetic import dump

SECRETS = (PASSWORD, quote_plus(PASSWORD), "hunter2")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("guarded")) as server:
        yield server


def told(home: Path, *done: Done) -> str:
    """Everything that commands have said and written beside the database."""
    files = [file.read_bytes().decode("utf-8", "replace") for file in home.rglob("*") if file.is_file()]
    return "\n".join([*(one.out + one.err for one in done), *files])


def secretless(text: str) -> bool:
    return not any(secret in text for secret in SECRETS)


def test_every_command_works_with_a_password_over_tls_and_none_tells_it(
    nianbao: CommandLine, server: Guarded, tmp_path: Path
) -> None:
    here = replace(nianbao, variables={"MONGODB_URI": server.uri(serverSelectionTimeoutMS="5000")})
    file = tmp_path / "page.html"
    file.write_bytes(page(1, "e2021_v30"))
    backup, warc, panel = tmp_path / "backup", tmp_path / "pages.warc.gz", tmp_path / "panel.csv"
    crawl = here("crawl", "--url", "http://127.0.0.1:9/nothing.html")  # nobody answers there: a problem, a log, a run
    with MongoClient[Doc](server.uri(), tz_aware=True) as client:
        db = client["nianbao"]
        fill(db)
        good = [
            here.quick(*command)
            for command in (
                ["db", "status"],
                ["find", "--json"],
                ["show", "第1县人民政府 2020"],
                ["export", panel],
                ["export", warc],
                ["backup", backup],
                ["restore", backup],
                ["verify", "--json"],
                ["import", warc],
                ["rerun", "--json"],
                ["runs"],
                ["db", "dump", tmp_path / "dump"],
                ["db", "load", tmp_path / "dump"],
            )
        ]
        assert [one.code for one in good] == [0] * len(good), [one.err for one in good if one.code]
        bad = [
            crawl,
            here.quick("db", "stop"),
            here.quick("db", "start"),
            here.quick("restore", tmp_path),
            here("doctor"),
        ]
        assert crawl.code == 1 and "127.0.0.1" in good[0].out
        stored = b"".join(bson.encode(one) for name in db.list_collection_names() for one in db[name].find({}))
    text = told(nianbao.home, *good, *bad)
    assert secretless(text)
    assert secretless(stored.decode("utf-8", "replace"))
    assert secretless(told(backup) + told(tmp_path / "dump"))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"password": "hunter2-wrong"}, "refuses the user or password: see MONGODB_URI"),
        ({"user": ""}, "the user may not use the database"),
        ({"tls": "", "tlsCAFile": ""}, "does not answer"),
        ({"tlsCAFile": ""}, "does not answer"),
        ({"tlsCAFile": "/nowhere/ca.pem"}, "No such file or directory: /nowhere/ca.pem"),
    ],
)
def test_what_is_wrong_with_the_address_is_said_without_it(
    nianbao: CommandLine, server: Guarded, options: dict[str, str], says: str
) -> None:
    uri = server.uri(**{"serverSelectionTimeoutMS": "700", **options})
    here = replace(nianbao, variables={"MONGODB_URI": uri})
    done = here.quick("find")
    assert done.code == 1 and says in done.err, done.err
    debugged = replace(here, variables={**here.variables, "NIANBAO_DEBUG": "1"}).quick("find")
    assert secretless(told(nianbao.home, done, debugged))


# --- questions ----------------------------------------------------------------------------------------------------

HOSTILE = (
    '{"$out": "x"}',
    '{"$merge": "reports"}',
    '{"$where": "1"}',
    '{"$function": {}}',
    "$out",
    "a.$where=1",
    "*/",
    "(",
)


def test_what_users_ask_reads_and_never_writes(nianbao: CommandLine, database: Db, server_uri: str) -> None:
    here = replace(nianbao, variables={"MONGODB_URI": server_uri, "NIANBAO_DATABASE": database.name})
    fill(database)
    before = dump(database)
    for text in HOSTILE:
        refused = here.quick("find", "--where", text)
        assert refused.code == 2 and "--where" in refused.err, refused.err
        for option in ("--organ", "--text", "--province"):
            assert here.quick("find", option, text).code in (2, 3), (option, text)
        assert here.quick("find", "--level", text).code in (2, 3)
        assert here.quick("show", text).code in (1, 3)
        assert here.quick("rerun", "--dry-run", "--all", "--portal", text).code in (1, 3)
    assert dump(database) == before
