"""`nianbao serve` as a process: it says where it is, answers, and leaves when told."""

from __future__ import annotations

import signal
import socket
import subprocess
from pathlib import Path

import httpx

from storage.base import Db
from tests.nianbao.conftest import BIN, CommandLine


def test_it_serves_the_archive_until_it_is_told_to_stop(stocked: Db, server_uri: str, nianbao: CommandLine) -> None:
    environment = {**nianbao.environment, "MONGODB_URI": server_uri, "NIANBAO_DATABASE": stocked.name}
    process = subprocess.Popen(
        [BIN / "nianbao", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        with httpx.Client(trust_env=False, timeout=60) as client:
            assert "管城回族区人民政府" in client.get(f"{address}reports").text
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, said
    assert "read-only" in said
    assert "Traceback" not in said


def test_without_an_archive_it_says_what_to_do(nianbao: CommandLine) -> None:
    done = nianbao.quick("serve", "--port", "0")
    assert done.code == 3
    assert "nianbao crawl" in done.last or "nianbao demo" in done.last


def test_a_port_in_use_is_named(nianbao: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = nianbao.quick("serve", "--port", str(port))
    assert done.code == 1
    assert str(port) in done.last
    assert "--port" in done.last


def test_everything_it_serves_is_in_the_package() -> None:
    """Templates and files are data of the package: an installation without them would serve nothing."""
    import tomllib

    root = Path(__file__).resolve().parents[3]
    data = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    assert {"web/templates/*", "web/static/**/*"} <= set(data["nianbao"])
    vendor = root / "nianbao" / "web" / "static" / "vendor"
    assert {path.name for path in vendor.iterdir()} == {"echarts.min.js", "echarts.LICENSE.txt", "echarts.NOTICE.txt"}
    assert "Apache License" in (vendor / "echarts.LICENSE.txt").read_text(encoding="utf-8")
    assert (vendor / "echarts.min.js").stat().st_size < 2 << 20
