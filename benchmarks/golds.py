"""Real reports with their figures read by people, where they lie beside the checkout (see tests/shared.py)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks.cases import Outcome
from parsers import Source, parse
from parsers.errors import ParseError
from tests.parsers.generator.judge import Judged, judge
from tests.parsers.test_real import CONTEXT
from tests.shared import listed


def outcomes() -> Iterator[Outcome]:
    for path in [gold.with_name(gold.name.replace(".gold.json", ".txt")) for gold in listed("seeds", "*.gold.json")]:
        yield _outcome(path, path.with_suffix(".gold.json"))
    for gold in listed("real", "**/*.gold.json"):
        yield _outcome(gold.with_name(gold.name.removesuffix(".gold.json")), gold)


def _outcome(path: Path, gold_path: Path) -> Outcome:
    gold = json.loads(gold_path.read_text(encoding="utf-8"))
    truth = {figure: frozenset() if value is None else frozenset({value}) for figure, value in gold["figures"].items()}
    carrier = path.suffix.lstrip(".")
    template = gold.get("template", "")
    try:
        report = parse(Source(content=path.read_bytes(), title=CONTEXT.get(path.name)))
    except ParseError as error:
        return Outcome(path.name, template, carrier, None, None, f"refused: {error.reason}")
    return Outcome(path.name, template or report.template.id, carrier, None, _named(judge(report, truth), truth))


def _named(judged: Judged, truth: dict[str, frozenset[int | float]]) -> Judged:
    """Only figures that the gold names: it need not name all."""
    return Judged(
        judged.right,
        judged.missing,
        judged.unflagged,
        tuple(item for item in judged.wrong if item[0] in truth),
        tuple(item for item in judged.silent if item[0] in truth),
    )
