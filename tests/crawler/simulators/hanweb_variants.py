"""大汉 in four more ways: the module 信息公开, an interface that counts pages, truecms in JSONP, one that answers with nothing."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, article, html, links, text

SEARCH = "/module/xxgk/search.jsp"
ENDPOINT = "/module/xxgk/xxgkAnnualReport.jsp"
MESSAGES = "/truecms/messageController/getMessage.do"
OURS = {"ColumnName": "政府信息公开年报", "ArticleTitle": ""}
ORGAN_CODE = "113700000045022274"
YEARS = range(2024, 2004, -1)


def simulate() -> Simulated:
    sim = Simulated("hanweb_variants", "东台市")
    menu = {
        "/col/col21/index.html?number=A0104": "政府信息公开年报",
        "/col/col22/index.html": "部门年报",
        "/col/col23/index.html": "乡镇年报",
        "/col/col24/index.html": "街道年报",
        "/col/col25/index.html": "政府部门信息公开",
    }
    sim.list("/", html(f"<!-- 大汉版通发布系统 -->{links(*menu.items())}"))
    _module(sim)
    _by_page(sim)
    _truecms(sim)
    _empty(sim)
    _by_area(sim)
    return sim


def _rows(sim: Simulated, organ: str, column: int) -> list[str]:
    rows = []
    for number, year in enumerate(YEARS):
        path = f"/art/{year + 1}/1/9/art_{column}_{70000 + number}.html"
        report = sim.holds(path, Report(sim.organ(organ), year))
        rows.append(f"<a href='{path}' title='{report.name}'>{report.name[:9]}…</a><span>{report.day}</span>")
    return rows


def _module(sim: Simulated) -> None:
    """A shell: what its column is stands in its own address, whose it is in the call."""
    call = (
        f"loadDynamic('{SEARCH}?standardXxgk=1&infotypeId='+a+'&vc_title='+encodeURI(b)+'&area=11320981', "
        "'div21', '0','0','950','1','','');"
    )
    sim.list("/col/col21/index.html", html(f"<div id='div21'></div><script>{call}</script>", meta=OURS))
    rows = _rows(sim, "人民政府", 21)

    def table(sent: str) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(sent).items()}
        assert (asked["infotypeId"], asked["area"], asked["divid"]) == ("A0104", "11320981", "div21")
        number = int(asked["currpage"])
        held = "".join(
            f"<tr class='tr_main_value_odd'><td>{row}</td></tr>" for row in rows[number * 7 - 7 : number * 7]
        )
        return text(f"{held}<tr><td>共{-(-len(rows) // 7)}页</td></tr>")

    sim.list(SEARCH, html("POST only"))
    sim.site.posts[SEARCH] = table


def _by_page(sim: Simulated) -> None:
    """盐城: `startrecord` is not looked at, `page` is; the script gives neither <nextgroup> nor all of the lines."""
    rows = [f"<record><![CDATA[<li>{row}</li>]]></record>" for row in _rows(sim, "财政局", 22)]
    ids = "columnid: 22, unitid: '3241', webid: 8, url: '/module/jpage/dataproxy.jsp'"
    store = f"<datastore><recordset>{''.join(rows[:15])}</recordset></datastore>"
    sim.list("/col/col22/index.html", html(f"<script>new JPage({{{ids}}});{store}</script>", meta=OURS))

    def rest(target: str) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        if asked["columnid"] == "24":
            return text("<datastore><recordset></recordset></datastore>", "text/xml")
        size = int(asked["perpage"])
        first = (int(asked.get("page", "1")) - 1) * size
        return text(f"<datastore><recordset>{''.join(rows[first : first + size])}</recordset></datastore>", "text/xml")

    sim.list("/module/jpage/dataproxy.jsp", rest)


def _truecms(sim: Simulated) -> None:
    rows = _rows(sim, "南阳镇人民政府", 23)
    call = f"load({{proxyUrl:'{MESSAGES}', columnId:'23', perPage: 20}})"
    sim.list("/col/col23/index.html", html(f"<div id='list'></div><script>{call}</script>", meta=OURS))

    def messages(target: str) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        if int(asked["perpage"]) > 20:  # 如皋
            return html("nothing here", title="404")
        held = rows[int(asked["startrecord"]) - 1 : int(asked["endrecord"])]
        xml = "".join(f"<record><![CDATA[<li>{row}</li>]]></record>" for row in held)
        return text(f"{asked['callback']}({json.dumps({'result': f'<recordset>{xml}</recordset>'})});")

    sim.list(MESSAGES, messages)


def _empty(sim: Simulated) -> None:
    """山东: the script asks the interface, which has nothing; the list stands in the page, and goes on as a page."""
    rows = [f"<li>{row}</li>" for row in _rows(sim, "新街街道办事处", 24)]
    ids = "columnid: 24, unitid: '77', webid: 8, url: '/module/jpage/dataproxy.jsp'"

    def page(target: str) -> Answer:
        is_second = "pageNum=2" in target
        more = "" if is_second else "<a href='/col/col24/index.html?uid=77&pageNum=2'>下一页</a>"
        held = "".join(rows[12:] if is_second else rows[:12])
        return html(f"<ul>{held}</ul>{more}<script>new JPage({{{ids}}});</script>", meta=OURS)

    sim.list("/col/col24/index.html", page)


def _by_area(sim: Simulated) -> None:
    """An organ's own page has no list; its code stands in the address, and the endpoint holds its reports."""
    organs = [
        (f"/col/col26/index.html?vc_xxgkarea={ORGAN_CODE}&jh=264", sim.organ("司法局")),
        ("/col/col26/index.html?vc_xxgkarea=11320981014000001", sim.organ("水务局")),
        ("/col/col26/index.html?vc_xxgkarea=11320981014000002", sim.organ("信访局")),
    ]
    sim.list("/col/col25/index.html", html(links(*organs), title="政府部门信息公开"))
    sim.list("/col/col26/index.html", html("<p>机构职能</p>", title="部门信息公开"))
    last = date.today().year - 1
    held = {year: Report(sim.organ("司法局"), year) for year in range(last - 6, last + 1)}
    sim.reports |= {(report.organ, report.year) for report in held.values()}

    def endpoint(target: str) -> Answer:
        query = parse_qs(urlsplit(target).query)
        report = held.get(int(query["fbtime"][0])) if query["area"] == [ORGAN_CODE] else None
        return article(report) if report else html("<div id='zoom'></div>", title="信息公开年报")

    sim.detail(ENDPOINT, endpoint)
