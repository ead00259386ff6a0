"""What a crawl leaves for a rerun: why each capture should be looked at again, and what was found beside it."""

from __future__ import annotations

from typing import Any

from crawler.profiles import RegistryProfiles
from nianbao.sample.server import Answer
from parsers import made_of
from parsers.source import PortalContext
from parsers.template import load_templates
from storage.archive import Archive
from storage.base import address_of
from storage.problems import Problems
from storage.rerun.current import Current
from storage.rerun.stale import Selection, select
from storage.runs import Runs
from tests.crawler.crawling import Crawls
from tests.crawler.real_pages import rows
from tests.crawler.site import Site, html, report

TITLE = "洪泽区人民政府{}年政府信息公开工作年度报告"
NOTICE = "<h1>关于编制政府信息公开工作年度报告的通知</h1><p>" + "请各单位于一月底前报送。" * 20 + "</p>"
BROKEN = Answer(200, b"%PDF-1.4\n" + b"broken " * 50, {"Content-Type": "application/pdf"})


def site() -> Site:
    lines = [(f"{year}.html", TITLE.format(year), f"{year + 1}-01-20") for year in (2020, 2021, 2022)]
    column = html(f"<h1>政府信息公开年报</h1>{rows(*lines)}", head="<title>政府信息公开年报</title>")
    return Site({"/nb/": column, "/nb/2020.html": report(2020), "/nb/2021.html": html(NOTICE), "/nb/2022.html": BROKEN})


def test_every_page_says_why_a_rerun_should_look_at_it(crawls: Crawls) -> None:
    with site() as portal:
        crawls.run(urls=[f"{portal.url}nb/"], home=None)

        def capture(name: str) -> dict[str, Any]:
            found = crawls.db["captures"].find_one({"address": address_of(f"{portal.place}/nb/{name}")})
            assert found is not None
            return found

        templates = load_templates()
        verdict = made_of.of_verdict(templates, PortalContext(portal.place))
        marks = {
            name: (capture(name)["kind"], capture(name)["judged_by"])
            for name in ("2020.html", "2021.html", "2022.html", "")
        }
        assert marks == {
            "2020.html": ("report", []),
            "2021.html": ("not_a_report", list(verdict)),
            "2022.html": ("page", [made_of.FAILED]),
            "": ("list", []),
        }
        current = Current(templates, RegistryProfiles())
        again = {item.capture_id for item in select(crawls.db, Selection(), current)}
        assert again == {capture("2022.html")["_id"]}


def test_a_report_that_stands_unread_keeps_its_problem_open_when_its_page_is_unchanged(crawls: Crawls) -> None:
    with site() as portal:
        arguments = {"urls": [f"{portal.url}nb/2020.html"], "home": None}
        crawls.run(**arguments)
        (capture,) = list(Archive(crawls.db).walk(["report"]))
        Archive(crawls.db).mark(capture.id, judged_by=(made_of.FAILED,))
        run_id = Runs(crawls.db).start("rerun", {})
        Problems(crawls.db).record("too_slow", capture.canonical_url, "slow", capture.id, run_id, stage="rerun")
        told = crawls.run(**arguments)
        assert told.counts["reports_unchanged"] == 1
        assert [problem.kind for problem in Problems(crawls.db).open()] == ["too_slow"]
        Archive(crawls.db).mark(capture.id, judged_by=())
        crawls.run(**arguments)
        assert list(Problems(crawls.db).open()) == []
