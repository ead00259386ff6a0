"""Reports that an earlier version stored and no rerun has read since: what a field of today says they do not have."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from nianbao.web.app import create_app
from nianbao.web.archive import WebArchive
from storage.base import Doc
from storage.shape.collections import COLLECTIONS
from tests.nianbao.web.stock import GUANCHENG

ALWAYS = {"trust"}
"""No validator demands it, and every version has written it."""
DEMANDED = ALWAYS.union(
    *(spec.validator["required"] for spec in COLLECTIONS if spec.name == "reports" and spec.validator)
)


def status(archive: WebArchive, path: str) -> int:
    async def ask() -> int:
        transport = httpx.ASGITransport(app=create_app(archive))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return (await client.get(path)).status_code

    return asyncio.run(ask())


@pytest.mark.parametrize("part", ["", ".json", "/source/0"])
@pytest.mark.parametrize("report_id", [GUANCHENG, "445300-bgs/2015/joint"])
def test_a_report_is_shown_with_no_more_than_is_demanded(
    archive: WebArchive, monkeypatch: pytest.MonkeyPatch, report_id: str, part: str
) -> None:
    whole = archive.report(report_id)
    assert whole is not None
    bare: Doc = {name: value for name, value in whole.items() if name in DEMANDED}
    assert len(bare) < len(whole)
    monkeypatch.setattr(archive, "report", lambda asked: bare if asked == report_id else None)
    assert status(archive, f"/reports/{report_id}{part}") == 200
