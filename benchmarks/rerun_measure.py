"""What `make bench-rerun` measures: an archive of invented reports is built, and parsed again in several ways."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.rerun_archive import OnePortal, archive, with_another_alias
from benchmarks.rerun_figures import Figures
from benchmarks.rerun_memory import Watch
from parsers.template import load_templates
from storage import embedded
from storage.base import Db
from storage.database import open_database
from storage.rerun.current import Current
from storage.rerun.run import Options, rerun
from storage.rerun.stale import Selection, select
from storage.rerun.summary import Summary
from storage.rerun.workers import Hire, processes
from storage.settings import Settings, load

EVERYTHING_STALE = Selection()
PARTS = ("selecting", "parallel", "edited", "all")


def chosen(only: Sequence[str], skip: Sequence[str]) -> frozenset[str]:
    """Parts after the building. Raises SystemExit for a part that does not exist."""
    if unknown := {*only, *skip} - set(PARTS):
        raise SystemExit(f"no part is called {', '.join(sorted(unknown))}: there are {', '.join(PARTS)}")
    return frozenset(only or PARTS) - set(skip)


def of_size(
    number: int, mongodb: str, hire: Hire = processes, parts: frozenset[str] = frozenset(PARTS), stale: int = 1000
) -> Figures:
    """An archive of so many reports, on a server of its own or in a database of its own. `stale`: how many of them the edit
    is of; a rerun takes half a second of a processor to begin with, however few they are.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = {"NIANBAO_HOME": f"{folder}/home", "NIANBAO_DATABASE": "nianbao_bench_rerun"}
        if "NIANBAO_SERVER" in os.environ:
            environment["NIANBAO_SERVER"] = os.environ["NIANBAO_SERVER"]
        if mongodb:
            environment["MONGODB_URI"] = mongodb
        settings = load(environment)
        before = os.environ.get("NIANBAO_CONFIG")
        try:
            with open_database(settings) as db, Watch(settings) as watch:
                try:
                    return measure(db, settings, number, Path(folder), watch, hire, parts, stale)
                finally:
                    db.client.drop_database(db.name)
        finally:
            os.environ.pop("NIANBAO_CONFIG", None)
            if before is not None:
                os.environ["NIANBAO_CONFIG"] = before
            if settings.mongodb_uri is None:
                embedded.stop(settings)


def measure(
    db: Db, settings: Settings, number: int, folder: Path, watch: Watch, hire: Hire, parts: frozenset[str], most: int
) -> Figures:
    figures = Figures(number)
    stale = min(most, number // 2)
    options = Options(home=settings.home, archive=settings.where, limits=settings.parse, hire=hire)
    print(f"\n{number:,} reports, {os.cpu_count()} cores, {options.limits.workers} workers, {settings.where}\n")
    start = time.perf_counter()
    archive(db, number, stale)
    tell("pages archived", f"{number / (time.perf_counter() - start):.0f} a second")
    run("first reading of all", db, options, watch, figures)
    figures.note("disk, KB a report", watch.disk(number))
    os.environ["NIANBAO_CONFIG"] = str(with_another_alias(folder / "config"))
    if "selecting" in parts:
        selecting(db, watch, figures)
    if "parallel" in parts:
        parallel(db, options, watch, figures)
    if "edited" in parts:
        run("rerun, nothing changed", db, options, watch, figures)
        start = time.perf_counter()
        left = list(select(db, Selection(), Current(load_templates(), OnePortal())))
        tell(f"selecting again: {len(left)} left", f"{time.perf_counter() - start:.2f} s")
    if "all" in parts:
        # The last one counts: everything read again, which is what a rerun of an archive is.
        name = "rerun of all, nothing changed"
        run(name, db, options, watch, figures, Selection(everything=True))
        figures.note("outside the parser, share", figures.values[f"{name}, outside the parser, share"])
    for what, peak in watch.peaks():
        tell(f"peak memory of {what}", f"{peak} MB")
        figures.note(f"peak memory of {what}, MB", peak)
    watch.disk(number)
    return figures


def selecting(db: Db, watch: Watch, figures: Figures) -> None:
    start, before = time.perf_counter(), watch.processors()
    found = list(select(db, Selection(), Current(load_templates(), OnePortal())))
    taken, used = time.perf_counter() - start, watch.processors() - before
    tell(f"selecting {len(found):,} that are out of date", f"{taken:.2f} s, {used.total:.2f} s of a processor")
    figures.note("selecting, s", taken)
    figures.note("selecting, processor s", used.total)


def parallel(db: Db, options: Options, watch: Watch, figures: Figures) -> None:
    """What a second worker brings: by the clock, which means something on an idle machine only, and in processor time."""
    dry = replace(options, dry_run=True)
    found = {}
    for workers in (1, 2):
        limits = replace(options.limits, workers=workers)
        noted = Figures(0)
        name = f"dry run, {workers} workers"
        summary = run(name, db, replace(dry, limits=limits), watch, noted)
        found[workers] = summary.seconds["reading"], noted.values[f"{name}, processor ms a report"]
    (one, work), (two, more) = found[1], found[2]
    tell("parallel efficiency on two workers", f"{one / two / 2:.0%} by the clock (of the reading phase)")
    tell("", f"{work / more:.0%} in processor time: {work:.0f} ms a report with one, {more:.0f} ms with two")
    figures.note("parallel efficiency on two workers, share", one / two / 2)
    figures.note("processor time of one worker by that of two, share", work / more)


def run(
    name: str, db: Db, options: Options, watch: Watch, figures: Figures, selection: Selection = EVERYTHING_STALE
) -> Summary:
    start, before, loading = time.perf_counter(), watch.processors(), watch.loading()
    found = rerun(db, selection, OnePortal(), options)
    seconds, used = time.perf_counter() - start, watch.processors() - before
    used = replace(used, workers=used.workers + loading)  # else only the first of these reruns would have it
    phases = ", ".join(f"{phase} {taken:.1f}" for phase, taken in found.seconds.items() if phase != "parsing")
    tell(f"{name}: {found.to_do:,}", f"{found.to_do / seconds:.0f} reports a second, {seconds:.1f} s ({phases})")
    parsing = found.seconds["parsing"]
    each = 1000 / found.to_do
    shares = f"parser {parsing * each:.1f}, rest of workers {(used.workers - parsing) * each:.1f}"
    shares += f", this process {used.ours * each:.1f}, server {used.server * each:.1f}"
    outside = 1 - parsing / used.total
    tell("", f"processor milliseconds a report: {shares}; outside the parser {outside:.0%}")
    tell("", f"{used.total / seconds:.1f} of {os.cpu_count()} processors in use, all of it ours")
    figures.note(f"{name}, reports/s", found.to_do / seconds)
    figures.note(f"{name}, processor ms a report", used.total * each)
    figures.note(f"{name}, processors in use", used.total / seconds)
    figures.note(f"{name}, outside the parser, processor ms a report", (used.total - parsing) * each)
    figures.note(f"{name}, outside the parser, share", outside)
    return found


def tell(what: str, told: str) -> None:
    print(f"{what:45} {told}", flush=True)
