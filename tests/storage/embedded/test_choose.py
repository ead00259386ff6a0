"""Which server is taken, with small programs in place of those that are not on every machine."""

from __future__ import annotations

import importlib.metadata
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from storage.embedded.choose import Server, choose, of_executable
from storage.embedded.launch import command_line
from storage.embedded.places import Places
from storage.errors import DatabaseError
from storage.settings import Settings, load

MONGOD = 'db version v8.0.4\nBuild Info: {\n    "version": "8.0.4",\n'
"""As MongoDB documents the answer to `mongod --version`."""
NATIVE = "secantusd-rs 0.5.3-beta.166\nsource: crates.io\n"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH besides the system's own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr("shutil.which", lambda name: str(folder / name) if (folder / name).exists() else None)
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({"NIANBAO_HOME": str(tmp_path / "home")}, tmp_path)


def program(folder: Path, name: str, prints: str, code: int = 0) -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\ncat <<'END'\n{prints}END\nexit {code}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def test_secantusdb_is_taken_where_there_is_nothing_better(path: Path, settings: Settings) -> None:
    server = choose(settings)
    assert server.kind == "secantusdb"
    assert server.version == importlib.metadata.version("secantusdb")
    assert server.executable == Path(sys.executable).parent / "secantusd-py"
    assert server.why.startswith("no mongod on PATH; no secantusd-rs or secantusd-mdb on PATH")


@pytest.mark.parametrize("name", ["secantusd-rs", "secantusd-mdb"])
def test_the_native_server_comes_before_it(path: Path, settings: Settings, name: str) -> None:
    file = program(path, name, NATIVE.replace("secantusd-rs", name))
    server = choose(settings)
    assert (server.kind, server.version, server.executable) == ("native", "0.5.3-beta.166", file)
    assert server.folder_name == "native-0.5.3-beta.166"


def test_mongod_comes_first(path: Path, settings: Settings) -> None:
    program(path, "secantusd-rs", NATIVE)
    program(path, "mongod", MONGOD)
    server = choose(settings)
    assert (server.kind, server.version) == ("mongod", "8.0.4")
    assert server.folder_name == "mongod-8.0", "a mongod reads the files of its own series"


@pytest.mark.parametrize(
    ("prints", "code", "why"),
    [
        ("db version v4.4.29\n", 0, "is MongoDB 4.4.29; 7 or newer is needed"),
        ("error while loading shared libraries\n", 127, "does not run"),
        ("hello\n", 0, "prints no version"),
    ],
)
def test_a_mongod_that_cannot_serve_is_passed_over_with_the_reason(
    path: Path, settings: Settings, prints: str, code: int, why: str
) -> None:
    program(path, "mongod", prints, code)
    server = choose(settings)
    assert server.kind == "secantusdb"
    assert why in server.why


def test_the_setting_decides(path: Path, settings: Settings) -> None:
    mongod = program(path, "mongod", MONGOD)
    assert choose(replace(settings, server="secantusdb")).kind == "secantusdb"
    assert choose(replace(settings, server=str(mongod))).why == f"NIANBAO_SERVER is {mongod}"
    with pytest.raises(DatabaseError, match="NIANBAO_SERVER is native, and no secantusd-rs"):
        choose(replace(settings, server="native"))
    with pytest.raises(DatabaseError, match="no such program"):
        choose(replace(settings, server="/nowhere/mongod"))
    with pytest.raises(DatabaseError, match="no server program that is known"):
        choose(replace(settings, server=str(program(path, "postgres", ""))))


def test_nothing_at_hand_says_what_to_do(path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(path / "python"))
    with pytest.raises(DatabaseError, match=r"pip install secantusdb.*mongod 7 or 8.*MONGODB_URI"):
        choose(settings)


def test_the_version_of_another_environments_secantusdb_is_asked_of_its_python(path: Path) -> None:
    python = program(path, "python9", "0.9.1\n")
    file = path / "secantusd-py"
    file.write_text(f"#!{python}\n", encoding="utf-8")
    file.chmod(0o755)
    assert of_executable(file, why="").version == "0.9.1"
    file.write_text("binary", encoding="utf-8")
    with pytest.raises(DatabaseError, match="does not name the Python"):
        of_executable(file, why="")


def test_the_command_lines(tmp_path: Path) -> None:
    """mongod's is written after its documentation: no mongod is at hand to prove it."""
    places = Places(tmp_path)
    folder = places.db / "x"

    def line(kind: str, cache_mb: int) -> str:
        server = Server(kind, "1", Path("/opt") / kind, "")  # type: ignore[arg-type]
        return " ".join(command_line(server, folder, 4711, cache_mb, places))

    assert line("mongod", 512).startswith(
        f"/opt/mongod --dbpath {folder} --port 4711 --bind_ip 127.0.0.1 --nounixsocket --wiredTigerCacheSizeGB 0.50 "
    )
    assert "--wiredTigerCacheSizeGB 0.25" in line("mongod", 64)
    assert f"--logpath {tmp_path}/log/server.log --logappend" in line("mongod", 64)
    secantusdb = line("secantusdb", 300)
    assert f"--storage-path {folder} --port 4711 --host 127.0.0.1 --cache-size 300M" in secantusdb
    assert "--standalone" in secantusdb
    assert "--sync-on-commit" not in secantusdb
    assert "--sync-on-commit" in line("native", 300)
