"""Lists behind interfaces: where the registry names one, and where one has nothing."""

from __future__ import annotations

import json
from pathlib import Path

from crawler import vendors
from crawler.vendors import named
from storage.settings import REPOSITORY
from tests.crawler.crawling import Crawls
from tests.crawler.real_pages import page, rows
from tests.crawler.simulators import ucap_variants
from tests.crawler.simulators.simulated import html, json_answer, text
from tests.crawler.site import Site, report
from tests.crawler.test_arguments import registry

OURS = '<meta name="ColumnName" content="政府信息公开年报">'


def test_a_column_of_the_registry_that_is_an_interface(crawls: Crawls, tmp_path: Path) -> None:
    """税务总局: no page leads there; it is asked what stands behind its address, and remembered so."""
    sim = ucap_variants.simulate()
    with sim.site as site:
        url = f"{site.url}getFileListByCodeId?channelId={ucap_variants.CHANNEL}"
        for name in ("templates", "units"):
            (tmp_path / name).symlink_to(REPOSITORY / "config" / name)
        for file in (REPOSITORY / "config").glob("*.yaml"):
            (tmp_path / file.name).symlink_to(file)
        environment = registry(tmp_path, f"home: '{site.url}'\ncolumns: [{{url: '{url}'}}]\n")
        told = crawls.run(environment, portals=["x"])
        assert told.counts["reports_new"] == 20 and told.problems == []
        assert {path for path in site.asked if sim.is_listing(path)} == {"/robots.txt", "/getFileListByCodeId"}
        (state,) = crawls.db.portals.find({"_id": "x"})
        assert [(column["url"], column["vendor"]) for column in state["columns"]] == [(url, "ucap")]
        again = crawls.run(environment, portals=["x"])
        assert again.counts["reports_unchanged"] == 20 and "reports_new" not in again.counts


def test_an_interface_without_a_line_is_a_problem(crawls: Crawls) -> None:
    script = "<script>load('/common/search/c1241?_isJson=true')</script>"
    answer = json_answer(json.dumps({"data": {"total": 0, "results": []}}))
    routes = {"/": html("<a href='/nb/'>政府信息公开年报</a>"), "/nb/": html(f"<p>{script}</p>", head=OURS)}
    with Site({**routes, "/common/search/c1241": answer}) as site:
        told = crawls.run(home=site.url)
        assert told.kinds() == {"nb/": "empty_column"}
        assert "ucap's interface has not one line" in told.problems[0]["message"]


def test_an_interface_that_has_one_page_for_all_is_a_problem(crawls: Crawls) -> None:
    """大汉's JPaaS, asked from abroad, answers every page with the first: a full one is not all there is."""
    query = "{'webId':'3185','pageId':'a1','parseType':'bulidstatic','pageType':'column','tagId':'x'}"
    unit = f'<script src="/js/unitbuild.js" url="/api-gateway/jpaas-publish-server/unit" queryData="{query}"></script>'
    reports = {f"/art/{year + 1}/art_{year:032x}.html": report(year) for year in range(2009, 2024)}
    titles = [
        (path, f"洪泽区人民政府{year}年政府信息公开工作年度报告", f"{year + 1}-01-20")
        for year, path in zip(range(2009, 2024), reports, strict=True)
    ]
    answer = json_answer(json.dumps({"success": True, "data": {"html": rows(*titles)}}))
    routes = {"/": html("<a href='/nb/'>政府信息公开年报</a>"), "/nb/": html(f"<p>{unit}</p>", head=OURS), **reports}
    with Site({**routes, "/api-gateway/jpaas-publish-server/unit": answer}) as site:
        told = crawls.run(home=site.url)
        assert told.counts["reports_new"] == 15
        assert told.kinds() == {"nb/": "list_incomplete"} and "page 2 is page 1 again" in told.problems[0]["message"]


def test_a_list_that_is_whole_is_not_asked_for_more(crawls: Crawls) -> None:
    """大汉 says with an empty <nextgroup> that nothing follows, and all lines of its total are there."""
    years = range(2008, 2024)
    proxy = "/module/web/jpage/dataproxy.jsp"

    def store(some: range, following: str) -> str:
        title = "洪泽区人民政府{}年政府信息公开工作年度报告"
        held = "".join(
            f"<record><![CDATA[<li><a href='/art/{year}.html'>{title.format(year)}</a><span>{year + 1}-01-20</span></li>]]></record>"
            for year in some
        )
        more = f"<nextgroup><![CDATA[<a href='{following}'></a>]]></nextgroup>"
        return f"<datastore>{more}<totalrecord>{len(years)}</totalrecord><recordset>{held}</recordset></datastore>"

    first = f"<script type='text/xml'>{store(years[:10], f'{proxy}?page=2&columnid=ab0')}</script>"
    routes = {"/": html("<a href='/nb/'>政府信息公开年报</a>"), "/nb/": html(first, head=OURS)}
    reports = {f"/art/{year}.html": report(year) for year in years}
    with Site({**routes, **reports, proxy: text(store(years[10:], ""))}) as site:
        told = crawls.run(home=site.url)
        assert told.counts["reports_new"] == len(years) and told.problems == []
        assert [path for path in site.asked if path.startswith(proxy)] == [f"{proxy}?page=2&columnid=ab0"]


def test_a_page_is_no_interface() -> None:
    assert vendors.entry("http://www.chinatax.gov.cn/getFileListByCodeId") is None
    assert vendors.entry("http://www.x.gov.cn/zwgk/nb/?channelId=12345678") is None


def test_ids_end_before_the_comma_of_the_script() -> None:
    script = "new JPage({columnid: 22, unitid:'3241', webid: 8,\nurl: '/module/jpage/dataproxy.jsp'})"
    found = named("hanweb").rows(page(f"<script>{script}</script>"))
    assert found is not None and found.following is not None
    assert "columnid=22&unitid=3241&webid=8&" in found.following.url


def test_a_catalogue_of_an_organ_is_searched_by_its_titles() -> None:
    """The module 信息公开 without a word of what its column is: an organ's catalogue has thousands of lines."""
    iframe = "<iframe src='/module/xxgk/tree.jsp?area=113700000045022274&divid=div4'></iframe>"
    found = named("hanweb").rows(page(f"{iframe}<script>post('/module/xxgk/search.jsp?infotypeId=')</script>"))
    assert found is not None and found.following is not None
    assert "area=113700000045022274" in found.following.body
    assert "vc_title=%E4%BF%A1%E6%81%AF%E5%85%AC%E5%BC%80" in found.following.body and found.following.method == "POST"
