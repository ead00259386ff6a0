"""A portal that is built otherwise than at the last visit: noticed, with before and after, and never an empty success."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crawler.nights.nightly import Nightly
from crawler.pages.skeleton import digest, is_same, likeness, skeleton, versions
from nianbao.sample import SamplePortal
from nianbao.sample.server import Answer
from tests.crawler.house import House
from tests.crawler.real_pages import page, rows
from tests.crawler.site import HTML, Site, html, report

COLUMN = '<meta name="ColumnName" content="政府信息公开年报">'


def test_a_skeleton_is_how_a_page_is_built_and_not_what_it_says() -> None:
    one = skeleton(page("<div class='nav left12'>a</div><div id='zoom'><p>2019</p></div>"))
    other = skeleton(page("<div class='nav left7'>b</div><div id='zoom'><p>2020</p><p>2021</p></div>"))
    assert one == other and digest(one) == digest(other)
    changed = skeleton(page("<section class='menu'>a</section><main id='article'></main>"))
    assert not is_same(one, changed) and likeness(one, changed) < 0.5
    assert likeness(frozenset(), frozenset()) == 1


def test_a_banner_more_is_the_same_layout() -> None:
    words = "".join(f"<div class='{name}'></div>" for name in "abcdefgh")
    assert is_same(skeleton(page(words)), skeleton(page(words + "<div class='banner'></div>")))


def test_what_a_word_processor_left_in_the_body_is_no_layout() -> None:
    body = "正文" * 200
    plain = page(f"<div class='a'></div><div id='zoom'><p>{body}</p></div>")
    pasted = page(f"<div class='a'></div><div id='zoom'><table class='MsoNormalTable'></table><p>{body}</p></div>")
    assert skeleton(plain, detail=True) == skeleton(pasted, detail=True)
    assert skeleton(plain) != skeleton(pasted)


class Days:
    """One night after the other."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._days = 0

    def night(self) -> Nightly:
        self._days += 31
        return self._house.nightly(at=datetime.now(UTC) + timedelta(days=self._days - 31))


def test_the_sample_portal_is_relaunched(house: House) -> None:
    days = Days(house)
    with SamplePortal() as portal:
        house.portals({"sample-city": portal.url})
        days.night()
        assert house.health("sample-city") == "fresh"
        (before,) = house.db["layouts"].find({"_id": "sample-city"})
        assert {layout["role"] for layout in before["layouts"]} == {"list", "detail"}
        portal.redesign()
        relaunched = days.night()
        assert house.health("sample-city") == "template_changed"
        (state,) = house.db["portals"].find({"_id": "sample-city"})
        change = state["change"]
        assert change["before"] != change["after"] and change["stopped"] == []
        captures = {one["_id"] for one in house.db["captures"].find({"portal": "sample-city"})}
        assert {change["before_capture"], change["after_capture"]} <= captures
        assert change["before_capture"] != change["after_capture"]
        assert "everything is still read" in state["detail"]
        assert relaunched.summary is not None
        assert [alarm.monitor for alarm in relaunched.summary.alarms] == ["TemplatesChanged"]

        days.night()
        assert house.health("sample-city") == "fresh", "what loses nothing is the new normal"

        portal.lose_the_list()
        days.night()
        (state,) = house.db["portals"].find({"_id": "sample-city"})
        assert (state["health"], state["change"]["stopped"]) == ("template_changed", ["items"])
        assert house.db["reports"].count_documents({}) == 8, "what is archived stays"


@pytest.fixture
def site() -> Iterator[Site]:
    lines = [(f"/nb/{y}.html", f"洪泽区人民政府{y}年政府信息公开工作年度报告", f"{y + 1}-01-20") for y in (2024, 2023)]
    with Site({"/": html('<a href="/nb/">政府信息公开年报</a>'), "/nb/": html(rows(*lines), head=COLUMN)}) as site:
        site.routes |= {f"/nb/{year}.html": report(year) for year in (2024, 2023)}
        yield site


def test_reports_that_become_shells(house: House, site: Site) -> None:
    """The list is as it was; the pages are built by a script that we do not run, and the golden page tells."""
    house.portals({"hongze": site.url})
    days = Days(house)
    days.night()
    days.night()
    assert house.health("hongze") == "fresh", "nothing changed"
    (state,) = house.db["portals"].find({"_id": "hongze"})
    assert state["golden"] == f"{site.place}/nb/2024.html"
    shell = html("<div id='app'></div><script>boot()</script>", head="<title>政府信息公开年报</title>")
    site.routes |= {f"/nb/{year}.html": shell for year in (2024, 2023)}
    days.night()
    (state,) = house.db["portals"].find({"_id": "hongze"})
    assert state["health"] == "template_changed" and state["change"]["role"] == "golden"
    assert {"report", "title", "sections"} <= set(state["change"]["stopped"])
    assert house.db["reports"].count_documents({}) == 2
    days.night()
    assert house.health("hongze") == "template_changed", "until it is mended"
    site.routes |= {f"/nb/{year}.html": report(year) for year in (2024, 2023)}
    days.night()
    assert house.health("hongze") == "fresh"


def test_one_report_that_is_withdrawn_is_no_new_template(house: House, site: Site) -> None:
    house.portals({"hongze": site.url})
    days = Days(house)
    days.night()
    site.routes["/nb/2023.html"] = html("<p>本页内容已调整。</p>")
    days.night()
    assert house.health("hongze") == "fresh"


def test_a_template_of_another_version_is_told_although_nothing_is_lost(house: House, site: Site) -> None:
    """开普云 names its template in every page (portals.md 8.5)."""
    said = '<meta name="template,templategroup,version" content="zfxxgk,default,{}">'
    lines = site.routes["/nb/"].body.decode()  # type: ignore[union-attr]
    house.portals({"hongze": site.url})
    days = Days(house)
    seen = []
    for version in ("1.7", "1.7", "1.9", "1.9"):
        site.routes["/nb/"] = Answer(200, lines.replace(COLUMN, COLUMN + said.format(version)).encode(), HTML)
        days.night()
        seen.append(house.health("hongze"))
    assert seen == ["fresh", "fresh", "template_changed", "fresh"]
    before, after = (skeleton(page("", head=said.format(version))) for version in ("1.7", "1.9"))
    assert is_same(before | {f"div.{n}" for n in "abcdef"}, after | {f"div.{n}" for n in "abcdef"})
    assert versions(before) != versions(after)
