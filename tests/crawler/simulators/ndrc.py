"""国家发展改革委: a directory of a JSP with its lines in a table, its texts at `iteminfo.jsp?id=`, a file behind some."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, decoy, html, links, prose

LIST, TEXT = "/web/dirlist.jsp", "/web/iteminfo.jsp"
PER_PAGE = 20
YEARS = range(2024, 2004, -1)
ORGANS = ("人民政府", "统计局")


def simulate() -> Simulated:
    sim = Simulated("ndrc", "顺昌县")
    sim.list("/", html(links((LIST, "政府信息公开年报"), ("/web/fileread.jsp", "政府信息公开指南"))))
    reports = {
        str(number): Report(sim.organ(organ), year)
        for number, (organ, year) in enumerate(((organ, year) for year in YEARS for organ in ORGANS), start=21000)
    }
    rows = [(f"{TEXT.removeprefix('/web/')}?id={key}", report.name, report.day) for key, report in reports.items()]
    rows[3:3] = [("iteminfo.jsp?id=1", "政府信息公开制度汇编", "2025-01-02")]
    sim.list(LIST, lambda target: _list(rows, target))
    sim.reports |= {(report.organ, report.year) for report in reports.values()}
    sim.detail(TEXT, lambda target: _text(reports, target))
    return sim


def _list(rows: list[tuple[str, str, str]], target: str) -> Answer:
    page = int(parse_qs(urlsplit(target).query).get("page", ["1"])[0])
    held = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    lines = "".join(
        f"<tr><td><a class='xxgk_list1' href='{url}'>{title}</a></td><td>{day}</td></tr>" for url, title, day in held
    )
    more = f"<a href='dirlist.jsp?page={page + 1}'>下一页</a>" if page * PER_PAGE < len(rows) else ""
    body = f"<div class='zwxxkg-result'><table><tr><th>名称</th><th>日期</th></tr>{lines}</table>{more}</div>"
    return html(body, title="政府信息公开年报", meta={"ColumnName": "政府信息公开年报", "ArticleTitle": ""})


def _text(reports: dict[str, Report], target: str) -> Answer:
    key = parse_qs(urlsplit(target).query)["id"][0]
    if key not in reports:
        return decoy("政府信息公开制度汇编")
    report = reports[key]
    meta = {"ArticleTitle": report.name, "PubDate": f"{report.day} 10:00", "ColumnName": "政府信息公开年报"}
    return html(f"<h1>{report.name}</h1><div class='zwgkdetail'>{prose(report)}</div>", title=report.name, meta=meta)
