"""The pages in a real Chromium: what a reader sees, reaches by keyboard, on a phone, in the dark; and what must not be."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from crawler.browser.chromium import find_chromium
from nianbao.web.archive import WebArchive
from nianbao.web.shelf import Row
from parsers.chinese import simplify
from tests.nianbao.web.conftest import Served
from tests.nianbao.web.stock import CHANGED, GUANCHENG, HONGZE, LONG, ORGAN, SCRIPT

pytestmark = pytest.mark.browser
IMAGES = Path(__file__).resolve().parents[3] / "docs" / "images"
PATIENCE_MS = 120_000.0
"""Of a busy machine; Playwright's own is five seconds."""
expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Visit:
    """A tab that writes down what went wrong in it."""

    page: Page
    base: str
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:")):
            self.wrong.append(f"another host was asked: {request.url}")

    def to(self, path: str) -> Page:
        self.page.goto(self.base + path, wait_until="load")
        return self.page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = find_chromium()
    assert chromium is not None, "no Chromium on this machine"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"], timeout=PATIENCE_MS)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1300, "height": 900}, color_scheme="light")
    made = Visit(context.new_page(), served.url)
    yield made
    context.close()
    assert not made.wrong, made.wrong


def row(archive: WebArchive, name: str, year: int) -> Row:
    return next(one for one in archive.shelf.rows if one.organ_name.startswith(name) and one.report_year == year)


def addresses(archive: WebArchive) -> list[str]:
    """Every page, each kind of report among them."""
    organ = row(archive, ORGAN, 2023)
    run = archive.runs(1)[0].id
    return [
        "/",
        "/?lang=en",
        "/reports",
        "/reports?q=管城&year=2020",
        "/reports?q=nothing-is-called-that",
        f"/reports/{GUANCHENG}",
        f"/reports/{HONGZE}",
        f"/reports/{organ.id}",
        f"/reports/{row(archive, ORGAN, 2015).id}",
        "/coverage?from=2019",
        "/coverage?province=云南省&state=missing&lang=en",
        "/coverage/530100/2020",
        "/coverage/410104/2020",
        "/organs",
        f"/organs/{organ.organ_id}",
        f"/compare?organ={organ.organ_id}&organ=410104&measure=granted",
        "/compare?add=教育",
        "/portals?health=fresh",
        "/portals?q=昆明&province=云南省",
        "/portals/sample",
        f"/portals/{CHANGED}",
        "/runs",
        f"/runs/{run}",
        "/dictionary",
        "/api",
    ]


ONE_OF_A_KIND = """() => {
    for (const body of document.querySelectorAll('tbody, ul, dl')) {
        const seen = new Set();
        for (const row of [...body.children]) {
            const parts = [row, ...row.querySelectorAll('*')].map(one => one.tagName + one.className + (one.title && 1));
            const built = [...new Set(parts)].join();
            if (seen.has(built)) row.remove();
            seen.add(built);
        }
    }
}"""
"""Take out of each list what is built of the same parts as one before it: axe has nothing new to say of it, and needs
most of its time for that."""


@pytest.mark.slow
def test_every_page_is_accessible_quiet_and_fits(browser: Browser, served: Served, archive: WebArchive) -> None:
    """On a desk in the light and on a phone in the dark: no finding of axe, nothing wider than the screen."""
    axe = Axe()
    everything = addresses(archive)
    for width, scheme, paths in ((1300, "light", everything), (390, "dark", everything[::3])):
        context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
        visit = Visit(context.new_page(), served.url)
        for path in paths:
            page = visit.to(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            page.evaluate(ONE_OF_A_KIND)
            found = axe.run(page, options={"resultTypes": ["violations"], "iframes": False}).response["violations"]
            told = [
                f"{one['id']} at {one['nodes'][0]['target']}: {one['nodes'][0].get('failureSummary', '')[:300]}"
                for one in found
            ]
            assert not told, (path, scheme, told)
        context.close()
        assert not visit.wrong, visit.wrong


def test_a_search_is_narrowed_by_its_facets_and_widened_again(visit: Visit) -> None:
    page = visit.to("/")
    page.get_by_role("searchbox", name="检索报告").fill("教育厅")
    page.get_by_role("searchbox", name="检索报告").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("2 份报告")
    page.locator(".facet", has_text="年度").get_by_role("link", name="2022").click()
    expect(page.get_by_role("status")).to_contain_text("1 份报告")
    expect(page.locator("table.reports")).to_contain_text("河北省教育厅2022年")
    assert "year=2022" in page.url
    page.get_by_role("link", name="年度: 2022").click()
    expect(page.get_by_role("status")).to_contain_text("2 份报告")
    page.get_by_label("排序").select_option("received")
    page.get_by_label("检索词").press("Enter")
    expect(page).to_have_url(re.compile("sort=received"))
    first, second = page.locator("table.reports tbody tr td:nth-child(4)").all_inner_texts()
    assert float(first) >= float(second)


def at(page: Page, path: str) -> dict[str, Any]:
    """What is marked in the frame beside the form: its text, and whether it can be seen."""
    frame = next(one for one in page.frames if one.name == "source")
    there = "location.hash === '#' + path && document.readyState === 'complete' && document.querySelector(':target')"
    frame.wait_for_function(f"path => {there}", arg=path)
    found: dict[str, Any] = frame.evaluate(
        """() => {
            const target = document.querySelector(':target');
            const cell = target.closest('.nb-cell') || target;
            const box = cell.getBoundingClientRect();
            return {text: cell.textContent.trim(), seen: box.top >= 0 && box.bottom <= innerHeight && box.height > 0,
                    back: getComputedStyle(cell).backgroundColor + getComputedStyle(cell).fill};
        }"""
    )
    return found


@pytest.mark.parametrize("report", [GUANCHENG, "532301-zwj/2020/own", "130000-jyt/2019/own", "445300-bgs/2015/joint"])
def test_a_figure_shows_its_place_in_the_archived_page(visit: Visit, archive: WebArchive, report: str) -> None:
    """Tables, flattened text, a Word file, a sentence: the mark is where the report says that the figure stands."""
    document = archive.report(report)
    assert document is not None
    page = visit.to(f"/reports/{report}")
    placed = [cell for cell in document["cells"] if cell["at"] and cell["raw"].strip()]
    for cell in (placed[0], placed[len(placed) // 2], placed[-1]):
        page.locator(f'a[data-path="{cell["path"]}"]').click()
        found = at(page, cell["path"])
        assert cell["raw"].strip() in simplify(found["text"]), cell["path"]
        assert found["seen"], cell["path"]
        assert "255, 210, 77" in found["back"]


def test_a_figure_shows_its_box_on_the_pdf_page(visit: Visit) -> None:
    page = visit.to(f"/reports/{HONGZE}")
    page.locator('a[data-path="requests.received_new.total"]').click()
    found = at(page, "requests.received_new.total")
    assert found["seen"]
    assert "255, 210, 77" in found["back"]
    frame = next(one for one in page.frames if one.name == "source")
    assert frame.evaluate("[...document.querySelectorAll('image')].length") >= 2
    assert frame.evaluate("performance.getEntriesByType('resource').every(one => one.name.endsWith('.png'))")


def test_the_form_is_the_official_one(visit: Visit, archive: WebArchive) -> None:
    page = visit.to(f"/reports/{GUANCHENG}")
    head = page.locator("#form-requests thead th")
    assert head.all_inner_texts()[:3] == ["自然人", "法人或其他组织", "总计"]
    assert head.nth(1).get_attribute("colspan") == "5"
    assert page.locator("#form-requests td.cell-failed").count() == 0
    page = visit.to(f"/reports/{row(archive, ORGAN, 2020).id}")
    assert page.locator("#form-requests td.cell-failed").count() >= 1
    expect(page.locator("#checks")).to_contain_text("不符")


def test_a_long_name_and_a_long_figure_stay_readable_on_a_phone(visit: Visit, archive: WebArchive) -> None:
    """The longest names have forty characters, the longest amounts twelve digits: neither is cut, nor widens the page."""
    visit.page.set_viewport_size({"width": 375, "height": 844})
    organ = row(archive, ORGAN, 2023).organ_id
    page = visit.to(f"/compare?organ={organ}&organ=410104&lang=en")
    page.locator(".chip bdi").first.evaluate("(one, name) => { one.textContent = name }", "长" * 40)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page = visit.to(f"/reports/{GUANCHENG}")
    figures = page.locator("#form-requests td a[data-path] > bdi")
    figures.evaluate_all("all => all.forEach(one => { one.textContent = '123456789012' })")
    assert set(figures.evaluate_all("all => all.map(one => one.getClientRects().length)")) == {1}
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    command = visit.to("/coverage/530100/2020").locator("pre").first
    command.evaluate("one => { one.textContent = 'nianbao backfill --years 2020 public-zhengzhou-of-somewhere' }")
    assert command.evaluate("one => one.scrollWidth <= one.clientWidth"), "a scrolling box wants a focus of its own"


def test_what_a_search_shows_fits_and_no_year_is_broken(
    visit: Visit, archive: WebArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit.page.set_viewport_size({"width": 820, "height": 844})
    page = visit.to("/reports?q=政府信息公开&year=2020&lang=en")
    assert page.locator(".snippet").count()
    page.locator(".snippet").first.evaluate("one => { one.textContent = '长'.repeat(4000) }")
    years = page.locator(".reports td:nth-child(2)")
    lines = "all => all.map(one => { const all = document.createRange(); all.selectNodeContents(one); return all.getClientRects().length })"
    assert set(years.evaluate_all(lines)) == {1}
    monkeypatch.setattr(archive, "reads_text", False)
    visit.page.set_viewport_size({"width": 375, "height": 844})
    page = visit.to("/reports?q=管城&lang=zh")
    assert page.locator("p.hint").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_the_archived_page_can_be_folded_away_on_a_phone(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 375, "height": 844})
    page = visit.to(f"/reports/{GUANCHENG}")
    fold, frame = page.get_by_role("button", name="收起 / 展开"), page.locator("#source-frame")
    expect(fold).to_have_attribute("aria-expanded", "true")
    fold.click()
    expect(frame).to_be_hidden()
    expect(fold).to_have_attribute("aria-expanded", "false")
    page.locator('a[data-path="requests.received_new.natural_person"]').click()
    expect(frame).to_be_visible()
    visit.page.set_viewport_size({"width": 1300, "height": 844})
    expect(fold).to_be_hidden()


def test_the_keyboard_is_enough(visit: Visit) -> None:
    page = visit.to(f"/reports/{GUANCHENG}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    figure = page.locator('a[data-path="requests.received_new.natural_person"]')
    for _ in range(200):
        page.keyboard.press("Tab")
        if figure.evaluate("one => one === document.activeElement"):
            break
    assert figure.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert at(page, "requests.received_new.natural_person")["text"] == "103"


def test_charts_are_drawn_and_say_in_a_table_what_they_show(
    visit: Visit, archive: WebArchive, browser: Browser
) -> None:
    organ = row(archive, ORGAN, 2023).organ_id
    page = visit.to(f"/organs/{organ}")
    drawn = page.locator("figure.chart canvas")
    assert drawn.count() == page.locator("figure.chart").count() >= 4
    expect(page.get_by_text("缺 2017 年").first).to_be_visible()
    expect(page.locator(".flags")).to_contain_text("T3-CHAIN")
    # 2017 is a gap that says why, and so are the years after the last report.
    spec = json.loads(page.locator("figure.chart script").first.text_content() or "")
    gaps = {gap["x"]: gap["sign"] for gap in spec["gaps"]}
    assert {"2017", "2024"} <= set(gaps) <= set(spec["x"])
    assert set(gaps.values()) == {"?"}
    assert [series["data"][spec["x"].index("2017")] for series in spec["series"]] == [None] * len(spec["series"])
    page.locator("figure.chart summary").first.click()
    expect(page.locator("figure.chart tr.gap").first).to_contain_text("2017")
    expect(page.locator("figure.chart tr.gap").first).to_contain_text("未找到")
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{visit.base}/organs/{organ}")
    expect(plain.locator("figure.chart table").first).to_be_visible()
    assert plain.locator("figure.chart canvas").count() == 0
    plain.context.close()


def test_light_dark_and_both_languages_can_be_chosen(visit: Visit) -> None:
    page = visit.to("/")
    background = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(background)
    page.locator("a.theme").click()
    expect(page.locator("html")).not_to_have_css("background-color", light)
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_contain_text("Annual reports")
    page.locator("nav.nav a", has_text="Reports").click()
    expect(page.locator("h1")).to_contain_text("Reports 报告")
    assert page.evaluate(background) != light
    expect(page.locator(".facet").first).to_contain_text("Henan")
    page.get_by_role("link", name="English only").click()
    expect(page.locator("h1 .beside")).to_be_hidden()
    page.goto(f"{visit.base}/reports/{GUANCHENG}")
    expect(page.locator("#form-requests thead th").first).to_contain_text("自然人")
    page.get_by_role("link", name="Both").click()
    expect(page.locator("#form-requests h2")).to_contain_text("Requests received and how they were answered")
    expect(page.locator("#form-requests tbody")).to_contain_text("state secret")


def test_province_names_fit_their_tiles_on_a_phone(browser: Browser, served: Served) -> None:
    for language, name in (("zh", "黑龙江"), ("en", "HL")):
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(f"{served.url}/?lang={language}", wait_until="load")
        shown = page.locator(".tile-name:visible")
        assert shown.first.inner_text() == name
        sizes = shown.evaluate_all("all => all.map(one => [one.getClientRects().length, one.scrollWidth])")
        assert len(sizes) == 34
        assert all(lines == 1 for lines, _ in sizes), "no name is broken over two lines"
        page.close()


@pytest.mark.parametrize("name", ["恶意", "漫长"])
def test_hostile_pages_are_shown_as_text(visit: Visit, archive: WebArchive, name: str) -> None:
    report = row(archive, name, 2020)
    page = visit.to("/reports?year=2020")
    expect(page.get_by_role("link", name="2020年政府信息公开工作年度报告").first).to_be_visible()
    page = visit.to(f"/reports/{report.id}")
    title = page.locator("h1").inner_text().replace("\n", "")
    frame = next(one for one in page.frames if one.name == "source")
    assert (
        frame.evaluate("document.querySelectorAll('script, iframe, img, svg, form, input, object, link, a').length")
        == 0
    )
    assert page.evaluate("window.hacked") is None
    assert "nb-cell" not in (frame.get_by_text("伪造").get_attribute("class") or "")
    if name == "恶意":
        assert SCRIPT in title
        assert "⟨U+202E⟩" in title
        expect(frame.get_by_text("<script>alert(1)</script>")).to_be_visible()
    else:
        assert len(title) < 300
        page.get_by_text("完整标题").click()
        expect(page.get_by_text(LONG[:500])).to_be_visible()


def test_screenshots_for_the_readme(browser: Browser, served: Served, archive: WebArchive, tmp_path: Path) -> None:
    """Pictures of the real pages, small enough to be kept; `make screenshots` keeps them."""
    folder = IMAGES if os.environ.get("NIANBAO_SCREENSHOTS") else tmp_path
    folder.mkdir(exist_ok=True)
    organ = row(archive, ORGAN, 2023).organ_id
    for name, path, figure in (
        ("overview", "/", ""),
        ("report", f"/reports/{GUANCHENG}", "requests.results.unable.not_held.natural_person"),
        ("organ", f"/organs/{organ}", ""),
        ("coverage", "/coverage?state=here", ""),
    ):
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        page.goto(served.url + path, wait_until="load")
        if figure:
            page.locator(f'a[data-path="{figure}"]').click()
            at(page, figure)
        page.screenshot(path=str(folder / f"{name}.png"), animations="disabled")
        page.close()
        assert 20_000 < (folder / f"{name}.png").stat().st_size < 300_000
