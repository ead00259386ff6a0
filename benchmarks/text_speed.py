"""Processor time of invented flattened texts, every layout and template: the middle one, the dearest, and which.

    python -m benchmarks.text_speed [--each 5] [--readings 7] [--only glued] [--seed speed]

The fastest of some readings counts: what else the machine does only adds. Exit code 1 where a text takes 10 ms or more.
"""

from __future__ import annotations

import argparse
import gc
import sys
from statistics import median
from time import process_time

from rich.progress import track

from benchmarks.cases import Case, make
from parsers import Source, parse
from parsers.workers import settle_down
from tests.parsers.generator.carriers import CARRIERS
from tests.parsers.generator.reports import TEMPLATES

MOST = 10.0
"""Milliseconds."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.text_speed", description=__doc__.split("\n")[0])
    parser.add_argument("--each", type=int, default=5, help="texts of each layout and template")
    parser.add_argument("--readings", type=int, default=7)
    parser.add_argument("--only", default="", help="layouts whose name contains this")
    parser.add_argument("--seed", default="speed")
    options = parser.parse_args(arguments)
    layouts = [name for name in CARRIERS if name.startswith("text_") and options.only in name]
    names = [f"report/{form}/{name}/{n}" for name in layouts for form in TEMPLATES for n in range(options.each)]
    cases = [case for name in names if (case := make(name, options.seed))]
    for case in cases[:: max(1, len(cases) // 12)]:
        _milliseconds(case)
    settle_down()
    taken = {c.name: min(_milliseconds(c) for _ in range(options.readings)) for c in track(cases, transient=True)}
    for layout in layouts:
        own = [taken[name] for name in names if f"/{layout}/" in name and name in taken]
        print(f"{layout:20} {len(own):4} texts, median {median(own):5.1f} ms, dearest {max(own):5.1f} ms")
    dearest = max(taken, key=lambda name: taken[name])
    print(f"All {len(taken)}: median {median(taken.values()):.1f} ms, dearest {taken[dearest]:.1f} ms ({dearest}).")
    return 1 if taken[dearest] >= MOST else 0


def _milliseconds(case: Case) -> float:
    gc.collect()
    start = process_time()
    parse(Source(content=case.content, title=case.title or None))
    return 1000 * (process_time() - start)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
