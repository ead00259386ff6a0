"""A small archive of invented pages, and the means to change what they were made from."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from parsers.made_of import FAILED
from parsers.report import Report
from parsers.source import PortalContext, Source
from parsers.template import config_directory
from storage.archive import Archive, Capture, Found, Mark
from storage.base import Db, Doc
from storage.rerun.read import Reading, Stands, pack, read
from storage.rerun.run import Options, rerun
from storage.rerun.stale import Selection
from storage.rerun.summary import Summary
from storage.rerun.workers import AHEAD, Workers
from storage.saving.compare import SIDES, content_sha256
from storage.settings import ParseSettings
from tests.parsers import forms

YEARS = {"e2019_v60": 2020, "e2021_v30": 2022}
LIMITS = ParseSettings(workers=1, seconds=60.0, memory_mb=1500)
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Registry:
    """`Profiles` by hand: portal -> version, or (until which day, version) pairs with the last one open."""

    known: Mapping[str, int | tuple[tuple[str, int], ...]] = field(default_factory=lambda: {"sample": 1})

    def context(self, portal_id: str, fetched_at: datetime) -> PortalContext | None:
        for until, version in self._periods(portal_id):
            if fetched_at.date().isoformat() <= until:
                return PortalContext(id=portal_id, profile_version=version)
        return None

    def versions(self, portal_id: str) -> frozenset[int]:
        return frozenset(version for _, version in self._periods(portal_id))

    def _periods(self, portal_id: str) -> tuple[tuple[str, int], ...]:
        found = self.known.get(portal_id, ())
        return (("9999", found),) if isinstance(found, int) else found


class Here:
    """Workers of this very process, so that a test need not wait for others to start."""

    ahead = AHEAD

    def __init__(self) -> None:
        self.read = 0

    @contextmanager
    def hire(self, _: ParseSettings) -> Iterator[Workers]:
        yield self

    def flush(self) -> None:
        """Nothing waits."""

    def submit(self, source: Source, stands: Stands | None = None) -> Future[Reading]:
        future: Future[Reading] = Future()
        self.read += 1
        try:
            future.set_result(read(source, stands))
        except Exception as error:
            future.set_exception(error)
        return future


class Saying(Here):
    """Workers that are told what a page says."""

    def __init__(self, says: Callable[[Source], Report]) -> None:
        super().__init__()
        self._says = says

    def submit(self, source: Source, stands: Stands | None = None) -> Future[Reading]:
        report = self._says(source)
        document = report.to_document()
        reading = Reading(
            report_id=report.id,
            template=report.template.id,
            text_sha256=report.source.text_sha256,
            content_sha256=content_sha256(document),
            sides={side: document[side] for side in SIDES},
            packed=pack(document),
            seconds=0.0,
        )
        future: Future[Reading] = Future()
        future.set_result(reading)
        return future


def page(number: int, template: str, *, year: int | None = None, drop: Sequence[str] = ()) -> bytes:
    """A page of organ `number`, of the 2019 or 2021 form, whose sums all hold. `drop`: text that is left out of it."""
    form = forms.template(template)
    figures = {path: "0" for table in form.tables for path in table.paths()}
    people = str(random.Random(number).randrange(1, 50))
    for row in ("received_new", "results.granted", "results.total"):
        figures.update({f"requests.{row}.{column}": people for column in ("natural_person", "total")})
    title = f"{organ(number)}{year or YEARS[template]}年政府信息公开工作年度报告"
    text = forms.page("html", form, figures).decode()
    for piece in drop:
        assert piece in text
        text = text.replace(piece, "")
    prose = "<p>一、总体情况</p><p>全年主动公开政府信息，受理依申请公开事项，按时答复，未收取费用。</p>"
    head = f"<title>{title}</title></head>"
    return text.replace("</head>", head).replace("<div id='zoom'>", f"<h1>{title}</h1><div id='zoom'>{prose}").encode()


def organ(number: int) -> str:
    """Towns of one county, each with a name of its own."""
    return f"云溪县{'东西南北上下前后左右青白红黄'[number % 14]}{'山河湖岭'[number // 14]}镇人民政府"


def address(number: int) -> str:
    return f"http://www.organ{number}.gov.cn/nb.html"


def capture(number: int, content: bytes, **changes: Any) -> Capture:
    """A detail page as the crawl archives it before it is parsed."""
    values: dict[str, Any] = {
        "url": address(number),
        "canonical_url": address(number),
        "portal": "sample",
        "fetched_at": NOON + timedelta(minutes=number),
        "status": 200,
        "headers": {"Content-Type": "text/html"},
        "content": content,
        "run_id": "crawl",
        "kind": "page",
        "found": Found(title=None, list_url="http://www.sample.gov.cn/list.html"),
    }
    return Capture(**{**values, **changes})


@dataclass
class House:
    """An archive and what its reports are made from."""

    db: Db
    home: Path
    portals: Registry = field(default_factory=Registry)
    here: Here = field(default_factory=Here)

    def options(self, **changes: Any) -> Options:
        return replace(Options(self.home, "the test's archive", LIMITS, hire=self.here.hire), **changes)

    def rerun(self, selection: Selection = Selection(), **changes: Any) -> Summary:  # noqa: B008
        return rerun(self.db, selection, self.portals, self.options(**changes))

    def store(self, *captures: Capture) -> list[str]:
        """Archive pages whose parse, the crawl says, has failed."""
        archive = Archive(self.db)
        ids = [one.capture_id for one in archive.store(captures)]
        archive.mark_all([Mark(capture_id, judged_by=(FAILED,)) for capture_id in ids])
        return ids

    def fill(self, *templates: str, first: int = 1) -> list[str]:
        """One report for each template; the ids of the captures."""
        pages = [capture(n, page(n, template)) for n, template in enumerate(templates, start=first)]
        ids = self.store(*pages)
        found = self.rerun()
        assert found.outcomes == {"applied": len(pages)}, found
        return ids

    def report(self, number: int) -> Doc:
        found = self.db["reports"].find_one({"source.url": address(number)})
        assert found is not None
        return found

    def capture(self, capture_id: str) -> Doc:
        found = self.db["captures"].find_one({"_id": capture_id})
        assert found is not None
        return found

    def problems(self) -> list[Doc]:
        return list(self.db["problems"].find({"state": "open"}))


def edited(folder: Path, edits: Mapping[str, tuple[str, str]]) -> Path:
    """A copy of today's `config/` in `folder`; template -> (what is replaced in its file, by what)."""
    shutil.copytree(config_directory(), folder)
    for template, (old, new) in edits.items():
        path = folder / "templates" / f"{template}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{template} has no {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")
    return folder
