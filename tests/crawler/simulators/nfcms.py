"""南方 CMS: a flat column, its pages counted from 1; two reports stand in 政务动态, another has a twin ?jump=true."""

from __future__ import annotations

from tests.crawler.simulators.simulated import Report, Simulated, article, column, decoy, html, links

PER_PAGE = 8
ORGANS = ("人民政府", "民政局", "司法局")


def simulate() -> Simulated:
    sim = Simulated("nfcms", "霞山区")
    news = sim.holds("/zwdt/content/post_77.html", Report(sim.organ("自然资源局"), 2022))
    home = links(("/xxgknb/index.html", "政府信息公开年报"), ("/zwgk/", "政务公开"), ("/zwdt/index.html", "政务动态"))
    older = sim.holds("/zwdt/content/post_70.html", Report(sim.organ("水务局"), 2021))
    news_lines = [
        ("/zwdt/content/post_77.html", news.name, news.day),
        ("/zwdt/content/post_1.html", "召开会议", "2023-01-05"),
    ]
    sim.list("/zwdt/index.html", column(news_lines, name="政务动态", more="<a href='index_2.html'>下一页</a>"))
    sim.list("/zwdt/index_2.html", column([("/zwdt/content/post_70.html", older.name, older.day)], name="政务动态"))
    sim.list(
        "/",
        html(f"{home}<ul><li><a href='/zwdt/content/post_77.html'>{news.name}</a><span>2023-01-12</span></li></ul>"),
    )
    sim.list("/zwgk/", html("政务公开"))
    rows = []
    for number, organ in enumerate(ORGANS):
        for year in range(2024, 2017, -1):
            path = f"/xxgknb/content/post_{10385218 - year - number * 100}.html"
            report = Report(sim.organ(organ), year)
            sim.holds(path, report, article(report, "<div class='news_cont_d_wrap'>"))
            twin = "?jump=true" if year == 2021 else ""
            rows += [(path + twin, report.name, report.day)] + ([(path, report.name, report.day)] if twin else [])
    rows.insert(4, ("/xxgknb/content/post_5.html", "图解：霞山区2023年政府信息公开工作年度报告", "2024-01-20"))
    sim.detail("/xxgknb/content/post_5.html", decoy("图解"))
    pages = [rows[start : start + PER_PAGE] for start in range(0, len(rows), PER_PAGE)]
    for number, group in enumerate(pages, start=1):
        more = f'<a href="index_{number + 1}.html">下一页</a>' if number < len(pages) else '<a href="#">下一页</a>'
        sim.list("/xxgknb/index.html" if number == 1 else f"/xxgknb/index_{number}.html", column(group, more=more))
    return sim
