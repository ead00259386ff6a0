"""广东 gkmlpt: the tree of categories stands in the page, articles come from an interface, organs have a prefix each."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, html, json_answer, links, prose

PREFIXES = {"": ("人民政府", "SZ1"), "/hylpspzf": ("上坪镇人民政府", "SZ2"), "/hyjyj": ("教育局", "SZ3")}


def simulate() -> Simulated:
    sim = Simulated("gkmlpt", "连平县")
    menu = [(f"{prefix}/gkmlpt/index", sim.organ(name)) for prefix, (name, _) in PREFIXES.items()]
    sim.list("/", html(links(("/gkmlpt/index", "政府信息公开目录"), ("/bm/", "政务公开"))))
    sim.list("/bm/", html(links(*menu)))
    for number, (prefix, (name, sid)) in enumerate(PREFIXES.items()):
        _platform(sim, prefix, sim.organ(name), sid, 2590 + number)
    return sim


def _platform(sim: Simulated, prefix: str, organ: str, sid: str, category: int) -> None:
    children = [{"id": category, "name": "政府信息公开工作年度报告"}, {"id": 9, "name": "政府信息公开指南"}]
    tree = json.dumps([{"id": 1, "name": "法定主动公开内容", "children": children}], ensure_ascii=False)
    script = f"<script>window._CONFIG = {{ SID: '{sid}', TREE: {tree}, SERVICE_AREA_ID: '7' }};</script>"
    sim.list(f"{prefix}/gkmlpt/index", html(f"<div id='app'></div>{script}<!-- gkmlpt -->"))
    articles = []
    for year in range(2024, 2010, -1):
        path = f"{prefix}/gkmlpt/content/2/{category}/post_{category * 100 + year}.html"
        report = sim.holds(path, Report(organ, year))
        sim.detail(path, _content(report))
        seconds = 1_700_000_000 - (2024 - year) * 31_556_952
        articles.append({"id": year, "title": report.name, "url": path, "created_at": seconds})

    def api(target: str) -> Answer:
        query = parse_qs(urlsplit(target).query)
        assert query["sid"] == [sid]
        held = articles if query["page"] == ["1"] else []
        return json_answer(json.dumps({"articles": held, "classify": {"post_count": len(articles)}}))

    sim.list(f"{prefix}/gkmlpt/api/all/{category}", api)


def _content(report: Report) -> Answer:
    if report.year % 2:
        # The text stands in the script alone.
        held = json.dumps(prose(report)).replace("<", "\\u003C")
        script = f'<script>window._CONFIG = {{ SID: \'x\', DETAIL: {{"id":1,"content":{held}}} }};</script>'
        return html(
            f"<h1>{report.name}</h1><div id='app'></div>{script}", title=report.name, meta={"ArticleTitle": report.name}
        )
    return html(
        f"<h1>{report.name}</h1><div class='article-content'>{prose(report)}</div>",
        title=report.name,
        meta={"ArticleTitle": report.name, "PubDate": report.day},
    )
