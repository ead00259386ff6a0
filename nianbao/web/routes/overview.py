"""总览: how much of the country and of the years is here, what is new, and how last night went."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Request, Response

from nianbao.web.archive import WebArchive
from nianbao.web.charts import line
from nianbao.web.coverage import country
from nianbao.web.page import chosen, dressed, html_of, json_answer
from nianbao.web.shelf import TRUST, Shelf, positions
from nianbao.web.tables import row_document
from storage.records import RunRecord

router = APIRouter()
NEWEST = 12
MOST_KEPT = 32


@router.get("/", include_in_schema=False)
def overview(request: Request) -> Response:
    """Kept ready: made once for each reading of the shelf, state of the last run, language and theme."""
    archive: WebArchive = request.app.state.archive
    run = next(iter(archive.runs(1)), None)
    state = None if run is None else (run.id, run.state, run.heartbeat_at)
    key = (archive.keeper.as_of, state, request.url.query, chosen(request, "lang"), chosen(request, "theme"))
    kept: dict[object, bytes] = request.app.state.overviews
    if key not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = _page(request, archive, run)
    return dressed(request, kept[key])


def _page(request: Request, archive: WebArchive, run: RunRecord | None) -> bytes:
    shelf = archive.shelf
    return html_of(
        request,
        "overview.html",
        country=country(shelf),
        total=len(shelf),
        organs=len(shelf.organs),
        newest=shelf.newest[:NEWEST],
        run=run,
        health=Counter(str(state.health) if state else "unknown" for _, state in archive.portals()),
        trust=[(word, shelf.bits["trust"].get(word, 0).bit_count()) for word in reversed((*TRUST, "none"))],
        chart=years_chart(shelf),
        as_of=archive.keeper.as_of,
    )


@lru_cache(maxsize=2)
def years_chart(shelf: Shelf) -> dict[str, Any]:
    """Reports of each year as columns, the requests that they count as a line."""
    requests: list[float | None] = []
    axis = list(range(shelf.years[0], shelf.years[-1] + 1)) if shelf.years else []
    by_year = [shelf.bits["year"].get(str(year), 0) for year in axis]
    for bits in by_year:
        values = [shelf.rows[position].received for position in positions(bits)]
        known = [value for value in values if value is not None]
        requests.append(sum(known) if known else None)
    counts = [bits.bit_count() for bits in by_year]
    return {
        "x": [str(year) for year in axis],
        "series": [
            line("报告 reports", counts, kind="bar"),
            line("新收申请 requests received", requests, axis=1),
        ],
        "axes": ["报告 reports", "申请 requests"],
        "breaks": [],
        "unit": "",
    }


def summary(request: Request) -> Response:
    """The overview's numbers as JSON."""
    archive: WebArchive = request.app.state.archive
    shelf = archive.shelf
    found = country(shelf)
    return json_answer(
        request,
        {
            "as_of": archive.keeper.as_of,
            "reports": len(shelf),
            "organs": len(shelf.organs),
            "provinces": found.provinces,
            "organs_listed": {"found": found.listed, "expected": found.expected},
            "years": {str(year): count for year, count in zip(found.years, found.by_year, strict=True) if count},
            "by_province": {
                place.value: {
                    str(year): spot.count for year, spot in zip(found.years, place.years, strict=True) if spot.count
                }
                for place in found.places
                if place.all.count
            },
            "newest": [row_document(row) for row in shelf.newest[:NEWEST]],
        },
    )
