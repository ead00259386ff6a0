"""Portals whose menus lead to no 年报 column: one has a search, one 大汉's, one 新点's, one a sitemap, one a page 网站地图.

The last has nothing of these, and its column at an address that many portals have.
"""

from __future__ import annotations

import json
from urllib.parse import parse_qs, quote

from crawler.finding.resorts import PROBES
from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, column, html, json_answer, links, text

DEAD_END = links(("/gk/", "政务公开"), ("/hd/", "互动"))
FOUND = "/gk/zfxxgknb/"
JSEARCH = "/jsearchfront/interfaces/cateSearch.do"
FULLTEXT = "/inteligentsearch/rest/esinteligentsearch/getFullTextDataNew"
SHOWN = 4
"""Of ten; 大汉's interface gives so few whatever it is asked for."""


def simulate(way: str) -> Simulated:
    """`way`: search, jsearch, fulltext, sitemap, map or usual."""
    places = {
        "search": "石门县", "jsearch": "义乌市", "fulltext": "灯塔市", "sitemap": "白塔区", "map": "南屏县", "usual": "五华县",
    }  # fmt: skip
    sim = Simulated(way, places[way])
    rows = []
    for year in range(2024, 2014, -1):
        path = f"/gk/p{year}.php"
        report = sim.holds(path, Report(sim.government, year))
        rows.append((path, report.name, report.day))
    sim.list("/gk/", html("<p>政务公开</p>"))
    if way == "search":
        form = "<form action='/so'><input type='hidden' name='site' value='7'><input type='text' name='q'></form>"
        sim.list("/", html(DEAD_END + form))
        more = "<a href='/so?p=2'>下一页</a>"
        sim.list("/so", lambda target: _results(rows[5:]) if "p=2" in target else _results(rows[:5], more))
    elif way == "jsearch":
        link = "/jsearchfront/search.do?websiteid=330782000000000&tpl=49&cateid=658&q="
        sim.list("/", html(DEAD_END + f"<a href='{link}'>搜索</a>"))
        sim.list(JSEARCH, html("POST only"))
        sim.site.posts[JSEARCH] = lambda sent: _pieces(rows, sent)
    elif way == "fulltext":
        sim.list("/", html(DEAD_END + f"<script>search('{FULLTEXT}')</script>"))
        sim.list(FULLTEXT, html("POST only"))
        sim.site.posts[FULLTEXT] = lambda sent: _records(rows, sent)
    elif way == "usual":
        sim.list("/", html(DEAD_END))
        for path in (*PROBES, "/sitemap.xml"):
            sim.list(path, Answer(404, b"gone", {"Content-Type": "text/html"}))
        # Something else stands at one of them, which is no column.
        sim.list("/zfxxgk/zfxxgknb/", html(links(("/hd/", "互动"), ("/gk/", "政务公开")), title="政务公开"))
        sim.list("/zwgk/zfxxgknb/", column(rows, name="政府信息公开年报"))
    else:
        sim.list("/", html(DEAD_END + links(("/map.html", "网站地图")) if way == "map" else DEAD_END))
        sim.list(FOUND, column(rows, name="政府信息公开年报"))
        sim.list("/map.html", html(links((FOUND, "政府信息公开年报"), ("/hd/", "互动"))))
        sim.list("/sitemap.xml", text(f"<urlset><url><loc>{FOUND}</loc></url></urlset>", "text/xml"))
    return sim


def _results(rows, more=""):  # type: ignore[no-untyped-def]
    noise = "<li><a href='/x.html'>关于做好政府信息公开年度报告编制工作的通知</a></li>"
    lines = "".join(f"<li><a href='{url}'>{title}</a><span>{day}</span></li>" for url, title, day in rows)
    return html(f"<ul>{noise}{lines}</ul>{more}", title="检索结果")


def _pieces(rows, sent: str) -> Answer:  # type: ignore[no-untyped-def]
    """Pieces of HTML, whose links lead through a counter."""
    asked = {name: values[0] for name, values in parse_qs(sent).items()}
    assert (asked["websiteid"], asked["cateid"], asked["tpl"]) == ("330782000000000", "658", "49")
    assert asked["q"] == "政府信息公开工作年度报告"
    first = (int(asked["p"]) - 1) * SHOWN
    pieces = [
        f"<div class='titleWrapper'><a href='visit/link.do?q=x&url={quote(url, safe='')}&title=x'>{title}</a></div>"
        f"<div class='sourceTime'><span>来源：义乌市</span><span>时间：{day}</span></div>"
        for url, title, day in rows[first : first + SHOWN]
    ]
    return json_answer(json.dumps({"total": 99, "result": pieces}))


def _records(rows, sent: str) -> Answer:  # type: ignore[no-untyped-def]
    asked = json.loads(sent)
    assert asked["wd"] == "政府信息公开工作年度报告" and asked["condition"] == []
    records = [{"title": title, "linkurl": url, "infodate": day} for url, title, day in rows]
    held = records[asked["pn"] : asked["pn"] + 5]
    return json_answer(json.dumps({"result": {"records": held, "totalcount": len(records)}}))
