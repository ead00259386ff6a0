"""The command line as a user has it: a process of its own, in a home of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from nianbao.cli import run
from storage.embedded.ping import free_port

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Done:
    """What a command left: exit code, both outputs."""

    code: int
    out: str
    err: str

    @property
    def documents(self) -> list[Any]:
        """Standard output as JSON, one document a line; NaN and Infinity are no JSON."""

        def refuse(word: str) -> None:
            raise AssertionError(f"{word} is no JSON")

        return [json.loads(line, parse_constant=refuse) for line in self.out.splitlines()]

    @property
    def last(self) -> str:
        """The last line that was said on standard error."""
        return self.err.strip().splitlines()[-1] if self.err.strip() else ""


@dataclass(frozen=True)
class CommandLine:
    """Runs `nianbao` with `home` as NIANBAO_HOME."""

    home: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        # COLUMNS is what pytest-xdist tells its workers of the terminal; a pipe has no width.
        foreign = ("NIANBAO_", "MONGODB_", "COLUMNS")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
        path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
        return {**kept, "PATH": path, "NIANBAO_HOME": str(self.home), **self.variables}

    def __call__(self, *arguments: str | Path, stdin: bytes = b"", seconds: float = 120) -> Done:
        done = subprocess.run(
            [BIN / "nianbao", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            env=self.environment,
            timeout=seconds,
            check=False,
        )
        result = Done(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in result.err + result.out, result.err
        return result

    def quick(self, *arguments: str | Path) -> Done:
        """The same command in this process: for what only asks, and needs no process of its own."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with (
            mock.patch.dict(os.environ, self.environment, clear=True),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = run([*map(str, arguments)])
        out.flush()
        err.flush()
        return Done(int(code), out.buffer.getvalue().decode(), err.buffer.getvalue().decode())  # type: ignore[attr-defined]

    @staticmethod
    def help_of(name: str) -> Done:
        """`nianbao NAME --help`, in this process."""
        return CommandLine(Path()).quick(*name.split(), "--help")


@pytest.fixture
def nianbao(tmp_path: Path) -> CommandLine:
    """The command line in an empty home, which is only made when something is stored."""
    return CommandLine(tmp_path / "home")


def use_free_port(home: Path) -> None:
    """Let a home serve the sample portal at a port of its own, whatever else runs on this machine."""
    (home / "run").mkdir(mode=0o700, parents=True)
    (home / "run" / "sample.port").write_text(f"{free_port()}\n", encoding="ascii")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CommandLine, Done]]:
    """The archive that `make demo` makes, and what the command said. Nobody writes to it."""
    command = CommandLine(tmp_path_factory.mktemp("demo") / "home")
    use_free_port(command.home)
    try:
        yield command, command("demo", seconds=280)
    finally:
        command("db", "stop")


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CommandLine, Done]]:
    """The archive that `nianbao demo --invented` makes, and what the command said. Nobody writes to it."""
    command = CommandLine(tmp_path_factory.mktemp("invented") / "home", {"NIANBAO_DATABASE": "nianbao_invented"})
    try:
        yield command, command("demo", "--invented", seconds=280)
    finally:
        command("db", "stop")
