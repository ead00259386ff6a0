"""What `nianbao doctor` looks at: each look is a function that gives findings and changes nothing."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version

from nianbao.ui.sizes import size
from parsers.errors import ParseError
from storage.errors import StorageError
from storage.settings import Settings


class Mark(StrEnum):
    GOOD = "✓"
    ABSENT = "–"
    """Not there and not needed for the rest: something is left out without it."""
    BROKEN = "✗"


@dataclass(frozen=True)
class Finding:
    mark: Mark
    subject: str
    text: str
    advice: str = ""
    """What to do; empty when there is nothing to do."""


def examine(settings: Settings) -> Iterator[Finding]:
    """Every look, one after the other; a look that fails on purpose is a finding, not an end."""
    looks: tuple[Callable[[Settings], Iterable[Finding]], ...] = (
        _home,
        _templates,
        _portals,
        _schedule,
        _units,
        _database,
        _archive,
        _chromium,
        _fonts,
        _ocr,
    )
    yield Finding(Mark.GOOD, "nianbao", f"{version('nianbao')} on Python {sys.version.split()[0]}")
    for look in looks:
        try:
            yield from look(settings)
        except (ParseError, StorageError) as error:
            yield Finding(Mark.BROKEN, look.__name__.strip("_"), str(error))


def _home(settings: Settings) -> Iterator[Finding]:
    yield Finding(Mark.GOOD, "settings", f"{settings.config_dir}, home {settings.home}")
    folder = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    mark = Mark.GOOD if free > 2**30 else Mark.BROKEN
    advice = "" if mark is Mark.GOOD else "make room, or set NIANBAO_HOME to another disk"
    yield Finding(mark, "disk", f"{free / 2**30:.1f} GiB free below {folder}", advice)


def _templates(_settings: Settings) -> Iterator[Finding]:
    from parsers.template import load_templates

    templates = load_templates()
    yield Finding(Mark.GOOD, "templates 表式", ", ".join(f"{t.id} v{t.version}" for t in templates))


def _portals(_settings: Settings) -> Iterator[Finding]:
    from crawler.registry import load_portals

    invented = [portal.invented for portal in load_portals()]
    told = f"{invented.count(False)} in the registry, and {invented.count(True)} invented 示例 to try things on"
    yield Finding(Mark.GOOD, "portals 门户", told)


def _schedule(settings: Settings) -> Iterator[Finding]:
    from crawler.nights.schedule import day_of, load_schedule
    from storage.base import now

    schedule = load_schedule(settings.config_dir / "schedule.yaml")
    day = day_of(now())
    season = schedule.season(day)
    named = f" ({season.name})" if season else ""
    yield Finding(
        Mark.GOOD, "schedule 周期", f"portals are visited every {schedule.days(day)} days at this time{named}"
    )


def _units(_settings: Settings) -> Iterator[Finding]:
    from parsers.identity.organs import load_units

    count = len(load_units().units)
    yield Finding(Mark.GOOD, "organs 机关", f"{count} listed in config/units")


def _database(settings: Settings) -> Iterator[Finding]:
    subject = "database 数据库"
    if settings.mongodb_uri is not None:
        from storage.database import connect

        with connect(settings) as database:
            server = database.client.server_info()["version"]
        yield Finding(Mark.GOOD, subject, f"{settings.where}, MongoDB {server}, name {settings.database}")
        return
    from storage.embedded import status

    found = status(settings)
    if found.server is None:
        yield Finding(Mark.BROKEN, subject, found.why, "run `make demo` once, or set MONGODB_URI")
        return
    runs = f"runs on port {found.port}" if found.running else "is not running, and starts when needed"
    where = f"{size(found.disk_bytes)} in {found.data_folder}" if found.disk_bytes else "nothing archived yet"
    yield Finding(Mark.GOOD, subject, f"embedded {found.server} {found.version} {runs}; {where}")
    waiting = [folder for folder in found.other_folders if folder.suffix != ".old"]
    if waiting and not found.disk_bytes:
        yield Finding(Mark.BROKEN, subject, f"{waiting[0]} was written by another server", "run: nianbao db upgrade")


def _archive(settings: Settings) -> Iterator[Finding]:
    """Whose schema it has: one of a later version is left alone by every command."""
    from storage import embedded, schema
    from storage.database import connect

    subject = "archive 档案库"
    if settings.mongodb_uri is None:
        found = embedded.status(settings)
        if not found.disk_bytes:
            return
        if not found.running:
            advice = "to have it looked at as well: nianbao db start, then this command again"
            yield Finding(Mark.GOOD, subject, "not looked at: its server does not run, and to look starts none", advice)
            return
    with connect(settings, create=False) as database:
        try:
            is_current = schema.is_current(database)
        except schema.SchemaTooNew as error:
            told, _, advice = str(error).partition(": ")
            yield Finding(Mark.BROKEN, subject, told, advice)
            return
    behind = "of an earlier version, or empty: the next crawl or rerun brings it into shape by itself"
    yield Finding(Mark.GOOD, subject, "in the shape of this version" if is_current else behind)


def _chromium(settings: Settings) -> Iterator[Finding]:
    from crawler.browser.chromium import ADVICE, find_chromium

    found = find_chromium(settings.crawl.chromium)
    if found is not None:
        yield Finding(Mark.GOOD, "Chromium", str(found))
    else:
        yield Finding(Mark.ABSENT, "Chromium", "none: lists that are built by script are left out", ADVICE)


def _fonts(_settings: Settings) -> Iterator[Finding]:
    if shutil.which("fc-list") is None:
        yield Finding(Mark.ABSENT, "fonts 字体", "fc-list is not there, so fonts cannot be listed")
        return
    listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, timeout=30, check=False)
    family = next(iter(sorted(filter(None, listed.stdout.splitlines()))), "")
    if family:
        yield Finding(Mark.GOOD, "fonts 字体", family.split(",")[0])
    else:
        yield Finding(
            Mark.ABSENT,
            "fonts 字体",
            "no Chinese font: pages are read, pictures of pages show boxes",
            "apt-get install fonts-noto-cjk",
        )


def _ocr(_settings: Settings) -> Iterator[Finding]:
    if importlib.util.find_spec("rapidocr") is not None:
        yield Finding(Mark.GOOD, "OCR 文字识别", "rapidocr")
    else:
        yield Finding(
            Mark.ABSENT, "OCR 文字识别", "not installed: tables that are pictures are flagged, not read", "make ocr"
        )
