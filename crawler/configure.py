"""From the user's settings and a portal's to Scrapy's: who we say we are, how fast, how much, where the log goes."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings as ScrapySettings

from crawler import settings as defaults
from crawler.browser.chromium import find_chromium
from crawler.plan import Plan
from crawler.urls import host_of, is_private
from storage.settings import Settings


def delay_of(plan: Plan, given: Settings, delay: float | None) -> float:
    """The command line before the registry before what is fit for the host."""
    if delay is not None:
        return delay
    if plan.portal.delay is not None:
        return plan.portal.delay
    addresses = [*plan.urls, *([plan.portal.home] if plan.portal.home else [])]
    ours = bool(addresses) and all(is_private(host_of(urlsplit(url))) for url in addresses)
    return 0.0 if ours else given.crawl.delay_seconds


def pace(delay: float) -> dict[str, object]:
    """Settings for so many seconds between two requests; AutoThrottle makes more of them where a host is slow."""
    if delay == 0:
        # Not 0: then Scrapy starts at once whatever waits for a host, and one connection is all that we want of it.
        # Without a pause there is nothing to adapt either: AutoThrottle would only invent one.
        return {"DOWNLOAD_DELAY": 0.001, "AUTOTHROTTLE_ENABLED": False}
    return {"DOWNLOAD_DELAY": delay, "AUTOTHROTTLE_START_DELAY": delay}


def scrapy_settings(given: Settings, named: Iterable[str] = (), *, log: bool = True) -> ScrapySettings:
    """Scrapy's settings with the user's laid over them. `named` are hosts that may have private addresses.

    `log`: into `log/crawl.log` of the home; else nothing is logged.
    """
    laid = ScrapySettings()
    laid.setmodule(defaults, priority="project")
    chromium = find_chromium(given.crawl.chromium)
    ours: dict[str, object] = {
        "USER_AGENT": user_agent(given.crawl.contact),
        "DOWNLOAD_TIMEOUT": given.crawl.timeout_seconds,
        "DOWNLOAD_MAXSIZE": given.crawl.max_mb * 2**20,
        "NIANBAO_NAMED_HOSTS": sorted(named),
        "PLAYWRIGHT_LAUNCH_OPTIONS": {"executable_path": str(chromium), "headless": True} if chromium else {},
    }
    if os.environ.get("NIANBAO_DEBUG"):
        ours["LOG_LEVEL"] = "DEBUG"
    if log:
        folder = given.home / "log"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ours["LOG_FILE"] = str(folder / "crawl.log")
    else:
        ours["LOG_ENABLED"] = False
    laid.setdict(ours, priority="cmdline")
    return laid


def crawl_process(given: Settings, named: Iterable[str] = (), *, log: bool = True) -> AsyncCrawlerProcess:
    """Scrapy's process with these settings, as of `scrapy_settings`."""
    process = AsyncCrawlerProcess(scrapy_settings(given, named, log=log))
    if not os.environ.get("NIANBAO_DEBUG"):
        # Scrapy filters where a line is written: until then each of them is made, PyMongo's as well. Not before, because
        # the process has Scrapy's own loggers tell everything.
        for name in ("scrapy", "pymongo", "twisted", "asyncio"):
            logging.getLogger(name).setLevel(logging.WARNING)
    return process


def user_agent(contact: str) -> str:
    """Who we are and where to complain; a robots.txt addresses us as `nianbao`."""
    return f"{defaults.USER_AGENT} (+{contact})" if contact else f"{defaults.USER_AGENT} (archive of annual reports)"
