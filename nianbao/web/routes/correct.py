"""更正: the one thing that can be written here, and only by who has the token that the server was started with."""

from __future__ import annotations

import hmac
from urllib.parse import parse_qs

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from nianbao.web.page import render
from nianbao.web.routes.report import asked_for
from storage.base import now
from storage.corrections.writing import BadCorrection, Wish, write_correction

router = APIRouter(include_in_schema=False)
LONGEST = 20_000
"""Bytes of a form."""
MOST = 2**53


@router.post("/reports/{organ}/{year}/{scope}/corrections")
async def correct(request: Request, organ: str, year: str, scope: str) -> Response:
    """Write a correction into `config/corrections`; it holds from the next rerun."""
    form = await _form(request)
    _allowed(request, form.pop("token", ""))
    try:
        wish = Wish(
            path=form.get("figure", ""),
            correct=_number(form.get("correct", "")),
            by=form.get("by", ""),
            why=form.get("why", ""),
            source=form.get("source", ""),
        )
        report = await run_in_threadpool(asked_for, request, organ, year, scope)
        path = await run_in_threadpool(write_correction, report, wish, now().date())
    except BadCorrection as error:
        raise HTTPException(400, str(error)) from None
    return render(request, "corrected.html", status=201, report_id=report["_id"], file=path.name, wish=wish)


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST:
            raise HTTPException(413, "表单太大 · the form is too large")
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise HTTPException(400, "表单无法读取 · the form cannot be read") from None
    return {name: values[-1] for name, values in fields.items()}


def _allowed(request: Request, given: str) -> None:
    """Raises HTTPException 403 without the token, and for a page of somebody else's."""
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    wanted: str = request.app.state.token
    if not hmac.compare_digest((given or bearer).encode(), wanted.encode()):
        raise HTTPException(403, "口令不对 · that is not the token of this server")


def _number(text: str) -> int | float | None:
    """Raises BadCorrection. Nothing: the right figure is not known."""
    if not text.strip():
        return None
    try:
        number = float(text)
    except ValueError:
        raise BadCorrection(f"'correct' must be a number or nothing, and is {text[:40]!r}") from None
    if not abs(number) < MOST:
        raise BadCorrection("'correct' is larger than any figure")
    return int(number) if number.is_integer() else number
