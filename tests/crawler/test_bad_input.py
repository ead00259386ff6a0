"""What a portal may answer instead of a report: a clear line and a place in `problems`, and every byte kept."""

from __future__ import annotations

import gzip
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from backports import zstd

import nianbao.sample
from nianbao.sample.server import Answer
from tests.crawler.crawling import Crawls, Told
from tests.crawler.real_pages import rows
from tests.crawler.site import HTML, Site, html, report, to

SAMPLE = Path(nianbao.sample.__file__).parent / "site/zwgk/zfxxgk/zfxxgknb"
GBK_REPORT = (SAMPLE / "202001/t20200117_2005.html").read_bytes()
PDF_REPORT = (SAMPLE / "202401/P020240131_2001.pdf").read_bytes()
OTHER_REPORT = report(2017).body
PAGE = (
    OTHER_REPORT[: OTHER_REPORT.index(b"</body>")] + random.Random(8).randbytes(3000).hex().encode() + b"</body></html>"
)
"""Of which a piece at the end is missing: it looks like a page, and is a part of one."""
RUBBISH = random.Random(7).randbytes(50_000)
LARGE = b"<html><body><p>" + b"x" * (50 * 2**20) + b"</p></body></html>"
NESTED = b"<html><body>" + b"<table><tr><td>" * 10_000 + "年报".encode() + b"</td></tr></table>" * 10_000
PACKED = {**HTML, "Content-Encoding": "gzip"}
LINES = {
    "empty.html": Answer(200, b"", HTML),
    "rubbish.html": Answer(200, RUBBISH, HTML),
    "large.html": Answer(200, LARGE, HTML),
    "nested.html": Answer(200, NESTED, HTML),
    "lying.html": Answer(200, GBK_REPORT, {"Content-Type": "text/html; charset=utf-8"}),
    "really.html": Answer(200, PDF_REPORT, HTML),
    "bomb.html": Answer(200, gzip.compress(b"\0" * (100 * 2**20), 9), PACKED),
    "cut.html": Answer(200, gzip.compress(b"<html>" + RUBBISH)[:3000], PACKED),
    "no-gzip.html": Answer(200, GBK_REPORT, {**HTML, "Content-Encoding": "gzip"}),
    "no-zstd.html": Answer(200, GBK_REPORT, {**HTML, "Content-Encoding": "zstd"}),
    "no-br.html": Answer(200, GBK_REPORT, {**HTML, "Content-Encoding": "br"}),
    "bad-zstd.html": Answer(200, zstd.compress(b"")[:4] + RUBBISH, {**HTML, "Content-Encoding": "zstd"}),
    "bad-br.html": Answer(200, RUBBISH, {**HTML, "Content-Encoding": "br"}),
    "cut-zstd.html": Answer(200, zstd.compress(PAGE)[:-200], {**HTML, "Content-Encoding": "zstd"}),
    "cut-br.html": Answer(200, brotli.compress(PAGE)[:-200], {**HTML, "Content-Encoding": "br"}),
    "cut-gzip.html": Answer(200, gzip.compress(PAGE)[:-200], PACKED),
    "no-end.html": Answer(200, gzip.compress(OTHER_REPORT)[:-4], PACKED),
    "zstd.html": Answer(200, zstd.compress(OTHER_REPORT), {**HTML, "Content-Encoding": "zstd"}),
    "soft.html": html("<p>您访问的页面不存在或已删除</p>"),
    "error.html": html("error", 500),
    "loop.html": to("loop2.html"),
    "elsewhere.html": Answer(302, b"", {}),  # its address is that of another portal, below
    "metadata.html": to("http://169.254.169.254/latest/meta-data/"),
    "file.html": to("file:///etc/hostname"),
    "dropped.html": Answer(200, b"", HTML),
}
READABLE = ("really", "lying", "no-gzip", "no-zstd", "no-br", "no-end", "zstd", "nested")
WANTED = {
    "empty.html": "empty",
    "rubbish.html": "binary",
    "large.html": "too_large",
    "bomb.html": "too_large",
    "cut.html": None,
    "bad-zstd.html": "damaged",
    "bad-br.html": "damaged",
    "cut-zstd.html": "damaged",
    "cut-br.html": "damaged",
    "cut-gzip.html": "damaged",
    "soft.html": "not_found",
    "error.html": "http_error",
    "loop.html": None,
    "elsewhere.html": "outside",
    "metadata.html": "outside",
    "file.html": None,
    "dropped.html": None,
}
"""None: some problem, whatever its name."""


@pytest.fixture(scope="module")
def other() -> Iterator[Site]:
    with Site({"/secret.html": html("another portal")}) as site:
        yield site


@pytest.fixture(scope="module")
def site(other: Site) -> Iterator[Site]:
    with Site({f"/nb/{name}": answer for name, answer in LINES.items()}) as site:
        titles = ((f"/nb/{name}", f"某县{name}2019年政府信息公开工作年度报告", "2020-01-20") for name in LINES)
        links = f'<a href="{other.url}secret.html">某县2018年政府信息公开工作年度报告</a>'
        site.routes["/"] = html('<a href="/nb/">政府信息公开年报</a>')
        site.routes["/nb/"] = html(rows(*titles) + links, head='<meta name="ColumnName" content="政府信息公开年报">')
        site.routes["/nb/loop2.html"] = to("loop.html")
        site.routes["/nb/elsewhere.html"] = to(f"{other.url}secret.html")
        site.routes["/nb/dropped.html"] = lambda target: None
        yield site


@pytest.fixture(scope="module")
def crawled(module_crawls: Crawls, site: Site) -> Told:
    return module_crawls.run({"NIANBAO_PARSE_SECONDS": "60", "NIANBAO_MAX_MB": "60"}, home=site.url)


def test_each_has_its_problem(crawled: Told) -> None:
    kinds = crawled.kinds()
    for name, kind in WANTED.items():
        assert kinds.pop(f"nb/{name}", "no problem") in ([kind] if kind else set(crawled.kinds().values())), name
    # Whether ten thousand tables around two characters are a report without figures is for the parsers to say.
    assert kinds.keys() <= {"nb/nested.html"}, kinds


def test_problems_are_sentences(crawled: Told) -> None:
    for problem in crawled.problems:
        assert "Traceback" not in problem["message"] and "\n" not in problem["message"]
        assert len(problem["message"]) > 10, problem


def test_what_is_readable_all_the_same_is_read(crawled: Told, site: Site, module_crawls: Crawls) -> None:
    urls = {report["source"]["url"] for report in module_crawls.db.reports.find({"source.url": {"$regex": site.url}})}
    # The same report at two addresses is one report; which of them it is read from is for the archive to say.
    assert f"{site.url}nb/really.html" in urls
    assert urls & {f"{site.url}nb/{name}.html" for name in ("no-end", "zstd")}
    readable = {f"{site.url}nb/{name}.html" for name in READABLE}
    assert len(urls) >= 2 and urls < readable


def test_no_byte_is_lost(crawled: Told, site: Site, module_crawls: Crawls) -> None:
    kept = {
        capture["url"].removeprefix(site.url): capture["raw_sha256"]
        for capture in module_crawls.db.captures.find({"portal": site.url.split("/")[2]})
    }
    for name in (
        "empty",
        "rubbish",
        "large",
        "nested",
        "lying",
        "really",
        "bomb",
        "soft",
        "error",
        "bad-zstd",
        "bad-br",
        "cut-zstd",
        "cut-br",
        "cut-gzip",
    ):
        answer = LINES[f"{name}.html"]
        assert kept[f"nb/{name}.html"] == hashlib.sha256(answer.body).hexdigest(), name


def test_nobody_else_was_asked(crawled: Told, other: Site) -> None:
    assert other.asked == []


def test_the_redirects_came_to_an_end(crawled: Told, site: Site) -> None:
    assert site.asked.count("/nb/loop.html") < 10
