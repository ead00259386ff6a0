"""开普云 in five more ways: a list by POST, a channel to be asked for first, files that are numbered, `pc/list.html`, the old generation.

Whoever comes without the portal's cookie is sent to the very same address once (税务总局).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, article, column, html, json_answer, links

CHANNEL = "61eaab3127b040d4950fff177f09e561"
FILES = "/getFileListByCodeId"
OURS = {"ColumnName": "政府信息公开年报", "ArticleTitle": ""}
YEARS = range(2024, 2004, -1)


def simulate() -> Simulated:
    sim = Simulated("ucap_variants", "尚志市")
    menu = {
        "/szs/c107/list.shtml": "政府信息公开年报",
        "/szs/c108/list.shtml": "部门年报",
        "/szs/c109/list.shtml": "乡镇年报",
        "/szrmzf/xxgkn142/pc/list.html": "街道年报",
        "/n2588035/n2588300/index.html": "区县年报",
    }
    sim.list("/", html(links(*menu.items())))
    sim.site.gate = _gate
    _posted(sim)
    _local(sim)
    _numbered(sim)
    _new(sim)
    _old(sim)
    return sim


def _gate(target: str, headers: Mapping[str, str]) -> Answer | None:
    if "C3VK=" in headers.get("cookie", "") or target == "/robots.txt":
        return None
    return Answer(302, b"", {"Location": target, "Set-Cookie": "C3VK=8f2a11; path=/"})


def _results(sim: Simulated, organ: str, channel: str) -> list[dict[str, str]]:
    found = []
    for number, year in enumerate(YEARS):
        path = f"/szs/{channel}/{year + 1}01/c01_{100000 + number}.shtml"
        report = Report(sim.organ(organ), year)
        sim.holds(path, report, article(report, "<div id='fontzoom'>"))
        found.append({"title": report.name, "url": path, "publishedTimeStr": f"{report.day} 09:00:00"})
    return found


def files(results: list[dict[str, str]], sent: str) -> Answer:
    """What 税务总局 answers to one page of a channel."""
    asked = {name: values[0] for name, values in parse_qs(sent).items()}
    assert asked["channelId"] == CHANNEL
    number, size = int(asked["page"]), int(asked["size"])
    held = results[(number - 1) * size : number * size]
    return json_answer(json.dumps({"code": 200, "results": {"data": {"total": len(results), "results": held}}}))


def _posted(sim: Simulated) -> None:
    results = _results(sim, "税务局", "c107")
    script = f"<script>var channelId = '{CHANNEL}'; $.post('{FILES}', {{page: 1}}, show)</script>"
    sim.list("/szs/c107/list.shtml", html(f"<ul class='list whlist'></ul>{script}", meta=OURS))
    sim.list(FILES, html("POST only"))
    sim.site.posts[FILES] = lambda sent: files(results, sent)


def _local(sim: Simulated) -> None:
    """证监会: the channel's code gives its id, the id its lines."""
    results = _results(sim, "财政局", "c108")
    sim.list("/szs/c108/list.shtml", html("<script>$.get('/getLocalList?channelCode=c108')</script>", meta=OURS))
    sim.list("/getLocalList", json_answer(json.dumps({"data": [{"channelId": "ab12cd34"}]})))

    def search(target: str) -> Answer:
        query = parse_qs(urlsplit(target).query)
        number, size = int(query["page"][0]), int(query["_pageSize"][0])
        held = results[(number - 1) * size : number * size]
        return json_answer(json.dumps({"data": {"total": len(results), "results": held}}))

    sim.list("/searchList/ab12cd34", search)


def _numbered(sim: Simulated) -> None:
    """Files of a list are numbered from the second one on."""
    rows = _rows(sim, "一面坡镇人民政府", "/szs/c109/{0}01/{1:032x}.shtml")
    for number in (1, 2):
        script = f"<script>createPageHTML('page_div',2,{number},'list','shtml',{len(rows)});</script>"
        name = "list.shtml" if number == 1 else "list_2.shtml"
        sim.list(f"/szs/c109/{name}", column(rows[number * 12 - 12 : number * 12], more=script))


def _new(sim: Simulated) -> None:
    """江西, 四川, 云南: organs of a column are columns of their own."""
    organs = [("xxgkn201", "尚志镇街道办事处"), ("xxgkn202", "帽儿山街道办事处")]
    menu = links(*((f"/szrmzf/{slug}/pc/list.html", sim.organ(name)) for slug, name in organs))
    sim.list("/szrmzf/xxgkn142/pc/list.html", html(menu, title="街道年报", meta=OURS))
    for slug, name in organs:
        sim.list(f"/szrmzf/{slug}/pc/list.html", column(_rows(sim, name, "/szrmzf/" + slug + "/{0}01/{1:032x}.shtml")))


def _old(sim: Simulated) -> None:
    """国资委, 审计署, 移民局."""
    sim.list("/n2588035/n2588300/index.html", column(_rows(sim, "审计局", "/n2588035/n2588300/c{0}{1}/content.html")))


def _rows(sim: Simulated, organ: str, path: str) -> list[tuple[str, str, str]]:
    rows = []
    for number, year in enumerate(YEARS):
        where = path.format(year + 1, number)
        report = sim.holds(where, Report(sim.organ(organ), year))
        rows.append((where, report.name, report.day))
    return rows
