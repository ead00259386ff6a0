"""When two addresses are the same page, and which addresses belong to a portal."""

from __future__ import annotations

import pytest

from crawler.urls import Scope, absolute, address_key, canonical_url, is_private, site_of


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("HTTP://WWW.X.gov.cn:80/a/b.html#top", "www.x.gov.cn/a/b.html"),
        ("https://www.x.gov.cn:443/a/b.html", "www.x.gov.cn/a/b.html"),
        ("http://www.x.gov.cn:8080/", "www.x.gov.cn:8080/"),
        ("http://www.x.gov.cn", "www.x.gov.cn/"),
        ("http://www.x.gov.cn/zwgk/index.shtml", "www.x.gov.cn/zwgk/"),
        ("http://www.x.gov.cn/zwgk/default.aspx", "www.x.gov.cn/zwgk/"),
        ("http://www.x.gov.cn/zwgk/index_1.html", "www.x.gov.cn/zwgk/index_1.html"),
        ("http://www.x.gov.cn/index.jsp?id=7", "www.x.gov.cn/index.jsp?id=7"),
        ("http://www.x.gov.cn/a;jsessionid=0AF3?b=2&a=1", "www.x.gov.cn/a?a=1&b=2"),
        ("http://www.x.gov.cn/a?JSESSIONID=1&id=3", "www.x.gov.cn/a?id=3"),
        ("http://www.x.gov.cn/p/1.html?jump=true", "www.x.gov.cn/p/1.html"),
        ("http://www.x.gov.cn/p/1.html?ddtab=true", "www.x.gov.cn/p/1.html"),
        ("http://www.x.gov.cn/a/../b/./c.html", "www.x.gov.cn/b/c.html"),
        ("http://www.x.gov.cn/#/list/3", "www.x.gov.cn/#/list/3"),
        ("http://www.x.gov.cn./a", "www.x.gov.cn/a"),
        ("http://[::1]:8000/a", "[::1]:8000/a"),
        ("http://127.0.0.1:8931/", "127.0.0.1:8931/"),
    ],
)
def test_one_page_has_one_key(url: str, key: str) -> None:
    assert canonical_url(url) == key


def test_a_gbk_query_stays_gbk() -> None:
    url = absolute("http://x.gov.cn/", "list.asp?name=年报", "gb18030")
    assert url == "http://x.gov.cn/list.asp?name=%C4%EA%B1%A8"
    assert canonical_url(url) == "x.gov.cn/list.asp?name=%C4%EA%B1%A8"


def test_www_and_mobile_twins_are_pages_of_their_own() -> None:
    assert len({canonical_url(f"http://{host}/a") for host in ("x.gov.cn", "www.x.gov.cn", "m.x.gov.cn")}) == 3


def test_twins_are_asked_for_once() -> None:
    """For phones, and as a gateway writes it in traditional characters."""
    twins = (
        "http://www.x.gov.cn/a/1.html",
        "https://m.x.gov.cn/a/1.html",
        "http://wap.x.gov.cn/a/1.html",
        "http://big5.x.gov.cn/gate/big5/www.x.gov.cn/a/1.html",
        "http://www.x.gov.cn/a/1.html?jump=true",
    )
    assert {address_key(url) for url in twins} == {"www.x.gov.cn/a/1.html"}
    # Kept apart in the archive, because nobody has compared them yet.
    assert len({canonical_url(url) for url in twins}) == 4
    assert address_key("http://www.x.gov.cn/gate/big5/evil.com/a.html") != "evil.com/a.html"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("<?=el.link?>", None),
        ("{{item.url}}", None),
        ("${row.link}", None),
        ("../b.html", "http://x.gov.cn/b.html"),
        ("//y.gov.cn/c", "http://y.gov.cn/c"),
        ("\\nb\\2019.html", "http://x.gov.cn/nb/2019.html"),
        ("nb\\list.asp?name=a\\b", "http://x.gov.cn/a/nb/list.asp?name=a%5Cb"),
        (" ./t20240131_1.html\n", "http://x.gov.cn/a/t20240131_1.html"),
        ("javascript:;", None),
        ("mailto:a@x.gov.cn", None),
        ("#top", None),
        ("", None),
        ("ftp://x.gov.cn/a", None),
        ("http://[中文", None),
        ("http://x.gov.cn:99999/", None),
    ],
)
def test_what_a_link_means(href: str, url: str | None) -> None:
    assert absolute("http://x.gov.cn/a/", href) == url


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.1.2.3", "192.168.0.1", "172.16.0.9", "169.254.169.254", "0.0.0.0", "[::1]", "[fd00::1]",
     "[::ffff:10.0.0.1]", "db.internal", "printer.local", "224.0.0.1",
     "[::]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[fe80::1]", "[fe80::1%25eth0]", "[fc00::1]", "[fec0::1]", "[ff02::1]",
     "[64:ff9b::7f00:1]", "[64:ff9b::a00:1]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2001:db8::1]",
     "2130706433", "0x7f000001", "0x7f.1", "127.1", "0177.0.0.1", "017700000001", "１２７.０.０.１", "127.0.0.1."],
)  # fmt: skip
def test_private_hosts(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize(
    "host",
    ["www.x.gov.cn", "8.8.8.8", "198.18.0.7", "[2400:3200::1]",
     "[64:ff9b::808:808]", "[::ffff:8.8.8.8]", "0x08080808", "cafe.de", "123.gov.cn"],
)  # fmt: skip
def test_public_hosts(host: str) -> None:
    assert not is_private(host)


def test_a_site_is_all_hosts_of_one_government() -> None:
    assert site_of("www.x.gov.cn") == site_of("jyj.x.gov.cn") == "x.gov.cn"
    assert site_of("www.gov.cn") == "www.gov.cn"
    assert site_of("a.b.example.com") == "a.b.example.com"


def test_a_named_portal_opens_its_site_and_no_other() -> None:
    scope = Scope.of(["http://www.x.gov.cn/"])
    assert all(scope.allows(u) for u in ("https://www.x.gov.cn/a", "http://jyj.x.gov.cn:8080/", "http://x.gov.cn/"))
    assert not any(scope.allows(u) for u in ("http://y.gov.cn/", "http://evilx.gov.cn/", "http://x.gov.cn.example/"))


def test_a_loopback_portal_is_its_port_and_nothing_else() -> None:
    scope = Scope.of(["http://127.0.0.1:8000/"])
    assert scope.allows("http://127.0.0.1:8000/a")
    assert "private address" in (scope.refusal("http://127.0.0.1:8001/") or "")
    assert "private address" in (scope.refusal("http://localhost:8000/") or "")


def test_private_addresses_are_refused_even_below_a_site() -> None:
    scope = Scope.of(["http://www.x.gov.cn/"], ["10.0.0.5", "*.x.gov.cn"])
    assert not scope.allows("http://10.0.0.5/")


def test_hosts_of_the_registry_are_exact() -> None:
    scope = Scope.of(["http://www.x.gov.cn/"], ["xxgk.x.gov.cn", "*.y.gov.cn"])
    assert scope.allows("http://xxgk.x.gov.cn/") and scope.allows("http://a.y.gov.cn/")
    assert not scope.allows("http://jyj.x.gov.cn/")


def test_only_http() -> None:
    assert "not http" in (Scope.of(["http://www.x.gov.cn/"]).refusal("ftp://www.x.gov.cn/") or "")
