"""`make fuzz`: spoiled files of every kind. `parsers.parse` gives a Report or raises NotAReport or Unreadable, in time.

    python -m benchmarks.fuzz [--inputs 2000] [--first N] [--seed 0] [--kind pdf] [--workers 2] [--folder build/fuzz]
    python -m benchmarks.fuzz --write 4711          # the input with that number, as a file in the folder

Input number N is always the same for a seed. The run remembers in the folder how far it came and goes on from there;
inputs that crash or hang are kept there with what happened.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil

from benchmarks.corpus import files
from benchmarks.damage import spoil
from parsers import Source, parse
from parsers.errors import NotAReport, Unreadable

SECONDS = 5.0
"""Of a processor: nothing that a person would call a file takes longer."""
WAITED = 12
"""So many times as long by the clock, where other programs want the machine as well."""
PICTURES = frozenset(("png", "jpeg", "gif", "bmp", "tiff", "webp"))
PICTURE_SECONDS = 60.0
"""Characters are read out of pictures: seconds each, where that extra is installed."""
FEW_PICTURES = 0.02
MEMORY_MB = 2500
START_SECONDS = 90.0


def make(number: int, seed: int, kind: str | None = None) -> tuple[str, bytes]:
    """(kind, bytes) of an input."""
    rng = random.Random(f"{seed}/{number}")
    corpus = files()
    kinds = list(corpus)
    chosen = kind or rng.choices(kinds, [FEW_PICTURES if name in PICTURES else 1.0 for name in kinds])[0]
    other = rng.choice(corpus[rng.choice(kinds)])
    return chosen, spoil(rng.choice(corpus[chosen]), other, rng)


def outcome(content: bytes) -> str:
    """report, not_a_report:…, unreadable:…, or `crash` and a traceback behind it."""
    try:
        parse(Source(content=content, title="青河市数据局2020年政府信息公开工作年度报告"))
    except NotAReport:
        return "not_a_report"
    except Unreadable as error:
        return f"unreadable:{error.reason.split(':')[0]}"
    except Exception:
        return f"crash\n{traceback.format_exc()}"
    return "report"


def _patience(kind: str) -> float:
    return PICTURE_SECONDS if kind in PICTURES else SECONDS


@dataclass
class Worker:
    process: BaseProcess
    pipe: Connection
    number: int | None = None
    since: float = 0.0
    used: float = 0.0
    """Seconds of a processor that the process had used by then."""
    patience: float = SECONDS

    def seconds(self) -> float:
        try:
            times = psutil.Process(self.process.pid).cpu_times()
        except psutil.NoSuchProcess:
            return self.used
        return float(times.user + times.system)

    def hangs(self, waited: float) -> bool:
        return waited > self.patience and (
            waited > WAITED * self.patience or self.seconds() - self.used > self.patience
        )


def _serve(pipe: Connection, seed: int, kind: str | None) -> None:
    """What a worker process does: inputs by number, one answer each."""
    _limit_memory()
    files()
    pipe.send(None)
    while True:
        number = pipe.recv()
        if number is None:
            return
        made, content = make(number, seed, kind)
        pipe.send((number, made, outcome(content)))


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MB << 20, MEMORY_MB << 20))


class Fuzzer:
    """Keeps `workers` processes busy, ends those that hang, and tells of every input once."""

    def __init__(self, seed: int, kind: str | None, workers: int) -> None:
        self._seed, self._kind = seed, kind
        self._context = get_context("spawn")
        self._workers = [self._start() for _ in range(workers)]

    def _start(self) -> Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._seed, self._kind), daemon=True)
        process.start()
        theirs.close()
        if ours.poll(START_SECONDS):
            ours.recv()
        return Worker(process, ours)

    def run(self, numbers: Iterator[int]) -> Iterator[tuple[int, str, str, float]]:
        """(number, kind, outcome, seconds) in the order in which they are done."""
        left = True
        while left or any(worker.number is not None for worker in self._workers):
            for worker in self._workers:
                if worker.number is None and left:
                    number = next(numbers, None)
                    if number is None:
                        left = False
                        break
                    worker.number, worker.since, worker.used = number, time.monotonic(), worker.seconds()
                    worker.patience = _patience(make(number, self._seed, self._kind)[0])
                    worker.pipe.send(number)
            busy = [worker for worker in self._workers if worker.number is not None]
            ready = wait([worker.pipe for worker in busy], timeout=0.5) if busy else []
            for worker in busy:
                assert worker.number is not None
                taken = time.monotonic() - worker.since
                if worker.pipe in ready:
                    yield self._answer(worker, taken)
                elif worker.hangs(taken):
                    yield (worker.number, "", f"hang\nlonger than {worker.patience:g} seconds", taken)
                    self._replace(worker)

    def _answer(self, worker: Worker, taken: float) -> tuple[int, str, str, float]:
        assert worker.number is not None
        number = worker.number
        try:
            _, kind, told = worker.pipe.recv()
        except EOFError:
            self._replace(worker)
            return number, "", f"crash\nthe process ended with {worker.process.exitcode}", taken
        worker.number = None
        return number, kind, told, taken

    def _replace(self, worker: Worker) -> None:
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        fresh = self._start()
        worker.process, worker.pipe, worker.number = fresh.process, fresh.pipe, None

    def stop(self) -> None:
        for worker in self._workers:
            worker.process.kill()
            worker.process.join()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description="Spoiled files against the parser.")
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--first", type=int, help="number of the first input (default: where the last run ended)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", choices=list(files()), help="only files of this kind")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", type=Path, default=Path("build/fuzz"))
    parser.add_argument("--write", type=int, metavar="N", help="write input N as a file and stop")
    options = parser.parse_args(arguments)
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    if options.write is not None:
        print(_keep(folder, options.write, options.seed, options.kind, ""))
        return 0
    state = folder / f"next-{options.seed}-{options.kind or 'all'}.txt"
    first = options.first if options.first is not None else int(state.read_text()) if state.exists() else 0
    counts, slowest, bad = _run(options, folder, range(first, first + options.inputs), state.write_text)
    for told, count in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"{count:>9,} {told}")
    print(f"{options.inputs:,} inputs from {first:,} on; the slowest took {slowest[0]:.2f} s (input {slowest[1]}).")
    if bad:
        print(f"{len(bad)} crashed or hung: {', '.join(map(str, bad[:12]))}; they are in {folder}.")
        return 1
    print("None crashed or hung.")
    return 0


def _run(
    options: argparse.Namespace, folder: Path, numbers: range, remember: Callable[[str], object]
) -> tuple[Counter[str], tuple[float, int], list[int]]:
    counts: Counter[str] = Counter()
    slowest, bad = (0.0, numbers.start), []
    fuzzer = Fuzzer(options.seed, options.kind, options.workers)
    try:
        for done, (number, kind, told, taken) in enumerate(fuzzer.run(iter(numbers)), start=1):
            word = told.split("\n")[0]
            counts[f"{word} ({kind})" if kind else word] += 1
            slowest = max(slowest, (taken, number))
            if word in ("crash", "hang"):
                bad.append(number)
                _keep(folder, number, options.seed, options.kind, told)
            if done % 100 == 0:
                # Inputs may be done out of order: what is remembered is surely done.
                remember(str(numbers.start + done - options.workers))
    finally:
        fuzzer.stop()
    remember(str(numbers.stop))
    return counts, slowest, bad


def _keep(folder: Path, number: int, seed: int, kind: str | None, told: str) -> Path:
    made, content = make(number, seed, kind)
    path = folder / f"{seed}-{number}.{made}"
    path.write_bytes(content)
    if told:
        path.with_suffix(".txt").write_text(told, encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
