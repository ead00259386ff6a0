"""Pages: the body without the page around it, paragraphs as a reader sees them, what the page says beside it."""

from __future__ import annotations

import pytest

from parsers.documents import read
from parsers.documents.model import Document, Grid, Paragraph, Picture
from tests.shared import listed

BODY = (
    "<p>　　本报告由某县财政局编制，所列数据的统计期限自2021年1月1日起至12月31日止。</p>"
    "<p>一、总体情况</p><p>全年主动公开政府信息<span>12</span>8<b>条</b>，依申请公开政府信息三件，均已答复。</p>"
    "<p>第二十条第（一）项</p>"
)


def page(body: str, head: str = "", before: str = "", after: str = "") -> Document:
    menu = "<ul class='nav'>" + "".join(f"<li><a href='/{n}'>栏目{n}</a></li>" for n in range(20)) + "</ul>"
    markup = (
        f"<html><head>{head}</head><body>{menu}{before}{body}{after}<div>版权所有：某县人民政府</div></body></html>"
    )
    return read(markup.encode(), url="http://www.example.gov.cn/zwgk/nb/t1.html", media_type="text/html")


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize(
    "wrapper",
    [
        '<div class="TRS_Editor">%s</div>',
        '<div id="zoom">%s</div>',
        '<div class="gknbxq_detail">%s</div>',
        '<div id="vsb_content_4"><div class="v_news_content">%s</div></div>',
        "<ucapcontent>%s</ucapcontent>",
        '<div class="whatever">%s</div>',
        '<table width="100%%"><tr><td>%s</td></tr></table>',
        "<form><table><tr><td>&nbsp;</td><td><table><tr><td>%s</td></tr></table></td></tr></table></form>",
    ],
)
def test_the_body_is_found(wrapper: str) -> None:
    document = page(wrapper % BODY)
    assert texts(document) == [
        "本报告由某县财政局编制，所列数据的统计期限自2021年1月1日起至12月31日止。",
        "一、总体情况",
        "全年主动公开政府信息128条，依申请公开政府信息三件，均已答复。",
        "第二十条第（一）项",
    ]


def test_the_portals_own_selector_comes_first() -> None:
    markup = f'<div id="zoom">{BODY}</div><div class="our-body"><p>只有这一段是正文。</p></div>'
    document = read(f"<html><body>{markup}</body></html>".encode(), body=(".our-body",))
    assert texts(document) == ["只有这一段是正文。"]
    assert len(texts(read(f"<html><body>{markup}</body></html>".encode(), body=(".gone", "p:bad(")))) == 4


def test_a_selector_that_holds_only_the_footer_is_not_believed() -> None:
    document = page(
        f"<div class='z3'>{BODY}</div>", after="<div class='TRS_Editor'><p>网站标识码：1234567890</p></div>"
    )
    assert "一、总体情况" in texts(document)


def test_a_selector_that_holds_half_of_the_report_is_not_believed() -> None:
    document = page(f"<div id='zoom'><p>一段简介。</p></div><div>{BODY}</div>")
    assert "一、总体情况" in texts(document)


def test_breaks_blocks_and_blanks() -> None:
    document = page(
        "<div id='zoom'><h2>某县财政局年度报告</h2>第一行<br>第二行<br><br>第四行<div>一<span>二</span>\n三</div>"
        "<p>&nbsp;</p><p></p><pre>甲\n乙</pre><ul><li>丙</li><li>丁</li></ul></div>"
    )
    assert [(block.text, block.level) for block in document.blocks if isinstance(block, Paragraph)] == [
        ("某县财政局年度报告", 2),
        ("第一行", 0),
        ("第二行", 0),
        ("", 0),
        ("第四行", 0),
        ("一二 三", 0),
        ("\u00a0", 0),
        ("甲", 0),
        ("乙", 0),
        ("丙", 0),
        ("丁", 0),
    ]


def test_scripts_styles_comments_and_chrome_are_no_text() -> None:
    chrome = (
        "<script>var a='一';</script><style>p{}</style><!-- 注释 --><div class='bdsharebuttonbox'>分享到微信</div>"
        "<p>【打印】 【关闭】</p><p>上一篇：某县2020年年报</p><p>浏览次数：<i>12</i>次</p><div style='display: none'>隐藏</div>"
        "<select><option>国家部委网站</option></select>"
    )
    assert texts(page(f"<div id='zoom'>{BODY}{chrome}</div>"))[-1] == "第二十条第（一）项"


def test_a_large_box_with_a_chrome_name_is_text() -> None:
    long = "<p>政府信息公开工作取得了新的进展，群众满意度进一步提高。</p>" * 20
    assert len(texts(page(f"<div id='zoom'>{BODY}<div class='share'>{long}</div></div>"))) == 24


def test_pictures_come_after_their_paragraph() -> None:
    document = page(
        "<div id='zoom'><p>二、主动公开<img src='images/a.png' alt='表二'>政府信息情况</p>"
        "<p><img src='/icon_pdf.gif'><img src='b.png' width='16'></p></div>"
    )
    assert document.blocks == (
        Paragraph("二、主动公开政府信息情况"),
        Picture("http://www.example.gov.cn/zwgk/nb/images/a.png", "表二"),
    )


TITLE = "某县财政局2021年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("head", "before"),
    [
        (f"<title>某县</title><meta name='ArticleTitle' content='{TITLE}'>", "<h1>政府信息公开</h1>"),
        (f"<title>{TITLE}_年报_某县人民政府</title>", f"<h1>某县人民政府</h1><h3>{TITLE}</h3>"),
        ("<title>某县人民政府</title><meta name='ArticleTitle' content=''>", f"<h1>{TITLE}</h1>"),
        (f"<title>{TITLE} - 政府信息公开年报 - 某县</title>", ""),
        (f"<title>某县-{TITLE}</title>", ""),
    ],
)
def test_the_title(head: str, before: str) -> None:
    assert page(f"<div id='zoom'>{BODY}</div>", head, before).title == TITLE


def test_meta_tags_keep_their_names_and_order() -> None:
    document = page("<p>一</p>", "<meta name='SiteName' content=' 某县 '><meta charset='utf-8'><meta name='PubDate'>")
    assert document.meta == (("SiteName", "某县"), ("PubDate", ""))


@pytest.mark.parametrize(
    "block",
    [
        "<table><tr><td>索 引 号：</td><td>011/2022-1</td><td>文号</td><td></td></tr></table>",
        "<ul><li>索 引 号：011/2022-1</li><li>文号：</li></ul>",
        "<div><label>索 引 号</label><span>011/2022-1</span></div><div><label>文号</label><span></span></div>",
        "<p><b>索 引 号：</b>011/2022-1　　<b>文号：</b></p>",
        "<dl><dt>索 引 号</dt><dd>011/2022-1</dd><dt>文号</dt><dd></dd></dl>",
    ],
)
def test_label_and_value_blocks(block: str) -> None:
    found = dict(page(f"<div id='zoom'>{BODY}</div>", before=block).pairs)
    assert found == {"索 引 号": "011/2022-1", "文号": ""}


def test_a_line_of_pairs_inside_the_body() -> None:
    line = "<p>发布日期：2022-01-27 08:47:58 来源： 县财政局 作者：某某 浏览次数：</p>"
    assert page(f"<div id='zoom'>{line}{BODY}</div>").pairs == (
        ("发布日期", "2022-01-27 08:47:58"),
        ("来源", "县财政局"),
        ("作者", "某某"),
        ("浏览次数", ""),
    )


@pytest.mark.parametrize("words", ["当前位置：", "您现在的位置是：", "您当前的位置是：", "您所在的位置："])
def test_the_breadcrumb(words: str) -> None:
    crumbs = (
        f"<div class='x'>{words}<a href='/'>首页</a> &gt; <a href='/a'>市教育局</a> &gt; <a href='/b'>年报</a></div>"
    )
    assert page(f"<div id='zoom'>{BODY}</div>", before=crumbs).outline == ("首页", "市教育局", "年报")


def test_a_page_without_body_text_is_all_there_is() -> None:
    rows = "".join(f"<li><a href='{n}.html'>某县财政局20{n}年政府信息公开工作年度报告</a></li>" for n in range(14, 22))
    assert sum("年度报告" in text for text in texts(page(f"<ul>{rows}</ul>"))) == 8


@pytest.mark.parametrize("path", listed("real", "html/*.html"), ids=lambda path: path.name)
def test_real_pages_hold_the_report_and_nothing_of_the_menu(path: object) -> None:
    document = read(path.read_bytes())  # type: ignore[attr-defined]
    text = document.text()
    assert "公开" in text
    for word in ("网站首页", "版权所有", "加入收藏", "站群导航", "当前位置"):
        assert word not in text
    assert not any(isinstance(block, Grid) and not block.width for block in document.blocks)
