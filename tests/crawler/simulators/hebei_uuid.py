"""河北: addresses of UUIDs; an index of bureaus with a column each, in which other things stand too. A connection drops."""

from __future__ import annotations

from uuid import UUID

from tests.crawler.simulators.simulated import Report, Simulated, article, column, decoy, html, links, once

ORGANS = ("人民政府", "交通运输局", "水利局", "乡村振兴局")


def simulate() -> Simulated:
    sim = Simulated("hebei_uuid", "深泽县")
    index = f"/columns/{UUID(int=1)}/index.html"
    sim.list("/", html(links(("/zwgk/index.html", "政务公开"))))
    sim.list(
        "/zwgk/index.html", html(links((index, "政府信息公开年报"), ("/columns/x/index.html", "政府信息公开指南")))
    )
    menu = []
    for number, name in enumerate(ORGANS):
        own = f"/columns/{UUID(int=100 + number)}/index.html"
        menu.append((own, sim.organ(name)))
        rows = []
        for year in range(2024, 2016, -1):
            # The date of the address is the day of import.
            path = f"/columns/{UUID(int=100 + number)}/202203/07/{UUID(int=year * 100 + number)}.html"
            report = Report(sim.organ(name), year)
            sim.holds(path, report)
            if (number, year) == (1, 2020):
                sim.detail(path, once(None, article(report)))
            rows.append((path, report.name, report.day))
        budget = f"/columns/{UUID(int=100 + number)}/202203/07/{UUID(int=9 + number)}.html"
        rows.insert(1, (budget, f"{sim.organ(name)}2022年部门预算公开", "2022-02-01"))
        sim.detail(budget, decoy("预算"))
        for page in (1, 2):
            script = f"<script>createPageHTML('page', 2, {page}, 'index', 'html', {len(rows)});</script>"
            where = own if page == 1 else own.replace("index.html", "index_2.html")
            sim.list(where, column(rows[page * 5 - 5 : page * 5], more=script))
    sim.list(index, html(links(*menu), meta={"ColumnName": "政府信息公开年报", "ArticleTitle": ""}))
    return sim
