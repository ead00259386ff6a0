"""山东 gongkai: addresses of 24 hex digits; a busy server asks for a pause, and a page is gone for good."""

from __future__ import annotations

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, article, column, decoy, html, links, once

CHANNEL = "/gongkai/site_x/channel_5f8a3c0d1e2b4a6978563412/"


def simulate() -> Simulated:
    sim = Simulated("gongkai_hex", "桓台县")
    sim.list("/", html(links((CHANNEL, "政府信息公开年报"), ("/zwgk/", "政务公开"))))
    sim.list("/zwgk/", html("<p>政务公开</p>"))
    rows = []
    for year in range(2024, 2011, -1):
        path = f"{CHANNEL}doc_{year:024x}.html"
        report = Report(sim.government, year)
        busy = Answer(503, b"busy", {"Retry-After": "0", "Content-Type": "text/html"})
        sim.holds(path, report)
        if year == 2018:
            sim.detail(path, once(busy, article(report)))
        rows.append((path, report.name, report.day))
    # A line of another kind with a name that promises nothing: it is looked at, and is no report.
    rows.insert(3, (f"{CHANNEL}doc_{7:024x}.html", "桓台县信息公开工作开展情况说明", "2020-05-01"))
    sim.detail(f"{CHANNEL}doc_{7:024x}.html", decoy("桓台县信息公开工作开展情况说明"))
    # Gone, and said with status 200.
    rows.append((f"{CHANNEL}doc_{8:024x}.html", Report(sim.government, 2011).name, "2012-01-20"))
    sim.detail(f"{CHANNEL}doc_{8:024x}.html", html("<p>您访问的页面不存在</p>", title="提示"))
    for number in (1, 2):
        more = "" if number == 2 else f"<a href='{CHANNEL}index_2.html'>下一页</a>"
        where = CHANNEL if number == 1 else f"{CHANNEL}index_2.html"
        sim.list(where, column(rows[number * 9 - 9 : number * 9], more=more))
    return sim
