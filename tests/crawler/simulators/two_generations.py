"""A portal that was rebuilt (凤县): its old column stays with TRS, the new one is 大汉's; each is read as what it is."""

from __future__ import annotations

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, column, html, links, text

OLD, NEW = "/col13287/col13384/", "/col/col17374/index.html"
PROXY = "/module/web/jpage/dataproxy.jsp"


def simulate() -> Simulated:
    sim = Simulated("two_generations", "凤县")
    sim.list(
        "/", html(f"<!-- 大汉版通发布系统 -->{links((NEW, '政府信息公开年报'), (OLD, '政府信息公开工作年度报告'))}")
    )
    old = [
        _line(sim, year, f"{OLD}{year + 1}01/t{year + 1}0125_{345713 + year}.html") for year in range(2020, 2010, -1)
    ]
    for number in (0, 1):
        script = f'<script>createPageHTML(2, {number}, "index", "html");</script>'
        where = OLD if number == 0 else f"{OLD}index_1.html"
        sim.list(where, column(old[number * 6 : number * 6 + 6], more=script))
    new = [_line(sim, year, f"/art/{year + 1}/1/26/art_17374_{1716697 + year}.html") for year in range(2024, 2020, -1)]
    records = "".join(
        f"<record><![CDATA[<li><a href='{path}'>{title}</a><span>{day}</span></li>]]></record>"
        for path, title, day in new[:2]
    )
    rest = "".join(
        f"<record><![CDATA[<li><a href='{path}'>{title}</a><span>{day}</span></li>]]></record>"
        for path, title, day in new[2:]
    )
    group = f'<nextgroup><![CDATA[<a href="{PROXY}?key=1"></a>]]></nextgroup>'
    store = f"<script type='text/xml'><datastore>{group}<recordset>{records}</recordset></datastore></script>"
    sim.list(NEW, html(store, title="政府信息公开年报", meta={"ColumnName": "政府信息公开年报", "ArticleTitle": ""}))
    answer: Answer = text(f"<datastore><nextgroup></nextgroup><recordset>{rest}</recordset></datastore>", "text/xml")
    sim.list(PROXY, answer)
    return sim


def _line(sim: Simulated, year: int, path: str) -> tuple[str, str, str]:
    report = sim.holds(path, Report(sim.government, year))
    return path, report.name, report.day
