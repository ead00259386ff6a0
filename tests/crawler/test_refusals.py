"""Refusals, soft 404, jumps, pauses: what an answer really is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from crawler.manners.hosts import seconds
from crawler.middlewares import blocked, jumps, soft404

PAGE = "<html><body><h1>某局2019年年报</h1>".encode() + "政府信息公开工作。".encode() * 4000 + b"</body></html>"


@pytest.mark.parametrize("status", [403, 405, 412, 422, 468, 493, 521])
def test_statuses_that_refuse(status: int) -> None:
    assert blocked.classify(status, b"") is not None


@pytest.mark.parametrize("status", [200, 301, 400, 401, 404, 410, 429, 500, 502, 503])
def test_statuses_that_answer(status: int) -> None:
    assert blocked.classify(status, b"<html>an answer</html>") is None


@pytest.mark.parametrize(
    ("body", "how"),
    [
        (b"<html><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></html>", "challenge"),
        (b"<script>document.cookie='__jsl_clearance_s=1';location.href=location.pathname</script>", "challenge"),
        ("<html>请完成安全验证<div id=nc_1_n1z></div></html>".encode(), "captcha"),
        ("<html>拖动下方滑块完成拼图</html>".encode(), "captcha"),
        ("<html>您的请求已被拦截</html>".encode(), "firewall"),
        (b"<script>yunsuo_session_verify</script>", "firewall"),
    ],
)
def test_refusals_of_status_200(body: bytes, how: str) -> None:
    refusal = blocked.classify(200, body)
    assert refusal is not None and refusal[0] == how
    assert blocked.classify(200, body.decode().encode("gb18030")) == refusal, "whatever it is written in"


def test_a_report_that_speaks_of_captchas_is_none() -> None:
    assert blocked.classify(200, PAGE + "登录时请完成安全验证".encode()) is None


@pytest.mark.parametrize(
    "body",
    [
        "<html><head><title>404 Not Found</title></head></html>",
        "<html><head><title>页面不存在</title></head></html>",
        "<html><body>您访问的页面不存在或已删除</body></html>",
        "<html><body>抱歉，您查找的文章不存在</body></html>",
        "<html><body>网站已迁移，请访问新网站</body></html>",
    ],
)
def test_error_pages_of_status_200(body: str) -> None:
    assert soft404.classify(body.encode()) is not None
    assert soft404.classify(body.encode("gb18030")) is not None


def test_pages_are_no_error_pages() -> None:
    assert soft404.classify(PAGE + "您访问的页面不存在".encode()) is None
    assert soft404.classify("<html><title>某局404号文件</title><p>正文</p></html>".encode()) is None
    assert soft404.classify("<p>无法提供：本机关不掌握相关政府信息，政府信息不存在</p>".encode()) is None
    article = '<meta name="ArticleTitle" content="关于旧网站的说明"><p>您访问的页面不存在时请联系我们</p>'
    assert soft404.classify(article.encode()) is None


def test_a_front_page_is_known_by_its_words_and_links() -> None:
    def page(number: int, year: int) -> bytes:
        return f"<a href='/nb/{year}.html'>{year}年政府信息公开工作年度报告</a><p>您是第{number}位访客</p>".encode()

    front = soft404.Front.of(page(1, 2020))
    assert front.is_same(page(2, 2020)) and not front.is_same(page(1, 2021)), "of a list's pages only numbers differ"
    shells = (
        b"<div id='app'></div><script src='/app.js'></script>",
        b"<div id='app'></div><script src='/nb.js'></script>",
    )
    assert soft404.Front.of(shells[0]).is_same(shells[0]) and not soft404.Front.of(shells[0]).is_same(shells[1])


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ('<meta http-equiv="refresh" content="0; url=/portal/">', "/portal/"),
        ("<META HTTP-EQUIV=Refresh CONTENT=\"3;URL='index.shtml'\">", "index.shtml"),
        ("<script>window.location.href='/nb/index.html';</script>", "/nb/index.html"),
        ('<script>top.location = "/a/";</script>', "/a/"),
        ("<script>location.replace('/b/')</script>", "/b/"),
        ('<script>window.open("/c/","_self")</script>', "/c/"),
        ("<p id=\"url\">/scedu/c100532/list.shtml</p><script>var url=1;window.open(url,\"_self\");</script>",
         "/scedu/c100532/list.shtml"),
        ("<meta content='0;url=/portal/' http-equiv='refresh'>", "/portal/"),
        ("<script>var u='/v/index.html'; window.location.href = u;</script>", "/v/index.html"),
        ("<script>if (/Android|iPhone/.test(navigator.userAgent)) location.href='/m/'; else location.href='/pc/';</script>",
         "/pc/"),
        ("<body onload=\"location.href='/a/'\">", "/a/"),
    ],
)  # fmt: skip
def test_pages_that_only_jump(body: str, target: str) -> None:
    assert jumps.jump(body.encode()) == target


@pytest.mark.parametrize(
    "body",
    [
        '<meta http-equiv="refresh" content="300; url=/portal/">',
        "<script>function go(){location.href='/a/'}</script>" + "<a href=x>x</a>" * 9,
        "<script>if(location.href=='x'){}</script><p>text</p>",
        "<p>" + "正文" * 3000 + "</p><script>location.href='/a/'</script>",
        "<!-- <script>location.href='/old/'</script> --><p>text</p>",
        "<span onclick=\"location.href='/a/'\">机构职能</span><li onmouseover='location=\"/b/\"'>年报</li>",
        "<noscript><meta http-equiv='refresh' content='0;url=/nojs.html'></noscript><p>text</p>",
        "<script>if (location.href == there) {} var there = '/a/';</script><p>text</p>",
        "<script>if (/Android|iPhone/i.test(navigator.userAgent)) { location.href = '/m/'; }</script><p>text</p>",
        "<script>if (isMobile()) { location.href = '/m/'; } else { show(); }</script><p>text</p>",
        "<script>if (a) { show(); } else if (screen.width < 700) { location.href = '/m/'; }</script><p>text</p>",
    ],
)
def test_pages_to_read(body: str) -> None:
    assert jumps.jump(body.encode()) is None


def test_retry_after() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert seconds("120") == 120
    assert 80 < (seconds(later) or 0) <= 90
    assert seconds("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert seconds("") is None and seconds("soon") is None
