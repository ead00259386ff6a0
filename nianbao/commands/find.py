"""`nianbao find`: which reports there are, by organ, year, level, province, words and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nianbao.ui.console import json_line, note, out
from nianbao.ui.filters import Level, Limit, Organ, Portal, Province, Text, Where, Year, asked, nothing_found

if TYPE_CHECKING:
    from storage.database import OpenDatabase
    from storage.fulltext import Snippet, TextIndex
    from storage.query import Filters
    from storage.settings import Settings

NARROW = 90
"""Columns of a terminal that has no room for the form and the flags."""
PAGE = 50
"""Reports of an answer that a person reads, where --limit says nothing."""


class SortName(StrEnum):
    """As `storage.fulltext.Sort`, which is imported when the command runs."""

    RANK = "rank"
    NEWEST = "newest"
    OLDEST = "oldest"
    ORGAN = "organ"
    PUBLISHED = "published"
    REQUESTS = "requests"
    FAILED = "failed"


def find(
    organ: Organ = None,
    year: Year = None,
    level: Level = None,
    province: Province = None,
    portal: Portal = None,
    text: Text = None,
    where: Where = None,
    sort: Annotated[
        SortName | None,
        typer.Option(
            help="rank: best answer to --text first. Else newest or oldest year, organ, last published, most requests,"
            " most sums that fail. Default: rank with --text, else newest."
        ),
    ] = None,
    limit: Limit = None,
    after: Annotated[
        str | None, typer.Option(help="The next page: begin behind this report of the same list.", metavar="ID")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole reports, one JSON document a line.")] = False,
) -> None:
    """Query the archive; all options together must hold. Without any: every report, newest year first.

    Examples:

        nianbao find --year 2020 --province 河北

        nianbao find --text '依申请公开 行政复议' --limit 20

        nianbao find --where 'requests.received_new.total>=20' --sort requests

        nianbao find --organ 教育厅 --json | jq .title
    """
    from storage import settings
    from storage.database import open_database

    configured = settings.load()
    filters = asked(
        organ=organ, year=year, level=level, province=province, portal=portal, text=text, where=where, limit=limit
    )
    with open_database(configured, create=False) as database:
        if text or where or sort or after:
            count = _by_index(database, configured, filters, sort or SortName.RANK, after, as_json)
        else:
            count = _by_catalogue(database, filters, as_json)
    if not count:
        raise nothing_found(filters)


def _by_catalogue(database: OpenDatabase, filters: Filters, as_json: bool) -> int:
    """Straight from the database, as it comes: newest year first."""
    from storage import query

    if as_json:
        return _whole(database, filters)
    entries = list(query.find(database, filters))
    if entries:
        show_entries(entries)
        note(f"{_reports(len(entries))}. One of them in full: nianbao show ID")
    return len(entries)


def _by_index(
    database: OpenDatabase, configured: Settings, filters: Filters, sort: SortName, after: str | None, as_json: bool
) -> int:
    """What the search index knows best: words, conditions on figures, orders other than by year."""
    from nianbao.ui.progress import Counter
    from storage import query
    from storage.fulltext import Sort, TextIndex, answered
    from storage.where import BadFilter

    index = TextIndex(database, configured.home)
    with Counter("reading the archive into the search index:") as progress:
        try:
            found = answered(index, filters, sort=Sort(sort), after=after, tick=lambda done: progress("reports", done))
        except BadFilter as error:
            raise typer.BadParameter(str(error).removeprefix("--after: "), param_hint="--after") from None
    if as_json:
        return _whole(database, found)
    limit = filters.limit or PAGE
    entries = list(query.find(database, replace(found, limit=limit + 1)))
    shown = entries[:limit]
    if shown:
        show_entries(shown, _snippets(index, shown, filters.text))
        note(_said(len(shown), found, len(entries) > limit))
    return len(shown)


def _whole(database: OpenDatabase, filters: Filters) -> int:
    from storage import query

    count = 0
    for report in query.find_reports(database, filters):
        json_line(report)
        count += 1
    return count


def _said(count: int, found: Filters, has_more: bool) -> str:
    """The last line: how many there are, and how to go on."""
    if not has_more:
        return f"{_reports(count)}. One of them in full: nianbao show ID"
    return f"{count} of {len(found.ids or ()):,} reports. The next ones: the same command with --after and the last id"


def _reports(count: int) -> str:
    return "1 report" if count == 1 else f"{count:,} reports"


def _snippets(
    index: TextIndex, entries: Sequence[Mapping[str, Any]], words: str | None
) -> Mapping[str, tuple[Snippet, ...]]:
    return index.snippets([entry["_id"] for entry in entries], words) if words else {}


def show_entries(
    entries: Sequence[Mapping[str, Any]], snippets: Mapping[str, tuple[Snippet, ...]] | None = None
) -> None:
    """The catalogue's entries as a table; below each of them where the words stand that were looked for."""
    from rich.table import Table
    from rich.text import Text

    from nianbao.ui.labels import SCOPES
    from nianbao.ui.sizes import number
    from nianbao.ui.words import NOT_KNOWN, clean

    is_narrow = out().width < NARROW
    grid = Table(show_edge=False, pad_edge=False, header_style="dim")
    grid.add_column("id", no_wrap=out().width >= NARROW // 2, overflow="fold")  # to be copied
    grid.add_column("organ 机关", overflow="fold", min_width=8)
    grid.add_column("year" if is_narrow else "year 年度", justify="right", min_width=4)
    if not is_narrow:
        grid.add_column("template 表式", no_wrap=True)
    grid.add_column("requests" if is_narrow else "requests 新收申请", justify="right", min_width=4)
    grid.add_column("sums" if is_narrow else "sums 勾稽", no_wrap=True, min_width=4)
    if not is_narrow:
        grid.add_column("flags", justify="right")
    for entry in entries:
        failed = entry["checks_count"]["fail"]
        name = clean(entry["organ"]["name"] or NOT_KNOWN)
        if entry["scope"] != "own":
            name.append(f" ({SCOPES[entry['scope']]})", style="dim")
        sums = Text(f"✗ {failed}", style="red") if failed else Text("✓" if entry["checks_count"]["pass"] else "–")
        first = (clean(entry["_id"]), name, str(entry["report_year"]))
        flags = str(len(entry["flags"])) if entry["flags"] else ""
        requests = number(received(entry["figures"]))
        if is_narrow:
            grid.add_row(*first, requests, sums)
        else:
            grid.add_row(*first, entry["template"]["id"], requests, sums, flags)
    out().print(grid)
    for entry in entries:
        found = (snippets or {}).get(entry["_id"], ())
        if found:
            out().print(Text("\n").append_text(clean(entry["_id"])).append(f"  {entry['title']}", style="dim"))
        for snippet in found:
            line = Text("  ")
            for piece, is_found in snippet.pieces():
                line.append_text(Text(piece, style="bold reverse" if is_found else ""))
            out().print(line)


def received(figures: dict[str, Any]) -> int | float | None:
    """Requests received in the year: table three since 2019, the statistics before (domain.md 6.4: comparable)."""
    for path in ("requests.received_new.total", "statistics.requests.received.total"):
        node: Any = figures
        for key in path.split("."):
            node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, (int, float)):
            return node
    return None
