"""`nianbao coverage`: which reports are there, and what is known of those that are not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from nianbao.ui.console import json_line, note, out, say
from nianbao.ui.errors import Exit, Failure
from nianbao.ui.filters import Level
from nianbao.ui.labels import SIGNS
from nianbao.ui.options import report_years

if TYPE_CHECKING:
    from storage.base import Db
    from storage.coverage.counts import Cell
    from storage.coverage.query import OrganRow

YEARS_SHOWN = 8
PROVINCE = "province 省份"
ORGAN_WIDTH = 24
"""Columns of the terminal for the name of an organ; a longer one goes on below."""


def coverage(
    province: Annotated[
        str | None, typer.Option(help="The organs of one province: 云南, 云南省, or 中央.", metavar="NAME")
    ] = None,
    level: Level = None,
    year: Annotated[
        range | None,
        typer.Option("--years", help="Report years: 2020, or 2019-2023.", parser=report_years, metavar="YEARS"),
    ] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Look at every organ anew before.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document a line.")] = False,
) -> None:
    """Show expected organs and years against what is there: by province, or the organs of one province."""
    from nianbao.ui.progress import Counter
    from storage import schema, settings
    from storage.coverage.update import rebuild as build
    from storage.database import open_database

    chosen = list(year or range(date.today().year - YEARS_SHOWN, date.today().year))
    with open_database(settings.load(), create=False) as database:
        if rebuild:
            with Counter("coverage") as progress:
                progress.show("looking at every organ")
                schema.ensure(database)
                build(database)
        if province is None:
            _provinces(database, chosen, level, as_json)
        else:
            _organs(database, _province(database, province), chosen, level, as_json)


def _province(database: Db, name: str) -> str:
    """云南 is 云南省."""
    from storage.coverage.counts import provinces

    known = provinces(database)
    found = [one for one in known if one == name] or [one for one in known if one.startswith(name)]
    if len(found) != 1:
        told = ", ".join(found or known)
        raise typer.BadParameter(f"{name!r} is no province; there are {told}", param_hint="--province")
    return found[0]


# --- province × year ------------------------------------------------------------------------------------------


def _provinces(database: Db, chosen: list[int], level: str | None, as_json: bool) -> None:
    from storage.coverage.counts import overview, provinces, total

    names = provinces(database)
    found = overview(database, names, chosen)
    rows = [(name, [total(found[name, year], level) for year in chosen]) for name in names]
    rows = [(name, cells) for name, cells in rows if any(cell.expected for cell in cells)]
    if as_json:
        for name, cells in rows:
            for year, cell in zip(chosen, cells, strict=True):
                json_line(_document(name, year, level, cell))
        return
    _province_table(chosen, rows)
    known = sum(cell.states["found"] for _, cells in rows for cell in cells)
    expected = sum(cell.expected for _, cells in rows for cell in cells)
    note(
        f"{known:,} of {expected:,} expected reports are there. The organs of one province: nianbao coverage --province 云南"
    )


def _document(name: str, year: int, level: str | None, cell: Cell) -> dict[str, object]:
    counts = {"expected": cell.expected, "states": dict(cell.states), "late": cell.late, "early": cell.early}
    return {"province": name, "year": year, "level": level, **counts}


def _province_table(chosen: list[int], rows: list[tuple[str, list[Cell]]]) -> None:
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    from nianbao.ui.columns import in_parts, packed
    from nianbao.ui.words import clean

    legend = ("Found of expected 已归档/应公布", "✗ not published 未公布", "⊘ blocked or unreachable 无法访问")
    for line in packed(legend, out().width):
        say(line)
    names = max((cell_len(name) for name, _ in rows), default=0)
    widths = [max(len(str(year)), *(len(_short(cells[at])) for _, cells in rows)) for at, year in enumerate(chosen)]
    stub = max(names, cell_len(PROVINCE))
    for some in in_parts(widths, out().width - stub):
        grid = Table(show_edge=False, pad_edge=False, header_style="dim")
        grid.add_column(PROVINCE, no_wrap=True, width=stub)
        for at in some:
            grid.add_column(str(chosen[at]), justify="right", no_wrap=True, width=widths[at])
        for name, cells in rows:
            grid.add_row(clean(name), *(Text(_short(cells[at]), style=_style(cells[at])) for at in some))
        out().print(grid)


def _short(cell: Cell) -> str:
    if not cell.expected:
        return "–"
    if cell.states["not_due"] == cell.expected:
        return SIGNS["not_due"]
    missing = cell.states["not_published"]
    closed = cell.states["blocked"] + cell.states["unreachable"]
    notes = f" ✗{missing}" if missing else ""
    return f"{cell.states['found']}/{cell.expected}{notes}{f' ⊘{closed}' if closed else ''}"


def _style(cell: Cell) -> str:
    if not cell.expected or not cell.states["found"]:
        return "dim"
    return "green" if cell.states["found"] == cell.expected else ""


# --- organ × year ---------------------------------------------------------------------------------------------


def _organs(database: Db, province: str, chosen: list[int], level: str | None, as_json: bool) -> None:
    from storage.coverage.query import organs

    rows = organs(database, province, chosen, level)
    if not rows:
        raise Failure(f"no organ of {province} is expected in these years", "Leave out --level", Exit.NOTHING_FOUND)
    if as_json:
        for row in rows:
            for year, state in sorted(row.years.items()):
                json_line(_state(row, province, year, state))
        return
    _organ_table(chosen, rows)
    known = sum(state == "found" for row in rows for state in row.years.values())
    expected = sum(len(row.years) for row in rows)
    note(f"{province}: {known:,} of {expected:,} expected reports are there. Why one is missing: --json")


def _state(row: OrganRow, province: str, year: int, state: str) -> dict[str, object]:
    from parsers.identity.due import due_on

    told = row.documents.get(year, {})
    evidence = {name: told.get(name) for name in ("reports", "portal", "health", "run_id", "problems")}
    return {
        "organ_id": row.id,
        "organ": row.name,
        "level": row.level,
        "region_code": row.region_code,
        "province": province,
        "year": year,
        "state": state,
        "due_on": told.get("due_on") or due_on(year, row.level).isoformat(),
        "published_on": told.get("published_on"),
        "punctuality": told.get("punctuality"),
        "evidence": evidence,
    }


def _organ_table(chosen: list[int], rows: list[OrganRow]) -> None:
    """Where the terminal is narrow, `2019` becomes `19`, then the level goes, then the years stand in two tables or more."""
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    from nianbao.ui.columns import BETWEEN, in_parts, packed
    from nianbao.ui.labels import COVERAGE, LEVELS, beside
    from nianbao.ui.words import clean

    ids = max(len(row.id) for row in rows)
    names = min(max(cell_len(row.name) for row in rows), ORGAN_WIDTH)
    levels = max(cell_len(beside(row.level, LEVELS)) for row in rows)
    for with_level, digits in ((True, 4), (True, 2), (False, 2)):
        room = out().width - ids - BETWEEN - names - (BETWEEN + levels if with_level else 0)
        if len(chosen) * (BETWEEN + digits) <= room:
            break
    for some in in_parts([digits] * len(chosen), room):
        grid = Table(show_edge=False, pad_edge=False, header_style="dim")
        grid.add_column("id", no_wrap=True, width=ids)
        grid.add_column("organ 机关", overflow="fold", width=names)
        if with_level:
            grid.add_column("level 级别", no_wrap=True, width=levels)
        for at in some:
            grid.add_column(str(chosen[at])[-digits:], justify="center", no_wrap=True, width=digits)
        for row in rows:
            level = [beside(row.level, LEVELS)] if with_level else []
            grid.add_row(clean(row.id), clean(row.name), *level, *(Text(_sign(row, chosen[at])) for at in some))
        out().print(grid)
    for line in packed((f"{sign} {COVERAGE[name]}" for name, sign in SIGNS.items()), out().width):
        say(line)


def _sign(row: OrganRow, year: int) -> str:
    state = row.years.get(year)
    if state is None:
        return ""
    punctuality = row.documents.get(year, {}).get("punctuality")
    return SIGNS[punctuality if punctuality in ("late", "early") else state]
