"""An archive of invented reports, made by the road that every page takes: archived, parsed, stored."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from parsers.made_of import UNKNOWN
from parsers.source import PortalContext
from parsers.template import config_directory
from storage.archive import Archive, Capture, Found, Mark
from storage.base import Db, batches
from tests.parsers.generator import html
from tests.parsers.generator.reports import invent

PORTAL = "bench"
OLD, NEW = "e2014_stats", ("e2019_v60", "e2021_v30")
_MENU = "".join(
    f'<li class="nav-item"><a href="/zwgk/{n}/index.html" target="_blank" title="政务公开栏目 {n}">政务公开栏目 {n}</a></li>'
    for n in range(150)
)
"""What stands around a report on a real page: some 20 KB."""


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
    for n in range(number):
        rng = random.Random(n)
        # Spread evenly, so that they lie everywhere in the archive.
        is_old = n * old // number != (n + 1) * old // number
        template = OLD if is_old else NEW[n % 2]
        report = invent(template, rng, traps=False)
        organ = f"第{n}县人民政府"
        text = html.page(report, replace(html.STYLES["chrome"], chrome=False)).replace(report.organ, organ)
        text = text.replace("<body>", f"<body><ul class='nav'>{_MENU}</ul>", 1)
        url = f"http://www.organ{n}.example/zwgk/gknb/{report.year}.html"
        yield Capture(
            url=url,
            canonical_url=url,
            portal=PORTAL,
            fetched_at=datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=n),
            status=200,
            headers={"Content-Type": "text/html; charset=utf-8"},
            content=text.encode(),
            run_id="bench",
            kind="page",
            found=Found(title=report.title.replace(report.organ, organ), list_url="http://www.example/list.html"),
        )


def with_another_alias(folder: Path, template: str = OLD) -> Path:
    """A copy of `config/` in which one template has one alias more than before; where it is."""
    shutil.copytree(config_directory(), folder)
    path = folder / "templates" / f"{template}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("labels: [", "labels: [一个新的别名, ", 1), encoding="utf-8")
    return folder
