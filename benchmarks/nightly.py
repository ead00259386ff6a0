"""`python -m benchmarks.nightly --reports 1000`: what nights cost a portal that has not changed.

Three nights of one local portal: the first visit, an ordinary night, a sweep (all lists to their end, and every report
that the archive has). Told are the portal's answers by status, how many pages were parsed, and the time of a visit.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.crawl import len_of, log, tell
from crawler.nights.campaign import Means
from crawler.nights.nightly import nightly
from crawler.nights.schedule import load_schedule
from storage import embedded
from storage.base import now
from storage.settings import REPOSITORY, load

NIGHTS = {"the first visit": 0, "an ordinary night": 31, "a sweep": 200}
"""Days from now, on which the archive believes that it was swept: after a quarter it is to be swept again."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=1000)
    number = parser.parse_args().reports
    with tempfile.TemporaryDirectory() as folder, _portal(number) as url:
        config = _registry(Path(folder), url)
        os.environ |= {"NIANBAO_HOME": folder, "NIANBAO_CONFIG": str(config), "NIANBAO_DATABASE": "bench_nightly"}
        os.environ.pop("MONGODB_URI", None)
        try:
            print(f"{number:,} reports, {len_of(number):,} pages with the lists; load {os.getloadavg()[0]:.1f}")
            log(url)
            for name, days in NIGHTS.items():
                _night(name, url, now() + timedelta(days=days))
        finally:
            embedded.stop(load())


def _night(name: str, url: str, at: datetime) -> None:
    result = nightly(load(), load_schedule(), ("bench",), Means(workers=1), at=at, regardless=True)
    assert result.summary is not None
    counts, answers = result.summary.counts, log(url)
    told = f"{sum(answers.values())} requests {dict(answers)}, {counts.get('parsed', 0)} pages parsed"
    tell(name, f"{told}, {counts.get('revisited', 0)} looked at that no list named; {result.visited[0].seconds:.0f} s")


def _registry(folder: Path, url: str) -> Path:
    """A configuration with this one portal."""
    config = folder / "config"
    (config / "portals").mkdir(parents=True)
    for name in ("templates", "units"):
        (config / name).symlink_to(REPOSITORY / "config" / name)
    for file in (REPOSITORY / "config").glob("*.yaml"):
        shutil.copy(file, config)
    entry = f"id: bench\norgan: 洪泽区人民政府\nlevel: county\nregion_code: '320813'\nhome: '{url}'\npoliteness: {{delay: 0}}\n"
    (config / "portals" / "bench.yaml").write_text(entry, encoding="utf-8")
    return config


@contextmanager
def _portal(number: int) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.crawl_portal", "--reports", str(number)]
    portal = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert portal.stdin is not None and portal.stdout is not None
    try:
        yield portal.stdout.readline().strip()
    finally:
        portal.stdin.close()
        portal.wait()


if __name__ == "__main__":
    main()
