"""`make bench-rerun N=2000`: how fast a rerun is, how much memory and disk it takes, on this machine and this server.

    python -m benchmarks.rerun --reports 2000 [--mongodb mongodb://…]

Without an address it starts an embedded server of its own in a temporary folder.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.rerun_archive import OnePortal, archive, with_another_alias
from benchmarks.rerun_memory import Watch
from parsers.template import load_templates
from storage import embedded
from storage.base import Db
from storage.database import open_database
from storage.rerun.current import Current
from storage.rerun.run import Options, rerun
from storage.rerun.stale import Selection, select
from storage.rerun.summary import Summary
from storage.settings import Settings, load

EVERYTHING_STALE = Selection()


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        environment = {"NIANBAO_HOME": f"{folder}/home", "NIANBAO_DATABASE": "nianbao_bench_rerun"}
        if arguments.mongodb:
            environment["MONGODB_URI"] = arguments.mongodb
        settings = load(environment)
        try:
            with open_database(settings) as db, Watch(settings) as watch:
                try:
                    measure(db, settings, arguments.reports, Path(folder), watch)
                finally:
                    db.client.drop_database(db.name)
        finally:
            if settings.mongodb_uri is None:
                embedded.stop(settings)


def measure(db: Db, settings: Settings, number: int, folder: Path, watch: Watch) -> None:
    stale = min(1000, number // 2)
    options = Options(home=settings.home, archive=settings.where, limits=settings.parse)
    print(f"{number:,} reports, {os.cpu_count()} cores, {options.limits.workers} workers, {settings.where}\n")
    start = time.perf_counter()
    archive(db, number, stale)
    tell("pages archived", f"{number / (time.perf_counter() - start):.0f} a second")
    run("first reading of all", db, options, watch)
    watch.disk(number)
    os.environ["NIANBAO_CONFIG"] = str(with_another_alias(folder / "config"))
    current = Current(load_templates(), OnePortal())
    start = time.perf_counter()
    found = list(select(db, Selection(), current))
    tell(f"selecting {len(found):,} that are out of date", f"{time.perf_counter() - start:.2f} s")
    one = run("dry run, 1 worker", db, replace(options, dry_run=True, limits=replace(options.limits, workers=1)), watch)
    two = run(
        "dry run, 2 workers", db, replace(options, dry_run=True, limits=replace(options.limits, workers=2)), watch
    )
    efficiency = one.seconds["reading"] / two.seconds["reading"] / 2
    tell("parallel efficiency on two workers", f"{efficiency:.0%} (of the reading phase)")
    run("rerun, nothing changed", db, options, watch)
    start = time.perf_counter()
    left = list(select(db, Selection(), current))
    tell(f"selecting again: {len(left)} left", f"{time.perf_counter() - start:.2f} s")
    run("rerun of all, nothing changed", db, options, watch, Selection(everything=True))
    watch.tell()
    watch.disk(number)


def run(name: str, db: Db, options: Options, watch: Watch, selection: Selection = EVERYTHING_STALE) -> Summary:
    start, before = time.perf_counter(), watch.processors()
    found = rerun(db, selection, OnePortal(), options)
    seconds, used = time.perf_counter() - start, watch.processors() - before
    phases = ", ".join(f"{phase} {taken:.1f}" for phase, taken in found.seconds.items() if phase != "parsing")
    tell(f"{name}: {found.to_do:,}", f"{found.to_do / seconds:.0f} reports a second, {seconds:.1f} s ({phases})")
    parsing = found.seconds["parsing"]
    each = 1000 / found.to_do
    shares = f"parser {parsing * each:.0f}, rest of workers {(used.workers - parsing) * each:.0f}"
    shares += f", this process {used.ours * each:.0f}, server {used.server * each:.0f}"
    tell("", f"processor milliseconds a report: {shares}; outside the parser {1 - parsing / used.total:.0%}")
    return found


def tell(what: str, told: str) -> None:
    print(f"{what:45} {told}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=2000, help="how many reports the archive has")
    parser.add_argument("--mongodb", default="", help="a MongoDB instead of an embedded server; its own database in it")
    return parser.parse_args()


if __name__ == "__main__":
    main()
