"""`nianbao export` on the archive that `make demo` makes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.nianbao.conftest import CommandLine, Done

Demo = tuple[CommandLine, Done]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_panel_holds_every_report_and_the_last_line_says_so(demo: Demo, tmp_path: Path) -> None:
    nianbao, _ = demo
    file = tmp_path / "panel.csv"

    done = nianbao("export", file)

    assert (done.code, done.out) == (0, "")
    assert done.last == f"9 rows of 9 reports are in {file}. What the columns mean: docs/export.md"
    reports = {one["_id"]: one for one in nianbao.quick("find", "--json").documents}
    rows = {row["report_id"]: row for row in rows_of(file)}
    assert rows.keys() == reports.keys()
    assert rows["410104/2020/own"]["requests_received"] == "110"
    assert rows["320813/2023/own"]["reconsideration__quality"] == "doubtful"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--year", "2020"],
        ["--organ", "河北省教育厅"],
        ["--province", "云南"],
        ["--year", "2020", "--text", "领导小组"],
        ["--where", "requests.received_new.total>=20"],
        ["--limit", "2"],
    ],
)
def test_export_and_find_take_the_same_options(demo: Demo, tmp_path: Path, arguments: list[str]) -> None:
    nianbao, _ = demo
    file = tmp_path / "reports.jsonl"
    done = nianbao.quick("export", file, *arguments)
    assert done.code == 0, done.err
    found = nianbao.quick("find", *arguments, "--json").documents
    assert found
    assert [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] == found


def test_nothing_matched_is_exit_code_3_and_no_file(demo: Demo, tmp_path: Path) -> None:
    nianbao, _ = demo
    done = nianbao.quick("export", tmp_path / "panel.csv", "--year", "2009")
    assert done.code == 3
    assert "no report answers" in done.last
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments",
    [["panel.ods"], ["panel"], ["panel.csv", "--form", "reports"], ["panel.csv", "--form", "rows"], []],
)
def test_wrong_arguments_are_exit_code_2(nianbao: CommandLine, arguments: list[str]) -> None:
    done = nianbao.quick("export", *arguments)
    assert done.code == 2, done.err


def test_a_folder_that_is_not_there_is_exit_code_1(demo: Demo, tmp_path: Path) -> None:
    nianbao, _ = demo
    done = nianbao.quick("export", tmp_path / "none" / "panel.csv")
    assert done.code == 1
    assert "no folder" in done.last


def test_cells_in_a_package(demo: Demo, tmp_path: Path) -> None:
    nianbao, _ = demo
    file = tmp_path / "cells.csv"
    done = nianbao.quick("export", file, "--form", "cells", "--bom", "--package", "--year", "2020")
    assert done.code == 0, done.err
    assert done.last.endswith(f"are in {file} and datapackage.json. What the columns mean: docs/export.md")
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    blank = [row for row in rows_of(file) if row["semantic"] == "empty"]
    assert blank and all(row["value"] == "" and row["quality"] == "missing" for row in blank)
