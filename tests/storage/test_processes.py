"""Real processes on one database: four at once, and one that is killed with SIGKILL and started again."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from storage.base import Db
from tests.storage.synthetic import capture, dump, report, write

ROOT = Path(__file__).resolve().parents[2]
REPORTS = 20

CODE = """
import sys
from pymongo import MongoClient
from storage.archive import Archive
from storage.reports import Reports
from tests.storage.test_processes import batch
uri, name, each = sys.argv[1], sys.argv[2], int(sys.argv[3])
with MongoClient(uri, tz_aware=True) as client:
    pages, writes = batch()
    for start in range(0, len(pages), each):
        if start + each >= len(pages):
            sys.stdin.read()
        stored = Archive(client[name]).store(pages[start : start + each])
        saved = Reports(client[name]).save(writes[start : start + each])
        print(*[s.state for s in (*stored, *saved)], flush=True)
"""


def batch() -> tuple[list[object], list[object]]:
    """Pages and the reports read from them, two versions each."""
    pages: list[object] = []
    writes: list[object] = []
    for n in range(REPORTS):
        for version in (1, 2):
            content = f"{n} version {version}".encode()
            pages.append(capture(n, content, minutes=version))
            writes.append(write(report(n, received=version, content=content, size=500), version=version))
    return pages, writes


def start(uri: str, db: Db, each: int, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    """Its last batch waits for the end of `stdin`."""
    command = [sys.executable, "-c", CODE, uri, db.name, str(each)]
    return subprocess.Popen(command, cwd=ROOT, stdin=stdin, stdout=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> list[str]:
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return said.split()


def settled(db: Db) -> dict[str, list[bytes]]:
    """The database without the times at which something happened."""
    for name, field in (("reports", "change"), ("report_revisions", "replaced"), ("report_revisions", "change")):
        db[name].update_many({f"{field}.at": {"$exists": True}}, {"$unset": {f"{field}.at": 1}})
    for name in ("reports", "report_revisions", "catalogue"):
        db[name].update_many({}, {"$unset": {"derived.parsed_at": 1}})
    return dump(db, leave=["meta"])


def test_four_processes_store_the_same(server_uri: str, database: Db) -> None:
    processes = [start(server_uri, database, 2 * REPORTS) for _ in range(4)]
    states = [state for process in processes for state in finish(process)]
    assert (states.count("new"), states.count("changed")) == (2 * REPORTS, 2 * REPORTS)
    assert states.count("unchanged") == 3 * 4 * REPORTS
    assert database["captures"].count_documents({}) == 2 * REPORTS
    assert database["reports"].count_documents({}) == REPORTS
    assert database["report_revisions"].count_documents({}) == REPORTS


def test_killed_and_started_again_equals_undisturbed(server_uri: str, database: Db) -> None:
    finish(start(server_uri, database, 5))
    database.command("collMod", "reports", validator={})  # so that times may be taken out
    undisturbed = settled(database)
    for name in (
        "captures",
        "raw",
        "reports",
        "report_revisions",
        "report_alternates",
        "catalogue",
        "readings",
        "stats",
    ):
        database[name].delete_many({})
    # It is there whenever we come to kill it.
    killed = start(server_uri, database, 5, stdin=subprocess.PIPE)
    assert killed.stdout is not None
    for _ in range(3):
        killed.stdout.readline()
    killed.send_signal(signal.SIGKILL)  # in the middle of one of the next batches
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    states = finish(start(server_uri, database, 5))
    assert {"new", "changed", "unchanged"} == set(states)
    assert settled(database) == undisturbed
