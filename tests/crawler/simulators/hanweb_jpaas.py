"""大汉 JPaaS: the list comes from an interface that wants the cookie of the first visit, and repeats its first page at the end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, article, html, json_answer, links

COLUMN = "/zfxxgk/xzfb/zfxxgknb/index.html"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
PER_PAGE = 15


def simulate() -> Simulated:
    sim = Simulated("hanweb_jpaas", "海陵区")
    visits: list[str] = []

    def front(target: str) -> Answer:
        # 302 to itself with a cookie (司法部); who comes back gets the page.
        visits.append(target)
        if len(visits) == 1:
            return Answer(302, b"", {"Location": "/", "Set-Cookie": "CT6T=1; path=/"})
        return html(links((COLUMN, "政府信息公开年报")))

    sim.list("/", front)
    query = "{'webId':'3185','pageId':'a1','parseType':'bulidstatic','pageType':'column','tagId':'信息列表'}"
    script = f'<script src="/js/unitbuild.js" url="{UNIT}" queryData="{query}"></script>'
    sim.list(
        COLUMN,
        html(f"<div class='lmy_main_rb'>{script}</div>", meta={"ColumnName": "政府信息公开年报", "ArticleTitle": ""}),
    )
    lines = []
    for number, year in enumerate(range(2024, 2004, -1)):
        path = f"/zfxxgk/xzfb/zfxxgknb/art/{year + 1}/art_{number:032x}.html"
        report = sim.holds(path, Report(sim.government, year))
        lines.append(
            f"<li><a href='{path}' title='{report.name}'>{report.name[:10]}…</a><span>{report.day}</span></li>"
        )

    def unit(target: str) -> Answer:
        asked = parse_qs(urlsplit(target).query)
        assert asked["tagId"] == ["信息列表"]
        number = json.loads(asked["paramJson"][0])["pageNo"]
        shown = lines[(number - 1) * PER_PAGE : number * PER_PAGE] or lines[:PER_PAGE]
        return json_answer(json.dumps({"success": True, "data": {"html": f"<ul>{''.join(shown)}</ul>"}}))

    def gate(target: str, headers: Mapping[str, str]) -> Answer | None:
        """工信部: the interface answers who has the cookie of the front page."""
        is_stranger = target.startswith(UNIT) and "CT6T=1" not in headers.get("cookie", "")
        return json_answer('{"success": false, "data": null}') if is_stranger else None

    sim.site.gate = gate
    sim.list(UNIT, unit)
    sim.list("/js/unitbuild.js", article(Report("x", 2000)))
    return sim
