"""The application: routes, guard, files, errors."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from pymongo.errors import PyMongoError
from starlette.exceptions import HTTPException

from nianbao.web.archive import WebArchive
from nianbao.web.page import json_answer, render
from nianbao.web.question import BadQuestion
from nianbao.web.ready import Ready, Show, make_ready
from nianbao.web.routes import about, api, correct, coverage, dictionary, operation, organs, overview, report, search
from nianbao.web.security import Guard
from nianbao.web.source.workshop import CannotShow, Workshop, warm
from parsers.identity.organs import load_units
from storage.where import BadFilter

STATIC = Path(__file__).parent / "static"
DESCRIPTION = """The archive of China's government-information-disclosure annual reports (政府信息公开工作年度报告), read-only.

Figures are numbers or null; null is never 0. Lists are paged by cursor: give `next` of an answer as `cursor`."""

READY: Mapping[str, Show] = {
    "/": overview.overview,
    "/coverage": lambda request: coverage.coverage(request, coverage.Wanted()),
    "/organs": organs.organs,
    "/portals": lambda request: operation.portals(request, operation.Wanted()),
    "/dictionary": dictionary.dictionary,
}
"""Pages that are made before anybody asks for them."""


def create_app(archive: WebArchive, hosts: Iterable[str] = (), *, token: str = "") -> FastAPI:
    """The archive as a web application. `hosts`: names beside loopback's own under which it may be asked. `token`: who
    has it may write corrections down; without one nothing can be written.
    """
    workshop = Workshop()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Before anybody is let in: beside the first visitors it would make every page of theirs slow.
        await asyncio.to_thread(_prepare, archive)
        waking = threading.Thread(target=_warm, args=(archive, workshop), name="nianbao-warm", daemon=True)
        waking.start()
        yield
        workshop.close()
        archive.keeper.close()
        waking.join(timeout=30)

    app = FastAPI(
        title="nianbao",
        version=version("nianbao"),
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,  # Swagger's page loads from elsewhere; ours is /api
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.archive = archive
    app.state.workshop = workshop
    app.state.token = token
    app.state.ready = Ready()
    archive.on_read = lambda: make_ready(app, READY)
    # `.json` twins stand before `/{id}` pages, so that a name with an ending is not taken for an id.
    for room in (api.router, api.twins, overview.router, search.router, report.router, coverage.router):
        app.include_router(room)
    for room in (organs.router, operation.router, dictionary.router, about.router):
        app.include_router(room)
    if token:
        app.include_router(correct.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Guard, hosts=tuple(hosts), is_writable=bool(token))
    _answer_errors(app)
    return app


def _prepare(archive: WebArchive) -> None:
    """The registry, the organs, and the pages that are kept ready."""
    _ = archive.registry
    load_units()
    # Where the database is away the first question makes its page itself.
    with suppress(PyMongoError):
        archive.on_read()


def _warm(archive: WebArchive, workshop: Workshop) -> None:
    """What takes long or is wanted later: the readers' process, and the index of the text."""
    with suppress(CannotShow):
        workshop.make("warm", warm)
    with suppress(PyMongoError):
        archive.follow_text()


def _answer_errors(app: FastAPI) -> None:
    def told(request: Request, status: int, words: str) -> Response:
        """Programs get JSON, people a page."""
        if request.url.path.startswith("/api") or request.url.path.endswith(".json"):
            return json_answer(request, {"detail": words}, status=status)
        return render(request, "error.html", status=status, code=status, words=words)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        words = "没有此页 · there is no such page" if error.detail == "Not Found" else str(error.detail)
        return told(request, error.status_code, words)

    @app.exception_handler(BadQuestion)
    @app.exception_handler(BadFilter)
    def question(request: Request, error: Exception) -> Response:
        return told(request, 400, str(error).removeprefix("--where: "))

    @app.exception_handler(RequestValidationError)
    def parameters(request: Request, error: RequestValidationError) -> Response:
        words = "; ".join(f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors())
        return told(request, 400, words)

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        return told(
            request, 500, "程序出错，详见终端 · a fault of the program: the terminal that serves this says which"
        )

    @app.exception_handler(PyMongoError)
    def database(request: Request, error: PyMongoError) -> Response:
        line = str(error).partition("\n")[0][:200]
        return told(request, 503, f"数据库没有应答 · the database does not answer: {line}")
