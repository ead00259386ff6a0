"""`nianbao export`: the archive, or a part of it, as a file for spreadsheets, statistics programs and other code."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nianbao.ui.console import json_line, note
from nianbao.ui.filters import Level, Limit, Organ, Portal, Province, Text, Where, Year, asked, nothing_found
from nianbao.ui.options import AsJson

if TYPE_CHECKING:
    from storage.database import OpenDatabase
    from storage.export.run import Exported
    from storage.query import Filters
    from storage.settings import Settings
    from storage.warc.write import Written


class FormName(StrEnum):
    """As `storage.export.run.Form`, which is imported when the command runs."""

    PANEL = "panel"
    CELLS = "cells"
    REPORTS = "reports"


def _file(text: str) -> Path:
    """An ending that is none of ours is a wrong argument."""
    from storage.export.columns import ExportError
    from storage.export.writers import format_of
    from storage.warc.write import is_warc

    if is_warc(Path(text)):
        return Path(text)
    try:
        format_of(Path(text))
    except ExportError as error:
        raise typer.BadParameter(str(error)) from None
    return Path(text)


def export(
    file: Annotated[
        Path,
        typer.Argument(
            help="Its ending says what it is: .csv .parquet .jsonl .xlsx .warc.gz", parser=_file, metavar="FILE"
        ),
    ],
    form: Annotated[
        FormName | None,
        typer.Option(
            help="panel: a row per organ, year and scope. cells: a row per cell. reports: whole reports, .jsonl only.",
        ),
    ] = None,
    organ: Organ = None,
    year: Year = None,
    level: Level = None,
    province: Province = None,
    portal: Portal = None,
    text: Text = None,
    where: Where = None,
    limit: Limit = None,
    bom: Annotated[bool, typer.Option("--bom", help="Begin a CSV with a byte order mark, as Excel wants it.")] = False,
    package: Annotated[
        bool, typer.Option("--package", help="Describe the file in a Frictionless datapackage.json beside it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the archive, or what answers to the options, into a file.

    Without --form: the panel (one row per organ, year and scope, with measures that are the same across the forms
    and the quality of each); whole reports for .jsonl; the archived pages themselves for .warc.gz.
    """
    from dataclasses import asdict

    from nianbao.ui.progress import Counter
    from storage import settings
    from storage.database import open_database
    from storage.export.columns import ExportError
    from storage.export.run import Form, form_for
    from storage.export.run import export as write
    from storage.warc.write import export_warc, is_warc

    filters = asked(
        organ=organ, year=year, level=level, province=province, portal=portal, text=text, where=where, limit=limit
    )
    configured = settings.load()
    if is_warc(file):
        if form or bom or package:
            raise typer.BadParameter(
                "a WARC file holds the pages as they came: --form, --bom and --package are not for it"
            )
        with open_database(configured, create=False) as database, Counter("exporting") as progress:
            filters = _of_the_words(database, configured, filters)
            pages = export_warc(database, filters, file, progress)
        if not pages.captures:
            raise nothing_found(filters)
        if as_json:
            json_line(asdict(pages))
        note(_said_of_pages(pages))
        return
    try:
        wanted = form_for(file, Form(form) if form else None)
    except ExportError as error:
        raise typer.BadParameter(str(error)) from None
    with open_database(configured, create=False) as database, Counter("exporting") as progress:
        filters = _of_the_words(database, configured, filters)
        done = write(database, filters, file, wanted, bom=bom, package=package, progress=progress)
    if not done.reports:
        raise nothing_found(filters)
    if as_json:
        json_line(asdict(done))
    note(_said(done))


def _of_the_words(database: OpenDatabase, configured: Settings, filters: Filters) -> Filters:
    """What holds the words of --text, newest first, as the search index says."""
    from storage.fulltext import Sort, TextIndex, answered

    return answered(TextIndex(database, configured.home), filters, sort=Sort.NEWEST) if filters.text else filters


def _said_of_pages(done: Written) -> str:
    left = f"; {done.damaged:,} are left out, their bytes are damaged: nianbao verify" if done.damaged else ""
    number = "1 capture is" if done.captures == 1 else f"{done.captures:,} captures are"
    return f"{number} in {done.path}{left}. Into another archive: nianbao import {done.path.name}"


def _said(done: Exported) -> str:
    rows = f"{done.rows:,} {'row' if done.rows == 1 else 'rows'}"
    reports = f"{done.reports:,} {'report' if done.reports == 1 else 'reports'}"
    where = f"{done.path} and {done.package.name}" if done.package else str(done.path)
    if done.form == "reports":
        return f"{reports} are in {where}. What the fields mean: docs/data.md"
    return f"{rows} of {reports} are in {where}. What the columns mean: docs/export.md"
