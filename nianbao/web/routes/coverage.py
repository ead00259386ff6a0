"""覆盖: what is expected and what is here, organ by organ and year by year, each gap with what is known of why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from nianbao.web.archive import ORGAN_ID, WebArchive
from nianbao.web.expected import HERE, LEVELS, MISSING, STATES, Count, Expected, Line, added
from nianbao.web.page import json_answer, render
from nianbao.web.question import BadQuestion
from nianbao.web.ready import ready
from nianbao.web.reasons import WHY, statute, what_to_do
from nianbao.web.shelf import Row
from nianbao.web.tables import csv_answer
from parsers.chinese import simplify
from parsers.identity.due import due_on
from storage.base import Doc

router = APIRouter(include_in_schema=False)
AT_ONCE = 50
"""Organs of a page."""
GROUPS = {"here": HERE, "missing": MISSING}
"""Words for several states at once."""
ORGAN_COLUMNS = ("id", "name", "level", "province", "city", "county", "region_code")


@dataclass(frozen=True)
class Wanted:
    """What of the table is asked for; empty words ask for everything."""

    province: str = ""
    level: str = ""
    state: str = ""
    """One of STATES, or `here`, or `missing`."""
    q: str = ""
    first: int | None = None
    last: int | None = None

    def states(self) -> Sequence[str]:
        return GROUPS.get(self.state) or ((self.state,) if self.state else ())

    def years(self, expected: Expected) -> range:
        first, last = expected.years.start, expected.years.stop - 1
        return range(max(first, self.first or first), min(last, self.last or last) + 1)

    def parameters(self, **change: object) -> Doc:
        """As the parameters of an address."""
        given = {
            "province": self.province,
            "level": self.level,
            "state": self.state,
            "q": self.q,
            "from": self.first,
            "to": self.last,
        }
        return {**given, **change}


def wanted(
    province: Annotated[str, Query(max_length=60, description="云南省, 中央, 未知.")] = "",
    level: Annotated[str, Query(max_length=60, description=f"One of {', '.join(LEVELS)}.")] = "",
    state: Annotated[str, Query(max_length=60, description=f"One of {', '.join((*STATES, *GROUPS))}.")] = "",
    q: Annotated[str, Query(max_length=300, description="A part of the organ's name.")] = "",
    first: Annotated[int | None, Query(alias="from", ge=1900, le=2100, description="First report year.")] = None,
    last: Annotated[int | None, Query(alias="to", ge=1900, le=2100, description="Last report year.")] = None,
) -> Wanted:
    if state and state not in (*STATES, *GROUPS):
        raise BadQuestion(f"state must be one of {', '.join((*STATES, *GROUPS))}")
    return Wanted(province, level, state, simplify(q.strip()), first, last)


Asked = Annotated[Wanted, Depends(wanted)]


def lines_of(expected: Expected, asked: Wanted) -> list[Line]:
    return expected.select(
        asked.years(expected), province=asked.province, level=asked.level, states=asked.states(), words=asked.q
    )


def organ_document(expected: Expected, line: Line, years: range) -> Doc:
    """An organ with its states; a year in which nothing is expected of it is missing."""
    states = {str(year): state for year in years if (state := expected.state(line, year)) is not None}
    return {**{name: getattr(line, name) for name in ORGAN_COLUMNS}, "years": states}


def count_document(count: Count) -> Doc:
    return {
        "expected": count.expected,
        "here": count.here,
        "missing": count.missing,
        "states": {state: count.states[state] for state in STATES if count.states[state]},
    }


@router.get("/coverage")
def coverage(request: Request, asked: Asked, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> Response:
    archive: WebArchive = request.app.state.archive
    return ready(request, "coverage.html", lambda: _shown(archive, asked, page))


def _shown(archive: WebArchive, asked: Wanted, page: int) -> dict[str, Any]:
    expected = archive.expected
    years = asked.years(expected)
    found = lines_of(expected, asked)
    shown = found[(page - 1) * AT_ONCE : page * AT_ONCE]
    matrix = expected.matrix(years, asked.level) if not (asked.province or asked.q or asked.state) else {}
    return {
        "asked": asked,
        "years": years,
        "every_year": expected.years,
        "grid": [(line, cells_of(archive, line, years)) for line in shown],
        "total": len(found),
        "count": expected.count(found, years),
        "matrix": [(name, cells, added(cells.values())) for name, cells in matrix.items()],
        "page": page,
        "pages": -(-len(found) // AT_ONCE),
        "provinces": expected.provinces,
        "levels": LEVELS,
        "states": STATES,
    }


def cells_of(archive: WebArchive, line: Line, years: range) -> list[tuple[int, str | None, str | None]]:
    """Of each year the state, and the id of the report that is here."""
    reports: dict[int, Row] = {}
    for row in archive.shelf.of_organ(line.id):
        best = reports.get(row.report_year)
        if best is None or row.scope == "own":
            reports[row.report_year] = row
    expected = archive.expected
    return [(year, expected.state(line, year), reports[year].id if year in reports else None) for year in years]


@router.get("/coverage.csv")
def coverage_csv(request: Request, asked: Asked) -> Response:
    """The whole table that was asked for: a line an organ, a column a year."""
    expected: Expected = request.app.state.archive.expected
    years = asked.years(expected)
    rows = (
        [*(getattr(line, name) for name in ORGAN_COLUMNS), *(expected.state(line, year) or "" for year in years)]
        for line in lines_of(expected, asked)
    )
    return csv_answer(request, "coverage", (*ORGAN_COLUMNS, *map(str, years)), rows)


def organs_json(request: Request, asked: Wanted, cursor: str, size: int) -> Response:
    """One page of organs, and the counts of all that answer."""
    expected: Expected = request.app.state.archive.expected
    years = asked.years(expected)
    found = lines_of(expected, asked)
    start = 0
    if cursor:
        places = [number for number, line in enumerate(found) if line.id == cursor]
        if not places:
            raise BadQuestion("cursor is no organ of this list; begin without it")
        start = places[0] + 1
    shown = found[start : start + size]
    return json_answer(
        request,
        {
            "total": len(found),
            "next": shown[-1].id if shown and start + size < len(found) else None,
            "counts": count_document(expected.count(found, years)),
            "items": [organ_document(expected, line, years) for line in shown],
        },
    )


def provinces_json(request: Request, asked: Wanted) -> Response:
    """Counts of every province and year, of one level or of all."""
    expected: Expected = request.app.state.archive.expected
    matrix = expected.matrix(asked.years(expected), asked.level)
    items = [
        {"province": name, "year": year, **count_document(count)}
        for name, cells in matrix.items()
        if asked.province in ("", name)
        for year, count in cells.items()
        if count.states
    ]
    return json_answer(request, {"items": items})


def evidence(request: Request, organ: str, year: int) -> Doc:
    """Everything that is known of one cell. Raises 404 where nothing is expected."""
    archive: WebArchive = request.app.state.archive
    expected = archive.expected
    line = expected.get(organ) if ORGAN_ID.fullmatch(organ) else None
    state = expected.state(line, year) if line is not None else None
    if line is None or state is None:
        raise HTTPException(404, f"{organ[:100]} {year} 无应公布的报告 · no report is expected of it for that year")
    told = archive.told(organ, year) or {}
    due = told.get("due_on") or due_on(year, line.level).isoformat()
    portals = [told["portal"]] if told.get("portal") else archive.portals_of_region(line.region_code)
    return {
        **{name: getattr(line, name) for name in ORGAN_COLUMNS},
        "year": year,
        "state": state,
        "due_on": due,
        "published_on": told.get("published_on"),
        "punctuality": told.get("punctuality"),
        "reports": list(told.get("reports") or ()),
        "portal": told.get("portal"),
        "health": told.get("health"),
        "run_id": told.get("run_id"),
        "problems": [asdict(one) for one in archive.problems_named(told.get("problems") or ())],
        "portals": portals,
        "command": what_to_do(state, year, portals),
    }


@router.get("/coverage/{organ}/{year}.json")
def cell_json(request: Request, organ: str, year: int) -> Response:
    return json_answer(request, evidence(request, organ, year))


@router.get("/coverage/{organ}/{year}")
def cell_page(request: Request, organ: str, year: int) -> Response:
    archive: WebArchive = request.app.state.archive
    cell = evidence(request, organ, year)
    line = archive.expected.get(organ)
    assert line is not None  # evidence found it
    portals = {portal.id: state for portal, state in archive.portals() if portal.id in cell["portals"]}
    return render(
        request,
        "cell.html",
        cell=cell,
        why=WHY[cell["state"]],
        statute=statute(year, cell["due_on"]),
        cells=cells_of(archive, line, archive.expected.years),
        portals=portals,
        known=archive.shelf.by_organ.get(organ) is not None,
    )
