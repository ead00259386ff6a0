"""One report: its form beside the archived page, its sums in words, its history, its files."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from nianbao.web import checks, history
from nianbao.web.archive import WebArchive
from nianbao.web.forms import printed
from nianbao.web.page import json_answer, render, with_etag
from nianbao.web.security import DOWNLOAD_POLICY, FRAME_POLICY
from nianbao.web.source.carrier import Carrier, carriers, of_cell
from nianbao.web.source.frame import framed
from nianbao.web.source.workshop import CannotShow, Workshop, copy_of, picture_of
from storage.archive import Archive
from storage.base import Doc
from storage.raw import DamagedRaw

router = APIRouter(prefix="/reports/{organ}/{year}/{scope}", include_in_schema=False)


def asked_for(request: Request, organ: str, year: str, scope: str) -> Doc:
    archive: WebArchive = request.app.state.archive
    found = archive.report(f"{organ}/{year}/{scope}")
    if found is None:
        raise HTTPException(404, f"没有报告 {organ}/{year}/{scope} · there is no such report")
    return found


@router.get(".json")
def report_json(request: Request, organ: str, year: str, scope: str) -> Response:
    return json_answer(request, asked_for(request, organ, year, scope))


@router.get("")
def report_page(request: Request, organ: str, year: str, scope: str) -> Response:
    archive: WebArchive = request.app.state.archive
    asked = f"{organ}/{year}/{scope}"
    if archive.report(asked) is None and (later := archive.moved(asked)) is not None:
        return RedirectResponse(f"/reports/{quote(later)}")
    report = asked_for(request, organ, year, scope)
    forms, facts = printed(report)
    files = carriers(report)
    years = sorted(archive.shelf.of_organ(report["organ"]["id"]), key=lambda row: (row.report_year, row.scope))
    return render(
        request,
        "report.html",
        report=report,
        forms=forms,
        facts=facts,
        checks=checks.told(report),
        changes=history.changes(report, archive.revisions(report["_id"])),
        files=files,
        read=next(file for file in files if file.is_read),
        base=quote(f"/reports/{report['_id']}"),
        years=years,
        placed={cell["path"]: of_cell(cell, files) for cell in report["cells"] if cell.get("at")},
        cells={cell["path"]: cell for cell in report["cells"]},
        page_fields=[(name, value) for name, value in (report.get("page") or {}).items() if value],
        rules=checks.words_of,
    )


@router.get("/revisions/{number}.json")
def revision_json(request: Request, organ: str, year: str, scope: str, number: int) -> Response:
    archive: WebArchive = request.app.state.archive
    report = asked_for(request, organ, year, scope)
    found = [one for one in [*archive.revisions(report["_id"]), report] if one["revision"] == number]
    if not found:
        raise HTTPException(404, "没有此修订 · there is no such revision")
    return json_answer(request, found[0])


def _file(request: Request, report: Doc, number: int) -> tuple[Carrier, bytes]:
    """The page or an attachment with its bytes. Raises HTTPException 404 for what is not in the archive."""
    archive: WebArchive = request.app.state.archive
    files = carriers(report)
    if not 0 <= number < len(files) or files[number].raw_sha256 is None:
        raise HTTPException(404, "没有存档此文件 · this file is not in the archive")
    file = files[number]
    assert file.raw_sha256 is not None
    try:
        return file, Archive(archive.db).raw.content(file.raw_sha256)
    except DamagedRaw as error:
        raise HTTPException(404, f"存档文件损坏 · {error}") from None


def _frame(request: Request, body: bytes, status: int = 200) -> Response:
    return with_etag(
        request, body, "text/html; charset=utf-8", status=status, headers={"Content-Security-Policy": FRAME_POLICY}
    )


@router.get("/source/{number}")
def source(request: Request, organ: str, year: str, scope: str, number: int) -> Response:
    """The harmless copy for the frame; `#<path of a figure>` shows its place."""
    report = asked_for(request, organ, year, scope)
    file, content = _file(request, report, number)
    workshop: Workshop = request.app.state.workshop
    body = _selectors(report)
    files = carriers(report)
    cells = [
        {"path": cell["path"], "at": cell["at"]}
        for cell in report["cells"]
        if cell.get("at") and of_cell(cell, files) == number
    ]
    pictures = quote(f"/reports/{report['_id']}/source/{number}")
    key = (report["_id"], report["writes"], number)
    try:
        made = workshop.make(key, copy_of, content, file.media_type, body, cells, pictures)
    except CannotShow as error:
        return _frame(
            request, framed("", notes=[f"此文件不能显示，可以下载 · it cannot be shown, only downloaded: {error}"])
        )
    return _frame(request, made)


@router.get("/source/{number}/{page}.png")
def picture(request: Request, organ: str, year: str, scope: str, number: int, page: int) -> Response:
    report = asked_for(request, organ, year, scope)
    file, content = _file(request, report, number)
    workshop: Workshop = request.app.state.workshop
    try:
        made = workshop.make((file.raw_sha256, page), picture_of, content, file.media_type, page)
    except CannotShow:
        raise HTTPException(404, "没有此页 · there is no such page") from None
    return with_etag(request, made, "image/png", headers={"Cache-Control": "private, max-age=86400"})


@router.get("/raw/{number}")
def raw(request: Request, organ: str, year: str, scope: str, number: int) -> Response:
    """The bytes as they were fetched: to keep, never to be shown here."""
    report = asked_for(request, organ, year, scope)
    file, content = _file(request, report, number)
    name = f"{report['_id'].replace('/', '_')}_{number}{_ending(file)}"
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": DOWNLOAD_POLICY,
    }
    return with_etag(request, content, "application/octet-stream", headers=headers)


def _ending(file: Carrier) -> str:
    from mimetypes import guess_extension

    return guess_extension((file.media_type or "").partition(";")[0]) or ".bin"


def _selectors(report: Doc) -> tuple[str, ...]:
    """Where the page's body is, as the portal's profile says for the time when it was fetched."""
    from crawler.profiles import RegistryProfiles

    source: dict[str, Any] = report["source"]
    if not source.get("portal"):
        return ()
    context = RegistryProfiles().context(source["portal"], source["fetched_at"])
    return () if context is None else tuple(context.body)
