"""The files of `deploy/`: what can be known of them without a cron, a systemd or a Docker daemon."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

from ruamel.yaml import YAML

from nianbao.cli import app

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
SERVICE, TIMER = DEPLOY / "nianbao-nightly.service", DEPLOY / "nianbao-nightly.timer"


def commands() -> set[str]:
    return {command.name or "" for command in app.registered_commands} | {
        group.name or "" for group in app.registered_groups
    }


def test_every_command_that_they_run_exists() -> None:
    called = {
        name
        for file in DEPLOY.iterdir()
        for name in re.findall(r"bin/nianbao ([a-z-]+)", file.read_text(encoding="utf-8"))
    }
    assert called == {"nightly", "db"} and called <= commands()


def test_every_file_says_what_was_tested() -> None:
    for file in DEPLOY.iterdir():
        if file.name != "README.md":
            head = file.read_text(encoding="utf-8")[:700]
            assert "Tested:" in head and "Not tested:" in head, file.name


def test_the_units_are_units(tmp_path: Path) -> None:
    for file, kind in ((SERVICE, "Service"), (TIMER, "Timer")):
        unit = ConfigParser(interpolation=None, strict=False)
        unit.optionxform = str  # type: ignore[assignment]
        unit.read_string(file.read_text(encoding="utf-8"))
        assert {"Unit", kind, "Install"} == set(unit.sections())
    if shutil.which("systemd-analyze"):
        # With a program that is there: where the project will lie is not for a test to know.
        text = SERVICE.read_text(encoding="utf-8").replace(
            "ExecStart=/srv/nianbao/.venv/bin/nianbao", "ExecStart=/bin/echo"
        )
        (tmp_path / SERVICE.name).write_text(text, encoding="utf-8")
        shutil.copy(TIMER, tmp_path)
        units = [str(tmp_path / SERVICE.name), str(tmp_path / TIMER.name)]
        done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_the_containers_hang_together() -> None:
    compose = YAML(typ="safe").load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    services, volumes = compose["services"], compose["volumes"]
    assert set(services["nightly"]["depends_on"]) <= set(services)
    assert "ports" not in services["mongodb"], "the database is for the other containers alone"
    assert services["nightly"]["environment"]["MONGODB_URI"].startswith("mongodb://mongodb:")
    named = {volume.split(":")[0] for service in services.values() for volume in service["volumes"]}
    assert {name for name in named if not name.startswith(".")} == set(volumes)
