"""`make bench-crawl N=2000`: a whole crawl (archive, parse, store, no pause) beside a bare Scrapy spider on the same pages.

    python -m benchmarks.crawl --reports 2000

All pages but the lists are reports, some of each organ: each is archived, parsed to figures and checks, and written.
The bare spider fetches them and keeps nothing; once as Scrapy comes, and once with the crawl's own manners. Then the same crawl over the same, unchanged pages. Everything on
loopback, in a temporary folder. What a run does when its last page is stored (coverage, checks over several reports) is
told apart. Where others use the machine only the processor time counts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil

from storage import embedded
from storage.settings import load

ROUNDS = 3
SHOWN = 12
"""Kinds of database commands that are told, the commonest."""


@dataclass
class Processors:
    """Processor seconds and memory of a process, all that it started, and the database server: four looks a second."""

    root: psutil.Process
    home: Path
    seconds: dict[int, tuple[str, float]] = field(default_factory=dict)
    memory: list[float] = field(default_factory=list)
    """MB of the crawl process itself, over time."""
    looks: list[tuple[float, Counter[str]]] = field(default_factory=list)
    """When, and the seconds until then by kind."""

    def __post_init__(self) -> None:
        self._server: psutil.Process | None = None
        self._before = 0.0

    def look(self) -> None:
        # Every one of them may end, or be no more, between any two questions.
        with suppress(psutil.Error):
            self.memory.append(self.root.memory_info().rss / 2**20)
            self._note(self.root, "crawl")
            for process in self.root.children(recursive=True):
                with suppress(psutil.Error):
                    self._note(process, _kind(process))
        self._look_at_server()
        total: Counter[str] = Counter()
        for name, used in self.seconds.values():
            total[name] += used  # type: ignore[assignment]
        self.looks.append((time.time(), total))

    def _note(self, process: psutil.Process, name: str, before: float = 0.0) -> None:
        used = process.cpu_times()
        self.seconds[process.pid] = (name, used.user + used.system - before)

    def _look_at_server(self) -> None:
        """The embedded server has left the family: its pid is in its state file."""
        with suppress(psutil.Error, OSError, ValueError, KeyError):
            if self._server is None:
                found = psutil.Process(json.loads((self.home / "run" / "server.json").read_text())["pid"])
                used = found.cpu_times()
                is_older = found.create_time() < self.root.create_time()
                self._server, self._before = found, used.user + used.system if is_older else 0.0
            self._note(self._server, "database", self._before)

    def until(self, moment: float) -> Counter[str]:
        """Seconds by kind at a moment (`time.time()`)."""
        return next(total for when, total in reversed(self.looks) if when <= moment or total is self.looks[0][1])


def _kind(process: psutil.Process) -> str:
    words = " ".join(process.cmdline())
    return "parser" if "multiprocessing" in words else "other"


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
    bare_rates, mannered_rates, full_rates = [], [], []
    for n in range(rounds):
        bare_rates.append(told_bare(f"round {n + 1}: a bare Scrapy spider", url))
        mannered_rates.append(told_bare("         the same, one connection, robots.txt", url, "--manners"))
        environment["NIANBAO_DATABASE"] = f"bench_crawl_{n}"
        log(url)
        counts, commands, processors = full(url, environment)
        full_rates.append(counts["pages"] / counts["seconds"])
        tell("         the whole crawl", f"{full_rates[-1]:.0f} pages/s")
        used = processors.until(counts["stored"])
        all_of_it = processors.looks[-1][1]
        start = processors.until(counts["began"])
        tell("", "CPU ms a page: " + shares(used, counts["pages"]))
        tell("", "of these, until the first page was there: " + shares(start, counts["pages"]))
        tell("", f"afterwards {counts['after']:.1f} s; CPU ms a page: " + shares(all_of_it - used, counts["pages"]))
        tell("", f"database commands a page: {sum(commands.values()) / counts['pages']:.2f}; " + most(commands, counts))
        quarter = processors.memory[len(processors.memory) // 4] if processors.memory else 0
        tell("", f"memory of the crawl process: {quarter:.0f} MB after a quarter, {max(processors.memory):.0f} at most")
        tell(
            "",
            f"{counts['requests'] / counts['reports_new']:.3f} requests a report; {counts['reports_new']:.0f} reports",
        )
    whole, alone, mannered = (sorted(rates)[rounds // 2] for rates in (full_rates, bare_rates, mannered_rates))
    tell(
        "the whole crawl against the bare spider",
        f"{whole / alone:.0%}; against that with manners {whole / mannered:.0%}",
    )
    log(url)
    counts, commands, _ = full(url, environment)
    answers = log(url)
    tell(
        "a second crawl, all unchanged", f"{counts['pages'] / counts['seconds']:.0f} pages/s; answers: {dict(answers)}"
    )
    tell("", f"database commands a page: {sum(commands.values()) / counts['pages']:.2f}; " + most(commands, counts))
    parsed = counts.get("parsed", 0)
    tell("", f"{sum(answers.values())} requests for {len_of(number)} pages and robots.txt, {parsed:.0f} pages parsed")


def shares(used: Counter[str], pages: float) -> str:
    parts = [f"{name} {1000 * seconds / pages:.1f}" for name, seconds in sorted(used.items())]
    return ", ".join(parts) + f", together {1000 * sum(used.values()) / pages:.1f}"


def most(commands: Counter[str], counts: dict[str, float]) -> str:
    """The commonest: `find reports 0.16`."""
    return ", ".join(f"{name} {number / counts['pages']:.2f}" for name, number in commands.most_common(SHOWN))


def len_of(number: int) -> int:
    """Front page, lists and reports."""
    return 1 + -(-number // 100) + number


def told_bare(what: str, url: str, *options: str) -> float:
    """Pages a second of a bare spider, which is told."""
    command = [sys.executable, "-m", "benchmarks.crawl_bare", url, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    pages, seconds, used = map(float, done.stdout.split())
    tell(what, f"{pages / seconds:.0f} pages/s ({1000 * used / pages:.2f} ms CPU a page)")
    return pages / seconds


def full(url: str, environment: dict[str, str]) -> tuple[dict[str, float], Counter[str], Processors]:
    """Counts, database commands until the last page was stored, processor time."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.crawl_whole", url], env=environment, stdout=subprocess.PIPE, text=True
    )
    processors = Processors(psutil.Process(process.pid), Path(environment["NIANBAO_HOME"]))
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.25):
            processors.look()

    watching = threading.Thread(target=watch)
    watching.start()
    out, _ = process.communicate()
    over.set()
    watching.join()
    found = json.loads(out)
    return found["counts"], Counter(found["commands"]), processors


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
