"""`python -m benchmarks.browser --pages 2000`: pages that a script builds, shown one after the other in the headless browser.

Every page is rendered by the crawler's own download handler, with its rules about what a page may ask for. Told are the
memory of all of the browser's processes and of ours, over time. Everything on loopback.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import AsyncIterator, Iterator

import psutil
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from crawler.browser.chromium import in_browser
from crawler.configure import scrapy_settings
from crawler.manners.hosts import Hosts
from crawler.registry import portal_of
from crawler.services import Services
from crawler.spiders.onward import ROWS
from nianbao.sample.server import Answer
from storage.settings import load
from tests.crawler.site import Site, html

SCRIPT = """
const rows = [];
for (let n = 0; n < 200; n += 1) rows.push(`<li><a href="/nb/${n}.html">某某县人民政府2020年年度报告</a></li>`);
window.kept = new Array(100000).fill(location.href);
document.getElementById("list").innerHTML = rows.join("");
"""
SAMPLES = 20


class Rendered(Spider):
    """Asks for the same page under so many addresses, and looks at the memory now and then."""

    name = "rendered"

    def __init__(self, home: str, pages: int, services: Services) -> None:
        super().__init__()
        self.services, self.pages, self.done = services, pages, 0
        self.portal = portal_of(home)
        self.scope = self.portal.scope
        self.hosts = Hosts()
        self.home = home
        self.memory: list[tuple[int, float, float]] = []

    async def start(self) -> AsyncIterator[Request]:
        for n in range(self.pages):
            yield Request(f"{self.home}list?{n}", meta=in_browser(ROWS), callback=self.shown, dont_filter=True)

    def shown(self, response: Response) -> Iterator[Request]:
        assert response.css("li a").getall(), "the script has built no list"
        self.done += 1
        if self.done % max(1, self.pages // SAMPLES) == 0:
            self.memory.append((self.done, *_memory()))
            print("{:6} pages: browser {:5.0f} MB, crawl process {:4.0f} MB".format(*self.memory[-1]), flush=True)
        yield from ()


def _memory() -> tuple[float, float]:
    """MB that the browser's processes hold for themselves, and our own."""
    us = psutil.Process()
    browser = 0.0
    for process in us.children(recursive=True):
        try:
            browser += process.memory_full_info().uss / 2**20
        except psutil.Error:
            continue
    return browser, us.memory_info().rss / 2**20


def page(target: str) -> Answer:
    return html(f"<ul id='list'></ul><script>{SCRIPT}</script>")


def run(pages: int) -> tuple[list[tuple[int, float, float]], int]:
    """(pages, MB of the browser, MB of the crawl process), over time; and how many contexts the pages took."""
    settings = load()
    with Site({"/list": page, "/robots.txt": html("", 404)}) as site, Services(settings, dry_run=True) as services:
        site_settings = scrapy_settings(settings, ["127.0.0.1"], log=False)
        site_settings.setdict(
            {"DOWNLOAD_DELAY": 0.001, "AUTOTHROTTLE_ENABLED": False, "ITEM_PIPELINES": {}, "EXTENSIONS": {},
             "DOWNLOADER_MIDDLEWARES": {"scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
                                        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None}},
            priority="cmdline",
        )  # fmt: skip
        process = AsyncCrawlerProcess(site_settings)
        crawler = process.create_crawler(Rendered)
        process.crawl(crawler, home=site.url, pages=pages, services=services)
        process.start()
        spider = crawler.spider
        assert isinstance(spider, Rendered) and spider.done == pages, "not every page was shown"
        return spider.memory, crawler.stats.get_value("playwright/context_count")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    began = time.monotonic()
    memory, contexts = run(parser.parse_args().pages)
    half = len(memory) // 2
    print(f"{time.monotonic() - began:.0f} s, {contexts} contexts; at most {max(one[1] for one in memory):.0f} MB in the browser, "
          f"{max(one[1] for one in memory[:half]):.0f} in the first half; "
          f"crawl process {memory[0][2]:.0f} MB at first, {memory[-1][2]:.0f} at the end")  # fmt: skip


if __name__ == "__main__":
    main()
