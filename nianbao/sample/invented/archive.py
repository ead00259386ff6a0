"""Fill a database with the invented town, by the road that every report takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from nianbao.sample.invented import figures, town
from nianbao.sample.invented.pages import page, published
from parsers import Source, parse
from storage import schema
from storage.archive import Archive, Capture, Mark
from storage.base import Db
from storage.coverage import update as coverage
from storage.cross import update as cross
from storage.pending import Pending
from storage.portals import Portals
from storage.reports import Reports, ReportWrite
from storage.runs import Runs

DATABASE = "nianbao_invented"
"""A database of its own: what is invented never stands among what was published."""
_AT_ONCE = 25


@dataclass(frozen=True)
class Page:
    path: str
    content: bytes
    fetched: datetime

    @property
    def url(self) -> str:
        return f"http://{town.HOST}{self.path}"


def pages() -> Iterator[Page]:
    """Every page in the order in which it was published; the same bytes every time."""
    every = {organ.key: figures.of_organ(organ) for organ in town.ORGANS}
    made: list[tuple[str, Page]] = []
    for organ in town.ORGANS:
        for year, mine in every[organ.key].items():
            made.append(_made(organ.name, organ.key, year, page(organ.name, organ.key, year, mine)))
            if (organ.key, year) in town.CORRECTED:
                content = page(organ.name, organ.key, year, mine, again=True)
                made.append(_made(organ.name, organ.key, year, content, again=True))
    for year in town.WHOLE:
        content = page(f"{town.CITY}人民政府", "shili", year, figures.of_town(every, year), is_whole=True)
        made.append(_made(town.CITY, "shili", year, content))
    return (one for _, one in sorted(made, key=lambda pair: (pair[0], pair[1].path)))


def _made(name: str, key: str, year: int, content: str, again: bool = False) -> tuple[str, Page]:
    day = published(key, year, again)
    fetched = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1, hours=3)
    return day, Page(f"/gknb/{key}/{year}.html", content.encode(), fetched)


def fill(db: Db, progress: Callable[[int], None] = lambda _: None) -> int:
    """Store what is not there yet. How many reports are new or have changed: none the second time."""
    schema.ensure(db)
    runs, states = Runs(db), Counter[str]()
    run = runs.start("crawl", {"portals": [town.PORTAL]})
    for some in _rounds():
        states.update(_store(db, some, run))
        progress(states.total())
    Portals(db).succeeded(town.PORTAL, run, swept=True)
    pending = Pending(db)
    noted = pending.all()
    coverage.rebuild(db)
    cross.rebuild(db)
    pending.done(noted)
    counts = {f"reports_{state}": number for state, number in states.items()}
    runs.finish(run, counts={"pages": states.total(), **counts}, message="an invented town")
    return states["new"] + states["changed"]


def _store(db: Db, some: list[Page], run: str) -> list[str]:
    """What became of each page's report: new, changed or unchanged."""
    captures = [
        Capture(one.url, one.url, town.PORTAL, one.fetched, 200, {}, one.content, run, "report") for one in some
    ]
    archive = Archive(db)
    writes, marks = [], []
    for one, stored in zip(some, archive.store(captures), strict=True):
        document = parse(Source(one.content, one.url, "text/html; charset=utf-8", portal=town.CONTEXT)).to_document()
        writes.append(ReportWrite(document, stored.capture_id, town.PORTAL, one.fetched, run))
        marks.append(Mark(stored.capture_id, "report", document["source"]["text_sha256"]))
    saved = Reports(db).save(writes)
    archive.mark_all(marks)
    return [one.state.value for one in saved]


def _rounds() -> Iterator[list[Page]]:
    """The pages, a few at a time; never two of one address, of which the second would replace the first unseen."""
    some: list[Page] = []
    for one in pages():
        if len(some) == _AT_ONCE or any(one.url == other.url for other in some):
            yield some
            some = []
        some.append(one)
    yield some
