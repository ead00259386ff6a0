"""接口: the JSON interface in words, made from its own OpenAPI description."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from nianbao.web.page import render
from nianbao.web.words import Pair

router = APIRouter(include_in_schema=False)
CALLS = {
    "/api/reports": "报告，新年度在前",
    "/api/facets": "各类各有多少",
    "/api/reports/{organ}/{year}/{scope}": "一份完整的报告",
    "/api/organs": "机关，按区划代码",
    "/api/organs/{organ}": "一个机关和它的各年数据",
    "/api/coverage": "应公布的机关与年度，及其状态",
    "/api/coverage/provinces": "各省各年度的数量",
    "/api/coverage/{organ}/{year}": "一份报告为何在或不在",
    "/api/compare": "几个机关的一项指标",
    "/api/summary": "档案里有什么",
    "/api/portals": "门户及其状态",
    "/api/runs": "最近的运行",
    "/api/runs/{run_id}": "一次运行和它的问题",
    "/api/dictionary": "数据项和指标",
}
"""The calls in Chinese; their English is in the description."""
LISTS = ("/reports", "/coverage", "/organs", "/compare", "/portals", "/runs", "/dictionary")


@router.get("/api")
def interface(request: Request) -> Response:
    description: dict[str, Any] = request.app.openapi()
    calls = [
        {
            "path": path,
            "summary": Pair(CALLS.get(path, ""), methods["get"].get("summary", "")),
            "parameters": [one for one in methods["get"].get("parameters", ()) if one["in"] == "query"],
        }
        for path, methods in description["paths"].items()
    ]
    return render(request, "api.html", calls=calls, lists=LISTS)


@router.get("/healthz")
def healthz() -> Response:
    return Response("ok\n", media_type="text/plain")
