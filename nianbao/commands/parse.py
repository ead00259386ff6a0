"""`nianbao parse`: bytes in, the report document out. No database, no network."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nianbao.ui.console import json_line, note, out
from nianbao.ui.errors import Exit
from nianbao.ui.options import day

if TYPE_CHECKING:
    from nianbao.files import Parsed

FEW = 5
"""So many files are parsed before a bar could be read."""


def _files(names: list[str]) -> list[str]:
    """Wrong names are wrong arguments: said at once, before anything is parsed."""
    for name in names:
        path = Path(name)
        if name == "-":
            continue
        if path.is_dir():
            raise typer.BadParameter(f"{name!r} is a folder; name the files in it, such as {path}/*.html")
        if not path.exists():
            raise typer.BadParameter(f"there is no file {name!r}")
    if names.count("-") > 1:
        raise typer.BadParameter("standard input (-) can be read only once")
    return names


def parse(
    file: Annotated[
        list[str],
        typer.Argument(help="Pages or files; - is standard input.", callback=_files, metavar="FILE"),
    ],
    url: Annotated[str | None, typer.Option(help="The address it was found at.", metavar="URL")] = None,
    title: Annotated[str | None, typer.Option(help="The title that a list page showed.", metavar="TITLE")] = None,
    organ: Annotated[str | None, typer.Option(help="The organ (机关) it belongs to.", metavar="NAME")] = None,
    published: Annotated[
        date | None,
        typer.Option(help="The day of publication (发布日期).", parser=day, metavar="YYYY-MM-DD"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document a line for each file.")] = False,
) -> None:
    """Parse files into structured reports and print them; nothing is stored.

    HTML, plain text, PDF, Word: what a file is, is told by its content, not by its name.
    """
    from functools import partial

    from nianbao.files import parse_files
    from parsers.source import Source
    from storage import settings

    source_of = partial(Source, url=url, title=title, organ=organ, published=published)
    reports, unreadable = 0, 0
    quiet = len(file) < FEW or not sys.stderr.isatty()
    parsing = parse_files(file, source_of, settings.load().parse, count=len(file))
    for parsed in parsing if quiet else _shown(parsing, len(file)):
        document = parsed.to_document()
        if as_json:
            json_line(document)
        elif parsed.report is not None:
            _show(document, first=not reports)
        if "unreadable" in document:
            unreadable += 1
            note(f"nianbao: {parsed.name} could not be read (无法读取): {parsed.error}")
        elif "not_a_report" in document and not as_json:
            note(f"{parsed.name} is no annual report (不是年报): {parsed.error}")
        reports += parsed.report is not None
    if unreadable:
        if len(file) > 1:
            note(f"nianbao: {unreadable} of {len(file)} files could not be read; the lines above say why.")
        raise typer.Exit(Exit.FAILED)
    if not as_json:
        found = "1 annual report" if reports == 1 else f"{reports} annual reports"
        files = "1 file" if len(file) == 1 else f"{len(file)} files"
        note(f"{found} in {files}. Nothing was stored; `nianbao crawl` stores.")


def _shown(parsing: Iterable[Parsed], total: int) -> Iterator[Parsed]:
    """The same, with a bar on the terminal."""
    from rich.console import Console
    from rich.progress import track

    yield from track(parsing, "parsing", total=total, console=Console(stderr=True), transient=True)


def _show(document: dict[str, object], *, first: bool) -> None:
    from nianbao.ui.report import show_report

    if not first:
        out().rule()
    show_report(out(), document)
