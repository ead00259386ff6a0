"""大汉 JPage: records in a script, the rest behind an encrypted address; xxgkAnnualReport holds a report an organ and year."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, article, html, links, text, zipped

COLUMN = "/col/col1229214366/index.html"
PROXY = "/module/web/jpage/dataproxy.jsp"
ENDPOINT = "/module/xxgk/xxgkAnnualReport.jsp"
HELD, GROUP = 9, 9
AREAS = {"11370883004325769B": "唐村镇人民政府", "113708830043257001": "财政局"}


def simulate() -> Simulated:
    sim = Simulated("hanweb", "河阳县")
    menu = links((COLUMN, "政府信息公开年报"), ("/col/col9/index.html", "政府部门信息公开"))
    sim.list("/", html(f"<!-- Produced By 大汉网络 大汉版通发布系统 -->{menu}"))
    records = []
    for number, year in enumerate(range(2024, 2004, -1)):
        path = f"/art/{year + 1}/1/9/art_1229214366_{71374 + number}.html"
        report = Report(sim.government, year)
        sim.holds(path, report, zipped(article(report)) if year == 2020 else None)
        records.append(f"<li><a href='{path}'>{report.name}</a><span class='time'>\n{report.day}\n</span></li>")

    def rest(target: str) -> Answer:
        key = parse_qs(urlsplit(target).query)["key"][0]
        start = {"a81f": HELD, "c09e": HELD + GROUP}[key]
        end = start + GROUP
        return text(_store(records[start:end], f"{PROXY}?key=c09e" if end < len(records) else ""), "text/xml")

    script = f"<script type='text/xml'>{_store(records[:HELD], f'{PROXY}?key=a81f&n=1')}</script>"
    sim.list(
        COLUMN, html(script, title="政府信息公开年报", meta={"ColumnName": "政府信息公开年报", "ArticleTitle": ""})
    )
    sim.list(PROXY, rest)
    _organs(sim)
    return sim


def _store(records: list[str], following: str) -> str:
    held = "".join(f"<record><![CDATA[{record}]]></record>" for record in records)
    group = f'<nextgroup><![CDATA[<a href="{following}"></a>]]></nextgroup>' if following else "<nextgroup></nextgroup>"
    return f"<datastore>{group}<recordset>{held}</recordset></datastore>"


def _organs(sim: Simulated) -> None:
    """The catalogue's page of organs links to last year's report of each; the years before stand nowhere."""
    last = date.today().year - 1
    rows = [(f"{ENDPOINT}?area={area}&fbtime={last - 1}", sim.organ(name)) for area, name in AREAS.items()]
    sim.list("/col/col9/index.html", html(links(*rows), title="政府部门信息公开"))
    held = {
        (area, year): Report(sim.organ(name), year) for area, name in AREAS.items() for year in range(last - 9, last)
    }
    sim.reports |= {(report.organ, report.year) for report in held.values()}

    def respond(target: str) -> Answer:
        query = parse_qs(urlsplit(target).query)
        report = held.get((query["area"][0], int(query["fbtime"][0])))
        return article(report) if report else html("<div id='zoom'></div>", title="信息公开年报")

    sim.detail(ENDPOINT, respond)
