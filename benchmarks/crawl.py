"""`make bench-crawl N=2000`: a whole crawl (archive, parse, store, no pause) beside a bare Scrapy spider on the same pages.

    python -m benchmarks.crawl --reports 2000

All pages but the lists are reports: each is archived, parsed to figures and checks, and written. The bare spider fetches
them and keeps nothing. Then a night over the same, unchanged pages. Everything on loopback, in a temporary folder.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections import Counter
from dataclasses import dataclass, field, replace

import psutil

from storage import embedded
from storage.settings import load

ROUNDS = 3


@dataclass
class Processors:
    """Processor seconds and memory of a process and all that it started, looked at four times a second."""

    root: psutil.Process
    seconds: dict[int, tuple[str, float]] = field(default_factory=dict)
    memory: list[float] = field(default_factory=list)
    """MB of the crawl process itself, over time."""

    def look(self) -> None:
        for process in [self.root, *self.root.children(recursive=True)]:
            try:
                used = process.cpu_times()
                name = "crawl" if process.pid == self.root.pid else _kind(process)
            except psutil.Error:
                continue
            self.seconds[process.pid] = (name, used.user + used.system)
        try:
            self.memory.append(self.root.memory_info().rss / 2**20)
        except psutil.Error:
            return

    def by_kind(self) -> Counter[str]:
        total: Counter[str] = Counter()
        for name, used in self.seconds.values():
            total[name] += used  # type: ignore[assignment]
        return total


def _kind(process: psutil.Process) -> str:
    words = " ".join(process.cmdline())
    return "parser" if "multiprocessing" in words else "other"


CRAWL = """
import json, sys
from crawler.run import crawl
from crawler.plan import Limits
result = crawl(home=sys.argv[1], delay=0, progress=False, limits=Limits(pages=1000))
print(json.dumps({"seconds": result.seconds, **result.counts}))
"""


def main() -> None:
    arguments = _arguments()
    number = arguments.reports
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "NIANBAO_HOME": folder, "NIANBAO_DATABASE": "bench_crawl"}
        for name in ("MONGODB_URI", "NIANBAO_CONFIG"):
            environment.pop(name, None)
        portal = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.crawl_portal", "--reports", str(number)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert portal.stdin is not None and portal.stdout is not None
        url = portal.stdout.readline().strip()
        settings = replace(load(environment), mongodb_uri=None)
        try:
            measure(url, number, environment, settings.parse.workers, arguments.rounds)
        finally:
            portal.stdin.close()
            portal.wait()
            embedded.stop(settings)


def measure(url: str, number: int, environment: dict[str, str], parsers: int, rounds: int) -> None:
    print(
        f"{number:,} report pages, {os.cpu_count()} cores, {parsers} parser processes, load {os.getloadavg()[0]:.1f}\n"
    )
    bare_rates, full_rates = [], []
    for n in range(rounds):
        pages, seconds, used = bare(url)
        bare_rates.append(pages / seconds)
        tell(
            f"round {n + 1}: a bare Scrapy spider",
            f"{pages / seconds:.0f} pages/s ({1000 * used / pages:.2f} ms CPU a page)",
        )
        environment["NIANBAO_DATABASE"] = f"bench_crawl_{n}"
        log(url)
        counts, processors = full(url, environment)
        full_rates.append(counts["pages"] / counts["seconds"])
        tell("         the whole crawl", f"{full_rates[-1]:.0f} pages/s, {full_rates[-1] / bare_rates[-1]:.0%} of it")
        ms = {name: 1000 * used / counts["pages"] for name, used in processors.by_kind().items()}
        tell("", "CPU ms a page: " + ", ".join(f"{name} {used:.1f}" for name, used in sorted(ms.items())))
        quarter = processors.memory[len(processors.memory) // 4] if processors.memory else 0
        tell("", f"memory of the crawl process: {quarter:.0f} MB after a quarter, {max(processors.memory):.0f} at most")
        tell(
            "",
            f"{counts['requests'] / counts['reports_new']:.3f} requests a report; {counts['reports_new']:.0f} reports",
        )
    middle = sorted(full_rates)[rounds // 2] / sorted(bare_rates)[rounds // 2]
    tell("the whole crawl against the bare spider", f"{middle:.0%} (medians)")
    log(url)
    counts, _ = full(url, environment)
    answers = log(url)
    tell(
        "a second crawl, all unchanged", f"{counts['pages'] / counts['seconds']:.0f} pages/s; answers: {dict(answers)}"
    )
    parsed = counts.get("parsed", 0)
    tell("", f"{sum(answers.values())} requests for {len_of(number)} pages and robots.txt, {parsed:.0f} pages parsed")


def len_of(number: int) -> int:
    """Front page, lists and reports."""
    return 1 + -(-number // 100) + number


def bare(url: str) -> tuple[int, float, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.crawl_bare", url], capture_output=True, text=True, check=True
    )
    pages, seconds, used = done.stdout.split()
    return int(pages), float(seconds), float(used)


def full(url: str, environment: dict[str, str]) -> tuple[dict[str, float], Processors]:
    import json

    process = subprocess.Popen([sys.executable, "-c", CRAWL, url], env=environment, stdout=subprocess.PIPE, text=True)
    processors = Processors(psutil.Process(process.pid))
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.25):
            processors.look()

    watching = threading.Thread(target=watch)
    watching.start()
    out, _ = process.communicate()
    over.set()
    watching.join()
    found: dict[str, float] = json.loads(out)
    return found, processors


def log(url: str) -> Counter[str]:
    """What the portal answered since the last time, by status."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{url}log") as answer:
        return Counter(answer.read().decode().split())


def tell(what: str, told: str) -> None:
    print(f"{what:42} {told}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
