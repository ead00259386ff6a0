"""A Dask cluster on loopback: a scheduler and workers, each a process of its own, as `dask scheduler` starts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

ROOT = Path(__file__).resolve().parents[3]


class Dask:
    """Use as a context manager: everything that was started ends with it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "scheduler.json"
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(self._file))
        try:
            self.address = self._where()
        except BaseException:
            self._end()
            raise
        return self

    def _where(self) -> str:
        """The scheduler's address, out of its file: that is there for a moment before anything is in it."""
        deadline = time.monotonic() + 240
        while not (self._file.exists() and self._file.stat().st_size):
            assert self.scheduler.poll() is None and time.monotonic() < deadline, self.log
            time.sleep(0.05)
        return str(json.loads(self._file.read_text(encoding="utf-8"))["address"])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        for process in reversed(self._started):
            for one in [*psutil.Process(process.pid).children(recursive=True)] if process.poll() is None else []:
                one.kill()
            process.kill()
            process.wait()

    def hire(self, number: int, *arguments: str) -> None:
        """Start workers of one thread each, with the configuration that NIANBAO_CONFIG names now."""
        for _ in range(number):
            options = ["--nthreads", "1", "--local-directory", str(self._folder), *(arguments or ("--no-nanny",))]
            self.workers.append(self._start("worker", self.address, *options))

    @property
    def log(self) -> str:
        return (self._folder / "log").read_text(encoding="utf-8")

    def _start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", what, "--host", "127.0.0.1", "--no-dashboard", *arguments],
                cwd=ROOT,
                env=dict(os.environ),
                stdout=log,
                stderr=log,
            )
        self._started.append(process)
        return process
