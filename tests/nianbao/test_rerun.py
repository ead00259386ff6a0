"""`nianbao rerun` on the archive that `make demo` makes, which none of these changes. docs/a-template-changed.md writes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage.base import now
from storage.database import open_database
from storage.reports import Reports
from storage.settings import load
from tests.nianbao.conftest import ROOT, CommandLine, Done
from tests.storage.synthetic import write
from tests.storage.test_cross import FORWARD, OVER, SUQIAN, made

Demo = tuple[CommandLine, Done]
GUANCHENG = "410104/2020/own"


def test_after_a_crawl_there_is_nothing_to_do(demo: Demo) -> None:
    nianbao, _ = demo
    done = nianbao.quick("rerun", "--dry-run")
    assert (done.code, done.out) == (0, "")
    assert "Everything is up to date" in done.last


def test_the_archive_reads_as_the_crawl_read_it(demo: Demo) -> None:
    """Same bytes, files, titles and portal: a rerun gives the parser what the crawl gave it, PDF and Word files too."""
    nianbao, _ = demo
    (found,) = nianbao.quick("rerun", "--all", "--dry-run", "--json", "--workers", "1").documents
    assert found["outcomes"] == {"unchanged": 9}
    assert (found["to_do"], found["dry_run"], found["run_id"]) == (9, True, None)
    assert {group["portal"] for group in found["groups"]} == {"sample"}
    assert sum(group["unchanged"] for group in found["groups"]) == 9


def test_a_dry_run_shows_what_an_edit_would_do(demo: Demo, tmp_path: Path) -> None:
    nianbao, _ = demo
    edited = tmp_path / "config"
    shutil.copytree(ROOT / "config", edited)
    template = edited / "templates" / "e2019_v60.yaml"
    text = template.read_text(encoding="utf-8")
    template.write_text(text.replace("carried_forward", "carried_on"), encoding="utf-8")
    other = replace(nianbao, variables={"NIANBAO_CONFIG": str(edited)})
    (found,) = other.quick("rerun", "--dry-run", "--json", "--template", "e2019_v60", "--year", "2020").documents
    assert found["outcomes"] == {"would-apply": found["to_do"]}
    change = next(one for one in found["changes"] if one["report_id"] == GUANCHENG)
    lines = {line["path"]: (line["old"], line["new"]) for line in change["delta"]["lines"]}
    assert lines["figures.requests.carried_forward.total"][1] is None
    shown = other.quick("rerun", "--dry-run", "--year", "2020")
    assert "figures.requests.carried_on.total: null -> " in shown.out
    assert "nothing was written" in shown.last


def test_checks_over_several_reports_are_made_anew(demo: Demo) -> None:
    other = replace(demo[0], variables={"NIANBAO_DATABASE": "nianbao_cross"})
    with open_database(load(other.environment)) as db:
        Reports(db).save([write(made(SUQIAN, 2023, {FORWARD: 121})), write(made(SUQIAN, 2024, {OVER: 120}))])
    (found,) = other.quick("rerun", "--cross", "--json").documents
    assert found == {"changed": 1, "rules": {"T3-CHAIN": {"pass": 0, "fail": 1, "not_assessable": 0}}}
    with open_database(load(other.environment), create=False) as db:
        db["cross_checks"].update_many({}, {"$set": {"status": "pass"}})
        db["signatures"].delete_many({})
    done = other.quick("rerun", "--cross")
    assert "T3-CHAIN" in done.out and "1 checks over several reports, 1 of them new" in done.last
    assert "0 of them new" in other.quick("rerun", "--cross").last
    with open_database(load(other.environment), create=False) as db:
        assert [one["status"] for one in db["cross_checks"].find({})] == ["fail"]
        db.client.drop_database(db.name)


@pytest.mark.parametrize(
    "arguments",
    [["--template", "e1999"], ["--year", "x"], ["--workers", "0"], ["--show", "-1"], ["extra"], ["--cross"]],
)
def test_wrong_arguments(demo: Demo, arguments: list[str]) -> None:
    nianbao, _ = demo
    assert nianbao.quick("rerun", "--dry-run", *arguments).code == 2


@pytest.mark.parametrize(
    "asked", [["--portal", "nobody"], ["--portal", "nobody", "--all"], ["--year", "2004"], ["--year", "2003-2005"]]
)
def test_nothing_of_that_in_the_archive_is_exit_code_3(demo: Demo, asked: list[str]) -> None:
    nianbao, _ = demo
    done = nianbao.quick("rerun", "--dry-run", *asked)
    assert done.code == 3
    assert "holds nothing of that" in done.last


def test_without_an_archive_it_says_so(nianbao: CommandLine) -> None:
    done = nianbao.quick("rerun")
    assert done.code == 3
    assert not nianbao.home.exists()


def test_two_at_once(demo: Demo) -> None:
    nianbao, _ = demo
    moment = now()
    lease = {"_id": "rerun.lease", "token": "t", "run_id": "20260105-rerun", "since": moment, "host": "elsewhere"}
    with open_database(load(nianbao.environment), create=False) as db:
        before = db["runs"].count_documents({})
        db["meta"].insert_one({**lease, "until": moment + timedelta(minutes=5), "pid": 7, "started": 1.0})
        try:
            done = nianbao.quick("rerun")
        finally:
            db["meta"].delete_one({"_id": "rerun.lease"})
        assert db["runs"].count_documents({}) == before
    assert (done.code, done.out) == (1, "")
    assert "another rerun is under way (20260105-rerun, process 7 on elsewhere" in done.err
    assert len(done.err.splitlines()) == 1
