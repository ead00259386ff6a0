"""What every command owes its users: help with an example, JSON where it answers, completion, no colour where none is wanted."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from nianbao.cli import app
from nianbao.examples import EXAMPLES
from storage import query
from storage.base import Db
from storage.reports import Reports
from tests.nianbao.conftest import BIN, CommandLine, Done
from tests.storage.synthetic import report, write

Demo = tuple[CommandLine, Done]
DOES = {
    "backup",
    "crawl",
    "db dump",
    "db load",
    "db start",
    "db stop",
    "db upgrade",
    "demo",
    "export",
    "index rebuild",
} | {
    "restore",
    "sample",
    "serve",
}
"""Commands that do something and say so in a line; every other one answers, and has --json."""


def commands(group: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from commands(command, (*above, name))
        elif not command.hidden:
            yield " ".join((*above, name)), command


ALL = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", ALL)
def test_help_says_what_it_does_with_an_example(name: str) -> None:
    done = CommandLine.help_of(name)

    assert done.code == 0
    assert f"nianbao {name}" in done.out.split("Usage:")[1].split("\n", 1)[1], "no example"
    assert ("--json" in done.out) or name in DOES, f"{name} answers: give it --json, or name it in DOES"


def test_every_example_is_of_a_command() -> None:
    """Those of commands that are on their way may wait."""
    for name, examples in EXAMPLES.items():
        if name in ALL:
            assert all(name in example or "mongosh" in example for example in examples)


def test_completion_knows_commands_and_options() -> None:
    for words, expected in (("nianbao fi", "find"), ("nianbao find --pro", "--province")):
        done = subprocess.run(
            [BIN / "nianbao"],
            env={
                "PATH": "/usr/bin:/bin",
                "_NIANBAO_COMPLETE": "complete_bash",
                "COMP_WORDS": words,
                "COMP_CWORD": str(words.count(" ")),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert expected in done.stdout.split(), done


def test_no_colour_where_none_is_wanted(demo: Demo) -> None:
    command, _ = demo
    forced = CommandLine(command.home, {"FORCE_COLOR": "1"})
    plain = CommandLine(command.home, {"FORCE_COLOR": "1", "NO_COLOR": "1"})
    arguments = ("show", "320813/2023/own")

    assert "\x1b[31m" in forced(*arguments).out
    assert "\x1b[31m" not in plain(*arguments).out
    assert "\x1b" not in command(*arguments).out, "a pipe gets no codes at all"


def test_diff_of_two_years_of_an_organ(demo: Demo) -> None:
    nianbao, _ = demo
    (old,) = nianbao.quick("show", "130000-jyt/2019/own", "--json").documents
    (new,) = nianbao.quick("show", "130000-jyt/2022/own", "--json").documents

    (found,) = nianbao.quick("diff", "130000-jyt/2019/own", "130000-jyt/2022/own", "--json").documents
    shown = nianbao.quick("diff", "130000-jyt/2019", "130000-jyt/2022")

    lines = {line["path"]: (line["old"], line["new"]) for line in found["lines"]}
    assert lines["requests.received_new.total"] == (
        old["figures"]["requests"]["received_new"]["total"],
        new["figures"]["requests"]["received_new"]["total"],
    )
    assert all(before != after for before, after in lines.values())
    assert "+28" in next(line for line in shown.out.splitlines() if line.startswith("requests.received_new.total"))
    assert "e2019_v60 and e2021_v30" in shown.err


def test_diff_of_a_report_that_never_changed(demo: Demo) -> None:
    nianbao, _ = demo

    assert nianbao.quick("diff", "410104/2020/own").code == 3
    assert nianbao.quick("diff", "410104/2020/own", "--from", "7").code == 2
    assert nianbao.quick("diff", "410104/2020/own", "410104/2020/own", "--from", "1").code == 2


def test_diff_between_revisions(database: Db, server_uri: str, nianbao: CommandLine) -> None:
    Reports(database).save([write(report(1, size=300, received=5))])
    Reports(database).save([write(report(1, size=300, received=9, content=b"new"), version=2)])
    assert len(query.revisions(database, report(1).id)) == 1
    here = CommandLine(nianbao.home, {"MONGODB_URI": server_uri, "NIANBAO_DATABASE": database.name})

    shown = here.quick("diff", report(1).id)
    (found,) = here.quick("diff", report(1).id, "--from", "1", "--to", "2", "--json").documents

    row = next(line for line in shown.out.splitlines() if line.startswith("requests.received_new.total"))
    assert [cell.strip() for cell in row.split("│")[1:]] == ["5", "9", "+4"]
    assert (found["from"], found["to"], found["figures"]) == (1, 2, 1)
