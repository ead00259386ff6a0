"""Reports that stand outside of the 年报 column (portals.md 3.4): among news, in a catalogue. The portal's search names them."""

from __future__ import annotations

from tests.crawler.simulators.simulated import Report, Simulated, column, decoy, html, links

NOTICE = "关于做好2023年政府信息公开工作年度报告编制工作的通知"


def simulate() -> Simulated:
    sim = Simulated("outside", "柳城县")
    form = "<form action='/so'><input type='hidden' name='site' value='7'><input type='text' name='q'></form>"
    sim.list("/", html(links(("/gk/nb/", "政府信息公开年报"), ("/xw/", "新闻中心")) + form))
    rows = []
    for year in range(2024, 2016, -1):
        path = f"/gk/nb/p{year}.html"
        report = sim.holds(path, Report(sim.government, year))
        rows.append((path, report.name, report.day))
    sim.list("/gk/nb/", column(rows))
    others = []
    for number, (organ, path) in enumerate(
        {
            "自然资源局": "/xw/zwdt/77.html",
            "古砦仫佬族乡人民政府": "/gk/wj/78.html",
            "交通运输局": "/gk/ml/79.html",
        }.items()
    ):
        report = sim.holds(path, Report(sim.organ(organ), 2020 + number))
        others.append((path, report.name, report.day))
    # With the switches of a view: the same page, asked for once.
    first, name, day = others[0]
    others += [(f"{first}?jump=true", name, day), (f"{first}?ddtab=true", name, day)]
    found = [*others, ("/gk/tz/9.html", NOTICE, "2024-01-02"), *rows[:3]]
    sim.detail("/gk/tz/9.html", decoy(NOTICE))
    more = "<a href='/so?site=7&p=2'>下一页</a>"

    def results(target: str):  # type: ignore[no-untyped-def]
        held = found[4:] if "p=2" in target else found[:4]
        lines = "".join(f"<li><a href='{url}'>{title}</a><span>{date}</span></li>" for url, title, date in held)
        return html(f"<ul>{lines}</ul>{'' if 'p=2' in target else more}", title="检索结果")

    sim.list("/so", results)
    sim.list("/xw/", html("<p>新闻中心</p>"))
    return sim
