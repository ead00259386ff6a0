"""What every command owes its users: help with an example, JSON where it answers, completion, no colour where none is wanted."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from nianbao.cli import app
from nianbao.commands.diff import _change
from nianbao.examples import EXAMPLES
from nianbao.sample.portal import SITE
from storage import query
from storage.base import Db
from storage.reports import Reports
from tests.nianbao.conftest import BIN, ROOT, CommandLine, Done, use_free_port
from tests.storage.synthetic import report, write

Demo = tuple[CommandLine, Done]
PAGE = SITE / "zwgk/zfxxgk/zfxxgknb/202101/t20210119_2002.html"
NEEDS = {
    "import": {"pages.warc.gz": "export"},
    "db load": {"dump-to-load": "db dump"},
    "restore": {"backup-to-restore": "backup"},
}
"""What must be there first, and the command that makes it."""
CRAWLING = ("backfill", "crawl", "demo", "nightly")
BLOCKING = ("sample", "serve")
"""Commands that run until they are told to stop."""
WHAT = {
    "backfill": ("--years", "2003-2004", "sample"),
    "backup": ("{folder}/backup",),
    "corrections": (),
    "coverage": ("--years", "2019-2020"),
    "crawl": ("sample", "--dry-run"),
    "db dump": ("{folder}/dump",),
    "db load": ("{folder}/dump-to-load", "--replace"),
    "db start": (),
    "db status": (),
    "db stop": (),
    "db upgrade": (),
    "demo": (),
    "diff": ("130000-jyt/2019/own", "130000-jyt/2022/own"),
    "doctor": (),
    "export": ("{folder}/panel.csv",),
    "find": ("--year", "2020"),
    "import": ("{folder}/pages.warc.gz",),
    "index rebuild": (),
    "index status": (),
    "labels": (),
    "nightly": ("--now", "sample"),
    "parse": (str(PAGE),),
    "portals check": ("sample",),
    "portals discover": ("http://127.0.0.1:9/",),
    "portals list": (),
    "portals show": ("sample",),
    "rerun": ("--dry-run",),
    "restore": ("{folder}/backup-to-restore", "--replace"),
    "runs": (),
    "show": ("410104/2020/own",),
    "verify": (),
}
"""Something for every command to do; {folder} is a new one."""


def commands(group: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from commands(command, (*above, name))
        elif not command.hidden:
            yield " ".join((*above, name)), command


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """An archive for one file's tests alone, which may be dumped, replaced and stopped.

    Its registry has the sample portal and nothing else: no command of this file can name anybody's address.
    """
    folder = tmp_path_factory.mktemp("every")
    shutil.copytree(ROOT / "config", folder / "config", ignore=shutil.ignore_patterns("portals"))
    (folder / "config" / "portals").mkdir()
    shutil.copy(ROOT / "config" / "portals" / "sample.yaml", folder / "config" / "portals")
    command = CommandLine(folder / "home", {"NIANBAO_CONFIG": str(folder / "config")})
    assert [one["id"] for one in command("portals", "list", "--json").documents] == ["sample"]
    use_free_port(command.home)
    yield command, command("demo", "--json", seconds=280)
    command.quick("db", "stop")


ALL = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", ALL)
def test_help_says_what_it_does_with_an_example(name: str) -> None:
    done = CommandLine.help_of(name)

    assert done.code == 0
    assert f"nianbao {name}" in done.out.split("Usage:")[1].split("\n", 1)[1], "no example"
    assert "--json" in done.out, f"{name} has no --json"
    assert not re.search(r"<(list|int|str|path|file|dir)\b", done.out, re.IGNORECASE), "a type of Python's"


@pytest.mark.parametrize("name", WHAT)
def test_json_is_json_and_nothing_else_is_on_standard_output(ours: Demo, name: str) -> None:
    """On an archive of its own; what cannot be done is still said without a traceback."""
    command, demo = ours
    folder = command.home.parent
    for file, maker in NEEDS.get(name, {}).items():
        if not (folder / file).exists():
            assert command.quick(*maker.split(), folder / file).code == 0
    arguments = [one.format(folder=folder) for one in WHAT[name]]
    # A process crawls once, and remembers its registry.
    run = command if name in CRAWLING or name.startswith("portals") else command.quick
    done = demo if name == "demo" else run(*name.split(), *arguments, "--json")
    assert "Traceback" not in done.err
    assert "\x1b" not in done.out + done.err
    if name in ("nightly", "backfill", "portals discover"):
        assert done.code in (0, 1, 3), done.err
    else:
        assert done.code == 0, done.err
        assert done.documents or name in ("corrections", "labels"), "nothing was said"
    assert all(isinstance(one, (dict, list)) for one in done.documents)
    if done.code:
        assert done.last.startswith("nianbao: "), done.err


def test_every_command_has_something_to_do_in_this_file() -> None:
    assert set(ALL) == {*WHAT, *BLOCKING}


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


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_completion(shell: str) -> None:
    """The script that `--install-completion` installs, and what the shell then asks, as each of them asks it."""
    asks = {"COMP_WORDS": "nianbao fi", "COMP_CWORD": "1", "_TYPER_COMPLETE_ARGS": "nianbao fi"}
    said = {}
    for instruction in ("source", "complete"):
        variables = {**asks, "_TYPER_COMPLETE_FISH_ACTION": "get-args"} if instruction == "complete" else {}
        done = subprocess.run(
            [BIN / "nianbao"],
            env={"PATH": "/usr/bin:/bin", "_NIANBAO_COMPLETE": f"{instruction}_{shell}", **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        said[instruction] = done.stdout

    assert f"complete_{shell}" in said["source"]
    assert "nianbao" in said["source"]
    assert "find" in said["complete"]
    assert "crawl" not in said["complete"]


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
    assert [one.strip() for one in shown.out.splitlines()[0].split("┃")] == [
        "figure 指标",
        "2019",
        "2022",
        "change 增减",
    ]
    assert "一、本年新收政府信息公开申请数量 · 总计" in shown.out


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        (1, 123_456_789_013, "+123456789012"),
        (465.74, 465.04, "-0.7"),
        (0.1, 0.3, "+0.2"),
        (20, 10, "-10"),
        (3, 3, ""),
        (None, 3, ""),
        ("0", 3, ""),
    ],
)
def test_a_change_is_told_to_the_last_digit(old: object, new: object, change: str) -> None:
    assert _change(old, new) == change


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
    assert not {"_id", "report_id", "replaced"} & {line["path"].split(".")[0] for line in found["lines"]}
