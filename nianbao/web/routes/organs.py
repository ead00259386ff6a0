"""机关: who publishes, an organ over the years, several organs beside each other."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, HTTPException, Query, Request, Response

from nianbao.web import charts
from nianbao.web.archive import MOST_ORGANS, ORGAN_ID, WebArchive
from nianbao.web.page import chosen, json_answer, render
from nianbao.web.question import BadQuestion
from nianbao.web.ready import ready
from nianbao.web.routes.coverage import cells_of
from nianbao.web.series import Break, Series, breaks, broken_chains, by_tables, one_a_year, other_forms, series
from nianbao.web.shelf import Row, Shelf
from nianbao.web.tables import csv_answer
from storage.base import Doc
from storage.export.measures import Measure, load_measures
from storage.query import spellings

router = APIRouter(include_in_schema=False)
AT_ONCE = 100
COLUMNS = ("id", "name", "level", "province", "city", "county", "region_code", "reports", "years")
_Province = Annotated[str, Query(max_length=60)]
_Level = Annotated[str, Query(max_length=60)]
_Words = Annotated[str, Query(max_length=300)]


def organs_of(shelf: Shelf, province: str, level: str, q: str) -> list[Row]:
    """The newest report of every organ that answers, by region code."""
    names = spellings(q)
    return [
        row
        for row in shelf.organs
        if (not province or (row.organ_province or "none") == province)
        and (not level or (row.organ_level or "none") == level)
        and any(name in row.organ_name for name in names)
    ]


def organ_document(shelf: Shelf, row: Row) -> Doc:
    reports = shelf.of_organ(row.organ_id)
    return {
        "id": row.organ_id,
        "name": row.organ_name,
        "level": row.organ_level,
        "province": row.organ_province,
        "city": row.organ_city,
        "county": row.organ_county,
        "region_code": row.organ_region_code,
        "reports": len(reports),
        "years": sorted({one.report_year for one in reports}),
    }


@router.get("/organs")
def organs(
    request: Request,
    province: _Province = "",
    level: _Level = "",
    q: _Words = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    archive: WebArchive = request.app.state.archive
    return ready(request, "organs.html", lambda: _shown(archive.shelf, province, level, q, page))


def _shown(shelf: Shelf, province: str, level: str, q: str, page: int) -> dict[str, Any]:
    found = organs_of(shelf, province, level, q)
    shown = found[(page - 1) * AT_ONCE : page * AT_ONCE]
    grid = []
    for row in shown:
        years: dict[int, Row] = {}
        for one in shelf.of_organ(row.organ_id):
            years.setdefault(one.report_year, one)
        grid.append((row, years))
    return {
        "grid": grid,
        "years": shelf.years,
        "total": len(found),
        "page": page,
        "pages": -(-len(found) // AT_ONCE),
        "province": province,
        "level": level,
        "q": q,
        "provinces": list(shelf.bits["province"]),
        "levels": list(shelf.bits["level"]),
    }


@router.get("/organs.json")
def organs_json(request: Request, province: _Province = "", level: _Level = "", q: _Words = "") -> Response:
    shelf = request.app.state.archive.shelf
    return json_answer(request, {"items": [organ_document(shelf, row) for row in organs_of(shelf, province, level, q)]})


@router.get("/organs.csv")
def organs_csv(request: Request, province: _Province = "", level: _Level = "", q: _Words = "") -> Response:
    shelf = request.app.state.archive.shelf
    documents = (organ_document(shelf, row) for row in organs_of(shelf, province, level, q))
    return csv_answer(request, "organs", COLUMNS, ([one[name] for name in COLUMNS] for one in documents))


def reports_of(request: Request, organ: str) -> list[Doc]:
    archive: WebArchive = request.app.state.archive
    found = archive.reports_of(organ) if ORGAN_ID.fullmatch(organ) else []
    if not found:
        raise HTTPException(404, f"没有机关 {organ[:100]} 的报告 · there is no report of this organ")
    return found


def organ_in(report: Doc, organ: str) -> Doc:
    """The organ with that id, as the report or its catalogue entry names it, alone or among several."""
    every: list[Doc] = [report["organ"], *report.get("joint_organs", ())]
    return next(one for one in every if one["id"] == organ)


def series_document(found: list[Series]) -> list[Doc]:
    return [
        {
            "measure": one.measure.key,
            "zh": one.measure.zh,
            "en": one.measure.en,
            "unit": one.measure.unit,
            "comparable": str(one.measure.comparable),
            "points": [
                {"year": point.year, "value": point.value, "quality": point.quality, "report": point.report_id}
                for point in one.points
            ],
        }
        for one in found
    ]


@router.get("/organs/{organ}.json")
def organ_json(request: Request, organ: str) -> Response:
    archive: WebArchive = request.app.state.archive
    reports = reports_of(request, organ)
    yearly = one_a_year(reports)
    rows = archive.shelf.of_organ(organ)
    return json_answer(
        request,
        {
            **organ_document(archive.shelf, rows[0]),
            "series": series_document(series(yearly)),
            "breaks": [{"year": one.year, "zh": one.words.zh, "en": one.words.en} for one in breaks(yearly)],
            "failed_chains": [
                {"rule": one.rule, "before": one.before, "after": one.after, "left": one.left, "right": one.right}
                for one in broken_chains(yearly)
            ],
        },
    )


@router.get("/organs/{organ}.csv")
def organ_csv(request: Request, organ: str) -> Response:
    found = series(one_a_year(reports_of(request, organ)))
    header = ("measure", "zh", "unit", "year", "value", "quality", "report")
    rows = (
        (one.measure.key, one.measure.zh, one.measure.unit, point.year, point.value, point.quality, point.report_id)
        for one in found
        for point in one.points
    )
    return csv_answer(request, f"organ_{organ}", header, rows)


@router.get("/organs/{organ}")
def organ_page(request: Request, organ: str) -> Response:
    archive: WebArchive = request.app.state.archive
    reports = reports_of(request, organ)
    yearly = one_a_year(reports)
    found = series(yearly)
    gaps, chains = breaks(yearly), broken_chains(yearly)
    line = archive.expected.get(organ)
    cells = [] if line is None else cells_of(archive, line, archive.expected.years)
    states = {year: state for year, state, _ in cells if state is not None}
    return render(
        request,
        "organ.html",
        organ=organ_in(reports[-1], organ),
        rows=archive.shelf.of_organ(organ),
        axis=range(yearly[0]["report_year"], yearly[-1]["report_year"] + 1),
        states=states,
        series=found,
        charts=charts.organ_charts(found, gaps, chains, chosen(request, "lang"), states),
        breaks=gaps,
        chains=chains,
        names=sorted({organ_in(report, organ)["name_raw"] for report in reports}),
        line=line,
        cells=cells,
    )


def measure_of(key: str) -> Measure:
    for measure in load_measures().all:
        if measure.key == key:
            return measure
    raise BadQuestion(f"there is no measure {key[:80]!r}; see /dictionary")


_Organs = Annotated[list[str], Query(max_length=MOST_ORGANS)]
_Measure = Annotated[str, Query(max_length=80)]


class Comparison(NamedTuple):
    measure: Measure
    names: dict[str, str]
    """Organ id -> its name in its newest report."""
    found: dict[str, Series]
    forms: list[Break]
    """The years from which one of them has another form."""


def comparison(request: Request, organ: list[str], measure: str) -> Comparison:
    """One measure of several organs; unknown organs are left out."""
    archive: WebArchive = request.app.state.archive
    wanted = measure_of(measure)
    known = {key: one_a_year(archive.entries_of(key)) for key in dict.fromkeys(organ) if ORGAN_ID.fullmatch(key)}
    entries = {key: some for key, some in known.items() if some}
    names = {key: organ_in(some[-1], key)["name"] for key, some in entries.items()}
    found = {key: by_tables(some, wanted) for key, some in entries.items()}
    return Comparison(wanted, names, found, other_forms(entries.values()))


@router.get("/compare")
def compare(
    request: Request,
    organ: _Organs = [],  # noqa: B006
    measure: _Measure = "requests_received",
    add: _Words = "",
) -> Response:
    archive: WebArchive = request.app.state.archive
    wanted, names, found, forms = comparison(request, organ, measure)
    return render(
        request,
        "compare.html",
        measure=wanted,
        measures=load_measures().all,
        names=names,
        chart=charts.compared(
            {key: name or key for key, name in names.items()}, found, forms, wanted.unit, chosen(request, "lang")
        ),
        add=add,
        candidates=organs_of(archive.shelf, "", "", add)[:20] if add.strip() else [],
        most=MOST_ORGANS,
    )


@router.get("/compare.json")
def compare_json(request: Request, organ: _Organs = [], measure: _Measure = "requests_received") -> Response:  # noqa: B006
    _, names, found, _ = comparison(request, organ, measure)
    documents = [{"organ": key, "name": names[key], **series_document([one])[0]} for key, one in found.items()]
    return json_answer(request, {"items": documents})


@router.get("/compare.csv")
def compare_csv(request: Request, organ: _Organs = [], measure: _Measure = "requests_received") -> Response:  # noqa: B006
    _, names, found, _ = comparison(request, organ, measure)
    rows = (
        (key, names[key], one.measure.key, point.year, point.value, point.quality, point.report_id)
        for key, one in found.items()
        for point in one.points
    )
    header = ("organ", "name", "measure", "year", "value", "quality", "report")
    return csv_answer(request, "compare", header, rows)
