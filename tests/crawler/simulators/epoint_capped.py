"""新点 with a long list: the interface counts 2,120 lines and gives forty pages of fifty, whatever is asked for beyond them."""

from __future__ import annotations

import json
from datetime import date, timedelta

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, html, json_answer, links

SEARCH = "/inteligentsearch/rest/esinteligentsearch/getFullTextDataNew"
LINES, GIVEN = 2120, 2000
YEARS = range(2024, 2008, -1)


def simulate() -> Simulated:
    sim = Simulated("epoint_capped", "太子河区")
    sim.list("/", html(links(("/govxxgk/zfxxgknb/index.html", "政府信息公开年报"))))
    script = f"<script>var siteInfo={{siteGuid:'7eb5'}}; query('{SEARCH}', {{categorynum: '003005'}});</script>"
    meta = {"ColumnName": "政府信息公开年报", "ArticleTitle": ""}
    sim.list("/govxxgk/zfxxgknb/index.html", html(f"<ul id='list'></ul>{script}", meta=meta))
    records = []
    for number in range(LINES):
        day = date(2025, 6, 30) - timedelta(days=number * 3)
        records.append(
            {"title": f"政府信息公开指南（第{number}号）", "linkurl": f"/zn/{number}.html", "infodate": str(day)}
        )
    for year in YEARS:
        path = f"/govxxgk/001/{year:08x}-1111-2222-3333-000000000001.html"
        report = sim.holds(path, Report(sim.government, year))
        records.append({"title": report.name, "linkurl": path, "infodate": report.day})
    records.sort(key=lambda one: one["infodate"], reverse=True)
    sim.list(SEARCH, html("POST only"))
    sim.site.posts[SEARCH] = lambda sent: _search(records, sent)
    return sim


def _search(records: list[dict[str, str]], sent: str) -> Answer:
    asked = json.loads(sent)
    until = asked["edt"][:10] or "9999"
    found = [one for one in records if one["infodate"] <= until]
    held = found[asked["pn"] : asked["pn"] + asked["rn"]] if asked["pn"] < GIVEN else []
    return json_answer(json.dumps({"result": {"records": held, "totalcount": len(found)}}))
