"""What stands beside a report changes while its page stays: a new capture, and the joined report is read again.

Two nights: the table's own page, which the text links to or the list shows beside the report, and a picture of a table.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from nianbao.sample.server import Answer
from storage.base import Doc
from tests.crawler.house import House
from tests.crawler.real_pages import rows
from tests.crawler.site import HTML, Site, html, report, with_validators
from tests.parsers.documents.files import fixture
from tests.parsers.generator import html as pages
from tests.parsers.generator.model import Invented, Sheet
from tests.parsers.generator.reports import invent

COLUMN = '<meta name="ColumnName" content="政府信息公开年报">'
TABLES = (2016, 2018)


def title(year: int, what: str = "政府信息公开工作年度报告") -> str:
    return f"洪泽区人民政府{year}年{what}"


def form(year: int, seed: int) -> Invented:
    """The statistics of 2014 to 2018 without the report around them."""
    whole = invent("e2014_stats", random.Random(seed), traps=False, organ="洪泽区人民政府", year=year)
    at = next(n for n, part in enumerate(whole.body) if isinstance(part, Sheet)) - 1
    return replace(whole, title=title(year, "政府信息公开情况统计表"), body=whole.body[at:])


def table(year: int, seed: int) -> Answer:
    return with_validators(Answer(200, pages.page(form(year, seed), pages.STYLES["plain"]).encode(), HTML))


def picture(name: str) -> Answer:
    return with_validators(Answer(200, fixture(name), {"Content-Type": "image/png"}))


def portal() -> Site:
    """2018's table is linked from its text, 2016's only from the list, 2024's is a picture."""
    lines = [(f"/nb/{year}.html", title(year), f"{year + 1}-01-20") for year in (2024, 2018, 2016)]
    beside = ("/nb/b2016.html", title(2016, "政府信息公开情况统计表"), "2017-01-20")
    link = f"<p>附件：<a href='b2018.html'>{title(2018, '政府信息公开情况统计表')}</a></p>"
    shown = "<p>二、收到和处理政府信息公开申请情况</p><p><img src='t.png'></p>"
    return Site(
        {
            "/": html('<a href="/nb/">政府信息公开年报</a>'),
            "/nb/": with_validators(html(rows(*lines, beside), head=COLUMN)),
            "/nb/2024.html": with_validators(report(2024, more=shown)),
            "/nb/2018.html": with_validators(report(2018, more=link)),
            "/nb/2016.html": with_validators(report(2016)),
            "/nb/b2018.html": table(2018, 1),
            "/nb/b2016.html": table(2016, 1),
            "/nb/t.png": picture("form_1.png"),
        }
    )


def test_what_stands_beside_a_report_changes(house: House) -> None:
    with portal() as site:
        house.portals({"hongze": site.url})
        first = house.nightly()
        assert first.summary is not None and first.summary.counts["reports_new"] == 3
        before = reports(house)
        for year in TABLES:
            assert told(before[year]) == truth(form(year, seed=1)), year

        for year in TABLES:
            site.routes[f"/nb/b{year}.html"] = table(year, seed=2)
        site.routes["/nb/t.png"] = picture("form_2.png")
        # The list names neither 2016's report nor its table any more: only the archive knows of both.
        lines = [(f"/nb/{year}.html", title(year), f"{year + 1}-01-20") for year in (2024, 2018)]
        site.routes["/nb/"] = with_validators(html(rows(*lines), head=COLUMN))
        site.requests.clear()
        sweep = house.nightly(at=datetime.now(UTC) + timedelta(days=200))
        assert sweep.summary is not None and sweep.summary.counts["parsed"] == 3

        after = reports(house)
        for year in TABLES:
            assert told(after[year]) == truth(form(year, seed=2)) and after[year]["revision"] == 2, year
        assert picture_of(house, after[2024]) == sha256(fixture("form_2.png")).hexdigest()
        answered = {request.path: request.status for request in site.requests}
        assert [answered[f"/nb/{year}.html"] for year in (2024, 2018, 2016)] == [304, 304, 304]
        captures = house.db["captures"].find({"kind": "attachment"})
        assert sorted(one["version"] for one in captures) == [1, 1, 1, 2, 2, 2]


def reports(house: House) -> dict[int, Doc]:
    return {one["report_year"]: one for one in house.db["reports"].find({})}


def told(found: Doc) -> object:
    return found["figures"]["statistics"]["proactive"]["info_count"]


def truth(invented: Invented) -> object:
    (number,) = invented.truth()["statistics.proactive.info_count"]
    return number


def picture_of(house: House, found: Doc) -> object:
    """The bytes that a rerun would read the table from."""
    (capture,) = house.db["captures"].find({"_id": found["source"]["capture_id"]})
    return capture["found"]["attachments"][0]["raw_sha256"]
