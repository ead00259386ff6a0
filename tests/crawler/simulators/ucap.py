"""开普云 UCAP: a channel a year, each list from a search in JSON; the column's page jumps to its first channel."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, article, html, json_answer, links

PER_PAGE = 15
ORGANS = ("财政局", "教育局", "民政局", "司法局", "水利局", "统计局", "审计局", "医疗保障局", "卫生健康局")


def simulate() -> Simulated:
    sim = Simulated("ucap", "道里区")
    years = (2022, 2023, 2024)
    channels = {year: f"c12416{year % 10}" for year in years}
    menu = links(*((f"/dl/{channel}/zfxxgk_gknbz.shtml", f"{year}年") for year, channel in channels.items()))
    sim.list(
        "/",
        html(
            links(("/dl/xxgknb/jump.shtml", "政府信息公开年报")),
            head="<script src='https://pucha.kaipuyun.cn/exposure/jiucuo.js'></script>",
        ),
    )
    first = channels[years[0]]
    sim.list("/dl/xxgknb/jump.shtml", html(f"<script>window.location.href='/dl/{first}/zfxxgk_gknbz.shtml'</script>"))
    for year, channel in channels.items():
        results = []
        for number, name in enumerate(ORGANS * 2):
            organ = sim.organ(name if number < len(ORGANS) else f"第{'一二三四五六七八九'[number - 9]}街道办事处")
            path = f"/dl/{channel}/{year + 1}01/{year * 100 + number:032x}.shtml"
            report = sim.holds(path, Report(organ, year), article(Report(organ, year), "<div id='UCAP-CONTENT'>"))
            results.append(
                {"title": report.name, "url": path, "publishedTimeStr": f"{report.day} 09:00:00", "contentHtml": "…"}
            )
        script = (
            f"<script>load('/common/search/{channel}?_isAgg=true&_isJson=true&_pageSize=15&_template=index')</script>"
        )
        sim.list(
            f"/dl/{channel}/zfxxgk_gknbz.shtml",
            html(menu + script, meta={"ColumnName": "政府信息公开年报", "ArticleTitle": ""}),
        )
        sim.list(f"/common/search/{channel}", _search(results))
    return sim


def _search(results: list[dict[str, str]]):  # type: ignore[no-untyped-def]
    def respond(target: str) -> Answer:
        query = parse_qs(urlsplit(target).query)
        number, size = int(query["page"][0]), int(query["_pageSize"][0])
        held = results[(number - 1) * size : number * size]
        return json_answer(json.dumps({"data": {"total": len(results), "rows": size, "results": held}}))

    return respond
