"""新点 Epoint: the list comes from a full-text search by POST; one page is a shell that holds nothing."""

from __future__ import annotations

import json

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, html, json_answer, links, prose

DETAIL = "/EWB-FRONT/rest/govxxgk/getGovInfoDetail"
SEARCH = "/inteligentsearch/rest/esinteligentsearch/getFullTextDataNew"


def simulate() -> Simulated:
    sim = Simulated("epoint", "弓长岭区")
    sim.list("/", html(links(("/govxxgk/zfxxgknb/index.html", "政府信息公开年报"))))
    script = f"<script>var siteInfo={{siteGuid:'7eb5'}}; query('{SEARCH}', {{categorynum: '003005'}});</script>"
    sim.list(
        "/govxxgk/zfxxgknb/index.html",
        html(f"<ul id='list'></ul>{script}", meta={"ColumnName": "政府信息公开年报", "ArticleTitle": ""}),
    )
    records = []
    for organ, code in (("人民政府", "001"), ("财政局", "033"), ("教育局", "034")):
        for year in range(2024, 2003, -1):
            path = f"/govxxgk/{code}/{year + 1}-01-15/{year:08x}-1111-2222-3333-{int(code):012x}.html"
            report = sim.holds(path, Report(sim.organ(organ), year))
            records.append(
                {"title": report.name, "linkurl": path, "infodate": f"{report.day} 00:00:00", "categorynum": "003005"}
            )
    # A shell that asks for its text.
    shell = sim.holds("/govxxgk/showinfo.html", Report(sim.organ("司法局"), 2023), _shell())
    records.append({"title": shell.name, "linkurl": "/govxxgk/showinfo.html?infoGuid=77a", "infodate": shell.day})
    sim.detail(DETAIL, html("POST only"))
    sim.site.posts[DETAIL] = lambda sent: _text(shell, sent)
    # A shell of status 200 without a word in it: nothing can be read from it, and it is told.
    empty = Report(sim.organ("民政局"), 2023)
    records.append({"title": empty.name, "linkurl": "/govxxgk/035/2024-01-15/0.html", "infodate": "2024-01-15"})
    sim.detail("/govxxgk/035/2024-01-15/0.html", html("<div id='app'></div>", title="信息公开"))
    sim.list(SEARCH, html("POST only"))
    sim.site.posts[SEARCH] = lambda sent: _search(records, sent)
    return sim


def _shell() -> Answer:
    return html(f"<div id='app'></div><script>var siteInfo={{siteGuid:'7eb5'}}; post('{DETAIL}');</script>")


def _text(report: Report, sent: str) -> Answer:
    assert sent == 'params={"infoid":"77a"}'
    held = {"title": report.name, "infodate": report.day, "infocontent": prose(report)}
    return json_answer(json.dumps({"custom": {"data": held}}))


def _search(records: list[dict[str, str]], sent: str) -> Answer:
    asked = json.loads(sent)
    assert asked["condition"][0]["equal"] == "003005"
    held = records[asked["pn"] : asked["pn"] + asked["rn"]]
    return json_answer(json.dumps({"result": {"records": held, "totalcount": len(records)}}))
