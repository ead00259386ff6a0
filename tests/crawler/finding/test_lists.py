"""What a page of links is: a column or none, its reports, its parts."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.finding.lists import organs, read
from crawler.finding.titles import Promise
from tests.crawler.real_pages import AT, REAL, page, real, rows

COLUMN = '<meta name="ColumnName" content="政府信息公开年报">'
NEWS = rows(
    ("a1.html", "我市召开政务公开工作会议", "2024-01-18"),
    ("a2.html", "政务公开专区开放日活动举行", "2024-01-09"),
)


def test_the_meta_tag_proves_a_column() -> None:
    reading = read(page(NEWS, COLUMN))
    assert reading.proof == "meta"
    assert [item.promise for item in reading.items] == [Promise.MAYBE, Promise.MAYBE]


def test_on_an_article_the_meta_tag_proves_nothing() -> None:
    article = COLUMN + '<meta name="ArticleTitle" content="我市召开政务公开工作会议">'
    assert read(page(NEWS, article)).proof is None


def test_the_breadcrumb_proves_a_column() -> None:
    crumbs = '<div>当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 政府信息公开年报</div>'
    assert read(page(crumbs + NEWS)).proof == "breadcrumb"


def test_titles_prove_a_column() -> None:
    items = rows(
        *((f"t{year}.html", f"某县{year}年政府信息公开工作年度报告", f"{year + 1}-01-20") for year in (2019, 2020))
    )
    reading = read(page(items))
    assert reading.proof == "titles"
    assert [(item.url, item.date) for item in reading.items] == [
        (AT + "t2019.html", date(2020, 1, 20)),
        (AT + "t2020.html", date(2021, 1, 20)),
    ]


def test_a_front_page_is_no_column_and_its_reports_are_found() -> None:
    reading = read(
        page(NEWS + rows(("r.html", "某县2019年政府信息公开工作年度报告", "2020-01-20")), COLUMN), front=True
    )
    assert reading.proof is None
    assert [item.title for item in reading.items] == ["某县2019年政府信息公开工作年度报告"]


def test_what_is_no_report_for_certain_is_left_out() -> None:
    reading = read(
        page(
            rows(
                ("a.html", "某县2019年政府信息公开工作年度报告", "2020-01-20"),
                ("b.html", "2019年政府网站工作年度报表", "2020-01-20"),
                ("c.html", "某县政府信息公开指南", "2020-01-20"),
                ("d.html", "提案议案办理结果公开", "2020-01-20"),
            ),
            COLUMN,
        )
    )
    assert [item.title[:4] for item in reading.items] == ["某县20", "提案议案"]
    assert [url.removeprefix(AT) for url in reading.refused] == ["b.html", "c.html"]


def test_a_title_cut_off_is_completed_by_its_attribute() -> None:
    html = '<ul><li><a href="a.html" title="某县2019年政府信息公开工作年度报告">某县2019年政府信息公...</a></li></ul>'
    (item,) = read(page(html, COLUMN)).items
    assert item.title == "某县2019年政府信息公开工作年度报告" and not item.cut


def test_a_title_cut_off_without_attribute_counts_as_what_it_begins() -> None:
    (item,) = read(page('<ul><li><a href="a.html">某县2019年政府信息公开工作年...</a></li></ul>', COLUMN)).items
    assert item.cut and item.promise is Promise.REPORT


def test_a_link_within_a_link_is_one_item() -> None:
    html = '<ul><li><a href="a.html"><a href="a.html">市林业局2018年政务公开年度报告</a></li></ul>'
    assert len(read(page(html, COLUMN)).items) == 1


def test_li_onclick_is_a_link() -> None:
    html = "<ul><li onclick=\"location.href='t1.html'\">某县2019年政府信息公开工作年度报告</li></ul>"
    (item,) = read(page(html, COLUMN)).items
    assert item.url == AT + "t1.html"


@pytest.mark.parametrize("link", ["<a href='t1.html'>查看</a>", "<a href='t1.html'><img src='go.gif'></a>"])
@pytest.mark.parametrize("row", ["<table><tr><td>1</td><td>{0}</td><td>{1}</td></tr></table>", "<ul><li>{0} {1}</ul>"])
def test_a_line_whose_link_has_no_words_of_its_own(row: str, link: str) -> None:
    title = "某县2019年政府信息公开工作年度报告"
    pager = "<ul><li>共 3 页 <a href='p2.html'>2</a></li></ul>"
    (item,) = read(page(row.format(title, link) + pager, COLUMN)).items
    assert (item.url, item.title) == (AT + "t1.html", title)


def test_a_year_that_is_a_file_is_its_report() -> None:
    """A page of that name is a part of the column."""
    read_ = read(
        page("<ul><li><a href='2009.doc'>2009年年报</a></li><li><a href='2010/'>2010年年报</a></li></ul>", COLUMN)
    )
    assert [item.url for item in read_.items] == [AT + "2009.doc"]
    assert [part.url for part in read_.parts] == [AT + "2010/"]


CROSS = """<table><tr><th>单位</th><th>2023年</th><th>2022年</th></tr>
<tr><td>某县财政局</td><td><a href='a.html'>查看</a></td><td><a href='b.html'>查看</a></td></tr>
<tr><td>某县水利局</td><td>—</td><td><a href='c.html'>查看</a></td></tr></table>"""


def test_a_table_of_organs_and_years_names_what_its_links_do_not() -> None:
    found = {item.url.removeprefix(AT): item.title for item in read(page(CROSS, COLUMN)).items}
    assert found == {
        "a.html": "某县财政局2023年政府信息公开年报",
        "b.html": "某县财政局2022年政府信息公开年报",
        "c.html": "某县水利局2022年政府信息公开年报",
    }


@pytest.mark.parametrize(
    "table", [CROSS, CROSS.replace("<td>—</td>", "").replace("某县水利局</td>", "某县水利局</td>")]
)
def test_such_a_table_says_nothing_on_another_page_nor_where_cells_are_merged(table: str) -> None:
    other = read(page(table, '<meta name="ColumnName" content="部门预算">' if table == CROSS else COLUMN))
    assert "某县水利局2023年政府信息公开年报" not in {item.title for item in other.items}
    assert table != CROSS or not other.items


def test_years_and_tabs_are_parts_of_a_column() -> None:
    html = '<div><a href="2019/">2019年</a><a href="2018/">2018年</a><a href="../bmnb/">部门年报</a></div>'
    reading = read(page(html, COLUMN))
    assert [(part.name, part.kind) for part in reading.parts] == [
        ("2019年", "year"),
        ("2018年", "year"),
        ("部门年报", "column"),
    ]


def test_organs_are_parts_of_an_index() -> None:
    html = '<div><a href="jyj/">市教育局</a><a href="/xxgk/gaj/">市公安局</a><span>市审计局</span></div>'
    reading = read(page(html, '<meta name="ColumnName" content="部门年报">'))
    assert [part.name for part in reading.parts] == ["市教育局", "市公安局"]


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ('<a href="/czj/">市财政局</a><a href="/gaj/">市公安局</a>', ["市财政局", "市公安局"]),
        ('<a href="/czj/">市财政局</a>', []),
        ('<a href="http://y.gov.cn/a/">市财政局</a><a href="http://z.gov.cn/a/">省教育厅</a>', []),
        (
            '<a href="/czj/">市财政局</a><a href="/gaj/">市公安局</a><a href="http://y.gov.cn/a/">市教育局</a>',
            ["市财政局", "市公安局", "市教育局"],
        ),
    ],
)
def test_two_organs_of_the_portal_itself_are_a_list_of_organs(links: str, found: list[str]) -> None:
    assert [part.name for part in organs(page(f"<div>{links}</div>"))] == found


def test_friends_beside_reports_are_no_parts() -> None:
    html = rows(("a.html", "某县2019年政府信息公开工作年度报告", "2020-01-20"))
    friends = (
        '<div class="links"><a href="http://www.y.gov.cn/">市人民政府</a><a href="http://z.gov.cn/">省教育厅</a></div>'
    )
    assert read(page(html + friends, COLUMN)).parts == ()


def test_what_every_page_shows_is_no_part() -> None:
    html = '<div><a href="/zwgk/bmnb/">部门年报</a></div>'
    assert read(page(html, COLUMN), known=frozenset(["www.x.gov.cn/zwgk/bmnb/"])).parts == ()


def test_a_column_that_is_the_report_itself() -> None:
    body = "<h1>某局2023年政府信息公开工作年度报告</h1>" + "".join(
        f"<p>{chapter}：{'按照条例要求认真做好各项工作。' * 20}</p>"
        for chapter in ("总体情况", "主动公开", "依申请公开", "行政复议")
    )
    assert read(page(body, COLUMN)).is_report
    assert not read(page(NEWS, COLUMN)).is_report


def test_a_cover_page_is_the_report_of_its_file() -> None:
    title = "某局2023年政府信息公开工作年度报告"
    cover = f"<h1>{title}</h1><p><a href='a.pdf'>{title}.pdf</a> <a href='a.docx'>{title}.docx</a></p>"
    assert read(page(cover)).is_report
    several = rows(
        *((f"{year}.pdf", f"某局{year}年政府信息公开工作年度报告.pdf", "2020-01-02") for year in (2019, 2020))
    )
    reading = read(page(f"<h1>{title}</h1>{several}"))
    assert not reading.is_report and len(reading.items) == 2


EXPECTED = {
    "trs_pingtan_10_of_20.html": ("meta", 10),
    "trs_jilin_forestry_10_items_3_reports.html": ("meta", 3),
    "trs_ordos_10_items_4_reports.html": ("breadcrumb", 4),
    # Only the first of its seven lines has kept its address in the saved page.
    "siteserver_pingdingshan_7_reports.html": ("meta", 1),
    "siteserver_page_2.html": (None, 0),
    "was5_search.html": (None, 0),
}


@pytest.mark.skipif(not REAL.exists(), reason="the real pages are not at hand")
@pytest.mark.parametrize("name", EXPECTED)
def test_real_lists(name: str) -> None:
    reading = read(real(f"lists/{name}"))
    assert (reading.proof, reading.promised) == EXPECTED[name]
    assert not reading.is_report


@pytest.mark.skipif(not REAL.exists(), reason="the real pages are not at hand")
def test_real_reports_are_no_lists() -> None:
    for path in sorted((REAL / "sites/portal_a/scedu/c100529").glob("*/*/*/*.html")):
        reading = read(real(str(path.relative_to(REAL))))
        assert reading.is_report and not reading.items, path


LEAF = (
    "<div>本报告所列数据的统计期限自2023年1月1日起至2023年12月31日止。</div>"
    + "".join(f"<p>{chapter}</p><p>{'认真做好本年度各项工作。' * 20}</p>" for chapter in ("一、总体情况", "二、主动公开", "三、依申请公开"))
)  # fmt: skip


def test_a_column_that_is_a_report_without_a_heading() -> None:
    """博达: a column an organ and year, called 喜河镇人民政府; that it is a report only its text says."""
    leaf = page(LEAF, "<title>喜河镇人民政府-石泉县人民政府</title>")
    assert read(leaf, expected=True).is_report
    assert read(leaf).is_report and not read(leaf, front=True).is_report
    line = rows(("1.htm", "喜河镇人民政府2022年政府信息公开工作年度报告", "2023-01-20"))
    assert not read(page(LEAF + line), expected=True).is_report, "a list that says what its reports are about"
    organs = rows(("/nb/xhz.htm", "喜河镇人民政府", ""), ("/nb/cgz.htm", "城关镇人民政府", ""))
    first = read(page(LEAF + organs, url=f"{AT}index.htm".replace("/zwgk", "")), expected=True)
    assert first.is_report and len(first.parts) == 2, "the first of several, whose menu leads to the others"
    menu = page(LEAF.replace("12月31日", "12月"))
    assert not read(menu, expected=True).is_report, "chapters are a menu's words too"
