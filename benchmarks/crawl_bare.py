"""The yardstick of `benchmarks.crawl`: a Scrapy spider as its tutorial has it, which follows all links and keeps nothing.

python -m benchmarks.crawl_bare http://127.0.0.1:8000/       prints pages, seconds, processor seconds
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
    """Scrapy's own settings: sixteen requests at once, eight of a host, no pause."""

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


def main() -> None:
    process = AsyncCrawlerProcess({"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False})
    process.crawl(Bare, start_urls=[sys.argv[1]])
    began = time.perf_counter()
    process.start()
    print(Bare.pages, time.perf_counter() - began, time.process_time())


if __name__ == "__main__":
    main()
