"""What an operator looks at: portals and their health, runs and their problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from nianbao.web.archive import WebArchive
from nianbao.web.page import json_answer, render
from nianbao.web.ready import ready
from nianbao.web.tables import csv_answer
from parsers.chinese import simplify
from storage.base import Doc
from storage.shape.records import PortalState, RunRecord

router = APIRouter(include_in_schema=False)
RUNS_SHOWN, PROBLEMS_SHOWN = 100, 200
PORTALS_AT_ONCE = 100
_ORDER = ("template_changed", "moved", "failing", "blocked", "late", "fresh", "unknown")
"""What needs a look comes first."""
PORTAL_COLUMNS = (
    "id",
    "organ",
    "level",
    "province",
    "home",
    "health",
    "detail",
    "failures",
    "last_success_at",
    "last_tried_at",
    "reports",
    "invented",
)
RUN_COLUMNS = ("id", "kind", "state", "started_at", "finished_at", "problems", "message")


def portal_document(archive: WebArchive, portal: Any, state: PortalState | None) -> Doc:
    """A portal of the registry with what the runs learnt of it."""
    return {
        "id": portal.id,
        "organ": portal.organ,
        "level": portal.level,
        "province": portal.province,
        "home": portal.home,
        "access": portal.access,
        "health": str(state.health) if state else "unknown",
        "detail": state.detail if state else "",
        "failures": state.failures if state else 0,
        "last_success_at": state.last_success_at if state else None,
        "last_tried_at": state.last_tried_at if state else None,
        "last_run_id": state.last_run_id if state else None,
        "columns": [asdict(column) for column in state.columns] if state else [],
        "counts": dict(state.counts) if state else {},
        "change": asdict(state.change) if state and state.change else None,
        "reports": archive.shelf.bits["portal"].get(portal.id, 0).bit_count(),
        "invented": portal.invented,
    }


def portals_of(request: Request) -> Sequence[Doc]:
    """Those that need a look first, the invented ones last. Thousands: made once for each reading of the shelf."""
    archive: WebArchive = request.app.state.archive
    states = archive.portals()
    made: tuple[object, Sequence[Doc]] | None = getattr(request.app.state, "portals", None)
    if made is None or made[0] is not states:
        found = [portal_document(archive, portal, state) for portal, state in states]
        made = states, sorted(found, key=_rank)
        request.app.state.portals = made
    return made[1]


def _rank(portal: Doc) -> tuple[bool, int, int, str]:
    health = portal["health"]
    place = _ORDER.index(health) if health in _ORDER else -1
    return portal["invented"], place, -portal["reports"], portal["id"]


@dataclass(frozen=True)
class Wanted:
    """Which portals a list shows: those that answer to all that is given."""

    health: str = ""
    province: str = ""
    q: str = ""
    """A part of the organ's name, of the portal's id or of its address."""

    def answers(self, portal: Doc) -> bool:
        return (
            (not self.health or portal["health"] == self.health)
            and (not self.province or portal["province"] == self.province)
            and (not self.q or any(self.q in (portal[name] or "").lower() for name in ("organ", "id", "home")))
        )


def wanted(
    health: Annotated[str, Query(max_length=40)] = "",
    province: Annotated[str, Query(max_length=60)] = "",
    q: Annotated[str, Query(max_length=300)] = "",
) -> Wanted:
    return Wanted(health, province, simplify(q.strip()).lower())


Asked = Annotated[Wanted, Depends(wanted)]


@router.get("/portals")
def portals(request: Request, asked: Asked, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> Response:
    return ready(request, "portals.html", lambda: _shown(portals_of(request), asked, page))


def _shown(everything: Sequence[Doc], asked: Wanted, page: int) -> dict[str, Any]:
    """The counts of health are those of the other conditions: what choosing one would bring. Invented ones count nowhere."""
    answering = [one for one in everything if replace(asked, health="").answers(one)]
    elsewhere = [one for one in answering if not one["invented"]]
    found = [one for one in elsewhere if asked.answers(one)]
    return {
        "invented": [one for one in answering if one["invented"] and asked.answers(one)],
        "portals": found[(page - 1) * PORTALS_AT_ONCE : page * PORTALS_AT_ONCE],
        "counts": Counter(one["health"] for one in elsewhere),
        "provinces": sorted({one["province"] for one in everything if one["province"] and not one["invented"]}),
        "asked": asdict(asked),
        "total": len(found),
        "page": page,
        "pages": -(-len(found) // PORTALS_AT_ONCE),
    }


def _answering(request: Request, asked: Wanted) -> list[Doc]:
    return [one for one in portals_of(request) if asked.answers(one)]


@router.get("/portals.json")
def portals_json(request: Request, asked: Asked) -> Response:
    return json_answer(request, {"items": _answering(request, asked)})


@router.get("/portals.csv")
def portals_csv(request: Request, asked: Asked) -> Response:
    rows = ([one[name] for name in PORTAL_COLUMNS] for one in _answering(request, asked))
    return csv_answer(request, "portals", PORTAL_COLUMNS, rows)


def _portal(request: Request, portal_id: str) -> Doc:
    for one in portals_of(request):
        if one["id"] == portal_id:
            return one
    raise HTTPException(404, "没有此门户 · there is no such portal")


@router.get("/portals/{portal_id}.json")
def portal_json(request: Request, portal_id: str) -> Response:
    return json_answer(request, _portal(request, portal_id))


@router.get("/portals/{portal_id}")
def portal_page(request: Request, portal_id: str) -> Response:
    archive: WebArchive = request.app.state.archive
    portal = _portal(request, portal_id)
    run = archive.run(portal["last_run_id"]) if portal["last_run_id"] else None
    problems = [one for one in archive.problems(run.id) if one.portal == portal_id] if run else []
    shelf = archive.shelf
    return render(
        request,
        "portal.html",
        portal=portal,
        run=run,
        problems=problems[:PROBLEMS_SHOWN],
        forms=[
            (name, (bits & shelf.bits["portal"].get(portal_id, 0)).bit_count())
            for name, bits in shelf.bits["template"].items()
        ],
        trust=[
            (name, (bits & shelf.bits["portal"].get(portal_id, 0)).bit_count())
            for name, bits in shelf.bits["trust"].items()
        ],
    )


def run_document(run: RunRecord) -> Doc:
    document = asdict(run)
    document["id"] = document.pop("_id")
    return {**document, "state": str(run.state)}


@router.get("/runs")
def runs(request: Request) -> Response:
    archive: WebArchive = request.app.state.archive
    return render(request, "runs.html", runs=archive.runs(RUNS_SHOWN), shown=RUNS_SHOWN)


@router.get("/runs.json")
def runs_json(request: Request) -> Response:
    archive: WebArchive = request.app.state.archive
    return json_answer(request, {"items": [run_document(run) for run in archive.runs(RUNS_SHOWN)]})


@router.get("/runs.csv")
def runs_csv(request: Request) -> Response:
    archive: WebArchive = request.app.state.archive
    rows = ([run_document(run)[name] for name in RUN_COLUMNS] for run in archive.runs(RUNS_SHOWN))
    return csv_answer(request, "runs", RUN_COLUMNS, rows)


def _run(request: Request, run_id: str) -> RunRecord:
    archive: WebArchive = request.app.state.archive
    found = archive.run(run_id) if run_id.isascii() and run_id.isprintable() else None
    if found is None:
        raise HTTPException(404, "没有此次运行 · there is no such run")
    return found


@router.get("/runs/{run_id}.json")
def run_json(request: Request, run_id: str) -> Response:
    archive: WebArchive = request.app.state.archive
    run = _run(request, run_id)
    return json_answer(
        request, {**run_document(run), "problem_records": [asdict(one) for one in archive.problems(run.id)]}
    )


@router.get("/runs/{run_id}")
def run_page(request: Request, run_id: str) -> Response:
    archive: WebArchive = request.app.state.archive
    run = _run(request, run_id)
    problems = archive.problems(run.id)
    return render(request, "run.html", run=run, problems=problems[:PROBLEMS_SHOWN], total=len(problems))
