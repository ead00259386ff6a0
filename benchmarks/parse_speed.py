"""`make bench-parse`: reports a second, peak memory and growth, beside the bare parsers of the same bytes.

    python -m benchmarks.parse_speed [--rounds 15] [--json FILE]

All are timed in turn in every round, in one process; what is printed are medians. Exit code 1 when a report that is
ten times longer costs more than twelve times as much.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.baselines import BARE
from benchmarks.samples import Sample, grown, samples
from parsers import Source, parse

TITLE = "青河市数据局2020年政府信息公开工作年度报告"
MOST_GROWTH = 12.0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parse_speed", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path, default=Path("build/parse_speed.json"))
    options = parser.parse_args(arguments)
    measured = {sample.name: _measured(sample, options.rounds) for sample in samples()}
    _print(measured)
    growth = {name: _growth(short, long, max(3, options.rounds // 3)) for name, short, long in grown()}
    for name, (once, tenfold, size) in growth.items():
        print(f"{name:24} {once:8.1f} ms, {size:.1f} times the bytes {tenfold:8.1f} ms: {tenfold / once:.1f} times")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps({"samples": measured, "growth": growth}, ensure_ascii=False, indent=1), "utf-8")
    too_fast = [name for name, (once, tenfold, size) in growth.items() if tenfold / once > MOST_GROWTH * size / 10]
    if too_fast:
        print(f"Grows faster than the report: {', '.join(too_fast)}.")
        return 1
    print(f"Nothing grows faster than the report. The numbers are in {options.json}.")
    return 0


def _measured(sample: Sample, rounds: int) -> dict[str, float | None]:
    """Milliseconds of our parse ("nianbao") and of each bare parser, kilobytes, megabytes at the peak."""
    contestants: dict[str, Callable[[bytes], object]] = {"nianbao": _parse, **BARE.get(sample.kind, {})}
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for contestant in contestants.values():
        contestant(sample.content)
    for _ in range(rounds):
        for name, contestant in contestants.items():
            start = perf_counter()
            contestant(sample.content)
            times[name].append(1000 * (perf_counter() - start))
    return {
        "kilobytes": len(sample.content) / 1024,
        **{name: median(taken) for name, taken in times.items()},
        "peak_mb": _peak(sample.content),
    }


def _parse(content: bytes) -> object:
    return parse(Source(content=content, title=TITLE))


def _growth(short: bytes, long: bytes, rounds: int) -> tuple[float, float, float]:
    """Milliseconds of the short report, of the long one, and how many times as many bytes it has."""
    once, tenfold = [], []
    for _ in range(rounds):
        for content, times in ((short, once), (long, tenfold)):
            start = perf_counter()
            _parse(content)
            times.append(1000 * (perf_counter() - start))
    return median(once), median(tenfold), len(long) / len(short)


def _peak(content: bytes) -> float | None:
    """Megabytes that a fresh process takes beyond what it holds after a small report; None where nothing tells."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_grown_by, (content,))


def _grown_by(content: bytes) -> float | None:
    parse(Source(content=(TITLE + "\n一、总体情况\n" + "公开工作有序推进。" * 60).encode(), title=TITLE))
    status, reset = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not status.exists() or not reset.exists():
        return None
    reset.write_text("5", "ascii")  # the peak counts from here
    before = _kilobytes(status, "VmRSS")
    _parse(content)
    return (_kilobytes(status, "VmHWM") - before) / 1024


def _kilobytes(status: Path, name: str) -> int:
    line = next(line for line in status.read_text("ascii").splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1])


def _print(measured: dict[str, dict[str, float | None]]) -> None:
    bare = list(dict.fromkeys(name for kinds in BARE.values() for name in kinds))
    print(f"{'milliseconds, medians':24}{'KB':>7}{'nianbao':>10}{'a second':>10}{'peak MB':>9}", end="")
    print("".join(f"{name:>15}{'x':>6}" for name in bare))
    for name, numbers in measured.items():
        ours, peak = numbers["nianbao"] or 0.0, numbers["peak_mb"]
        memory = "" if peak is None else f"{peak:.1f}"
        print(f"{name:24}{numbers['kilobytes']:7.0f}{ours:10.1f}{1000 / ours:10.1f}{memory:>9}", end="")
        for other in bare:
            found = numbers.get(other)
            print(f"{found:15.1f}{ours / found:6.2f}" if found else f"{'':21}", end="")
        print()
    print("x: our whole report as a multiple of the bare parser's time.")
    if not find_spec("pandas"):
        print("pandas is not installed: no column for pandas.read_html.")
    print()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
