"""An archive for the pages' tests: the sample portal's reports, an organ over the years, a revision, hostile pages."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from nianbao.sample.portal import SITE
from parsers import Attachment, PortalContext, Source, parse
from storage.archive import Archive, Capture
from storage.base import Db
from storage.coverage import update as coverage
from storage.portals import Portals
from storage.problems import Problems
from storage.reports import Reports, ReportWrite
from storage.runs import Runs
from storage.shape.records import Column, Health, LayoutChange
from tests.parsers.generator import html
from tests.parsers.generator.reports import YEARS, invent

ORGAN = "示例县人民政府"
YEARS_OF_ORGAN = (2015, 2016, 2018, 2019, 2020, 2021, 2022, 2023)
"""2017 is missing, on purpose."""
GUANCHENG = "410104/2020/own"
HONGZE = "320813/2023/own"
CHANGED = "abaxian"
"""A portal of the registry whose last run found another page than before."""
CLOSED = {"km": ("530100", Health.BLOCKED), "dali": ("532900", Health.FAILING)}
"""Portals that cannot be read, with their organs: 昆明市, 大理州."""
LONG = "长" * 10_000
RIGHT_TO_LEFT = "\u202e"
SCRIPT = "<script>alert(document.domain)</script>"
ZW = "/zwgk/zfxxgk/"
_HOSTILE = """<html><head><title>{title}</title><meta http-equiv="refresh" content="0;url=http://evil.example/">
<link rel="stylesheet" href="http://evil.example/x.css"><base href="http://evil.example/"></head>
<body onload="parent.hacked=1"><script>parent.hacked=1;fetch('http://evil.example/')</script>
<h1>{title}</h1><p style="background:url(http://evil.example/a.png);color:red" onclick="hacked=1">一、总体情况
&lt;script&gt;alert(1)&lt;/script&gt; 2020年收到政府信息公开申请5件。</p>
<img src="http://evil.example/p.png" onerror="parent.hacked=1"><iframe src="http://evil.example/"></iframe>
<svg onload="parent.hacked=1"><image href="http://evil.example/s.png"/></svg><form action="http://evil.example/">
<input name="x" value="7"><button>走</button></form><a href="javascript:parent.hacked=1">点此</a>
<object data="http://evil.example/o"></object><style>@import url(http://evil.example/i.css);</style>
<div id="requests.received_new.total" class="nb-cell">伪造</div>
{body}</body></html>"""


@dataclass(frozen=True)
class Page:
    path: str
    content: bytes
    media_type: str = "text/html; charset=utf-8"
    files: tuple[Attachment, ...] = field(default=())
    title: str | None = None
    """In place of the title that is read."""

    @property
    def url(self) -> str:
        return f"http://www.example.test{self.path}"


def stock(db: Db) -> None:
    """Fill an empty database; the same every time but for the times of the runs."""
    run = Runs(db).start("nightly", {"portals": ["sample"]})
    for number, page in enumerate(pages()):
        keep(db, page, run, number)
    Portals(db).succeeded(
        "sample", run, swept=True, columns=[Column("http://www.example.test/gknb/", "政府信息公开年报")]
    )
    change = LayoutChange(
        "http://www.abaxian.gov.cn/gknb/",
        "detail",
        "a" * 64,
        "b" * 64,
        None,
        None,
        ("figures",),
        datetime.now(UTC),
        run,
    )
    Portals(db).failed(CHANGED, run, Health.TEMPLATE_CHANGED, "表格读不出了：疑似改版 <b>", change)
    Problems(db).record(
        "blocked", "http://www.example.test/412", "answers 412 <script>", run_id=run, stage="fetch", portal="sample"
    )
    for portal, (organ, health) in CLOSED.items():
        Portals(db).failed(portal, run, health, "answers 412" if health is Health.BLOCKED else "no answer")
        Portals(db).owned({portal: organ})
        if health is Health.FAILING:
            Problems(db).record("timeout", f"http://{portal}.example/", "no answer", run_id=run, portal=portal)
    coverage.rebuild(db)
    Runs(db).finish(run, counts={"pages": 20, "reports_new": 18}, message="20 pages, 18 reports")


def keep(db: Db, page: Page, run: str, number: int) -> None:
    """Archive, parse and store one page by the road that every page takes."""
    fetched = datetime(2026, 1, 5, 3, tzinfo=UTC) + timedelta(minutes=number)
    bodies = [Capture(page.url, page.url, "sample", fetched, 200, {}, page.content, run, "report")]
    bodies += [Capture(f.url, f.url, "sample", fetched, 200, {}, f.content, run, "attachment") for f in page.files]
    stored = Archive(db).store(bodies)
    source = Source(
        page.content,
        page.url,
        page.media_type,
        portal=PortalContext(id="sample", profile_version=1),
        attachments=page.files,
    )
    document = parse(source).to_document()
    document["title"] = page.title or document["title"]
    saved = Reports(db).save([ReportWrite(document, stored[0].capture_id, "sample", fetched, run)])
    assert saved[0].revision, saved


def pages() -> Iterator[Page]:
    for path in (
        "zfxxgknb/202101/t20210122_2003.html",
        "zfxxgknb/202101/t20210119_2002.html",
        "zfxxgknb/202101/t20210125_2004.html",
        "zfxxgknb/202001/t20200117_2005.html",
        "zfxxgknb/201603/t20160331_2006.html",
        "bmnb/hbsjyt/202301/t20230120_2007.html",
    ):
        yield Page(ZW + path, (SITE / ZW.strip("/") / path).read_bytes())
    yield with_file("zfxxgknb/202401/t20240131_2001.html", "zfxxgknb/202401/P020240131_2001.pdf")
    yield with_file("bmnb/hbsjyt/202001/t20200115_2008.html", "bmnb/hbsjyt/202001/P020200115_2008.docx")
    for year in YEARS_OF_ORGAN:
        yield Page(f"/shili/{year}.html", of_year(year).encode())
    # The last one is published again with another figure in its text and in table four.
    yield Page("/shili/2023.html", of_year(2023, again=True).encode())
    yield Page("/nobody/2021.html", of_year(2021).replace(ORGAN, "").encode())
    yield hostile("恶意", f"{SCRIPT}{RIGHT_TO_LEFT}倒写")
    yield hostile("漫长", LONG)


def with_file(page: str, file: str) -> Page:
    folder = SITE / ZW.strip("/")
    name = "年度报告全文"
    url = f"http://www.example.test{ZW}{file}"
    attachment = Attachment(url, name, (folder / file).read_bytes())
    return Page(ZW + page, (folder / page).read_bytes(), files=(attachment,))


def of_year(year: int, *, again: bool = False) -> str:
    """An invented report of the organ."""
    template = "e2014_stats" if year < 2019 else "e2019_v60" if year < 2021 else "e2021_v30"
    first, last = YEARS[template]
    assert first <= year <= last
    seed = next(n for n in range(1000) if invent(template, random.Random(n), traps=False).year == year)
    report = invent(template, random.Random(seed), traps=False)
    text = html.page(report, replace(html.STYLES["chrome"], chrome=False)).replace(report.organ, ORGAN)
    if again:
        text = text.replace("<p", "<p>更正：本报告于次日重新发布。</p><p", 1)
        before, _, after = text.rpartition(">0<")
        text = f"{before}>3<{after}"
    return text


def hostile(name: str, words: str) -> Page:
    """A report full of script, whose title is `words`."""
    forms = of_year(2020)
    body = forms[forms.index("<body") :].partition(">")[2].rpartition("</body>")[0].replace(ORGAN, f"{name}县水利局")
    title = f"{name}县水利局2020年政府信息公开工作年度报告"
    content = _HOSTILE.format(title=title, body=body).encode()
    return Page(f"/hostile/{name}.html", content, title=title + words)
