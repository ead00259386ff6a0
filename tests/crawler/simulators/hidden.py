"""Portals whose menus lead to no 年报 column: one has a search, one a sitemap, one a page 网站地图."""

from __future__ import annotations

from tests.crawler.simulators.simulated import Report, Simulated, column, html, links, text

DEAD_END = links(("/gk/", "政务公开"), ("/hd/", "互动"))
FOUND = "/gk/zfxxgknb/"


def simulate(way: str) -> Simulated:
    """`way`: search, sitemap or map."""
    sim = Simulated(way, {"search": "石门县", "sitemap": "白塔区", "map": "南屏县"}[way])
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
