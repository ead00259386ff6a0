"""Reports of each form whose figures a test names by their paths, stored in a real database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from parsers.report import Check, FigureCell, Level, Number, Report, Semantic, Status, TemplateUse
from storage.base import Db
from storage.reports import Reports
from tests.storage.synthetic import report, write


def made(
    number: int,
    year: int,
    template: str,
    figures: dict[str, Number | None],
    *,
    version: str = "1",
    flags: tuple[str, ...] = (),
    trust: dict[str, str] | None = None,
    checks: tuple[Check, ...] = (),
    raw: dict[str, str] | None = None,
    unit_source: dict[str, str] | None = None,
    title: str | None = None,
) -> Report:
    """A report with exactly these figures. A figure of None is a cell that was left blank."""
    plain = report(number, year, size=300)
    nested: dict[str, Any] = {}
    cells = []
    for path, value in figures.items():
        block = nested
        *parents, leaf = path.split(".")
        for parent in parents:
            block = block.setdefault(parent, {})
        block[leaf] = value
        text = (raw or {}).get(path, "" if value is None else str(value))
        semantic = Semantic.EMPTY if value is None else Semantic.ZERO if value == 0 else Semantic.NUMBER
        cells.append(FigureCell(path, text, value, semantic, unit_source=(unit_source or {}).get(path)))
    return replace(
        plain,
        title=title or plain.title,
        template=TemplateUse(template, version, "headers"),
        figures=nested,
        cells=tuple(cells),
        checks=checks,
        flags=flags,
        trust=trust or {},
    )


def hard(status: Status, *paths: str) -> Check:
    return Check("T3-ROW", Level.HARD, status, 1, 1 if status is Status.PASS else 2, paths)


def put(db: Db, *reports: Report) -> None:
    saved = Reports(db).save([write(one) for one in reports])
    assert len(saved) == len(reports)
    assert {str(one.state) for one in saved} == {"new"}
