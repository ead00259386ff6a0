"""An archive of invented reports, made by the road that every page takes: archived, parsed, stored."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from parsers.identity.units import load_units
from parsers.made_of import UNKNOWN
from parsers.source import PortalContext
from parsers.template import config_directory
from storage.archive import Archive, Capture, Found, Mark
from storage.base import Db, batches
from tests.parsers.generator import html
from tests.parsers.generator.reports import invent

PORTAL = "bench"
STYLES = (html.STYLES["chrome"], html.Style(cell="word", chrome=True, tables="forms"))
"""A page as an editor writes it, 23 KB, and one that was pasted from Word, 127 KB, in turn."""
OLD, NEW = "e2014_stats", ("e2019_v60", "e2021_v30")
YEARS = 7
"""Reports of an organ."""
PLACES = ("province", "city", "county")
DEPARTMENTS = ("财政局", "教育局", "审计局", "民政局", "司法局")
_MENU = "".join(
    f'<div class="nav">{items}</div>'
    for items in (
        "".join(
            f'<a href="/zwgk/{n}/index.html" target="_blank" title="政务公开栏目 {n}">政务公开栏目 {n}</a>'
            for n in range(first, first + 6)
        )
        for first in range(0, 150, 6)
    )
)
"""What stands around a report on a real page: some 15 KB."""


class OnePortal:
    """`storage.rerun.profiles.Profiles` of a single portal."""

    def context(self, portal_id: str, fetched_at: datetime) -> PortalContext | None:
        return PortalContext(id=portal_id, profile_version=1)

    def versions(self, portal_id: str) -> frozenset[int]:
        return frozenset({1})


def archive(db: Db, number: int, old: int) -> None:
    """Archive `number` pages of different organs, `old` of them of the 2014 form, as pages that no parser has read."""
    store = Archive(db)
    for captures in batches(pages(number, old), 200):
        stored = store.store(captures)
        store.mark_all([Mark(one.capture_id, judged_by=(UNKNOWN,)) for one in stored])


def pages(number: int, old: int) -> Iterator[Capture]:
    """Seven years of each organ, as far as they go; `old` at most one in two."""
    for n in range(number):
        # Spread evenly, so that they lie everywhere in the archive, and no two of them side by side.
        is_old = n * old // number != (n + 1) * old // number
        organ, place = _organ(n // YEARS), n % YEARS
        year = 2014 + place // 2 if is_old else 2019 + place
        template = OLD if is_old else NEW[year > 2020]
        report = invent(template, random.Random(n), traps=False, organ=organ, year=year)
        text = html.page(report, STYLES[n % 2]).replace("<body>", f"<body>{_MENU}", 1)
        url = f"http://www.organ{n // YEARS}.example/zwgk/gknb/{year}.html"
        yield Capture(
            url=url,
            canonical_url=url,
            portal=PORTAL,
            fetched_at=datetime(2026, 4, 5, tzinfo=UTC) + timedelta(seconds=n),
            status=200,
            headers={"Content-Type": "text/html; charset=utf-8"},
            content=text.encode(),
            run_id="bench",
            kind="page",
            found=Found(title=report.title, list_url="http://www.example/list.html"),
        )


def _organ(number: int) -> str:
    """Governments of provinces, cities and counties; when there are no more, their departments."""
    places = [unit.name for unit in load_units().units if unit.level in PLACES and unit.until is None]
    department, place = divmod(number, len(places))
    return places[place] if not department else places[place].removesuffix("人民政府") + DEPARTMENTS[department - 1]


def with_another_alias(folder: Path, template: str = OLD) -> Path:
    """A copy of `config/` in which one template has one alias more than before; where it is."""
    shutil.copytree(config_directory(), folder)
    path = folder / "templates" / f"{template}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("labels: [", "labels: [一个新的别名, ", 1), encoding="utf-8")
    return folder
