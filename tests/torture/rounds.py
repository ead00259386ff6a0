"""The rounds: a small portal is crawled, then the archive is parsed again with another template, and somebody is killed.

    python -m tests.torture.rounds --rounds 50 [--seed 1]

Each round has a database of its own on one embedded server. After every kill: what was acknowledged is there. At the end
of every round: the archive is what an undisturbed crawl and rerun have made, to the last field.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import cycle
from multiprocessing.process import BaseProcess
from pathlib import Path

from nianbao.sample.server import Answer
from storage import embedded
from storage.base import Db
from storage.database import open_database
from storage.embedded import state
from storage.embedded.places import Places
from storage.settings import Settings, load
from storage.verify import verify
from tests.crawler.crawling import COMPARED, contents
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html
from tests.storage.rerun.site import edited, organ, page
from tests.torture import child

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.torture.warm"])
REPORTS = 12
HELD = 4
TEMPLATES = ("e2021_v30", "e2019_v60")
YEARS = (2022, 2020)
KEY = ("carried_forward", "carried_on")


class Victim(StrEnum):
    CRAWLER = "crawler"
    RERUN = "rerun"
    DATABASE = "database"
    """During the crawl and during the rerun, sometimes with the supervisor that would start it again."""


class Lost(AssertionError):
    """Something acknowledged is not there, or the end is not what it should be."""


@dataclass
class Told:
    rounds: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    """Captures and reports that were looked for after a kill."""
    starts: int = 0
    seconds: float = 0.0


def portal() -> Site:
    """One column of reports of different organs."""
    lines = []
    routes: dict[str, Answer] = {}
    for n in range(REPORTS):
        title = f"{organ(n)}{YEARS[n % 2]}年政府信息公开工作年度报告"
        path = f"/nb/{n}.html"
        lines.append((path, title, f"{YEARS[n % 2] + 1}-01-{n + 10}"))
        routes[path] = Answer(200, page(n, TEMPLATES[n % 2]), {"Content-Type": "text/html; charset=utf-8"})
    column = html(rows(*lines), head='<meta name="ColumnName" content="政府信息公开年报">')
    return Site({"/": html('<a href="/nb/">政府信息公开年报</a>'), "/nb/": column, **routes})


class Torture:
    """An embedded server, a portal, and what an undisturbed run makes of them."""

    def __init__(self, folder: Path, url: str, seed: int) -> None:
        self._folder = folder
        self._url = url
        self._seed = seed
        self.home = folder / "home"
        self.settings = load({"NIANBAO_HOME": str(self.home), "NIANBAO_CACHE_MB": "64"})
        self._config = edited(folder / "config", {"e2021_v30": KEY, "e2019_v60": ("id: e2019", "# a note\nid: e2019")})
        self.told = Told()

    def round(self, victim: Victim) -> None:
        """Raises Lost."""
        self.told.rounds += 1
        dice = random.Random(f"{self._seed}/{self.told.rounds}")
        name = f"round_{self.told.rounds}"
        ledger = self._folder / f"{name}.ledger"
        start = time.monotonic()
        with self._database(name) as db:
            self._phase(db, ledger, "crawl", dice, victim in (Victim.CRAWLER, Victim.DATABASE), victim)
            self._phase(db, ledger, "rerun", dice, victim in (Victim.RERUN, Victim.DATABASE), victim)
            self._acknowledged(db, ledger)
            self._whole(db)
            self._same(db)
            db.client.drop_database(db.name)
        self.told.seconds += time.monotonic() - start

    def undisturbed(self) -> None:
        with self._database("undisturbed") as db:
            for what in ("crawl", "rerun"):
                self._to_the_end(db, self._folder / "undisturbed.ledger", what)
            self._expected = contents(db)
        lines = (self._folder / "undisturbed.ledger").read_text().splitlines()
        self._lines = {"crawl": len(lines) - REPORTS, "rerun": REPORTS}
        if len(self._expected["reports"]) != REPORTS or len(self._expected["report_revisions"]) != REPORTS // 2:
            raise Lost("the undisturbed run is not what it should be")

    # A phase

    def _phase(self, db: Db, ledger: Path, what: str, dice: random.Random, kill: bool, victim: Victim) -> None:
        before, lines = child.count(ledger), self._lines[what]
        for _ in range(dice.randint(1, 2) if kill else 0):
            # After so many acknowledgements, and a moment more: in the middle of whatever comes next. Before it has much more
            # to write down it waits, so that it is there to be killed.
            target = before + dice.randrange(max(1, lines))
            process, _, go = self._start(db, ledger, what, held_at=min(target + HELD, before + lines))
            while process.is_alive() and child.count(ledger) < target:
                time.sleep(0.002)
            time.sleep(dice.random() * (0.3 if what == "crawl" else 0.1))
            if not process.is_alive():
                break
            if victim is Victim.DATABASE:
                self._kill_database(dice)
                go.touch()
                process.join(timeout=300)
                if process.exitcode == 0:
                    self._acknowledged(db, ledger)
                    return  # it has waited, and come to its end
            else:
                process.kill()
                process.join()
                self.told.kills[victim] += 1
            self._acknowledged(db, ledger)
        self._to_the_end(db, ledger, what)

    def _to_the_end(self, db: Db, ledger: Path, what: str) -> None:
        process, out, _ = self._start(db, ledger, what)
        process.join(timeout=300)
        if process.exitcode != 0:
            raise Lost(f"the {what} that nobody disturbs ends with {process.exitcode}: {out.read_text('utf-8')}")

    def _start(self, db: Db, ledger: Path, what: str, held_at: int = sys.maxsize) -> tuple[BaseProcess, Path, Path]:
        """The process, the file into which it says what it has to say, and the one that lets it go on (`child.Ledger`)."""
        self.told.starts += 1
        environment = {
            "NIANBAO_HOME": str(self.home),
            "NIANBAO_DATABASE": db.name,
            "NIANBAO_PARSE_WORKERS": "1",
            "NIANBAO_CACHE_MB": "64",
        }
        if what == "rerun":
            environment["NIANBAO_CONFIG"] = str(self._config)
        out, go = (self._folder / f"{self.told.starts}.{name}" for name in ("out", "go"))
        arguments = [what, *([self._url] if what == "crawl" else [])]
        process = _FORKS.Process(target=child.main, args=(environment, out, ledger, held_at, go, *arguments))
        process.start()
        return process, out, go

    def _kill_database(self, dice: random.Random) -> None:
        found = state.read(Places.of(self.settings))
        if found is None:
            raise Lost("there is no server to kill")
        both = dice.random() < 0.3
        if both and found.supervisor_pid is not None:
            os.kill(found.supervisor_pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(found.pid, signal.SIGKILL)
        self.told.kills["database and supervisor" if both else Victim.DATABASE] += 1

    @contextmanager
    def _database(self, name: str) -> Iterator[Db]:
        """A database on a server that has not been killed often of late (its supervisor counts)."""
        embedded.stop(self.settings)
        settings: Settings = load({**_environment(self.settings), "NIANBAO_DATABASE": name})
        with open_database(settings) as db:
            yield db

    # What must hold

    def _acknowledged(self, db: Db, ledger: Path) -> None:
        embedded.attach(self.settings).release()
        for line in ledger.read_text(encoding="utf-8").splitlines() if ledger.exists() else ():
            self.told.acknowledged += 1
            what, key, *rest = line.split()
            if what == "capture":
                held = db["captures"].find_one({"_id": key}, {"raw_sha256": 1})
                if held is None or held["raw_sha256"] != rest[0]:
                    raise Lost(f"acknowledged and lost: {line}")
                if db["raw"].find_one({"_id": rest[0]}, {"_id": 1}) is None:
                    raise Lost(f"its bytes are lost: {line}")
            elif rest[1] in ("new", "changed", "unchanged"):
                head = db["reports"].find_one({"_id": key}, {"revision": 1})
                if head is None or head["revision"] < int(rest[0]):
                    raise Lost(f"acknowledged and lost: {line}")

    def _whole(self, db: Db) -> None:
        found = verify(db, mark=False)
        if not found.is_whole:
            raise Lost(f"verify finds {found.damaged} {found.dangling} {found.behind}")
        for report in db["reports"].find({}, {"revision": 1}):
            numbers = sorted(one["revision"] for one in db["report_revisions"].find({"report_id": report["_id"]}))
            if numbers != list(range(1, report["revision"])):
                raise Lost(f"{report['_id']} is revision {report['revision']} after {numbers}")

    def _same(self, db: Db) -> None:
        found, expected = contents(db), self._expected
        for name in (name for name in COMPARED if name != "layouts"):  # which page showed one first is chance
            for key in sorted({*found[name], *expected[name]}):
                mine, undisturbed = found[name].get(key), expected[name].get(key)
                if mine != undisturbed:
                    raise Lost(f"{name} {key}: {_first_difference(mine, undisturbed)}")


def _first_difference(mine: object, other: object, path: str = "") -> str:
    if isinstance(mine, Mapping) and isinstance(other, Mapping):
        for key in sorted({*mine, *other}, key=str):
            if mine.get(key) != other.get(key):
                return _first_difference(mine.get(key), other.get(key), f"{path}.{key}")
    return f"{path} is {mine!r} instead of {other!r}"


def _environment(settings: Settings) -> dict[str, str]:
    return {"NIANBAO_HOME": str(settings.home), "NIANBAO_CACHE_MB": "64"}


def torture(victims: Sequence[Victim], seed: int, folder: Path, *, say: bool = False) -> Told:
    """A round for each of the victims. Raises Lost at the first that is not as it must be."""
    with portal() as site:
        one = Torture(folder, site.url, seed)
        try:
            one.undisturbed()
            for number, victim in enumerate(victims, start=1):
                one.round(victim)
                if say:
                    print(f"round {number}: {victim}, {one.told.acknowledged} acknowledged, all there", flush=True)
        finally:
            embedded.stop(one.settings)
    return one.told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1, help="the same seed chooses the same points")
    arguments = parser.parse_args()
    # Who is killed leaves semaphores behind, which are cleared away at the end: no news to anybody.
    os.environ["PYTHONWARNINGS"] = "ignore:resource_tracker:UserWarning"
    with tempfile.TemporaryDirectory() as folder:
        victims = [victim for victim, _ in zip(cycle(Victim), range(arguments.rounds), strict=False)]
        told = torture(victims, arguments.seed, Path(folder), say=True)
    kills = ", ".join(f"{number} x {who}" for who, number in sorted(told.kills.items()))
    print(
        f"{told.rounds} rounds, {told.kills.total()} kills ({kills}), {told.starts} starts, {told.acknowledged:,} look-ups"
        f" of what was acknowledged: nothing lost, nothing twice, every end as undisturbed; {told.seconds:.0f} s"
    )


if __name__ == "__main__":
    main()
