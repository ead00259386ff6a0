"""Vendors as pure functions: what a page, a script or an answer of an interface says of a list."""

from __future__ import annotations

import json
from datetime import date

import pytest

from crawler import vendors
from crawler.finding.lists import read
from crawler.finding.resorts import in_sitemap, maps, searches
from crawler.pages.companions import companions
from crawler.pages.markup import Markup
from crawler.urls import address_key
from crawler.vendors import Ask, named, recognise
from crawler.vendors.ladders import Ladder, is_rung, ladders
from tests.crawler.real_pages import REAL, page, real, rows

YEAR = "洪泽区人民政府2019年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("body", "vendor"),
    [
        ("<a href='/a/202401/t20240126_12870367.html'>x</a>", "trs"),
        ("<a href='/zjj/t17300657.shtml'>x</a>", "trs"),
        ("<a href='/art/2023/1/19/art_7_71194.html'>x</a><a href='/col/col7/index.html'>y</a>", "hanweb"),
        ("<a href='/x/art/2026/art_0123456789abcdef0123456789abcdef.html'>x</a>", "hanweb_jpaas"),
        ("<a href='/info/1042/3001.htm'>x</a>", "vsb"),
        ("<a href='/info/egovinfo/1001/overt_centent/115323-0151-/2022-0131001.htm'>x</a>", "vsb"),
        ("<a href='/n2588035/n2588300/c13587052/content.html'>x</a>", "ucap"),
        ("<a href='/scedu/c100529/2018/3/9/0123456789abcdef0123456789abcdef.html'>x</a>", "ucap"),
        ("<a href='/xq/c2025niandu5/202601/0123456789abcdef0123456789abcdef.shtml'>x</a>", "ucap"),
        ("<a href='/BranchOpennessContent/showList/5/7/page_1.html'>x</a>", "openness"),
        (
            "<a href='/xxgk/opennessContent/?branch_id=5212386320f7fe4dd91f6e01&column_code=070000'>x</a>",
            "openness",
        ),
        ("<script>load({proxyUrl: '/truecms/messageController/getMessage.do'})</script>", "hanweb"),
        ("<script src='/js/webBuilderCommon.js'></script>", "epoint"),
        ("<a href='/hrb/c107061/202201/c01_122450.shtml'>x</a>", "ucap"),
        ("<a href='/gkmlpt/content/2/2590/post_2590436.html'>x</a>", "gkmlpt"),
        ("<a href='/xxgknb/content/post_10385218.html'>x</a>", "nfcms"),
        ("<a href='/public/column/6617355?type=4'>x</a>", "lonsun"),
        ("<a href='/XxgkAnnualReport/show/5813.html'>x</a>", "openness"),
        ("<a href='/contents/12693/400181.html'>x</a>", "siteserver"),
        ("<script>post('/rest/getFullTextDataNew')</script>", "epoint"),
        ("<a href='/gongkai/site_x/channel_5f8a3c0d1e2b4a6978563412/doc_1.html'>x</a>", "gongkai_hex"),
        ("<a href='/columns/00000000-0000-0000-0000-000000000064/index.html'>x</a>", "hebei_uuid"),
        ("<a title='Total record'>&nbsp;<b>99</b></a>", "empirecms"),
        ("<script src='/cbircweb/DocInfo/x.js'></script>", "nfra"),
        ("<a href='/show.php?id=7'>x</a>", "generic"),
        # The widget of all government sites is no sign of a system.
        ("<script src='https://pucha.kaipuyun.cn/exposure/jiucuo.js'></script>", "generic"),
    ],
)
def test_a_vendor_is_recognised_by_its_own(body: str, vendor: str) -> None:
    sign = recognise(page(body))
    assert sign.vendor.name == vendor and sign.why
    assert named(vendor) is sign.vendor


@pytest.mark.skipif(not REAL.exists(), reason="the saved pages are not at hand")
@pytest.mark.parametrize(
    ("name", "vendor"),
    [
        ("trs_jilin_forestry_10_items_3_reports.html", "trs"),
        ("trs_ordos_10_items_4_reports.html", "trs"),
        ("trs_pingtan_10_of_20.html", "trs"),
        ("siteserver_pingdingshan_7_reports.html", "siteserver"),
    ],
)
def test_saved_lists_are_their_vendors(name: str, vendor: str) -> None:
    assert recognise(real(f"lists/{name}")).vendor.name == vendor


def test_every_vendor_has_a_name_of_its_own_and_a_file_of_that_name() -> None:
    names = [vendor.name for vendor in vendors.VENDORS]
    assert len(names) == len(set(names)) == 17
    assert all(type(vendor).__module__ == f"crawler.vendors.{vendor.name}" for vendor in vendors.VENDORS)


# --- answers of interfaces --------------------------------------------------------------------------------------------


def test_hanweb_counts_where_no_next_group_is_given() -> None:
    """盐城 gives neither <nextgroup> nor a total that is right; the ids stand in the script."""
    script = (
        "var p = new JPage({columnid: 47, unitid: '3241', webid: 8, url: '/module/jpage/dataproxy.jsp', totalRecord: 50});"
        "<datastore><recordset>" + "<record><![CDATA[<li><a href='/art/1.html'>x</a></li>]]></record>" * 45
    )
    rows_ = named("hanweb").rows(page(f"<script>{script}</script>"))
    assert rows_ is not None and rows_.total == 50 and rows_.following is not None
    assert "startrecord=46&endrecord=90" in rows_.following.url and "columnid=47" in rows_.following.url


def test_hanweb_in_a_call_with_its_quotes_escaped() -> None:
    """南通: truecms wraps the XML in JSONP."""
    answer = (
        r'call("<datastore><recordset><record><![CDATA[<li><a href=\"/art/1.html\">'
        + YEAR
        + r'<\/a><\/li>]]><\/record>")'
    )
    found = named("hanweb").answer(answer, Ask("http://x/dataproxy.jsp?page=2&perpage=100"))
    assert found is not None and "/art/1.html" in found.html
    assert found.following == Ask("http://x/dataproxy.jsp?page=3&perpage=100")


def test_hanweb_says_that_nothing_follows() -> None:
    """An empty <nextgroup>: another question is for a list that is shorter than its total."""
    record = "<recordset><record><![CDATA[<li><a href='/art/1.html'>x</a></li>]]></record></recordset>"
    asked = Ask("http://x/module/web/jpage/dataproxy.jsp?page=2&columnid=ab0")
    last = named("hanweb").answer(f"<datastore><nextgroup><![CDATA[<a href=''></a>]]></nextgroup>{record}", asked)
    assert last is not None and last.ends and last.following is not None
    silent = named("hanweb").answer(f"<datastore>{record}", asked)
    assert silent is not None and not silent.ends


def test_lonsun_asks_with_an_object() -> None:
    """Its questions stand in the call's data; what a variable holds is not known."""
    script = (
        "<script>Ls.ajax({url: '/site/label/8888', type: 'get', data: {labelName: 'publicInfoList', siteId: '6608', "
        "organId: '6617355', catId: '', \"type\": '3', pageSize: 5, pageIndex: current, isDate: true, file: '/xxgk/list_nb'}});</script>"
    )
    found = named("lonsun").rows(page(script, url="http://www.x.gov.cn/public/column/6617355?type=3&action=list"))
    assert found is not None and found.following is not None
    assert found.following.url == (
        "http://www.x.gov.cn/site/label/8888?labelName=publicInfoList&siteId=6608&organId=6617355&catId=&type=3"
        "&pageSize=5&isDate=true&file=%2Fxxgk%2Flist_nb&pageIndex=1"
    )


@pytest.mark.parametrize("vendor", [vendor for vendor in vendors.VENDORS if vendor.name not in ("lonsun",)])
@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{}", '{"data": 3}', "<html>busy</html>", '{"articles": 1}', "\x00", "[" * 5000]
)
def test_an_answer_that_is_none_is_none(vendor: vendors.Vendor, text: str) -> None:
    assert vendor.answer(text, Ask("http://x/api/all/1?page=1", body="{}")) is None


def test_ucap_asks_for_the_channel_first() -> None:
    """证监会: getLocalList gives the channel's id, searchList its lines."""
    first = named("ucap").rows(page("<script>$.get('/getLocalList?channelCode=c100')</script>"))
    assert first is not None and first.following is not None
    answer = named("ucap").answer(json.dumps({"data": [{"channelId": "ab12"}]}), first.following)
    assert answer is not None and answer.following is not None
    assert "/searchList/ab12?" in answer.following.url and "page=1" in answer.following.url


def test_ucap_asks_by_post_where_the_page_says_so() -> None:
    """税务总局: a channel's list by POST; its answer holds the lines one level deeper."""
    script = "<script>var channelId = '61eaab3127b040d4950fff177f09e561'; $.post('/getFileListByCodeId')</script>"
    first = named("ucap").rows(page(script))
    assert first is not None and first.following is not None
    ask = first.following
    assert (ask.method, ask.url) == ("POST", "http://www.x.gov.cn/getFileListByCodeId")
    assert ask.body == "codeId=&channelId=61eaab3127b040d4950fff177f09e561&page=1&size=15"
    line = {"title": YEAR, "url": "/a/c1/content.html", "publishedTimeStr": "2020-01-17 09:00:00"}
    answer = {"code": 200, "results": {"data": {"total": 16, "results": [line]}}}
    found = named("ucap").answer(json.dumps(answer), ask)
    assert found is not None and found.total == 16 and "/a/c1/content.html" in found.html and "2020-01-17" in found.html
    assert found.following is not None and "page=2" in found.following.body and found.following.page == 2


def test_a_list_of_mohurd_named_by_its_interface() -> None:
    vendor, ask = vendors.entry("https://www.mohurd.gov.cn/dynamic/document/search?oc=7&bt=2&lt=1") or (None, None)
    assert vendor is not None and ask is not None and vendor.name == "mohurd"
    assert (ask.url, ask.method) == ("https://www.mohurd.gov.cn/dynamic/document/search", "POST")
    assert ask.body == "oc=7&bt=2&lt=1&pageSize=30&currentPageNum=1"
    assert vendor.answer("<html>", ask) is None and vendor.answer("{}", ask) is None
    last = vendor.answer('{"data": {"total": 1, "list": []}}', ask)
    assert last is not None and last.following is None


def test_nfra_asks_the_interface_behind_its_files() -> None:
    rows_ = json.dumps({"data": {"rows": [{"docId": 7, "docTitle": YEAR, "publishDate": "2020-01-17 10:00:00"}]}})
    third = "http://x/cn/static/data/DocInfo/SelectDocByItemIdAndChild/data_itemId=954,pageIndex=3,pageSize=18.json"
    found = named("nfra").answer(rows_, Ask(third, page=3))
    assert found is not None and "ItemDetail.html?docId=7" in found.html
    assert found.following is not None
    assert (
        found.following.url == "http://x/cbircweb/DocInfo/SelectDocByItemIdAndChild?itemId=954&pageSize=18&pageIndex=4"
    )
    detail = page("", url="http://x/cn/view/pages/governmentDetail.html?docId=7&signIndex=3&year=2025")
    ask = named("nfra").shell(detail)
    assert ask is not None and ask.url.endswith("/cn/static/data/DocInfo/SelectByDocId/data_docId=7.json")


def test_a_search_that_a_script_asks() -> None:
    """大汉: the fields of its form, or of a link to it; links of its answers lead through a counter."""
    form = (
        "<form action='/jsearchfront/search.do'><input type='hidden' name='websiteid' value='371000000000000'></form>"
    )
    ((vendor, ask),) = vendors.searches(page(form))
    assert vendor.name == "hanweb" and ask.url == "http://www.x.gov.cn/jsearchfront/interfaces/cateSearch.do"
    assert "websiteid=371000000000000" in ask.body and "pos=title" in ask.body
    piece = '<a href="visit/link.do?url=http%3A%2F%2Fwww.x.gov.cn%2Fa.html&q=1">x</a>'
    found = vendor.answer(json.dumps({"total": 21, "result": [piece]}), ask)
    assert found is not None and 'href="http://www.x.gov.cn/a.html"' in found.html
    assert found.following is not None and "p=2" in found.following.body
    assert vendors.searches(page("<a href='/jsearchfront/'>搜索</a>")) == ()


def test_an_epoint_shell_asks_for_its_text() -> None:
    shell = page("<script>post('/p/rest/getGovInfoDetail')</script>", url="http://x/showinfo.html?infoGuid=a-1")
    ask = named("epoint").shell(shell)
    assert ask is not None and (ask.method, ask.what) == ("POST", "detail")
    assert ask.body == 'params={"infoid":"a-1"}'


def test_vsb_never_counts_upwards() -> None:
    numbered = page("<script>var countPage = 5; var currentPage = 0;</script>", url="http://x/zwgk/nb.htm")
    assert named("generic").next_page(numbered) is not None
    assert named("vsb").next_page(numbered) is None


# --- an address a year ------------------------------------------------------------------------------------------------


def test_a_ladder_begins_last_year_and_ends_after_two_misses() -> None:
    url = "/module/xxgk/xxgkAnnualReport.jsp?area=11370883&fbtime=2020"
    (ladder,) = ladders(page(f"<a href='{url}'>唐村镇</a>").links, date(2024, 5, 1))
    assert (ladder.year, ladder.organ) == (2023, "唐村镇")
    below = ladder.next(found=False)
    assert below is not None and below.url.endswith("area=11370883&fbtime=2022")
    assert below.next(found=False) is None
    assert Ladder("a", "b", "x", 2008).next(found=True) is None


def test_where_years_are_listed_those_before_them_are_climbed() -> None:
    """邹城: a menu of the last two years, and reports back to 2010 behind the same address."""
    base = "http://gk.ziyang.gov.cn/year_details.aspx?dept=112&year="
    listed = page(f"<a href='{base}2020'>2020年</a><a href='{base}2021'>2021年</a>").links
    assert [(ladder.year, ladder.last) for ladder in ladders(listed)] == [(2021, 2021), (2020, 2020), (2019, 2008)]
    assert ladders(listed)[0].next(found=True) is None
    assert [ladder.year for ladder in ladders(listed, below=False)] == [2021, 2020]
    titled = page(f"<a href='{base}2020'>民政局2020年年报</a><a href='{base}2021'>民政局2021年年报</a>").links
    assert [ladder.year for ladder in ladders(titled)] == [2019], "lines with a title are the list's"
    assert len(ladders(page(f"<a href='{base}2021'>2021年</a>").links)) == 1
    assert is_rung(f"{base}2021") and not is_rung("http://gk.ziyang.gov.cn/year_index.aspx")


def test_an_organ_has_a_page_wherever_its_code_stands_in_a_link() -> None:
    tree = page("<a href='/col/col301/index.html?vc_xxgkarea=1137088300432000112&jh=264'>邹城市财政局</a>")
    (lead,) = named("hanweb").leads(tree)
    assert (lead.name, lead.url.endswith("vc_xxgkarea=1137088300432000112&jh=264")) == ("邹城市财政局", True)


def test_an_address_without_records_is_asked_with_them() -> None:
    """余杭: the address in <nextgroup> counts pages, its interface records; what it gives are three short pages."""
    given = Ask("http://x/module/web/jpage/dataproxy.jsp?page=1&columnid=7&unitid=55")
    other = named("hanweb").otherwise(given, 6)
    assert other is not None and "?page=1&" not in other.url and "startrecord=7&endrecord=51" in other.url
    rows = named("hanweb").answer("<datastore><record><![CDATA[<li>1</li>]]></record></datastore>", other)
    assert rows is not None and rows.following is not None and "startrecord=8&" in rows.following.url


# --- beside the lists -------------------------------------------------------------------------------------------------


def test_a_table_of_its_own_belongs_to_the_report_of_its_year() -> None:
    table = YEAR.replace("工作年度报告", "情况统计表")
    other = table.replace("2019", "2018")
    found = read(
        page(rows(("/1.html", YEAR, "2020-01-02"), ("/2.html", table, "2020-01-02"), ("/3.html", other, "2019-01-02")))
    )
    of = companions(found.items)
    assert {url.rsplit("/", 1)[1]: [file.name for file in files] for url, files in of.items()} == {"1.html": [table]}


def test_a_twin_for_phones_is_one_address_of_a_crawl() -> None:
    assert address_key("http://m.x.gov.cn/a.html") == address_key("https://www.x.gov.cn/a.html")
    assert address_key("http://m.example.com/a.html") != address_key("http://www.example.com/a.html")


def test_the_last_resorts_of_a_front_page() -> None:
    form = "<form action='/s'><input type='hidden' name='site' value='7'><input name='q'></form>"
    front = page(f"{form}<form method='post' action='/login'><input name='u'></form><a href='/map.html'>网站地图</a>")
    (search,) = searches(front)
    assert search.startswith("http://www.x.gov.cn/s?site=7&q=%E6%94%BF")
    assert maps(front) == ("http://www.x.gov.cn/map.html",)
    xml = "<urlset><url><loc>http://x/zwgk/zfxxgknb/</loc></url><url><loc>http://x/zwgk/zfxxgknb/2.html</loc></url></urlset>"
    assert [lead.url for lead in in_sitemap(xml, "http://x/sitemap.xml")] == ["http://x/zwgk/zfxxgknb/"]


def test_rows_of_a_script_stand_in_the_page() -> None:
    markup = Markup("<html><body><p>x</p></body></html>", "http://x/a/").with_rows("<li><a href='b.html'>y</a></li>")
    assert [link.url for link in markup.links] == ["http://x/a/b.html"]
