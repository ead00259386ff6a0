"""总览: how much of the country and of the years is here, what is new, and how last night went."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from nianbao.web.archive import WebArchive
from nianbao.web.charts import line
from nianbao.web.country import country
from nianbao.web.expected import MISSING
from nianbao.web.page import chosen, json_answer
from nianbao.web.ready import ready
from nianbao.web.routes.coverage import cells_of, count_document
from nianbao.web.shelf import TRUST, Shelf, positions
from nianbao.web.tables import row_document
from nianbao.web.words import Pair
from storage.shape.records import RunRecord

router = APIRouter()
NEWEST = 12
ORGANS = 12
"""Organs of which the overview shows the years."""
_REPORTS, _RECEIVED = Pair("报告", "reports"), Pair("新收申请", "requests received")


@router.get("/", include_in_schema=False)
def overview(request: Request, year: Annotated[int | None, Query(ge=1900, le=2100)] = None) -> Response:
    archive: WebArchive = request.app.state.archive
    run = next(iter(archive.runs(1)), None)
    state = None if run is None else (run.id, run.state, run.heartbeat_at)
    language = chosen(request, "lang")
    return ready(request, "overview.html", lambda: _shown(archive, run, year, language), also=state)


def _shown(archive: WebArchive, run: RunRecord | None, year: int | None, language: str) -> dict[str, Any]:
    shelf, expected = archive.shelf, archive.expected
    newest = dict.fromkeys(row.organ_id for row in shelf.newest)
    known = [line for one in newest if (line := expected.get(one)) is not None][:ORGANS]
    return {
        "country": country(expected, year if year in expected.years else None),
        "missing": MISSING,
        "grid": [(line, cells_of(archive, line, expected.years)) for line in known],
        "total": len(shelf),
        "organs": len(shelf.organs),
        "newest": shelf.newest[:NEWEST],
        "run": run,
        "health": Counter(
            str(state.health) if state else "unknown" for portal, state in archive.portals() if not portal.invented
        ),
        "trust": [(word, shelf.bits["trust"].get(word, 0).bit_count()) for word in reversed((*TRUST, "none"))],
        "chart": years_chart(shelf, language),
        "as_of": archive.keeper.as_of,
    }


@lru_cache(maxsize=6)
def years_chart(shelf: Shelf, language: str) -> dict[str, Any]:
    """Reports of each year as columns, the requests that they count as a line.

    A whole area's report counts what its organs count: it is left out of the line, or everything stood in it twice.
    """
    requests: list[float | None] = []
    axis = list(range(shelf.years[0], shelf.years[-1] + 1)) if shelf.years else []
    by_year = [shelf.bits["year"].get(str(year), 0) for year in axis]
    for bits in by_year:
        rows = [shelf.rows[position] for position in positions(bits)]
        values = [row.received for row in rows if row.scope != "consolidated"]
        known = [value for value in values if value is not None]
        requests.append(sum(known) if known else None)
    counts = [bits.bit_count() for bits in by_year]
    return {
        "x": [str(year) for year in axis],
        "series": [
            line(_REPORTS.said(language), counts, kind="bar"),
            line(_RECEIVED.said(language), requests, axis=1),
        ],
        "axes": [_REPORTS.said(language), _RECEIVED.said(language)],
        "breaks": [],
        "gaps": [],
        "unit": "",
    }


def summary(request: Request) -> Response:
    """The overview's numbers as JSON."""
    archive: WebArchive = request.app.state.archive
    shelf = archive.shelf
    found = country(archive.expected)
    provinces = {name: bits for name, bits in shelf.bits["province"].items() if bits}
    return json_answer(
        request,
        {
            "as_of": archive.keeper.as_of,
            "reports": len(shelf),
            "organs": len(shelf.organs),
            "provinces": found.provinces,
            "coverage": count_document(found.all),
            "years": {str(year): shelf.bits["year"][str(year)].bit_count() for year in shelf.years},
            "by_province": {
                name: {
                    str(year): count
                    for year in shelf.years
                    if (count := (bits & shelf.bits["year"][str(year)]).bit_count())
                }
                for name, bits in provinces.items()
            },
            "newest": [row_document(row) for row in shelf.newest[:NEWEST]],
        },
    )
