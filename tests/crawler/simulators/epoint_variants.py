"""新点 in three more ways: a catalogue by organ and category, whose site is told by a script's file; articles that are shells
(奉贤); a list out of the database, twelve lines a page, which counts its pages from 1."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, column, html, json_answer, links, prose, text

COMMON = "/js/webBuilderCommon.js"
LIST = "/fxq-front/rest/lightfrontaction/getgovinfolist"
DETAIL = "/html/info/detail"
DATABASE = "/WebBuilder/rest/searchindb/get"


def simulate() -> Simulated:
    sim = Simulated("epoint_variants", "射阳县")
    catalogue = "/govInfoPub/list.html?deptcode=033&categorynum=003005"
    sim.list("/", html(links((catalogue, "政府信息公开年报"), ("/zwgk/jdnb/", "街道年报"), ("/zwgk/sw/", "部门年报"))))
    script = f"<script src='{COMMON}'></script><script src='/js/list.js'></script>"
    meta = {"ColumnName": "政府信息公开年报", "ArticleTitle": ""}
    sim.list("/govInfoPub/list.html", html(f"<ul id='list'></ul>{script}", meta=meta))
    sim.list(COMMON, text('var siteInfo = {"siteGuid": "7eb5-11", "projectName": "/fxq-front"};', "text/javascript"))
    records = []
    for year in range(2024, 1964, -1):
        path = f"/govxxgk/033/{year + 1}-01-15/{year:08x}-1111-2222-3333-{33:012x}.html"
        is_report = year >= 2008
        name = (
            f"{sim.organ('教育局')}{year}年政府信息公开工作年度报告" if is_report else f"政府信息公开指南（{year}年）"
        )
        if is_report:
            sim.holds(path, Report(sim.organ("教育局"), year))
        records.append({"infourl": path, "realtitle": name, "title": name[:8], "infodate": f"{year + 1}-01-15 09:00"})
    sim.list(LIST, html("POST only"))
    sim.site.posts[LIST] = lambda sent: _catalogue(records, sent)
    _shells(sim)
    _database(sim)
    return sim


def _database(sim: Simulated) -> None:
    records = []
    for year in range(2024, 2009, -1):
        report = sim.holds(f"/sw/003007/{year}.html", Report(sim.organ("水务局"), year))
        records.append({"title": report.name, "visiturl": f"/sw/003007/{year}.html", "infodate": f"{report.day} 09:00"})
    script = f"<ul id='list'></ul><script>$.post('{DATABASE}', {{categorynum: '003007', pageIndex: page}});</script>"
    sim.list("/zwgk/sw/", html(script, title="部门年报", meta={"ColumnName": "部门年报", "ArticleTitle": ""}))
    sim.list(DATABASE, html("POST only"))

    def answer(sent: str) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(sent).items()}
        assert asked["categorynum"] == "003007"
        first = (int(asked["pageIndex"]) - 1) * 12
        found = records[first : first + 12] if first >= 0 else []
        return json_answer(json.dumps({"totalcount": len(records), "infodata": found}))

    sim.site.posts[DATABASE] = answer


def _catalogue(records: list[dict[str, str]], sent: str) -> Answer:
    asked = json.loads(sent)
    assert (asked["deptcode"], asked["categorynum"], asked["siteGuid"]) == ("033", "003005", "7eb5-11")
    first = (asked["pageIndex"] - 1) * asked["pageSize"]
    return json_answer(json.dumps({"custom": {"data": records[first : first + asked["pageSize"]]}}))


def _shells(sim: Simulated) -> None:
    reports = {
        f"i202401{number:02}-ab{number}": Report(sim.organ(f"{name}街道办事处"), 2023)
        for number, name in enumerate("东西南北甲乙丙丁戊己庚辛")
    }
    rows = [(f"/art/info/1042/{key}", report.name, report.day) for key, report in reports.items()]
    sim.list("/zwgk/jdnb/", column(rows, name="街道年报"))
    for key, report in reports.items():
        sim.reports.add((report.organ, report.year))
        # A shell is no report: two of them show what to ask for, and the others are not asked for.
        sim.detail(f"/art/info/1042/{key}", html("<div id='app'></div><script src='/chunk-vendors.js'></script>"))

    def detail(sent: str) -> Answer:
        report = reports[parse_qs(sent)["id"][0]]
        held = {"title": report.name, "publishDate": report.day, "body": prose(report)}
        return json_answer(json.dumps({"success": True, "data": held}))

    sim.detail(DETAIL, html("POST only"))
    sim.site.posts[DETAIL] = detail
