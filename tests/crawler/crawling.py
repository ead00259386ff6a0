"""Run one crawl in a process of its own (`python -m tests.crawler.crawling JSON`): a reactor starts once a process."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import socket
import subprocess
import sys
from collections.abc import Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, tzinfo
from importlib import import_module
from pathlib import Path
from typing import Any

from crawler.pages.markup import Markup
from nianbao.sample.server import Request
from storage.archive import Capture, Stored
from storage.base import Db
from tests.crawler.forks import Running, fork

ROOM, FULL = 3, "NIANBAO_TEST_FULL"
"""Captures that a full disk has room for, and the file that says when it is full."""
LEFT = "x-left"
PATIENCE = 540
"""Seconds for a crawl of some forty portals on a busy machine."""
SIX = "six.localhost"
"""A name that has no address in IPv4, where a test says so."""


@dataclass(frozen=True)
class Told:
    """`crawler.result.RunResult` as it came out of the other process."""

    run_id: str | None
    exit_state: str
    message: str
    advice: str
    counts: Mapping[str, int]
    problems: tuple[Mapping[str, str], ...]
    reports: Mapping[str, str]
    found: tuple[Mapping[str, str], ...]
    maps: tuple[Mapping[str, Any], ...]
    sentence: str
    seconds: float
    seconds_after: float
    stderr: str

    def kinds(self) -> dict[str, str]:
        """Path of an address -> kind of its problem."""
        return {problem["where"].partition("/")[2]: problem["kind"] for problem in self.problems}


class Crawls:
    """Crawls into one database, one after the other."""

    def __init__(self, db: Db, server_uri: str, home: Path) -> None:
        self.db = db
        self._environment = {
            **os.environ,
            "MONGODB_URI": server_uri,
            "NIANBAO_DATABASE": db.name,
            "NIANBAO_HOME": str(home),
            "NIANBAO_PARSE_WORKERS": "1",
        }

    def start(self, environment: Mapping[str, str] | None = None, **arguments: object) -> Running:
        """Begin a crawl and return its process."""
        return fork(json.dumps(arguments), {**self._environment, **(environment or {})})

    def run(self, environment: Mapping[str, str] | None = None, **arguments: object) -> Told:
        """A whole crawl. Nothing but its result may come out of it: no traceback, no warning."""
        return told(self.start(environment, **arguments))


WHEN_AND_WHO = {
    "fetched_at", "parsed_at", "first_at", "last_at", "at", "as_of", "entered_at", "run_id", "last_run_id", "last_tried_at",
    "last_success_at", "last_sweep_at", "seen_at", "resolved_at", "updated_at", "date", "uploadDate", "count", "writes", "list_url",
}  # fmt: skip
"""Times, runs, how often, and which of two lists came first: what may differ between two crawls."""
COMPARED = (
    "captures",
    "raw",
    "reports",
    "report_revisions",
    "report_alternates",
    "catalogue",
    "readings",
    "problems",
    "portals",
    "layouts",
)


def contents(db: Db) -> dict[str, dict[Any, object]]:
    """Everything that a crawl leaves, as it must be whatever happened on the way."""
    return {name: {one["_id"]: _lasting(one) for one in db[name].find({})} for name in COMPARED}


def _lasting(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _lasting(item) for key, item in value.items() if key not in WHEN_AND_WHO}
    return [_lasting(item) for item in value] if isinstance(value, list) else value


def told(process: Running) -> Told:
    """Wait for a crawl's end and read what it told."""
    try:
        out, err = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"the crawl has not ended after {PATIENCE} seconds; it said: {err}") from None
    assert process.returncode == 0, err
    values: dict[str, Any] = json.loads(out)
    assert err == "", err
    return Told(**values, stderr=err)


def crawl_as_told(argument: str) -> None:
    """A crawl with the arguments that stand in `argument`, as JSON; its result goes to standard output as JSON."""
    from crawler.plan import Limits
    from crawler.run import crawl

    arguments = json.loads(argument)
    limits = Limits(**arguments.pop("limits", {}))
    _stamp()
    _break(arguments.pop("fault", None))
    set_clock(timedelta(seconds=arguments.pop("clock", 0)))
    result = crawl(**arguments, limits=limits)
    print(json.dumps({**asdict(result), "sentence": result.sentence()}))


CLOCKS = ("storage.base", "crawler.spiders.base", "crawler.manners.hosts", "crawler.extensions.layout_watch")
"""Modules that look at the clock themselves; all others ask `storage.base.now`. A test holds the list to the code."""


def set_clock(by: timedelta) -> None:
    """The time of day of this process, set ahead or back."""

    class Same(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, datetime)

    class Clock(datetime, metaclass=Same):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + by

    for name in CLOCKS if by else ():
        setattr(import_module(name), "datetime", Clock)  # noqa: B010 - a module's names are no fields


def _break(what: str | None) -> None:
    """Make something fail that nobody can make fail from outside: the disk, our own code, a name's lookup."""
    from crawler.finding import lists
    from storage.archive import Archive

    store, may_be = Archive.store, lists.may_be
    kept: list[Stored] = []

    def full_disk(self: Archive, batch: Sequence[Capture]) -> list[Stored]:
        if len(kept) + len(batch) > ROOM:
            Path(os.environ[FULL]).touch()
            raise OSError(28, "No space left on device")
        found = store(self, batch)
        kept.extend(found)
        return found

    def fault(markup: Markup) -> bool:
        if "boom" in markup.url:
            raise LookupError("boom")
        return may_be(markup)

    if what == "disk":
        Archive.store = full_disk  # type: ignore[method-assign]
    elif what == "stall":
        _stall(itertools.repeat(0.05))
    elif what == "unsteady":
        _stall(itertools.cycle((0.6, 0.0)))
    elif what == "code":
        lists.may_be = fault
    elif what == "six":
        _only_in_six()


def _stamp() -> None:
    """Each request says when it left (`LEFT`): a server that stands still reads it later."""
    from crawler.browser.chromium import BrowserWhereNeeded
    from crawler.manners.hosts import Hosts

    answer = BrowserWhereNeeded._answer

    async def stamped(self: BrowserWhereNeeded, request: Any) -> Any:
        hosts: Hosts = self._crawler.spider.hosts  # type: ignore[union-attr]
        key = self._crawler.engine.downloader.get_slot_key(request)  # type: ignore[union-attr]
        request.headers[LEFT] = repr(hosts._left[key])
        return await answer(self, request)

    BrowserWhereNeeded._answer = stamped  # type: ignore[method-assign]


def left(requests: Iterable[Request]) -> list[float]:
    """When they left the crawl's process, on the clock of `time.monotonic`, which is the machine's."""
    return [float(request.headers[LEFT]) for request in requests]


def _stall(seconds: Iterator[float]) -> None:
    """The machine stands still for so long before a request that Scrapy has let go is under way."""
    from scrapy.core import downloader

    let_go = downloader._schedule_coro

    def schedule(coro: Coroutine[Any, Any, Any]) -> None:
        asyncio.get_running_loop().call_later(next(seconds), let_go, coro)

    downloader._schedule_coro = schedule


def _only_in_six() -> None:
    """`six.localhost` has the address ::1, and none in IPv4."""
    in_four, in_six = socket.gethostbyname, socket.getaddrinfo

    def gethostbyname(name: str) -> str:
        if name == SIX:
            raise socket.gaierror(socket.EAI_NODATA, "No address associated with hostname")
        return in_four(name)

    def getaddrinfo(name: str, *given: Any, **named: Any) -> list[Any]:
        return in_six("::1" if name == SIX else name, *given, **named)

    socket.gethostbyname = gethostbyname
    socket.getaddrinfo = getaddrinfo  # type: ignore[assignment]


if __name__ == "__main__":
    crawl_as_told(sys.argv[1])
