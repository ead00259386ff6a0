"""A column that says nowhere what it is: one link leads to it before the one that calls it 政府信息公开年报."""

from __future__ import annotations

from tests.crawler.simulators.simulated import Report, Simulated, html, links

COLUMN = "/gk/77/"


def simulate() -> Simulated:
    sim = Simulated("late_lead", "汤旺县")
    # The bureaus' menu comes first (portals.md 3.5), and 教育局 calls the column by a name that may mean anything.
    sim.list("/", html(links(("/bm/", "部门信息公开"), ("/gk/", "政务公开"))))
    bureaus = (("/bm/jy/", "汤旺县教育局"), ("/bm/cz/", "汤旺县财政局"), ("/bm/mz/", "汤旺县民政局"))
    sim.list("/bm/", html(links(*bureaus), title="部门信息公开"))
    for path, name in bureaus:
        sim.list(path, html(links((COLUMN, "单位年报"), ("/x/", "概况")), title=name))
    sim.list("/gk/", html(links((COLUMN, "政府信息公开年报"), ("/y/", "指南")), title="政务公开"))
    rows = []
    for year in range(2024, 2014, -1):
        path = f"{COLUMN}{year}01.html"
        report = sim.holds(path, Report(sim.government, year))
        rows.append(
            f"<li><a href='{path}'>关于公布上年度有关情况的说明（第{year}号）</a><span>{report.day}</span></li>"
        )
    sim.list(COLUMN, html(f"<ul class='list'>{''.join(rows)}</ul>", title="汤旺县"))
    return sim
