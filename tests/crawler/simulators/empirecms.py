"""EmpireCMS: three tabs, `index_2.html`, pages in GB18030 that call themselves gb2312; a slow page."""

from __future__ import annotations

from time import sleep

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, article, column, html, in_gb18030, links

BASE = "/xxgk/xxgknb"
TABS = {"zfnb": ("政府年报", "人民政府"), "bmnb": ("部门年报", "人民医院"), "xznb": ("乡镇年报", "起台镇人民政府")}
PER_PAGE = 6


def simulate() -> Simulated:
    sim = Simulated("empirecms", "柘城县")
    tabs = links(*((f"{BASE}/{slug}/", name) for slug, (name, _) in TABS.items()))
    sim.list("/", in_gb18030(html(links((f"{BASE}/", "信息公开年报"), ("/zwgk/", "政务公开")))))
    sim.list("/zwgk/", html("政务公开"))
    sim.list(
        f"{BASE}/",
        in_gb18030(html(tabs, title="信息公开年报", meta={"ColumnName": "信息公开年报", "ArticleTitle": ""})),
    )
    for slug, (name, organ) in TABS.items():
        rows = []
        for number, year in enumerate(range(2024, 2014, -1)):
            path = f"{BASE}/{slug}/{year + 1}-07-12/{7477 + number}.html"
            report = Report(sim.organ(organ), year)
            # 堃, 镕 and 喆 stand in GB18030 and not in gb2312.
            answer = in_gb18030(
                article(report, "<div id='zoomcon' class='content_article'>", more="<p>编制：李喆、王镕、张堃</p>")
            )
            sim.holds(path, report, answer)
            if (slug, year) == ("bmnb", 2016):
                sim.detail(path, lambda target, answer=answer: _slowly(answer))
            rows.append((path, report.name, report.day))
        pages = [rows[start : start + PER_PAGE] for start in range(0, len(rows), PER_PAGE)]
        for number, group in enumerate(pages, start=1):
            total = f"<a title='Total record'>&nbsp;<b>{len(rows)}</b></a>"
            more = f"<a href='{BASE}/{slug}/index_2.html'>下一页</a>" if number == 1 else ""
            where = f"{BASE}/{slug}/" if number == 1 else f"{BASE}/{slug}/index_{number}.html"
            sim.list(where, in_gb18030(column(group, more=f"{tabs}<div class='page'>{total}{more}</div>", name=name)))
    return sim


def _slowly(answer: Answer) -> Answer:
    sleep(0.3)
    return answer
