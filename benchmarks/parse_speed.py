"""`make bench-parse`: reports a second, peak memory and growth, beside the bare parsers of the same bytes.

    python -m benchmarks.parse_speed [--rounds 15] [--only html] [--json FILE]

In every round all contestants take their turn at the same bytes, in one process that is set up as a parser's worker
is; what is printed are medians of processor time, which a busy machine disturbs least; garbage is collected before
every turn, so that nobody pays for another's. What is invented is another
report in every round (other organ, figures and sentences), so that nothing kept of a whole report can flatter us;
`again` is the same report a second time at once, the first one of a fresh process is told apart.
Memory is the peak above what a fresh process holds that has read something small before. Exit code 1 when a report
that is ten times longer costs more than twelve times as much.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import process_time

from rich.progress import track

from benchmarks.baselines import BARE, Bare
from benchmarks.samples import Sample, grown, samples, small_paper
from parsers import Source, parse
from parsers.workers import settle_down

TITLE = "青河市数据局2020年政府信息公开工作年度报告"
OURS = "nianbao"
AGAIN = "again"
MOST_GROWTH = 12.0
_SMALL_PAGE = f"<html><body><table><tr><td>1</td><td>2</td></tr></table><p>{TITLE}</p></body></html>".encode()
_SMALL_TEXT = (TITLE + "\n一、總體情況\n" + "公開工作有序推進。" * 60).encode()
"""In traditional characters, so that OpenCC's dictionaries are there before anything is measured."""

Numbers = dict[str, float]
"""By contestant."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parse_speed", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="", help="samples whose name contains this")
    parser.add_argument("--json", type=Path, default=Path("build/parse_speed.json"))
    options = parser.parse_args(arguments)
    chosen = [sample for sample in samples(options.rounds + 1) if options.only in sample.name]
    _as_in_a_worker(chosen)
    times = {s.name: _times(s, options.rounds) for s in track(chosen, "Speed", transient=True)}
    peaks = {s.name: _peaks(s) for s in track(chosen, "Memory", transient=True)}
    _print(chosen, times, peaks)
    pairs = [pair for pair in grown() if options.only in pair[0]]
    growth = {name: _growth(a, b, max(3, options.rounds // 3)) for name, a, b in track(pairs, "Growth", transient=True)}
    for name, (once, tenfold, size) in growth.items():
        print(f"{name:24} {once:8.1f} ms, {size:4.1f} times as long {tenfold:8.1f} ms: {tenfold / once:4.1f} times")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    result = {"milliseconds": times, "peak_mb": peaks, "growth": growth}
    options.json.write_text(json.dumps(result, ensure_ascii=False, indent=1), "utf-8")
    page = options.json.with_suffix(".md")
    page.write_text(_markdown(chosen, times, peaks), "utf-8")
    too_fast = [name for name, (once, tenfold, _) in growth.items() if tenfold / once > MOST_GROWTH]
    if too_fast:
        print(f"Grows faster than the report: {', '.join(too_fast)}.")
        return 1
    print(f"Nothing grows faster than the report. The numbers are in {options.json}, as tables in {page}.")
    return 0


def _as_in_a_worker(chosen: Iterable[Sample]) -> None:
    """The garbage collector is held off as it is in a worker, to every contestant's good (`parsers.workers`)."""
    for sample in chosen:
        for contestant in _contestants(sample.kind).values():
            contestant(sample.contents[-1])
    settle_down()


def _contestants(kind: str) -> dict[str, Bare]:
    return {OURS: _parse, **BARE.get(kind, {})}


def _parse(content: bytes) -> object:
    return parse(Source(content=content, title=TITLE))


def _milliseconds(contestant: Bare, content: bytes) -> float:
    gc.collect()
    start = process_time()
    contestant(content)
    return 1000 * (process_time() - start)


def _times(sample: Sample, rounds: int) -> Numbers:
    """Milliseconds of processor time, medians; all in turn in every round, each round another report."""
    contestants = _contestants(sample.kind)
    taken: dict[str, list[float]] = {name: [] for name in (*contestants, AGAIN)}
    for number in range(rounds):
        content = sample.contents[number % len(sample.contents)]
        for name, contestant in contestants.items():
            taken[name].append(_milliseconds(contestant, content))
            if name == OURS:
                taken[AGAIN].append(_milliseconds(contestant, content))
    return {name: median(times) for name, times in taken.items()}


def _first(sample: Sample) -> float:
    """Milliseconds of the first report that a fresh process reads, with templates, lists of organs, dictionaries."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_milliseconds, (_parse, sample.content))


def _growth(short: bytes, long: bytes, rounds: int) -> tuple[float, float, float]:
    """Milliseconds of the short report, of the long one, and how many times as many bytes it has."""
    taken = [(_milliseconds(_parse, short), _milliseconds(_parse, long)) for _ in range(rounds + 1)][1:]
    return median(a for a, _ in taken), median(b for _, b in taken), len(long) / len(short)


# --- memory ---------------------------------------------------------------------------------------------------


def _peaks(sample: Sample) -> Numbers:
    """Megabytes for each contestant; nothing where the system does not tell."""
    found = {}
    for name in _contestants(sample.kind):
        with get_context("spawn").Pool(1) as pool:
            peak = pool.apply(_peak_of, (name, sample.kind, sample.content))
        if peak is not None:
            found[name] = peak
    return found


def _peak_of(name: str, kind: str, content: bytes) -> float | None:
    """What a fresh process takes at most beyond what it holds after something small of the same kind."""
    contestant = _contestants(kind)[name]
    contestant({"html": _SMALL_PAGE, "pdf": small_paper()}.get(kind, _SMALL_TEXT) if name != OURS else _SMALL_TEXT)
    if name == OURS and kind == "pdf":
        contestant(small_paper())
    status, reset = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not status.exists() or not reset.exists():
        return None
    reset.write_text("5", "ascii")  # the peak counts from here
    before = _kilobytes(status, "VmRSS")
    contestant(content)
    return (_kilobytes(status, "VmHWM") - before) / 1024


def _kilobytes(status: Path, name: str) -> int:
    line = next(line for line in status.read_text("ascii").splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1])


# --- printing -------------------------------------------------------------------------------------------------


def _print(chosen: Sequence[Sample], times: Mapping[str, Numbers], peaks: Mapping[str, Numbers]) -> None:
    bare = list(dict.fromkeys(name for kinds in BARE.values() for name in kinds))
    print(f"{'reports a second':26}{'KB':>5}{'ms':>8}{AGAIN:>8}{OURS:>9}", end="")
    print("".join(f"{name:>17}{'x':>6}" for name in bare))
    for sample in chosen:
        numbers = times[sample.name]
        ours = numbers[OURS]
        print(f"{sample.name:26}{sample.kilobytes:5.0f}{ours:8.1f}{numbers[AGAIN]:8.1f}{1000 / ours:9.1f}", end="")
        print("".join(_column(1000 / numbers[n], ours / numbers[n]) if n in numbers else f"{'':23}" for n in bare))
    print("x: the time of our whole report as a multiple of the bare parser's.")
    print(
        f"The first report of a fresh process, which loads templates, lists, dictionaries: {_first(chosen[0]):.0f} ms."
    )
    print()
    print(f"{'peak memory, MB':39}{OURS:>9}" + "".join(f"{name:>17}{'':6}" for name in bare))
    for sample in chosen:
        held = peaks[sample.name]
        print(f"{sample.name:39}{held.get(OURS, 0.0):9.1f}", end="")
        print("".join(f"{held[name]:17.1f}{'':6}" if name in held else f"{'':23}" for name in bare))
    print()


def _markdown(chosen: Sequence[Sample], times: Mapping[str, Numbers], peaks: Mapping[str, Numbers]) -> str:
    """The tables of docs/speed.md."""
    bare = list(dict.fromkeys(name for kinds in BARE.values() for name in kinds))
    speed = [["file", "KB", "ms", AGAIN, "reports/s", *(f"x {name}" for name in bare)]]
    memory = [["peak MB", OURS, *bare]]
    for sample in chosen:
        numbers, held = times[sample.name], peaks[sample.name]
        ours = numbers[OURS]
        said = [f"{sample.kilobytes:.0f}", f"{ours:.1f}", f"{numbers[AGAIN]:.1f}", f"{1000 / ours:.0f}"]
        multiples = [f"{ours / numbers[name]:.2f}" if name in numbers else "" for name in bare]
        speed.append([sample.name, *said, *multiples])
        memory.append([sample.name, *(f"{held[name]:.1f}" if name in held else "" for name in (OURS, *bare))])
    return "\n\n".join(map(_table, (speed, memory))) + "\n"


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *others = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join((head, "|---" * len(rows[0]) + "|", *others))


def _column(a_second: float, multiple: float) -> str:
    return f"{a_second:17.1f}{multiple:6.2f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
