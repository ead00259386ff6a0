"""SiteServer: `/channels/12693_2.html`; one report is a Word file below a cover, another a PDF."""

from __future__ import annotations

import io

from docx import Document

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import CHAPTERS, OTHER, Report, Simulated, article, column, html, links

PER_PAGE = 7
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def simulate() -> Simulated:
    sim = Simulated("siteserver", "叶县")
    sim.list(
        "/",
        html(f"<img src='/SiteFiles/bairong/icons/tree/x.gif'>{links(('/channels/12693.html', '政府信息公开年报'))}"),
    )
    rows = []
    for number, organ in enumerate(("人民政府", "教育局")):
        for year in range(2024, 2016, -1):
            path = f"/contents/12693/{400181 + year + number * 100}.html"
            report = Report(sim.organ(organ), year)
            sim.holds(path, report, article(report, "<div id='con' class='entry'>"))
            rows.append((path, report.name, report.day))
            if organ == "教育局" and year == 2019:
                file = "/system/_content/download.jsp"
                link = f"<a href='{file}?wbfileid=7'>点击下载</a>"
                cover = f"<h1 id='Title'>{report.name}</h1><div id='con' class='entry'>{link}</div>"
                sim.detail(path, html(cover, title=report.name, meta={"ArticleTitle": report.name}))
                # Its name comes as the server's bytes, which are GBK.
                name = f"{report.name}.docx".encode("gbk").decode("latin-1")
                headers = {"Content-Type": WORD, "Content-Disposition": f'attachment; filename="{name}"'}
                sim.detail(file, Answer(200, _word(report), headers))
    pages = [rows[start : start + PER_PAGE] for start in range(0, len(rows), PER_PAGE)]
    for number, group in enumerate(pages, start=1):
        more = f"<div>共{len(rows)}条 第{number}/{len(pages)}页</div>"
        sim.list("/channels/12693.html" if number == 1 else f"/channels/12693_{number}.html", column(group, more=more))
    return sim


def _word(report: Report) -> bytes:
    document = Document()
    document.add_heading(report.name)
    for chapter in CHAPTERS:
        document.add_paragraph(chapter)
        document.add_paragraph(OTHER * 8)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
