"""住房和城乡建设部: a list that a script asks for by POST, thirty lines a page, named by three numbers."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, html, json_answer, links

SEARCH = "/dynamic/document/search"
ORGANS = ("人民政府", "财政局", "教育局", "民政局")


def simulate() -> Simulated:
    sim = Simulated("mohurd", "大宁县")
    sim.list("/", html(links(("/xinxigongkai/nianbao/index.html", "政府信息公开年报"))))
    script = f"<script>$.post('{SEARCH}', {{oc: 7, bt: 2, lt: 1, pageSize: 10}}, show);</script>"
    meta = {"ColumnName": "政府信息公开年报", "ArticleTitle": ""}
    sim.list("/xinxigongkai/nianbao/index.html", html(f"<ul id='list'></ul>{script}", meta=meta))
    rows = []
    for organ in ORGANS:
        for year in range(2024, 2004, -1):
            path = f"/xinxigongkai/art/{year + 1}/art_{organ.encode().hex()}{year}.html"
            report = sim.holds(path, Report(sim.organ(organ), year))
            rows.append({"title": report.name, "url": path, "publishUnit": organ, "generaltime": f"{report.day} 09:30"})
    sim.list(SEARCH, html("POST only"))
    sim.site.posts[SEARCH] = lambda sent: _search(rows, sent)
    return sim


def _search(rows: list[dict[str, str]], sent: str) -> Answer:
    asked = {name: int(values[0]) for name, values in parse_qs(sent).items()}
    assert (asked["oc"], asked["bt"], asked["lt"]) == (7, 2, 1)
    first = (asked["currentPageNum"] - 1) * asked["pageSize"]
    held = rows[first : first + asked["pageSize"]]
    return json_answer(json.dumps({"code": 200, "data": {"total": len(rows), "list": held}}))
