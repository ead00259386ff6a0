"""`nianbao labels`: labels and tables in the archive that no template knows, and wordings that no pattern does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from nianbao.ui.console import json_line, note, out
from nianbao.ui.errors import one_line

if TYPE_CHECKING:
    from storage.labels import Unknown

KINDS = {"label": "label 栏目", "table": "table 表格", "wording": "wording 表述"}


def labels(
    year: Annotated[
        list[int] | None,
        typer.Option(metavar="YEAR", min=1900, max=2100, help="Of this report year only; may be given again."),
    ] = None,
    limit: Annotated[
        int, typer.Option(metavar="N", min=1, help="How many of each kind, the most frequent first.")
    ] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document a line, with all report ids.")] = False,
) -> None:
    """List labels and tables that no template knows, the most frequent first: a new form shows itself here. Behind them
    what sentences count in words that no pattern knows (N stands for the figure).

    A label that is only another spelling is added to config/templates as an alias, a wording to its facts; see
    docs/a-template-changed.md.
    """
    from storage import settings
    from storage.database import open_database
    from storage.labels import unknown

    with open_database(settings.load(), create=False) as database:
        found = unknown(database, year or ())
    shown = [one for kind in KINDS for one in [one for one in found if one.kind == kind][:limit]]
    for one in shown if as_json else ():
        json_line(
            {
                "label": one.label,
                "kind": one.kind,
                "tables": sorted(one.tables),
                "years": {str(year): number for year, number in sorted(one.years.items())},
                "reports": one.reports,
            }
        )
    if as_json:
        return
    if not found:
        note("Every label of the archive's tables is known to a template.")
        return
    _table(shown)
    more = f" ({len(found) - len(shown)} more: --limit)" if len(found) > len(shown) else ""
    note(
        f"{len(found)} that no template knows{more}. A spelling becomes an alias in config/templates, then: nianbao rerun"
    )


def _table(found: list[Unknown]) -> None:
    from rich.table import Table
    from rich.text import Text

    grid = Table(show_edge=False, pad_edge=False, header_style="dim")
    for heading in ("reports 报告数", "years 年份", "kind 类别"):
        grid.add_column(heading, no_wrap=True)
    grid.add_column("label 标签", overflow="fold")
    grid.add_column("for instance 例", overflow="fold")
    for one in found:
        years = sorted(one.years)
        span = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
        grid.add_row(str(one.count), span, KINDS[one.kind], Text(one_line(one.label)), Text(one_line(one.reports[0])))
    out().print(grid)
