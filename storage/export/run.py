"""From a question to a file: read, lay out, write, rename."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain
from pathlib import Path

from storage.base import Db, Doc
from storage.export import cells, panel
from storage.export.columns import Column, ExportError, Row
from storage.export.measures import Measures, load_measures
from storage.export.package import LICENCE, write_package
from storage.export.writers import Format, Sheet, Writer, format_of, open_writer
from storage.query import Filters, find_reports


class Form(StrEnum):
    """What a row is."""

    PANEL = "panel"
    """An organ, a year, a scope."""
    CELLS = "cells"
    """A cell of a report."""
    REPORTS = "reports"
    """A whole report; JSON Lines only."""


@dataclass(frozen=True)
class Layout:
    columns: Callable[[Measures], tuple[Column, ...]]
    rows: Callable[[Doc, Measures], Iterator[Row]]


_LAYOUTS = {
    Form.PANEL: Layout(panel.columns, panel.rows),
    Form.CELLS: Layout(cells.columns, cells.rows),
}


@dataclass(frozen=True)
class Exported:
    path: Path
    form: Form
    reports: int
    rows: int
    package: Path | None = None


def form_for(path: Path, form: Form | None) -> Form:
    """What stands in the file when nobody says: whole reports in .jsonl, the panel elsewhere.

    Raises ExportError for an ending that is none of ours, and for whole reports in a table.
    """
    format_ = format_of(path)
    if form is Form.REPORTS and format_ is not Format.JSONL:
        raise ExportError(f"whole reports go into .jsonl; a {format_} file holds the panel or the cells")
    return form or (Form.REPORTS if format_ is Format.JSONL else Form.PANEL)


def export(
    db: Db,
    filters: Filters,
    target: Path,
    form: Form | None = None,
    *,
    bom: bool = False,
    package: bool = False,
    progress: Callable[[str, int], None] | None = None,
) -> Exported:
    """Write what answers `filters` into `target`, which appears whole at the end or stays as it was.

    Nothing matches: `reports` is 0 and no file is written. `progress(what, count)` is called as reports go by.
    Raises ExportError, BadFilter, TemplateError (config/measures.yaml) or OSError.
    """
    form = form_for(target, form)
    if target.is_dir():
        raise ExportError(f"{target} is a folder; say a file in it")
    if not target.parent.is_dir():
        raise ExportError(f"there is no folder {target.parent}; make it first")
    measures = load_measures()
    layout = _LAYOUTS.get(form)
    sheet = Sheet(str(form), layout.columns(measures) if layout else (), about(filters, form, measures))
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    done = Exported(target, form, 0, 0)
    # Whole reports: a projection spares the embedded server nothing, it decodes whole documents (storage.catalogue).
    reports = counted(find_reports(db, filters), progress)
    try:
        first = next(reports, None)
        if first is None:
            return done
        writer = open_writer(part, format_of(target), sheet, bom=bom)
        done = _write(writer, chain([first], reports), layout, measures, done)
        _settle(part, target)
    finally:
        part.unlink(missing_ok=True)
    described = write_package(target, format_of(target), sheet, done.rows) if package else None
    return replace(done, package=described)


def about(filters: Filters, form: Form, measures: Measures) -> tuple[tuple[str, str], ...]:
    """What a reader of the file must know, as label and text."""
    asked = {key: value for key, value in vars(filters).items() if value}
    return (
        ("来源 source", "nianbao 年报: the archive of China's government-information-disclosure annual reports"),
        ("导出时间 exported", datetime.now(UTC).isoformat(timespec="seconds")),
        ("内容 form", str(form)),
        ("筛选 filters", "; ".join(f"{key}={value}" for key, value in asked.items()) or "the whole archive"),
        ("指标版本 measures", measures.version),
        ("空白 blank", "A blank is a figure that the report does not give or that could not be read. It is never 0."),
        (
            "质量 quality",
            "verified: the form's own sums hold for it. consistent: nothing contradicts it. "
            "doubtful: a sum fails with it, or its table is flagged. missing: no number.",
        ),
        (
            "可比性 comparable",
            "yes: the same in every form. approx: nearly, see the note. sum_only: only this sum is. "
            "no: one form only, never to be joined with the measures that its note names.",
        ),
        (
            "公式防护 formulas",
            "In CSV and XLSX a text that begins with = + - @ and is no number stands behind an apostrophe.",
        ),
        ("许可 licence", LICENCE),
    )


def counted(reports: Iterator[Doc], progress: Callable[[str, int], None] | None) -> Iterator[Doc]:
    for count, report in enumerate(reports, start=1):
        if progress is not None and count % 50 == 1:
            progress(str(report["report_year"]), count)
        yield report


def _write(
    writer: Writer, reports: Iterable[Doc], layout: Layout | None, measures: Measures, done: Exported
) -> Exported:
    """Every report through the writer, which is closed, or abandoned when something fails."""
    number = rows = 0
    try:
        for report in reports:
            number += 1
            rows += _put(writer, report, layout, measures)
    except BaseException:
        writer.abandon()
        raise
    writer.close()
    return replace(done, reports=number, rows=rows)


def _put(writer: Writer, report: Doc, layout: Layout | None, measures: Measures) -> int:
    """Write the rows of a report; how many there are."""
    if layout is None:
        writer.document(report)
        return 1
    rows = 0
    for row in layout.rows(report, measures):
        writer.write(row)
        rows += 1
    return rows


def _settle(part: Path, target: Path) -> None:
    """Give the whole file its name, once its bytes are on the disk."""
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())
    part.replace(target)
