"""The sample portal's pages: whole, standard, honest about their figures, and as they are described."""

from __future__ import annotations

import io
import itertools
import json
import re
import subprocess
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import docx
import pypdfium2
import pytest
from lxml import html

from crawler.browser.chromium import find_chromium
from nianbao.sample import SamplePortal
from nianbao.sample.build import build, figures_by_path
from nianbao.sample.forms import APPLICANTS, OUTCOMES
from nianbao.sample.portal import BLOCKED, COLUMN, DEAD, FORBIDDEN, LATER, SITE, read

EXPECTED = json.loads((SITE.parent / "expected.json").read_text(encoding="utf-8"))
REPORTS = {report["path"]: report for report in EXPECTED["reports"]}
PAGES = read(SITE)
HTML = sorted(path for path in PAGES if path.endswith(".html") and path != BLOCKED)
GBK = "/zwgk/zfxxgk/zfxxgknb/202001/t20200117_2005.html"
BY_SCRIPT = "/zwgk/zfxxgk/nbcx/index.html"

MISPRINTS = {
    # 西秀 2019 prints 9 business applicants in a row whose total is 0, and a total of 1 in a row of noughts.
    (GBK, "row results.granted"),
    (GBK, "row results.denied.third_party_rights"),
    (GBK, "column business_enterprise"),
    (GBK, "column total"),
    # 洪泽 2023 types 0 into two totals of table four.
    ("/zwgk/zfxxgk/zfxxgknb/202401/t20240131_2001.html", "reconsideration"),
    ("/zwgk/zfxxgk/zfxxgknb/202401/t20240131_2001.html", "litigation_after_reconsideration"),
}


def text(path: str) -> str:
    return PAGES[path].decode("gb18030" if path == GBK else "utf-8")


def links(path: str) -> set[str]:
    """Paths on the portal that a page links to, those of its paging script among them."""
    page = html.fromstring(text(path))
    found = {str(value) for value in page.xpath("//@href | //@src")}
    for count in re.findall(r'createPageHTML\((\d+), \d+, "index", "html"\)', text(path)):
        found |= {f"index_{number}.html" for number in range(1, int(count))}
    absolute = (urlsplit(urljoin(f"http://portal{path}", link)) for link in found if link != "data:,")
    return {address.path for address in absolute if address.netloc == "portal"}


def test_files_on_disk_are_what_build_writes() -> None:
    assert {path: content for path, content in PAGES.items() if path.endswith(".html")} == dict(
        build(figures_by_path())
    )
    assert read(LATER) == dict(build(figures_by_path(), next_day=True))


def test_whole_sample_stays_small() -> None:
    size = sum(file.stat().st_size for file in SITE.parent.rglob("*") if file.is_file() and file.suffix != ".pyc")
    assert size < 1_000_000


def test_every_link_resolves_but_the_dead_one() -> None:
    dead = {
        target for path in HTML for target in links(path) if target not in PAGES and f"{target}index.html" not in PAGES
    }
    assert dead == {DEAD}


def test_every_page_is_reached_from_the_front_page() -> None:
    data = json.loads(text(BY_SCRIPT.replace("index.html", "reports.json")))
    by_script = {data["base"] + row["path"] for row in data["rows"]}
    seen: set[str] = set()
    queue = ["/index.html"]
    while queue:
        path = queue.pop()
        if path in seen or path not in PAGES:
            continue
        seen.add(path)
        if path in HTML:
            queue += links(path) | (by_script if path == BY_SCRIPT else set())
    assert set(PAGES) - seen == {"/404.html", "/robots.txt", "/zwgk/zfxxgk/nbcx/reports.json"}


def test_robots_forbid_a_page_that_the_front_page_links() -> None:
    assert "Disallow: /internal/" in text("/robots.txt")
    assert FORBIDDEN in links("/index.html")
    assert FORBIDDEN in PAGES


@pytest.mark.parametrize("path", HTML)
def test_standard_tags(path: str) -> None:
    page = html.fromstring(text(path))
    tags = {str(tag.get("name")): str(tag.get("content")) for tag in page.xpath("//meta[@name]")}
    assert tags["SiteName"] == "政府信息公开年报示例门户"
    assert tags["SiteDomain"] == "127.0.0.1"
    assert tags["SiteIDCode"] == "9900000001"
    assert tags["ColumnName"]
    is_article = re.search(r"/t\d{8}_\d+\.html$", path) is not None
    assert bool(tags["ArticleTitle"]) == bool(tags["PubDate"]) == bool(tags["ContentSource"]) == is_article
    assert "9900000001" in str(page.text_content())
    assert ("上一篇" in str(page.text_content())) == (is_article and path not in {GBK, taiwanese()})


def test_gbk_page_is_gb18030_that_calls_itself_gb2312() -> None:
    content = PAGES[GBK]
    assert b"charset=gb2312" in content
    for encoding in ("utf-8", "gb2312", "gbk"):
        with pytest.raises(UnicodeDecodeError):
            content.decode(encoding)
    assert "安顺市西秀区城市管理局" in content.decode("gb18030")


def taiwanese() -> str:
    (path,) = (path for path, report in REPORTS.items() if report["language"] == "zh-Hant")
    return str(path)


def test_list_cuts_titles_and_the_declared_total_lies() -> None:
    folder = COLUMN.removesuffix("index.html")
    assert "createPageHTML(4, 0," in text(COLUMN)
    rows = [
        [
            str(link.get("href"))
            for link in html.fromstring(text(f"{folder}{name}.html")).xpath("//ul[@class='gknb_list']//a")
        ]
        for name in ("index", "index_1", "index_2", "index_3")
    ]
    assert rows[2] == rows[3]
    assert len(set(itertools.chain(*rows))) == 14
    cut = html.fromstring(text(COLUMN)).xpath("//ul[@class='gknb_list']//a[contains(., '...')]")
    assert cut
    assert all(str(link.get("title")).startswith(str(link.text).removesuffix("...")) for link in cut)


def test_expected_names_everything_on_the_lists() -> None:
    named = set(REPORTS) | {page["path"] for kind in ("not_reports", "blocked", "dead") for page in EXPECTED[kind]}
    listed = {target for path in EXPECTED["lists"] for target in links(path) if re.search(r"/t\d{8}_", target)}
    only_by_script = {path for path, report in REPORTS.items() if report["found"] == "script"}
    assert listed == named - only_by_script
    assert not any(only_by_script & links(path) for path in HTML)


@pytest.mark.parametrize("path", sorted(REPORTS))
def test_report_says_what_expected_says(path: str) -> None:
    report, page = REPORTS[path], text(path)
    assert report["title"] in page
    for value in report["page"].values():
        assert str(value) in page


def test_figures_keep_the_sums_of_the_form_but_for_the_known_misprints() -> None:
    broken = {(path, rule) for path, report in REPORTS.items() for rule in broken_sums(report["figures"])}
    assert broken == MISPRINTS


def broken_sums(figures: dict[str, float | None]) -> list[str]:
    """The sums that do not come out; blanks count as nothing beside figures, and a blank total says nothing."""

    def differs(total: float | None, parts: list[float | None]) -> bool:
        return total is not None and total != sum(part or 0 for part in parts)

    broken: list[str] = []
    rows = {path.removeprefix("requests.").rpartition(".")[0] for path in figures if path.startswith("requests.")}
    results = sorted(rows - {"received_new", "carried_over", "carried_forward", "results.total"})
    for row in sorted(rows):
        parts = [figures[f"requests.{row}.{applicant}"] for applicant in APPLICANTS[:-1]]
        if differs(figures[f"requests.{row}.total"], parts):
            broken.append(f"row {row}")
    for applicant in APPLICANTS if rows else ():
        column = {row: figures[f"requests.{row}.{applicant}"] for row in rows}
        came_in = (column["received_new"] or 0) + (column["carried_over"] or 0)
        went_out = [column["results.total"], column["carried_forward"]]
        if differs(column["results.total"], [column[row] for row in results]):
            broken.append(f"column {applicant}")
        if column["results.total"] is not None and differs(came_in, went_out):
            broken.append(f"balance {applicant}")
    for block in ("reconsideration", "litigation_direct", "litigation_after_reconsideration") if rows else ():
        *parts, total = (figures[f"{block}.{outcome}"] for outcome in OUTCOMES)
        if differs(total, parts):
            broken.append(block)
    return broken


def test_word_file_carries_the_figures() -> None:
    path = "/zwgk/zfxxgk/bmnb/hbsjyt/202001/t20200115_2008.html"
    figures = REPORTS[path]["figures"]
    (name,) = (target for target in links(path) if target.endswith(".docx"))
    proactive, requests, disputes = docx.Document(io.BytesIO(PAGES[name])).tables
    printed = [[cell.text for cell in row.cells] for table in (proactive, requests, disputes) for row in table.rows]
    assert [len(table.rows) for table in (proactive, requests, disputes)] == [18, 26, 4]
    for row, keys in enumerate(("received_new", "carried_over"), 18 + 3):
        assert printed[row][3:] == [str(figures[f"requests.{keys}.{applicant}"]) for applicant in APPLICANTS]
    assert printed[17] == ["政府集中采购", "22", "256146", "256146"]
    assert [cell for cell in printed[-1] if cell] == ["0", "0", "0"]


def test_pdf_carries_the_figures_and_cuts_its_tables() -> None:
    path = "/zwgk/zfxxgk/zfxxgknb/202401/t20240131_2001.html"
    (name,) = (target for target in links(path) if target.endswith(".pdf"))
    document = pypdfium2.PdfDocument(PAGES[name])
    try:
        pages = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    assert len(pages) == 3
    assert "行政事业性收费 7730.28" in pages[1]
    assert "1.本机关不掌握相关政府信息 10 0 0 0 0 0 10" in pages[1]
    assert "1.信访举报投诉类申请 1 0 0 0 0 0 1" in pages[2]
    assert "10 1 0 0 0 0 0 0 0 0 5 0 0 0 0" in pages[2]


def test_next_day_page_is_new() -> None:
    (added,) = EXPECTED["next_day"]["reports"]
    assert added["path"] not in PAGES
    assert added["title"] in read(LATER)[added["path"]].decode()
    assert broken_sums(added["figures"]) == []


@pytest.mark.browser
def test_list_by_script_shows_in_a_browser(tmp_path: Path) -> None:
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("no Chromium found")
    with SamplePortal() as portal:
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
        options += ["--disable-background-networking", f"--user-data-dir={tmp_path}", "--virtual-time-budget=5000"]
        command = [str(chromium), *options, "--dump-dom", portal.address(BY_SCRIPT)]
        shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    (hidden,) = (report for report in REPORTS.values() if report["found"] == "script")
    assert hidden["path"] in shown
    assert hidden["title"] in shown
