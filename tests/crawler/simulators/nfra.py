"""国家金融监督管理总局: pages of script over JSON files, three of them a list's first pages, an interface behind; shells for reports."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, html, json_answer, links, prose

ITEM, PER_PAGE = 954, 18
ORGANS = ("人民政府", "财政局", "教育局", "民政局")
APP = "<div ng-app='app'></div><script src='/cn/static/js/app.js'></script>"


def simulate() -> Simulated:
    sim = Simulated("nfra", "临泽县")
    column = f"/cn/view/pages/ItemList.html?itemPId=953&itemId={ITEM}&itemName=x"
    sim.list("/", html(links((column, "政府信息公开年报"))))
    sim.list("/cn/view/pages/ItemList.html", html(APP, title="政府信息公开年报"))
    rows: list[dict[str, object]] = []
    for number, organ in enumerate(ORGANS):
        for year in range(2024, 2004, -1):
            document = 1_000_000 + number * 100 + year % 100
            path = f"/cn/static/data/DocInfo/SelectByDocId/data_docId={document}.json"
            report = Report(sim.organ(organ), year)
            published = f"{report.day} 10:27:00"
            text = {"docTitle": report.name, "docClob": prose(report), "publishDate": published}
            sim.holds(path, report, json_answer(json.dumps({"rptCode": 200, "data": text})))
            rows.append({"docId": document, "docTitle": report.name, "publishDate": published})
    # What a report's address shows to who runs no script: a shell.
    sim.detail("/cn/view/pages/ItemDetail.html", html(APP, title="详情"))
    for page in (1, 2, 3):
        held = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
        path = f"/cn/static/data/DocInfo/SelectDocByItemIdAndChild/data_itemId={ITEM},pageIndex={page},pageSize={PER_PAGE}.json"
        sim.list(path, _rows(held, len(rows)))
    sim.list("/cbircweb/DocInfo/SelectDocByItemIdAndChild", lambda target: _further(rows, target))
    return sim


def _further(rows: list[dict[str, object]], target: str) -> Answer:
    page = int(parse_qs(urlsplit(target).query)["pageIndex"][0])
    return _rows(rows[(page - 1) * PER_PAGE : page * PER_PAGE], len(rows))


def _rows(rows: list[dict[str, object]], total: int) -> Answer:
    return json_answer(json.dumps({"rptCode": 200, "data": {"rows": rows, "total": total}}))
