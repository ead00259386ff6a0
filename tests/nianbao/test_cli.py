"""Exit codes, messages and the purity of standard output (contract, section 2)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.nianbao.conftest import BIN, CommandLine

COMMANDS = ["demo", "crawl", "parse", "find", "show", "runs", "doctor", "sample", "db"]


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_every_command_explains_itself(nianbao: CommandLine, command: list[str]) -> None:
    done = nianbao.quick(*command, "--help")

    assert done.code == 0
    assert done.out.startswith("Usage: nianbao")
    assert not done.err


def test_every_command_is_named_in_chinese_too(nianbao: CommandLine) -> None:
    said = nianbao.quick("--help").out.partition("Commands:\n")[2].partition("\n\n")[0]

    assert [line for line in said.splitlines() if not re.search("[\u4e00-\u9fff]$", line)] == []
    assert all(cell_len(line) <= 80 for line in said.splitlines())


def test_help_answers_at_once() -> None:
    """Heavy packages are imported by the commands that need them."""
    heavy = ("pymongo", "scrapy", "lxml", "rich", "pydantic", "twisted", "parsers.build")
    code = f"import sys, nianbao.cli as c; c.run(['--help']); print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([BIN / "python", "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.startswith("Usage: nianbao")
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["parse"],
        ["parse", "no-such-file.html"],
        ["parse", "."],
        ["parse", "-", "-"],
        ["parse", "-", "--published", "yesterday"],
        ["crawl"],
        ["crawl", "--years", "2021-2019", "sample"],
        ["crawl", "--years", "last", "sample"],
        ["crawl", "--home", "no address"],
        ["crawl", "--sample", "0", "sample"],
        ["crawl", "no-such-portal"],
        ["find", "--year", "20"],
        ["labels", "--year", "20"],
        ["find", "--where", "requests.received_new.total>>1"],
        ["find", "--limit", "0"],
        ["show"],
        ["sample", "--port", "70000"],
        ["db", "load", "no-such-folder"],
    ],
    ids=" ".join,
)
def test_wrong_arguments_are_named(nianbao: CommandLine, arguments: list[str]) -> None:
    done = nianbao.quick(*arguments)

    assert done.code == 2
    assert not done.out
    assert done.last
    assert not nianbao.home.exists(), "wrong arguments must touch nothing"


@pytest.mark.parametrize("arguments", [["find"], ["show", "x/2020/own"], ["runs"], ["db", "dump"]], ids=" ".join)
def test_without_an_archive_one_line_says_how_to_begin(nianbao: CommandLine, arguments: list[str]) -> None:
    done = nianbao.quick(*arguments)

    assert done.code == 3
    assert not done.out
    assert "nianbao demo" in done.last
    assert "nianbao crawl --home URL" in done.last
    assert len(done.err.strip().splitlines()) == 1


def test_a_wrong_setting_is_one_line(tmp_path: Path) -> None:
    done = CommandLine(tmp_path / "home", {"NIANBAO_CACHE_MB": "much"}).quick("find")

    assert done.code == 1
    assert "NIANBAO_CACHE_MB" in done.last


def test_a_database_that_does_not_answer_is_one_line_without_the_password(tmp_path: Path) -> None:
    uri = "mongodb://reader:secret@127.0.0.1:9/?serverSelectionTimeoutMS=300"
    done = CommandLine(tmp_path / "home", {"MONGODB_URI": uri}).quick("find")

    assert done.code == 1
    assert "127.0.0.1:9" in done.last
    assert "secret" not in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_debugging_shows_the_traceback_and_the_line(tmp_path: Path) -> None:
    environment = CommandLine(tmp_path / "home", {"NIANBAO_DEBUG": "1", "NIANBAO_CACHE_MB": "much"}).environment
    done = subprocess.run([BIN / "nianbao", "find"], env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith("Traceback")
    assert done.stderr.strip().splitlines()[-1].startswith("nianbao: ")


def test_a_command_goes_on_where_nobody_reads_what_it_says_beside_the_result(
    nianbao: CommandLine, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><body><p>公告</p></body></html>", encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            [BIN / "nianbao", "parse", page],
            stdout=subprocess.PIPE,
            stderr=closed,
            env=nianbao.environment,
            timeout=120,
            check=False,
        )

    assert done.returncode == 0


@pytest.mark.parametrize(("arguments", "code"), [(["frobnicate"], 2), (["db"], 2), (["show", "x/2020/own"], 3)])
def test_the_exit_code_is_the_same_where_nobody_reads_why(
    nianbao: CommandLine, arguments: list[str], code: int
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            [BIN / "nianbao", *arguments], stderr=closed, env=nianbao.environment, timeout=120, check=False
        )

    assert done.returncode == code


def test_a_reader_that_has_enough_is_no_error(nianbao: CommandLine, tmp_path: Path) -> None:
    pages = []
    for number in range(40):
        pages.append(tmp_path / f"{number}.html")
        pages[-1].write_text("<html><body><p>公告</p></body></html>", encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            [BIN / "nianbao", "parse", "--json", *pages],
            stdout=closed,
            stderr=subprocess.PIPE,
            env=nianbao.environment,
            timeout=120,
            check=False,
        )

    assert done.returncode == 0
    assert done.stderr == b""


def test_an_interrupt_is_one_line(nianbao: CommandLine, tmp_path: Path) -> None:
    """A terminal sends Ctrl-C to every process of the command, the parsers' workers among them."""
    page, pipe = tmp_path / "page.html", tmp_path / "slow.html"
    page.write_text("<p>公告</p>", encoding="utf-8")
    os.mkfifo(pipe)
    with (
        subprocess.Popen(
            [BIN / "nianbao", "parse", page, pipe],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=nianbao.environment,
            text=True,
            start_new_session=True,
        ) as process,
        pipe.open("wb"),  # opens when the command reads it: a worker is starting for the first file by then
    ):
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=120)

    assert process.returncode == 130
    assert err.strip().startswith("nianbao: interrupted")
    assert len(err.strip().splitlines()) == 1


_LOADING = """
import importlib.abc, os, signal, sys

class Interrupted(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "nianbao.commands":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupted())
sys.argv[1:] = ["find"]
from nianbao.__main__ import main
main()
"""


def test_an_interrupt_while_the_command_is_loaded_is_one_line(nianbao: CommandLine) -> None:
    done = subprocess.run(
        [BIN / "python", "-c", _LOADING], env=nianbao.environment, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.strip() == "nianbao: interrupted. Start the command again."


def test_the_module_is_the_command(nianbao: CommandLine, tmp_path: Path) -> None:
    """Workers import the main module: it must not run the command again in them."""
    page = tmp_path / "page.html"
    page.write_text("<p>公告</p>", encoding="utf-8")
    done = subprocess.run(
        [BIN / "python", "-m", "nianbao", "parse", "--json", page],
        env=nianbao.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    assert len(done.stdout.splitlines()) == 1


def test_colour_stays_away_from_pipes_and_where_it_is_not_wanted(nianbao: CommandLine, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>公告</p>", encoding="utf-8")

    done = CommandLine(nianbao.home, {"NO_COLOR": "1", "FORCE_COLOR": ""})("parse", page)

    assert "\x1b" not in done.out + done.err


def test_the_doctor_names_what_is_there(nianbao: CommandLine) -> None:
    done = nianbao.quick("doctor")

    assert done.code == 0, done.out
    assert "database 数据库" in done.out
    assert {line[0] for line in done.out.splitlines() if not line.startswith(" ")} <= {"✓", "–", "✗"}
    assert not nianbao.home.exists(), "the doctor looks and changes nothing"


def test_the_doctor_speaks_json(nianbao: CommandLine) -> None:
    marks = [finding["mark"] for finding in nianbao.quick("doctor", "--json").documents]

    assert set(marks) <= {"good", "absent", "broken"}


def test_the_doctor_fails_when_the_configuration_is_broken(tmp_path: Path) -> None:
    config = tmp_path / "config"
    for folder in ("templates", "portals", "units"):
        (config / folder).mkdir(parents=True)
    (config / "templates" / "e2021_v30.yaml").write_text("id: [", encoding="utf-8")

    done = CommandLine(tmp_path / "home", {"NIANBAO_CONFIG": str(config)}).quick("doctor")

    assert done.code == 1
    assert "e2021_v30.yaml" in done.out
