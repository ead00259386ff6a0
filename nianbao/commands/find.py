"""`nianbao find`: which reports there are, by organ, year, level, province, words and figures."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from nianbao.ui.console import json_line, note, out
from nianbao.ui.filters import Level, Limit, Organ, Portal, Province, Text, Where, Year, asked, nothing_found


def find(
    organ: Organ = None,
    year: Year = None,
    level: Level = None,
    province: Province = None,
    portal: Portal = None,
    text: Text = None,
    where: Where = None,
    limit: Limit = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole reports, one JSON document a line.")] = False,
) -> None:
    """Query the archive; all options together must hold. Without any: every report, newest year first."""
    from storage import query, settings
    from storage.database import open_database

    filters = asked(
        organ=organ, year=year, level=level, province=province, portal=portal, text=text, where=where, limit=limit
    )
    count = 0
    with open_database(settings.load(), create=False) as database:
        if as_json:
            for report in query.find_reports(database, filters):
                json_line(report)
                count += 1
        else:
            entries = list(query.find(database, filters))
            count = len(entries)
            if entries:
                show_entries(entries)
    if not count:
        raise nothing_found(filters)
    if not as_json:
        note(f"{count} {'report' if count == 1 else 'reports'}. One of them in full: nianbao show ID")


def show_entries(entries: list[dict[str, Any]]) -> None:
    """The catalogue's entries as a table."""
    from rich.table import Table
    from rich.text import Text

    from nianbao.ui.labels import SCOPES
    from nianbao.ui.sizes import number
    from nianbao.ui.words import clean

    grid = Table(show_edge=False, pad_edge=False, header_style="dim")
    grid.add_column("id", overflow="fold")
    grid.add_column("organ 机关", overflow="fold")
    grid.add_column("year 年度", justify="right")
    grid.add_column("template 表式", no_wrap=True)
    grid.add_column("requests 新收申请", justify="right")
    grid.add_column("sums 勾稽", no_wrap=True)
    grid.add_column("flags", justify="right")
    for entry in entries:
        failed = entry["checks_count"]["fail"]
        name = clean(entry["organ"]["name"])
        if entry["scope"] != "own":
            name.append(f" ({SCOPES[entry['scope']]})", style="dim")
        grid.add_row(
            clean(entry["_id"]),
            name,
            str(entry["report_year"]),
            entry["template"]["id"],
            number(received(entry["figures"])),
            Text(f"✗ {failed}", style="red") if failed else Text("✓" if entry["checks_count"]["pass"] else "–"),
            str(len(entry["flags"])) if entry["flags"] else "",
        )
    out().print(grid)


def received(figures: dict[str, Any]) -> int | float | None:
    """Requests received in the year: table three since 2019, the statistics before (domain.md 6.4: comparable)."""
    for path in ("requests.received_new.total", "statistics.requests.received.total"):
        node: Any = figures
        for key in path.split("."):
            node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, (int, float)):
            return node
    return None
