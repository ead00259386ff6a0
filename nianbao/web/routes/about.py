"""接口: the JSON interface in words, made from its own OpenAPI description."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from nianbao.web.page import render

router = APIRouter(include_in_schema=False)
LISTS = ("/reports", "/coverage", "/organs", "/compare", "/portals", "/runs", "/dictionary")


@router.get("/api")
def interface(request: Request) -> Response:
    description: dict[str, Any] = request.app.openapi()
    calls = [
        {
            "path": path,
            "summary": methods["get"].get("summary", ""),
            "parameters": [one for one in methods["get"].get("parameters", ()) if one["in"] == "query"],
        }
        for path, methods in description["paths"].items()
    ]
    return render(request, "api.html", calls=calls, lists=LISTS)


@router.get("/healthz")
def healthz() -> Response:
    return Response("ok\n", media_type="text/plain")
