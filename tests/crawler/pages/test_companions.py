"""A statistics table on a page of its own, through the whole archive: crawled, stored, read into its report, and read
again from what is stored (domain.md section 1.2: 河北省教育厅 2018 published two pages)."""

from __future__ import annotations

import random
from pathlib import Path

from crawler.profiles import RegistryProfiles
from storage.rerun.run import Options, rerun
from storage.rerun.stale import Selection
from storage.settings import load
from tests.crawler.crawling import Crawls
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report
from tests.parsers.generator import html as pages
from tests.parsers.generator import layout
from tests.parsers.generator.reports import invent

TITLE = "洪泽区人民政府{}年政府信息公开工作年度报告"
TABLE = "洪泽区人民政府{}年政府信息公开情况统计表"
FORM = invent("e2014_stats", random.Random(3)).sheets[0]


def site() -> Site:
    lines = [
        ("2018.html", TITLE.format(2018), "2019-03-20"),
        ("2018b.html", TABLE.format(2018), "2019-03-20"),
        ("2017.html", TITLE.format(2017), "2018-03-20"),
    ]
    column = html(f"<h1>政府信息公开年报</h1>{rows(*lines)}", head="<title>政府信息公开年报</title>")
    form = pages.table(layout.rows(FORM), pages.STYLES["plain"])
    table = html(f"<h1>{TABLE.format(2018)}</h1><div id='zoom'>{form}</div>", head="<title>统计表</title>")
    return Site({"/nb/": column, "/nb/2018.html": report(2018), "/nb/2018b.html": table, "/nb/2017.html": report(2017)})


def test_the_table_of_another_page_is_read_into_the_report(crawls: Crawls, tmp_path: Path) -> None:
    with site() as portal:
        crawls.run(urls=[f"{portal.url}nb/"], home=None)
        address = f"{portal.url}nb/2018b.html"
        found = {one["report_year"]: one for one in crawls.db["reports"].find({})}
        assert sorted(found) == [2017, 2018]
        cells = {cell["path"]: cell for cell in found[2018]["cells"]}
        for figure in FORM.figures():
            assert cells[figure.path]["value"] == figure.value, figure
            assert cells[figure.path]["at"]["attachment"] == address
        assert found[2018]["template"]["id"] == "e2014_stats"
        (file,) = found[2018]["source"]["attachments"]
        archived = crawls.db["captures"].find_one({"raw_sha256": file["raw_sha256"]})
        assert archived is not None
        assert (file["url"], file["role"], archived["kind"]) == (address, "table", "attachment")
        assert not [cell for cell in found[2017]["cells"] if "attachment" in (cell["at"] or {})]
        # What a crawl stores a rerun reads again from the archive, the same to the letter.
        again = rerun(
            crawls.db,
            Selection(everything=True),
            RegistryProfiles(),
            Options(home=tmp_path, archive="test", limits=load().parse, dry_run=True),
        )
        assert again.outcomes == {"unchanged": 2}
