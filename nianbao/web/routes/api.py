"""/api: the pages' data as JSON, described by /api/openapi.json. Read-only, paged by cursor, with ETags."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from pydantic import BaseModel, Field

from nianbao.web.archive import WebArchive
from nianbao.web.page import json_answer
from nianbao.web.question import PAGE, BadQuestion
from nianbao.web.routes import coverage, dictionary, operation, organs, overview
from nianbao.web.routes.search import Asked, Cursor
from nianbao.web.shelf import Row
from nianbao.web.tables import COLUMNS, chosen_fields, row_document
from storage.base import Doc

router = APIRouter(prefix="/api")
twins = APIRouter(include_in_schema=False)
_FIELD = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+){0,8}")
MOST_FIELDS = 60
_OF_LISTS = frozenset(COLUMNS) | {name.partition(".")[0] for name in COLUMNS}


class Refused(BaseModel):
    """Why there is no answer."""

    detail: str


class Page(BaseModel):
    """One page of reports."""

    total: int
    next: str | None = Field(description="`cursor` of the next page; null on the last one.")
    items: list[dict[str, Any]]


class Items(BaseModel):
    items: list[dict[str, Any]]


class CoveragePage(BaseModel):
    """One page of organs, with the counts of all organs that answer."""

    total: int
    next: str | None
    counts: dict[str, Any]
    items: list[dict[str, Any]]


class OrganPage(BaseModel):
    total: int
    next: str | None
    items: list[dict[str, Any]]


_BAD: dict[int | str, dict[str, Any]] = {
    304: {"description": "Unchanged since the ETag in If-None-Match."},
    400: {"model": Refused, "description": "The question cannot be understood."},
}
_NONE: dict[int | str, dict[str, Any]] = {
    **_BAD,
    404: {"model": Refused, "description": "There is no such thing in the archive."},
}
Fields = Annotated[
    str, Query(max_length=4000, description="Only these fields, dotted, joined by commas: organ.name,figures.requests")
]
Size = Annotated[int, Query(ge=1, le=500, description="Items of a page.")]


def wanted_fields(fields: str) -> list[str]:
    """Raises BadQuestion."""
    names = [name.strip() for name in fields.split(",") if name.strip()]
    wrong = [name for name in names if not _FIELD.fullmatch(name)]
    if wrong or len(names) > MOST_FIELDS:
        raise BadQuestion(f"fields: at most {MOST_FIELDS} dotted names such as organ.name, joined by commas")
    return names


def answer_with_fields(archive: WebArchive, rows: list[Row], names: list[str]) -> list[Doc]:
    """Rows as documents; fields that no list knows (`figures.…`) come from the catalogue."""
    documents = [row_document(row) for row in rows]
    if not names:
        return documents
    if not all(name in _OF_LISTS for name in names):
        foreign = {name.partition(".")[0] for name in names} - {"id"}
        found = archive.entries([row.id for row in rows], dict.fromkeys(foreign, 1))
        documents = [{**found.get(one["id"], {}), **_ours(one, names)} for one in documents]
    return [chosen_fields(one, names) for one in documents]


def _ours(document: Doc, names: list[str]) -> Doc:
    """What a list says under a name of its own wins; `source.url` and the like are the catalogue's."""
    heads = {name.partition(".")[0] for name in names if name in _OF_LISTS} | {"id"}
    return {name: value for name, value in document.items() if name in heads}


@router.get("/reports", response_model=Page, responses=_BAD, summary="Reports, newest year first")
@twins.get("/reports.json")
def reports(request: Request, question: Asked, cursor: Cursor = "", size: Size = PAGE, fields: Fields = "") -> Response:
    """Reports that answer. Several values of one filter mean any of them; all filters together must hold."""
    archive: WebArchive = request.app.state.archive
    names = wanted_fields(fields)
    answer = archive.ask(question, size=size, cursor=cursor)
    items = answer_with_fields(archive, list(answer.rows), names)
    return json_answer(request, {"total": answer.total, "next": answer.next, "items": items})


@router.get(
    "/facets", response_model=dict[str, dict[str, int]], responses=_BAD, summary="How many there are of each kind"
)
def facets(request: Request, question: Asked) -> Response:
    """Counts of every facet under the question; a facet's own choice does not narrow its own counts."""
    archive: WebArchive = request.app.state.archive
    return json_answer(request, archive.ask(question, size=1).counts)


@router.get(
    "/reports/{organ}/{year}/{scope}", response_model=dict[str, Any], responses=_NONE, summary="One whole report"
)
def report(request: Request, organ: str, year: str, scope: str, fields: Fields = "") -> Response:
    archive: WebArchive = request.app.state.archive
    names = wanted_fields(fields)
    found = archive.report(f"{organ}/{year}/{scope}")
    if found is None:
        raise HTTPException(404, "There is no such report.")
    return json_answer(request, {"_id": found["_id"], **chosen_fields(found, names)} if names else found)


@router.get("/organs", response_model=OrganPage, responses=_BAD, summary="Organs by region code")
def organs_list(
    request: Request,
    province: Annotated[str, Query(max_length=60)] = "",
    level: Annotated[str, Query(max_length=60)] = "",
    q: Annotated[str, Query(max_length=300, description="A part of the name.")] = "",
    cursor: Cursor = "",
    size: Size = 100,
) -> Response:
    shelf = request.app.state.archive.shelf
    found = organs.organs_of(shelf, province, level, q)
    start = 0
    if cursor:
        places = [number for number, row in enumerate(found) if row.organ_id == cursor]
        if not places:
            raise BadQuestion("cursor is no organ of this list; begin without it")
        start = places[0] + 1
    shown = found[start : start + size]
    more = start + size < len(found)
    return json_answer(
        request,
        {
            "total": len(found),
            "next": shown[-1].organ_id if more and shown else None,
            "items": [organs.organ_document(shelf, row) for row in shown],
        },
    )


@router.get("/organs/{organ}", response_model=dict[str, Any], responses=_NONE, summary="An organ and its series")
def organ(request: Request, organ: str) -> Response:
    return organs.organ_json(request, organ)


@router.get(
    "/coverage", response_model=CoveragePage, responses=_BAD, summary="Expected organs and years, and their state"
)
@twins.get("/coverage.json")
def coverage_organs(request: Request, asked: coverage.Asked, cursor: Cursor = "", size: Size = 100) -> Response:
    """Every expected organ with the state of each year: found, late, early, not_published, blocked, unreachable, …"""
    return coverage.organs_json(request, asked, cursor, size)


@router.get("/coverage/provinces", response_model=Items, responses=_BAD, summary="Counts by province and year")
def coverage_provinces(request: Request, asked: coverage.Asked) -> Response:
    """How many reports are expected of a province for a year, how many are here, and what is known of the others."""
    return coverage.provinces_json(request, asked)


@router.get(
    "/coverage/{organ}/{year}", response_model=dict[str, Any], responses=_NONE, summary="Why a report is here or is not"
)
def coverage_cell(request: Request, organ: str, year: Annotated[int, Path(ge=1900, le=2100)]) -> Response:
    return json_answer(request, coverage.evidence(request, organ, year))


@router.get("/compare", response_model=Items, responses=_BAD, summary="One measure of several organs")
def compare(
    request: Request,
    organ: Annotated[list[str], Query(max_length=organs.MOST_ORGANS)] = [],  # noqa: B006
    measure: Annotated[str, Query(max_length=80)] = "requests_received",
) -> Response:
    return organs.compare_json(request, organ, measure)


@router.get("/summary", response_model=dict[str, Any], responses={304: _BAD[304]}, summary="What is in the archive")
def summary(request: Request) -> Response:
    return overview.summary(request)


@router.get("/portals", response_model=Items, responses=_BAD, summary="Portals and their health")
def portals(request: Request, asked: operation.Asked) -> Response:
    return operation.portals_json(request, asked)


@router.get("/runs", response_model=Items, responses={304: _BAD[304]}, summary="The latest runs")
def runs(request: Request) -> Response:
    return operation.runs_json(request)


@router.get("/runs/{run_id}", response_model=dict[str, Any], responses=_NONE, summary="A run and its problems")
def run(request: Request, run_id: str) -> Response:
    return operation.run_json(request, run_id)


@router.get("/dictionary", response_model=dict[str, Any], responses={304: _BAD[304]}, summary="Figures and measures")
def words(request: Request) -> Response:
    return dictionary.dictionary_json(request)
