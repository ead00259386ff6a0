"""A system that nobody knows: a list in a frame, statistics on pages of their own, everything twice, an old address that moved."""

from __future__ import annotations

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import HTML, OTHER, Report, Simulated, article, column, decoy, html, links
from tests.crawler.site import to


def simulate() -> Simulated:
    sim = Simulated("generic", "罗平县")
    sim.list(
        "/",
        html(
            links(("/gk/nb.php", "政府信息公开年报"), ("/old/nb.php", "政府信息公开工作年度报告"), ("/hd/", "互动交流"))
        ),
    )
    sim.list("/gk/nb.php", html("<iframe src='/gk/list.php?id=7'></iframe>", title="门户"))
    sim.list("/old/nb.php", to("/gk/nb.php", 301))
    rows = []
    for year in range(2024, 2008, -1):
        path = f"/gk/show.php?id={year}"
        report = Report(sim.government, year)
        rows.append((path, report.name, report.day))
        sim.reports.add((report.organ, year))
        if year in (2015, 2016):
            # 2014's form on a page of its own: it belongs to the report beside it.
            rows.append((f"/gk/table.php?id={year}", f"{sim.government}{year}年政府信息公开情况统计表", report.day))
        if year == 2023:
            rows.append(("/gk/h5.php", f"【图解】{report.name}", report.day))
    sim.detail("/gk/show.php", lambda target: article(Report(sim.government, int(target.rpartition("=")[2]))))
    sim.detail("/gk/table.php", lambda target: _table(int(target.rpartition("=")[2])))
    sim.detail("/gk/h5.php", decoy("图解"))
    by_year = links(("/gk/list.php?id=8", "2020年以前"))
    sim.list("/gk/list.php", lambda target: column(rows, more=by_year) if target.endswith("7") else column(rows[-8:]))
    return sim


def _table(year: int) -> Answer:
    rows = "".join(
        f"<tr><td>{name}</td><td>条</td><td>{year - 1900}</td></tr>"
        for name in ("主动公开政府信息数", "制发规范性文件总数")
    )
    body = f"<table><tr><td>统计指标</td><td>单位</td><td>统计数</td></tr>{rows}</table><p>{OTHER}</p>"
    return Answer(
        200, f"<html><head><meta charset='utf-8'></head><body>{body}</body></html>".encode(), {"Content-Type": HTML}
    )
