"""龙讯 LonSun: organs in one list, the annual reports of each behind `?type=3&action=list`, their lines from an interface."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, article, html, links, text

ORGANS = {"6617355": "发展和改革委员会", "6617371": "教育局", "6617390": "南照镇人民政府"}
LABEL = "/site/label/8888"
PER_PAGE = 5


def simulate() -> Simulated:
    sim = Simulated("lonsun", "颍上县")
    sim.list(
        "/", html(links(("/public/column/6617300?type=4&action=rel", "政府信息公开"), ("/content/column/1", "要闻")))
    )
    organs = links(*((f"/public/column/{organ}?type=4&action=list", sim.organ(name)) for organ, name in ORGANS.items()))
    lists: dict[str, list[str]] = {}
    for number, (organ, name) in enumerate(ORGANS.items()):
        lists[organ] = []
        for year in range(2024, 2013, -1):
            path = f"/public/{organ}/{8359000 + number * 100 + year}.html"
            report = Report(sim.organ(name), year)
            sim.holds(path, report, article(report, "<div class='j-fontContent'>"))
            lists[organ].append(
                f"<li><a href='{path}' title='{report.name}'>{report.name[:12]}</a><span>{report.day}</span></li>"
            )

    def shown(target: str) -> Answer:
        """The portal's page of organs, or an organ's list, which its script fills."""
        query = parse_qs(urlsplit(target).query)
        if query.get("action") == ["rel"]:
            return html(organs, title="政府信息公开")
        organ = urlsplit(target).path.rsplit("/", 1)[1]
        is_ours = query.get("type") == ["3"]
        label = f"{LABEL}?labelName=publicInfoList&siteId=1&organId={organ}&type={query['type'][0]}&pageSize={PER_PAGE}&pageIndex=1"
        head = "<script>Ls.ready(function(){ load('" + label + "'); });</script>"
        name = "政府信息公开年报" if is_ours else "政府信息公开目录"
        return html("<div id='list'></div>", title=name, meta={"ColumnName": name, "ArticleTitle": ""}, head=head)

    for organ in (*ORGANS, "6617300"):
        sim.list(f"/public/column/{organ}", shown)

    def label(target: str) -> Answer:
        query = parse_qs(urlsplit(target).query)
        held = lists[query["organId"][0]] if query["type"] == ["3"] else []
        number = int(query["pageIndex"][0])
        pages = -(-len(held) // PER_PAGE)
        part = "".join(held[(number - 1) * PER_PAGE : number * PER_PAGE])
        pager = f"<script>Ls.pagination({{el: '#page', pageCount: {pages}, pageIndex: {number}}})</script>"
        return text(f"<ul>{part}</ul>{pager}")

    sim.list(LABEL, label)
    return sim
