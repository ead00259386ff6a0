"""Openness: the page's number is part of the path; behind the last page stands 页面不存在 with status 200."""

from __future__ import annotations

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, column, html, links

PER_PAGE = 6


def simulate() -> Simulated:
    sim = Simulated("openness", "涡阳县")
    base = "/OpennessContent/showList/77/2311"
    sim.list(
        "/", html(links((f"{base}/page_1.html", "信息公开年报"), ("/XxgkContent/showList/77/0/page_1.html", "目录")))
    )
    rows = []
    for year in range(2024, 2009, -1):
        path = f"/XxgkAnnualReport/show/{5813 + year}.html"
        report = sim.holds(path, Report(sim.government, year))
        rows.append((path, report.name, report.day))
    pages = [rows[start : start + PER_PAGE] for start in range(0, len(rows), PER_PAGE)]

    def shown(number: int) -> Answer:
        if number > len(pages):
            return html("您访问的页面不存在", title="404")
        return column(
            pages[number - 1], more=f"<div>共{len(rows)}条 当前第{number}/{len(pages)}页</div>", name="信息公开年报"
        )

    for number in range(1, len(pages) + 2):
        sim.list(f"{base}/page_{number}.html", shown(number))
    return sim
