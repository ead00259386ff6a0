"""TRS: static files. Its script promises more pages than there are, and behind the last the first comes again.

One report stands among the news, and in no column.
"""

from __future__ import annotations

from tests.crawler.simulators.simulated import Report, Simulated, article, column, decoy, html, links

COLUMN = "/zwgk/zfxxgknb_56878/"
PER_PAGE = 6


def simulate() -> Simulated:
    sim = Simulated("trs", "云溪县")
    sim.list("/", html(links(("/zwgk/", "政务公开"), ("/xwzx/", "新闻中心"))))
    sim.list("/zwgk/", html(links((COLUMN, "政府信息公开年报"), ("/zwgk/zn/", "政府信息公开指南"))))
    told = sim.holds("/xwzx/202301/t20230118_9001.html", Report(sim.organ("林业局"), 2022))
    news = [
        (f"/xwzx/202302/t20230201_90{number}.html", f"云溪县召开第{number}次会议", "2023-02-01") for number in range(8)
    ]
    paging = '<script>createPageHTML(2, {}, "index", "html");</script>'
    sim.list("/xwzx/", column(news, name="新闻中心", more=paging.format(0)))
    line = ("/xwzx/202301/t20230118_9001.html", told.name, told.day)
    sim.list("/xwzx/index_1.html", column([line], name="新闻中心", more=paging.format(1)))
    rows = []
    for number, year in enumerate(range(2024, 2010, -1)):
        # 柳南区's report of 2023 carries the day on which Unix began.
        name = "t19700101_3441457.html" if year == 2023 else f"t{year + 1}0120_{12870 + number}.html"
        path = f"{COLUMN}{year + 1}01/{name}"
        report = sim.holds(path, Report(sim.government, year))
        rows.append((path, report))
    for slug, title in (("zn", "云溪县政府信息公开指南"), ("wz", "云溪县人民政府网站2022年工作年度报表")):
        sim.detail(f"{COLUMN}202301/t20230109_{slug}.html", decoy(title))
    first = [_line(path, report) for path, report in rows]
    first.insert(2, f"<li><a href='{COLUMN}202301/t20230109_wz.html'>云溪县人民政府网站2022年工作年度报表</a></li>")
    pages = [first[start : start + PER_PAGE] for start in range(0, len(first), PER_PAGE)]
    paging = '<script>createPageHTML(7, {}, "index", "html");</script>'
    for number in range(7):
        shown = pages[number] if number < len(pages) else pages[0]
        path = COLUMN if number == 0 else f"{COLUMN}index_{number}.html"
        sim.list(path, column((), more=f"<ul class='list'>{''.join(shown)}</ul>{paging.format(number)}"))
    sim.detail(rows[0][0], article(rows[0][1], "<div class='TRS_Editor'>"))
    return sim


def _line(path: str, report: Report) -> str:
    """A title that the list cuts off, and an anchor within an anchor."""
    cut = f"{report.name[:14]}..."
    return f"<li><a href='{path}'><a href='{path}' title='{report.name}'>{cut}</a></a><span>{report.day}</span></li>"
