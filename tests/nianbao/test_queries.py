"""docs/queries.md: every question is asked in this process, on the archive that `nianbao demo --invented` makes, and its answer compared.

Each is explained as well: none reads a collection from end to end but where the page says so (a view on the embedded
server).
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from pymongo.collection import Collection

from nianbao.sample.invented import town
from storage.database import open_database
from storage.settings import load
from storage.shape.views import REASONS, VIEWS
from tests.nianbao.conftest import BIN, ROOT, CommandLine, Done
from tests.nianbao.markdown import Block, blocks, shows

PAGE = ROOT / "docs" / "queries.md"
INDEXED = ("report_year", "organ.id", "organ.name", "organ.province", "_id", "year", "rule", "province")
Demo = tuple[CommandLine, Done]


@dataclass
class Answers:
    """What the blocks of the page printed and asked, by their line."""

    printed: dict[int, str] = field(default_factory=dict)
    asked: dict[int, list[list[Any]]] = field(default_factory=dict)


def queries() -> list[Block]:
    return [block for block in blocks(PAGE) if block.word == "query"]


@pytest.fixture(scope="module")
def answers(invented: Demo) -> Iterator[Answers]:
    """The page's Python from top to bottom, in one namespace, as a reader would type it."""
    command, _ = invented
    found = Answers()
    names: dict[str, Any] = {}
    with mock.patch.dict(os.environ, command.environment, clear=True):
        for block in queries():
            asked: list[list[Any]] = []
            out = io.StringIO()
            with watched("find", asked), watched("aggregate", asked), contextlib.redirect_stdout(out):
                exec(compile(block.body, f"{PAGE.name}:{block.line}", "exec"), names)
            found.printed[block.line], found.asked[block.line] = out.getvalue(), asked
    yield found


@contextlib.contextmanager
def watched(method: str, asked: list[list[Any]]) -> Iterator[None]:
    """Note what is asked of collections meanwhile."""
    plain: Callable[..., Any] = getattr(Collection, method)

    def watch(self: Collection[Any], *arguments: Any, **options: Any) -> Any:
        asked.append([self.name, method, *arguments])
        return plain(self, *arguments, **options)

    with mock.patch.object(Collection, method, watch):
        yield


def test_there_are_twenty_two(answers: Answers) -> None:
    assert len([block for block in blocks(PAGE) if block.language == "js"]) == 22


@pytest.mark.parametrize("block", queries(), ids=lambda block: f"line {block.line}")
def test_the_answer_is_the_one_on_the_page(answers: Answers, block: Block) -> None:
    printed = answers.printed[block.line]

    assert (block.output is None and not printed) or shows(block.output or "", printed), printed


def test_mongosh_asks_what_python_asks(answers: Answers) -> None:
    found = blocks(PAGE)
    for js, python in itertools.pairwise(found):
        if js.language == "js":
            assert python.word == "query"
            assert answers.asked[python.line] == [said_in_mongosh(js.body)]


def test_every_question_is_answered_by_an_index(answers: Answers, invented: Demo) -> None:
    command, _ = invented
    views = {view.name for view in VIEWS}
    with mock.patch.dict(os.environ, command.environment, clear=True), open_database(load(), create=False) as db:
        for name, method, first, *_ in [one for asked in answers.asked.values() for one in asked if asked]:
            first_match = first[0]["$match"] if method == "aggregate" else first
            assert first_match, (name, first)
            if name in views:
                continue  # on a MongoDB the view's condition reaches the catalogue's index
            bound = {key: value for key, value in first_match.items() if key in INDEXED}
            assert bound, (name, first)
            plan = db.command("explain", {"find": name, "filter": bound}, verbosity="queryPlanner")
            assert "COLLSCAN" not in json.dumps(plan["queryPlanner"]["winningPlan"], default=str), (name, bound)


def said_in_mongosh(code: str) -> list[Any]:
    """`db.catalogue.find({a: 1}).sort(…)` -> `["catalogue", "find", {"a": 1}]`."""
    match = re.fullmatch(r"db\.(\w+)\.(find|aggregate)\((.*?)\)(?:\.sort\([^()]*\))?", code.strip(), re.DOTALL)
    assert match is not None, code
    quoted = re.sub(r"([{,]\s*)([$\w]+)\s*:", r'\1"\2":', match[3])
    without_last_commas = re.sub(r",(\s*[}\]])", r"\1", f"[{quoted}]")
    return [match[1], match[2], *json.loads(without_last_commas)]


def test_views_hold_the_figures_of_their_reports(invented: Demo) -> None:
    command, _ = invented
    with mock.patch.dict(os.environ, command.environment, clear=True), open_database(load(), create=False) as db:
        reports = {one["_id"]: one for one in db["reports"].find({"report_year": {"$gte": 2000, "$lte": 2030}})}
        for view in VIEWS:
            rows = list(db[view.name].find({}))
            assert len(rows) == len(reports) * (len(REASONS) if view.name == "refusal_reasons" else 1)
        for row in db["grant_rate"].find({}):
            requests = reports[row["_id"]]["figures"].get("requests") or {}
            results = requests.get("results") or {}
            parts = [(results.get(key) or {}).get("total") for key in ("granted", "partially_granted", "total")]
            expected = None if None in parts or parts[2] == 0 else (parts[0] + parts[1]) / parts[2]
            assert row["rate"] == expected
        for row in db["timeliness"].find({}):
            day = reports[row["_id"]]["page"]["published_on"]
            assert row["by_31_march"] == (None if day is None else day <= f"{row['report_year'] + 1}-03-31")


def test_the_notebook_draws_its_charts_of_the_invented_town(invented: Demo, tmp_path: Path) -> None:
    command, _ = invented
    notebook = ROOT / "docs" / "notebooks" / "charts.ipynb"
    kept = json.loads(notebook.read_text(encoding="utf-8"))
    assert not any(cell.get("outputs") for cell in kept["cells"]), "it is kept without outputs"
    environment = {
        **command.environment,
        "PYTHONPATH": str(ROOT),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "MPLCONFIGDIR": str(tmp_path / "matplotlib"),
    }
    done = subprocess.run(
        [BIN / "jupyter-execute", "--kernel_name=python3", f"--output={tmp_path / 'done.ipynb'}", notebook],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    cells = json.loads((tmp_path / "done.ipynb").read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 4
    assert not any(output["output_type"] in ("error", "stream") for output in outputs), outputs


def test_the_command_fills_a_database_of_its_own_and_a_second_run_adds_nothing(
    invented: Demo,
) -> None:
    command, first = invented
    assert first.code == 0
    assert "111 new or changed" in first.out
    own = CommandLine(command.home)  # the usual database of the same home
    assert own.quick("find", "--year", "2022").code != 0
    again = command("demo", "--invented", seconds=280)
    assert "unchanged, nothing was added" in again.out
    with mock.patch.dict(os.environ, command.environment, clear=True), open_database(load()) as db:
        assert db["pending"].find_one() is None, "every organ has been looked at"
        assert all(one["text_sha256"] for one in db["captures"].find({}, {"text_sha256": 1}))
    found = command.quick("coverage", "--province", town.PROVINCE, "--years", "2016", "--json")
    states = {one["organ"]: one["state"] for one in found.documents}
    assert states["示例市城市管理局"] == "not_published"
    assert list(states.values()).count("found") == 10
    # The registry knows the town: what a rerun reads is what stands, of one year as of all.
    read = command.quick("rerun", "--all", "--year", "2021", "--dry-run", "--json").documents[0]
    assert (read["to_do"], read["outcomes"]) == (12, {"unchanged": 12})
