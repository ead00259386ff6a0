"""The files of `deploy/`: what can be known of them without a cron, a systemd or a Docker daemon."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

from ruamel.yaml import YAML

from nianbao.cli import app
from storage.settings import REPOSITORY

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
ENVIRONMENT = re.compile(r"\b(?:NIANBAO_[A-Z_]+|MONGODB_URI)\b")
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


KEYS = {
    "image": str, "command": list, "volumes": list, "healthcheck": dict, "restart": str, "profiles": list,
    "depends_on": dict, "working_dir": str, "environment": dict,
}  # fmt: skip
"""Of the compose specification, those that the file uses, each in the form in which it uses them."""


def test_every_key_of_the_containers_is_one_of_the_specification() -> None:
    """A word that is misspelt would be refused by Docker on somebody's machine; the whole schema is not at hand here."""
    compose = YAML(typ="safe").load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert set(compose) == {"services", "volumes"}
    for name, service in compose["services"].items():
        for key, value in service.items():
            assert isinstance(value, KEYS[key]), f"{name}.{key}"
        assert re.fullmatch(r"[a-z0-9./-]+:[\w.-]+", service["image"]), "an image with its version"
        for volume in service["volumes"]:
            source, target = volume.split(":")
            assert target.startswith("/") and (not source.startswith(".") or (DEPLOY / source).is_dir())
    mongodb, nightly = compose["services"]["mongodb"], compose["services"]["nightly"]
    assert mongodb["restart"] in ("no", "always", "on-failure", "unless-stopped")
    assert mongodb["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert re.fullmatch(r"\d+(?:ms|s|m|h)", mongodb["healthcheck"]["interval"])
    assert nightly["depends_on"]["mongodb"]["condition"] == "service_healthy", "which needs the health check above"


def test_the_containers_name_variables_and_files_that_there_are() -> None:
    nightly = YAML(typ="safe").load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["nightly"]
    known = set(ENVIRONMENT.findall((REPOSITORY / "storage" / "settings.py").read_text(encoding="utf-8")))
    assert set(nightly["environment"]) <= known
    shell = nightly["command"][-1]
    assert (REPOSITORY / re.search(r"sh (scripts/\S+)", shell)[1]).is_file()  # type: ignore[index]
    home = nightly["environment"]["NIANBAO_HOME"]
    assert any(volume.endswith(f":{home}") for volume in nightly["volumes"]), "the archive outlives the container"
    assert f"..:{nightly['working_dir']}" in nightly["volumes"]
