"""博达 VSB: page 2 of 3 is `nb/2.htm`, and all numbers change when a report is added. A bureau's column is its report."""

from __future__ import annotations

from tests.crawler.simulators.simulated import Report, Simulated, article, column, html, links

PER_PAGE = 5
MARK = "<!--Announced by Visual SiteBuilder 9--><link href='/system/resource/css/pagedown/sys.css'>"


def simulate() -> Simulated:
    sim = Simulated("vsb", "洪雅县")
    sim.list("/", html("", head='<meta http-equiv="refresh" content="0;url=/home.htm">'))
    sim.list(
        "/home.htm", html(MARK + links(("/xxgk/zfxxgknb.htm", "政府信息公开年报"), ("/xxgk/bmnb.htm", "部门年报")))
    )
    years = list(range(2010, 2023))

    def show() -> None:
        shown = sorted(years, reverse=True)
        pages = [shown[start : start + PER_PAGE] for start in range(0, len(shown), PER_PAGE)]
        for number, group in enumerate(pages):
            rows = []
            for year in group:
                path = f"/info/1042/{3000 + year}.htm"
                report = Report(sim.government, year)
                sim.holds(path, report, article(report, "<div id='vsb_content_4'>"))
                rows.append((path, report.name, report.day))
            sim.list(_path(number, len(pages)), column(rows, more=_pager(number, len(pages), len(shown)), head=MARK))

    def publish() -> None:
        years.extend((2023, 2024, 2025))
        show()

    show()
    sim.publish = publish
    bureaus = [("xjyhtyj", "教育和体育局"), ("xczj", "财政局")]
    menu = [(f"/xxgk/bmnb/n2022n/{slug}.htm", sim.organ(name)) for slug, name in bureaus]
    sim.list("/xxgk/bmnb.htm", html(MARK + links(*menu), meta={"ColumnName": "部门年报", "ArticleTitle": ""}))
    for path, organ in menu:
        sim.holds(path, Report(organ, 2022), article(Report(organ, 2022), "<div id='vsb_content_2'>"))
    return sim


def _path(number: int, pages: int) -> str:
    return "/xxgk/zfxxgknb.htm" if number == 0 else f"/xxgk/zfxxgknb/{pages - number}.htm"


def _pager(number: int, pages: int, total: int) -> str:
    words = f"<span class='p_t'>共{total}条</span><span class='p_t'>{number + 1}/{pages}</span>"
    if number + 1 == pages:
        return f"<div class='pb_sys_common'>{words}<span class='p_next_d'>下页</span></div>"
    # Relative to this very page: `zfxxgknb/2.htm` on the first, `1.htm` on the second.
    name = f"{pages - number - 1}.htm"
    href = f"zfxxgknb/{name}" if number == 0 else name
    return f"<div class='pb_sys_common'>{words}<span class='p_next p_fun'><a href='{href}'>下页</a></span></div>"
