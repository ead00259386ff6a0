"""`make accuracy`: how many figures are read right, missing, wrong, and silently wrong, by template, carrier, damage.

    python -m benchmarks.accuracy [--damages 10000] [--reports 10] [--printed 2] [--seed 0] [--workers 2] [--json FILE]
    python -m benchmarks.accuracy --show 'damage/delete a cell/150'

Ends with exit code 1 when anything is silently wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks import golds
from benchmarks.cases import Case, Outcome, judged, make, names, run
from benchmarks.tally import Table
from tests.parsers.generator import printed
from tests.parsers.generator.reports import TEMPLATES, invent


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    if options.show:
        return _show(options.show, options.seed)
    by_form, by_carrier = Table("template"), Table("carrier")
    by_damage, real = Table("damage"), Table("real reports")
    bad: list[Outcome] = []
    for outcome in _all(options):
        if outcome.mutation is None:
            by_form.add(outcome.template, outcome)
            by_carrier.add(f"{outcome.carrier} {outcome.template}", outcome)
        else:
            by_damage.add(outcome.mutation, outcome)
        if outcome.judged and outcome.judged.silent:
            bad.append(outcome)
    for outcome in golds.outcomes():
        real.add(outcome.name, outcome)
        if outcome.judged and outcome.judged.silent:
            bad.append(outcome)
    tables = [table for table in (by_carrier, by_form, by_damage, real) if table.rows]
    for table in tables:
        print("\n".join(table.lines()), end="\n\n")
    for outcome in bad[:40]:
        assert outcome.judged is not None
        path, want, have = outcome.judged.silent[0]
        print(
            f"silently wrong: {outcome.name} ({outcome.template}, {outcome.carrier}): {path} = {have}, not {_text(want)}"
        )
    options.json.parent.mkdir(parents=True, exist_ok=True)
    data = {"seed": options.seed, **{table.title: table.data() for table in tables}}
    data["silent"] = [outcome.name for outcome in bad]
    options.json.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    silent = sum(table.total().silent for table in tables if table is not by_form)
    cases = sum(table.total().reports for table in tables if table is not by_form)
    print(f"{cases:,} reports, {silent:,} figures silently wrong; the numbers are in {options.json}.")
    return 1 if silent else 0


def _text(numbers: Iterable[object]) -> str:
    return " or ".join(map(str, sorted(map(str, numbers)))) or "nothing"


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__.split("\n")[0])
    parser.add_argument("--damages", type=int, default=10_000, help="damaged reports, over all kinds of damage in turn")
    parser.add_argument("--reports", type=int, default=10, help="whole reports for each template and carrier")
    parser.add_argument("--printed", type=int, default=2, help="reports printed as PDF for each template")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, default=Path("build/accuracy.json"))
    parser.add_argument("--show", metavar="CASE", help="print one case and what is wrong in it")
    return parser.parse_args(arguments)


def _all(options: argparse.Namespace) -> Iterator[Outcome]:
    wanted = names(options.damages, options.reports)
    work = partial(run, seed=options.seed)
    if options.workers < 2:
        yield from (outcome for name in wanted if (outcome := work(name)) is not None)
    else:
        with ProcessPoolExecutor(options.workers, mp_context=get_context("spawn")) as pool:
            for number, outcome in enumerate(pool.map(work, wanted, chunksize=20)):
                if number % 500 == 0 and sys.stderr.isatty():
                    print(f"{number:,} of {len(wanted):,}", end="\r", file=sys.stderr)
                if outcome is not None:
                    yield outcome
    yield from _printed(options.printed, options.seed)


def _printed(each: int, seed: int) -> Iterator[Outcome]:
    """Reports as PDF, where the machine can print them."""
    if each and (why := printed.why_not()):
        print(f"No PDF was made: {why}.")
        return
    for template in TEMPLATES:
        for number in range(each):
            name = f"report/{template}/pdf/{number}"
            report = invent(template, random.Random(f"{seed}/{name}"))
            content = printed.page(report, list(printed.PAPERS.values())[number % len(printed.PAPERS)])
            case = Case(name, template, "pdf", None, content, "", report.year, report.truth())
            yield replace(judged(case), carrier="pdf")


def _show(name: str, seed: int) -> int:
    case = make(name, seed)
    if case is None:
        print(f"{name} does not exist with seed {seed}: this damage leaves that report as it is.")
        return 2
    outcome = judged(case)
    sys.stdout.flush()
    sys.stdout.buffer.write(case.content + b"\n")
    print(f"{case.template} in {case.carrier}, {case.mutation or 'whole'}; {outcome.fault or 'identity right'}")
    if outcome.judged is None:
        return 0
    for path, want, have in outcome.judged.wrong:
        silent = "SILENT" if any(path == item[0] for item in outcome.judged.silent) else "flagged"
        print(f"wrong, {silent}: {path} = {have}, not {_text(want)}")
    print(f"{outcome.judged.right} right, missing: {', '.join(outcome.judged.missing) or 'none'}")
    return 1 if outcome.judged.silent else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
