"""Processor time of invented flattened texts, every layout and template: the middle one, the dearest, and which.

    python -m benchmarks.text_speed [--each 5] [--readings 7] [--only glued] [--seed speed]

The fastest of some readings counts: what else the machine does only adds. As that may last for seconds, a text that took
10 ms or more is read as often again once all others have been, three times at most; how many texts were is told. Exit code
1 where one takes 10 ms or more even so.
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
AGAIN = 3
"""Times that a text which took as long is come back to."""


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
    taken = {case.name: _fastest(case, options.readings) for case in track(cases, transient=True)}
    doubted = [case for case in cases if taken[case.name] >= MOST]
    for _ in range(AGAIN):
        for case in doubted:
            if taken[case.name] >= MOST:
                taken[case.name] = min(taken[case.name], _fastest(case, options.readings))
    for layout in layouts:
        own = [taken[name] for name in names if f"/{layout}/" in name and name in taken]
        print(f"{layout:20} {len(own):4} texts, median {median(own):5.1f} ms, dearest {max(own):5.1f} ms")
    dearest = max(taken, key=lambda name: taken[name])
    again = f" {len(doubted)} took {MOST:.0f} ms or more at first." if doubted else ""
    print(
        f"All {len(taken)}: median {median(taken.values()):.1f} ms, dearest {taken[dearest]:.1f} ms ({dearest}).{again}"
    )
    return 1 if taken[dearest] >= MOST else 0


def _fastest(case: Case, readings: int) -> float:
    return min(_milliseconds(case) for _ in range(readings))


def _milliseconds(case: Case) -> float:
    gc.collect()
    start = process_time()
    parse(Source(content=case.content, title=case.title or None))
    return 1000 * (process_time() - start)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
