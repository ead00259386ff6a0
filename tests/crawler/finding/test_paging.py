"""From one page of a list to the next, in every way that portals.md describes."""

from __future__ import annotations

import pytest

from crawler.finding.paging import Declared, declared, file_of, is_unknown, next_page
from crawler.pages.markup import Markup

AT = "http://www.x.gov.cn/zwgk/nb/"


def after(html: str, url: str = AT) -> str | None:
    return next_page(Markup(f"<html><body>{html}</body></html>", url))


def script(code: str) -> str:
    return f"<script>{code}</script>"


SCRIPTS = [
    # TRS (湖北, 景德镇): files from 0
    ('createPageHTML(3, 0, "index", "shtml");', AT, "index_1.shtml"),
    ('createPageHTML(3, 1, "index", "shtml");', AT + "index_1.shtml", "index_2.shtml"),
    ('createPageHTML(3, 2, "index", "shtml");', AT + "index_2.shtml", None),
    ('createPageHTML(1, 0, "index", "html");', AT, None),
    # ucap, 湖南: an element first, files from 1
    ("createPageHTML('paging', 2, 1,'index','html',30)", AT, "index_2.html"),
    ("createPageHTML('page_div',11, 1,'list_2','shtml',202)", AT + "list_2.shtml", "list_2_2.shtml"),
    ("createPageHTML('page_div',2, 2,'index','html',30)", AT + "index_2.html", None),
    # the definition is no call; a script that says 0 on every page
    ("function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}", AT, None),
    ('createPageHTML(5, 0, "index", "html");', AT + "index_2.html", "index_3.html"),
    # 吉林
    ("Pager({size:3, current:0, prefix:'index',suffix:'html',visible:5});", AT, "index_1.html"),
    ("Pager({size:3, current:2, prefix:'index',suffix:'html'});", AT + "index_2.html", None),
    # 鄂尔多斯
    ("var currentPage = 0;var countPage = 2", AT, "index_1.html"),
    ("var currentPage = 1;var countPage = 2", AT + "index_1.html", None),
    # 上海
    ('$("#p").pagination("setPage", 1, 7);', AT + "index.html", "index_2.html"),
    ('$("#p").pagination("setPage", 7, 7);', AT + "index_7.html", None),
]


@pytest.mark.parametrize(("code", "url", "expected"), SCRIPTS)
def test_paging_by_script(code: str, url: str, expected: str | None) -> None:
    assert after(script(code), url) == (AT + expected if expected else None)


LINKS = [
    # SiteServer
    ('<a href="18105.html">上一页</a><a href="18105_3.html">下一页</a>', "18105_2.html", "18105_3.html"),
    # 帝国 EmpireCMS, rel
    ('<a href="index_2.html" rel="next">2</a>', "", "index_2.html"),
    # 博达 VSB numbers backwards, below a folder of its own
    ('<span class="p_next p_fun"><a href="zbgg/10.htm">下页</a></span>', "zbgg.htm", "zbgg/10.htm"),
    ('<span class="p_next p_fun_d">下页</span>', "zbgg/1.htm", None),
    ('<a href="page_2.html" title="下一页">&gt;</a>', "page_1.html", "page_2.html"),
    ('<a href="javascript:;">下一页</a>', "", None),
    ('<a href="./">下一页</a>', "index.html", None),
    # nothing but numbers: the page itself has no link, or leads to itself
    ('<b>1</b><a href="p2.html">[2]</a><a href="p3.html">[3]</a>', "", "p2.html"),
    ('<a href="./">1</a><b>2</b><a href="p3.html">3</a>', "p2.html", "p3.html"),
    ('<a href="./">1</a><a href="p2.html">2</a><b>3</b>', "p3.html", None),
    ('<a href="./">1</a><a href="p2.html">2</a><a href="p3.html">3</a>', "p2.html", "p3.html"),
    ('<a href="y1.html">2019</a><a href="y2.html">2020</a>', "", None),
    # two arrows lead on where nothing else does, and not beside one
    ('<a href="p2.html">&gt;&gt;</a>', "", "p2.html"),
    ('<a href="p2.html">&gt;</a><a href="p9.html">&gt;&gt;</a>', "", "p2.html"),
    ('<a href="./">&lt;&lt;</a><a href="p2.html">&gt;&gt;</a>', "p2.html", None),
    (
        '<select><option value="/zwgk/nb/">第1页</option><option value="/zwgk/nb/p2.html">第2页</option></select>',
        "",
        "p2.html",
    ),
]


@pytest.mark.parametrize(("html", "here", "expected"), LINKS)
def test_paging_by_links(html: str, here: str, expected: str | None) -> None:
    assert after(html, AT + here) == (AT + expected if expected else None)


def test_a_link_is_believed_before_a_script() -> None:
    html = script('createPageHTML(9, 0, "index", "html");') + '<a href="other_2.html">下一页</a>'
    assert after(html) == AT + "other_2.html"


def test_no_paging() -> None:
    assert after("<p>nothing</p>") is None


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ("<p>共 1630 条 当前第 2 / 163 页</p>", Declared(1630, 163)),
        ("<p>共52条</p>", Declared(52, None)),
        ("<a title='Total record'>&nbsp;<b>99</b> </a>", Declared(99, None)),
        ("<p>共计 <b>2</b> 页</p>", Declared(None, 2)),
        (script("pagebar: { prepage: 10, recordCount: '20' }"), Declared(20, None)),
        (script("var pager={total:22,pageSize:6};"), Declared(22, None)),
        (script("chart({total:22,color:6});"), Declared(None, None)),
        ("<p>公共服务 第1页</p>", Declared(None, None)),
    ],
)
def test_how_long_a_list_says_it_is(html: str, says: Declared) -> None:
    assert declared(Markup(f"<body>{html}</body>", AT)) == says


@pytest.mark.parametrize(
    ("html", "unknown"),
    [
        # 河南: a script writes the pager, and nobody has described it.
        ("<script>pageDec(12, 0, '/zwgk/zfxxgknb/')</script>", True),
        ("<script>document.write('<a onclick=go(2)>下一页</a>')</script>", True),
        ("<script>createPageHTML(total, now, 'index', 'html'); w('下一页')</script>", True),
        # Understood, and this is the last page.
        ("<script>function createPageHTML(n){w('下一页')} createPageHTML(1, 0, 'index', 'html')</script>", False),
        ("<script>w('下一页')</script><a href='javascript:go(2)'>下一页</a>", False),
        ("<script>function pageDec(n) {}</script>", False),
        ("<p>共 3 条</p>", False),
    ],
)
def test_a_pager_that_nobody_knows(html: str, unknown: bool) -> None:
    assert is_unknown(Markup(f"<html><body>{html}</body></html>", AT)) is unknown


def test_names_of_numbered_files() -> None:
    assert file_of(AT) == ("index", 0, ".html")
    assert file_of(AT + "list_12.shtml") == ("list", 12, ".shtml")
    assert file_of(AT + "nb.htm") == ("nb", 0, ".htm")
