"""The yardstick of `benchmarks.crawl`: a Scrapy spider as its tutorial has it, which follows all links and keeps nothing.

python -m benchmarks.crawl_bare http://127.0.0.1:8000/ [--manners]       prints pages, seconds, processor seconds

The same pages, by the same ways to them, from the same server. As Scrapy comes it opens eight connections to a host and asks
no robots.txt. With `--manners` it behaves as the whole crawl does, and as a portal may expect: one connection, robots.txt,
no pause. Nothing else is switched on or off: it has Scrapy's own middlewares, cookies and retries, and writes no log.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

PAGING = re.compile(rb"createPageHTML\((\d+), (\d+)")


class Bare(Spider):
    """Follows what the whole crawl follows: the links of the front page and of the lists, page after page."""

    name = "bare"
    pages = 0

    def parse(self, response: Response) -> Iterator[Request]:
        Bare.pages += 1
        if "/t2025" in response.url:
            return
        for link in response.css("a::attr(href)").getall():
            yield response.follow(link)
        found = PAGING.search(response.body)
        if found and int(found[2]) + 1 < int(found[1]):
            yield response.follow(f"/zwgk/zfxxgknb/index_{int(found[2]) + 1}.html")


MANNERS = {"CONCURRENT_REQUESTS_PER_DOMAIN": 1, "ROBOTSTXT_OBEY": True, "DOWNLOAD_DELAY": 0}


def main() -> None:
    manners = MANNERS if "--manners" in sys.argv else {}
    process = AsyncCrawlerProcess({"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, **manners})
    process.crawl(Bare, start_urls=[sys.argv[1]])
    began = time.perf_counter()
    process.start()
    print(Bare.pages, time.perf_counter() - began, time.process_time())


if __name__ == "__main__":
    main()
