"""Scrapy's process as we set it up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawler.forks import ROOT

ASKS = """
import logging
from crawler.configure import crawl_process
from storage.settings import load
crawl_process(load())
print([logging.getLogger(name).isEnabledFor(logging.DEBUG) for name in ("scrapy.core.scraper", "pymongo.command", "asyncio")])
"""


@pytest.mark.parametrize(
    ("wanted", "told"), [({}, "[False, False, False]"), ({"NIANBAO_DEBUG": "1"}, "[True, True, True]")]
)
def test_lines_that_nobody_reads_are_not_made(tmp_path: Path, wanted: dict[str, str], told: str) -> None:
    """The process sets up Scrapy's loggers itself, so that ours comes after it. In a process of its own: it keeps a reactor."""
    given = {name: value for name, value in os.environ.items() if name != "NIANBAO_DEBUG"}
    done = subprocess.run(
        [sys.executable, "-c", ASKS], cwd=ROOT, env={**given, "NIANBAO_HOME": str(tmp_path), **wanted},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == told
