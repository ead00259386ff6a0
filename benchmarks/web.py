"""`make bench-web N=20000`: how long the pages of `nianbao serve` take on a large archive, beside the bare query.

    python -m benchmarks.web --reports 20000 [--mongodb mongodb://…]

The archive is invented (`benchmarks.web_archive`), the server is the program itself in a process of its own, one
request at a time over a kept connection. Ends with 1 where a page or a list is slower than it may be.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import httpx
import psutil
from pymongo.errors import AutoReconnect

from benchmarks.web_archive import YEARS, fill
from nianbao.web.shelf import PROJECTION
from storage import embedded
from storage.base import Db
from storage.coverage import update as coverage
from storage.database import open_database
from storage.fulltext import TextIndex
from storage.settings import Settings, load
from storage.shape.views import VIEWS, stages

PAGE_MS, LIST_MS = 200.0, 100.0
"""What the 95th percentile of a page and of a list may be."""
DATABASE = "nianbao_bench_web"


@dataclass(frozen=True)
class Case:
    name: str
    limit: float
    path: Callable[[random.Random], str]
    query: Callable[[Db, random.Random], object] | None
    """The bare query to MongoDB that would answer the same, as far as one can; None where there is none."""
    rounds: int = 60
    query_rounds: int = 12


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        environment = {"NIANBAO_HOME": f"{folder}/home", "NIANBAO_DATABASE": DATABASE}
        if arguments.mongodb:
            environment["MONGODB_URI"] = arguments.mongodb
        settings = load(environment)
        try:
            with open_database(settings) as db:
                try:
                    slow = measure(db, settings, arguments.reports, environment)
                finally:
                    db.client.drop_database(db.name)
        finally:
            if settings.mongodb_uri is None:
                embedded.stop(settings)
    sys.exit(1 if slow else 0)


def measure(db: Db, settings: Settings, number: int, environment: dict[str, str]) -> list[str]:
    """The names of the cases that were too slow."""
    print(f"{number:,} reports, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {settings.where}\n", flush=True)
    with timed("reports stored"):
        fill(db, number)
    with timed("coverage worked out"):
        coverage.rebuild(db)
    with timed("search index made"):
        TextIndex(db, settings.home).catch_up()
    slow = []
    with served(environment) as (address, process), httpx.Client(base_url=address, timeout=60, trust_env=False) as web:
        print(
            f"\n{'milliseconds':30} {'median':>8} {'p95':>8} {'may be':>8} {'cpu':>8}   {'bare: median':>12} {'p95':>8}"
        )
        for case in cases(number):
            used = _processor(process)
            taken = times(lambda dice, case=case: _get(web, case.path(dice)), case.rounds)
            used = (_processor(process) - used) * 1000 / (case.rounds + 1)
            ask = case.query
            bare = [] if ask is None else times(lambda dice, ask=ask: ask(db, dice), case.query_rounds)
            p95 = percentile(taken)
            mark = "" if p95 <= case.limit else "  too slow"
            slow += [case.name] if mark else []
            print(
                f"{case.name:30} {median(taken):8.1f} {p95:8.1f} {case.limit:8.0f} {used:8.1f}   "
                + (f"{median(bare):12.1f} {percentile(bare):8.1f}" if bare else f"{'–':>12} {'–':>8}")
                + mark,
                flush=True,
            )
        print(f"\nmemory of the server process: {process.memory_info().rss >> 20} MB")
    print("\nviews, the rows of one year, milliseconds    as a view    its stages behind a condition")
    for view in VIEWS:
        behind = times(
            lambda dice, name=view.name: list(
                db.catalogue.aggregate([{"$match": {"report_year": dice.choice(YEARS)}}, *stages(name)])
            ),
            4,
        )
        try:
            whole = times(lambda dice, name=view.name: list(db[name].find({"report_year": dice.choice(YEARS)})), 2)
            told = f"{median(whole):23.0f}"
        except AutoReconnect:  # a timeout among them: the embedded server does not get through
            told = f"{'no answer':>23}"
        print(f"{view.name:30} {told} {median(behind):32.0f}", flush=True)
    return slow


def cases(number: int) -> list[Case]:
    organs = number // len(YEARS)

    def organ(dice: random.Random) -> str:
        return f"bench-{dice.randrange(organs)}"

    def report(dice: random.Random) -> str:
        return f"{organ(dice)}/{dice.choice(YEARS)}/own"

    def province(dice: random.Random) -> str:
        return dice.choice(("河北省", "云南省", "江苏省"))

    newest = max(YEARS)
    return [
        Case("overview", PAGE_MS, lambda _: "/", lambda db, _: list(db.catalogue.aggregate(_BY_PROVINCE)), 30, 3),
        Case("list, newest", LIST_MS, lambda _: "/reports", lambda db, _: _listed(db, {"report_year": newest})),
        Case(
            "list, province and year",
            LIST_MS,
            lambda dice: f"/reports?province={province(dice)}&year={dice.choice(YEARS)}",
            lambda db, dice: _listed(db, {"report_year": dice.choice(YEARS), "organ.province": province(dice)}),
        ),
        Case(
            "list, by requests received",
            LIST_MS,
            lambda dice: f"/reports?sort=received&year={dice.choice(YEARS)}",
            lambda db, dice: _listed(
                db, {"report_year": dice.choice(YEARS)}, [("figures.requests.received_new.total", -1)]
            ),
        ),
        Case(
            "list, words of a title",
            LIST_MS,
            lambda dice: f"/reports?q=第{dice.randrange(organs)}县",
            lambda db, dice: _listed(db, {"report_year": newest, "title": {"$regex": f"第{dice.randrange(organs)}县"}}),
        ),
        Case(
            "list, words of the text",
            LIST_MS,
            lambda dice: f"/reports?q=政务微信推送{dice.randrange(9999)}篇",
            # A pattern over the texts of one year's 2,000 reports ends the embedded server: none to compare with.
            None,
        ),
        Case(
            "list as JSON, second page",
            LIST_MS,
            lambda dice: f"/api/reports?size=50&year={dice.choice(YEARS)}&fields=organ.name,trust",
            lambda db, dice: _listed(db, {"report_year": dice.choice(YEARS)}),
        ),
        Case(
            "counts of all facets",
            LIST_MS,
            lambda dice: f"/api/facets?year={dice.choice(YEARS)}",
            lambda db, dice: list(db.catalogue.aggregate(_counted(dice.choice(YEARS)))),
            query_rounds=6,
        ),
        Case(
            "organs of a province",
            LIST_MS,
            lambda dice: f"/organs?province={province(dice)}",
            lambda db, dice: _listed(db, {"report_year": newest, "organ.province": province(dice)}),
        ),
        Case(
            "coverage, whole country",
            PAGE_MS,
            lambda _: "/coverage",
            lambda db, _: list(db.coverage_counts.find({})),
            60,
            6,
        ),
        Case(
            "coverage of a province",
            LIST_MS,
            lambda dice: f"/coverage?province={province(dice)}&state=here",
            lambda db, dice: list(
                db.coverage.find({"province": province(dice), "year": {"$gte": min(YEARS), "$lte": newest}})
            ),
        ),
        Case(
            "coverage as JSON, by year and state",
            LIST_MS,
            lambda dice: f"/api/coverage?size=50&from={(year := dice.choice(YEARS))}&to={year}&state=missing",
            lambda db, dice: list(db.coverage.find({"province": province(dice), "year": dice.choice(YEARS)})),
        ),
        Case(
            "why a report is missing",
            PAGE_MS,
            lambda dice: f"/coverage/{organ(dice)}/2024",
            lambda db, dice: db.coverage.find_one({"_id": f"{organ(dice)}/2024"}),
        ),
        Case("report", PAGE_MS, lambda dice: f"/reports/{report(dice)}", lambda db, dice: _one(db, report(dice))),
        Case(
            "archived page with its marks",
            PAGE_MS,
            lambda dice: f"/reports/{report(dice)}/source/0",
            lambda db, dice: _one(db, report(dice)),
        ),
        Case(
            "organ over the years",
            PAGE_MS,
            lambda dice: f"/organs/{organ(dice)}",
            lambda db, dice: list(db.reports.find({"organ.id": organ(dice)})),
        ),
        Case(
            "three organs compared",
            PAGE_MS,
            lambda dice: "/compare?" + "&".join(f"organ={organ(dice)}" for _ in range(3)),
            lambda db, dice: list(db.reports.find({"organ.id": {"$in": [organ(dice) for _ in range(3)]}})),
        ),
        Case(
            "condition on a figure, one year",
            LIST_MS,
            lambda dice: (
                f"/api/reports?year={dice.choice(YEARS)}&where=requests.received_new.total%3E{dice.randrange(900)}"
            ),
            lambda db, dice: list(
                db.catalogue.find(
                    {
                        "report_year": dice.choice(YEARS),
                        "figures.requests.received_new.total": {"$gt": dice.randrange(900)},
                    },
                    {"_id": 1},
                )
            ),
            60,
            6,
        ),
        Case(
            "condition on a figure, all years",
            LIST_MS,
            lambda dice: f"/api/reports?where=requests.received_new.total%3E{dice.randrange(900)}",
            lambda db, dice: list(
                db.catalogue.find({"figures.requests.received_new.total": {"$gt": dice.randrange(900)}}, {"_id": 1})
            ),
            60,
            3,
        ),
        Case(
            "two conditions and words",
            LIST_MS,
            lambda dice: (
                f"/reports?q=政务微信推送&where=requests.received_new.total%3E{dice.randrange(900)}"
                "+and+reconsideration.upheld=0"
            ),
            None,
        ),
        Case("portals", PAGE_MS, lambda _: "/portals", lambda db, _: list(db.portals.find({}))),
        Case("runs", PAGE_MS, lambda _: "/runs", lambda db, _: list(db.runs.find({}))),
        Case("dictionary", PAGE_MS, lambda _: "/dictionary", None, 30),
    ]


_BY_PROVINCE = [{"$group": {"_id": {"province": "$organ.province", "year": "$report_year"}, "reports": {"$sum": 1}}}]


def _counted(year: int) -> list[dict[str, object]]:
    names = {"province": "organ.province", "level": "organ.level", "template": "template.id"}
    facets = {name: [{"$group": {"_id": f"${field}", "n": {"$sum": 1}}}] for name, field in names.items()}
    return [{"$match": {"report_year": year}}, {"$facet": facets}]


def _listed(db: Db, question: dict[str, object], sort: list[tuple[str, int]] | None = None) -> object:
    return list(db.catalogue.find(question, PROJECTION).sort(sort or [("_id", 1)]).limit(50))


def _one(db: Db, report_id: str) -> object:
    found = db.reports.find_one({"_id": report_id})
    assert found is not None
    return found


def _get(web: httpx.Client, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def times(act: Callable[[random.Random], object], rounds: int) -> list[float]:
    """Milliseconds of each round, after one that does not count."""
    dice = random.Random(1)
    act(dice)
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        act(dice)
        found.append((time.perf_counter() - start) * 1000)
    return found


def _processor(process: psutil.Process) -> float:
    """Seconds of processor that the pages' own process has used: what a busy machine does not change."""
    times = process.cpu_times()
    return float(times.user + times.system)


def percentile(taken: list[float]) -> float:
    """The 95th; of a few values the largest."""
    return quantiles(taken, n=20, method="inclusive")[-1] if len(taken) > 1 else taken[0]


@contextmanager
def timed(what: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"{what:34} {time.perf_counter() - start:8.1f} s", flush=True)


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple[str, psutil.Process]]:
    """`nianbao serve` on this archive, once its helpers are awake."""
    command = [str(Path(sys.executable).parent / "nianbao"), "serve", "--port", "0"]
    start = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        print(f"{'served after':34} {time.perf_counter() - start:8.1f} s", flush=True)
        running = psutil.Process(process.pid)
        _let_it_wake(running)
        yield address, running
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def _let_it_wake(process: psutil.Process) -> None:
    """Wait until it has read its registry and opened its workshop: it then does nothing until asked."""
    idle = 0
    while idle < 3:
        before = _processor(process)
        time.sleep(1)
        idle = idle + 1 if _processor(process) - before < 0.02 else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=20_000, help="how many reports the archive has")
    parser.add_argument("--mongodb", default="", help="a MongoDB instead of an embedded server; its own database in it")
    return parser.parse_args()


if __name__ == "__main__":
    main()
