"""Scrapy's settings: how the crawler behaves towards other people's machines (portals.md sections 5 and 7).

What a user may set (contact, delay, sizes) comes from `storage.settings` and is laid over these by `crawler.run`.
"""

from importlib.metadata import version

BOT_NAME = "nianbao"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
TWISTED_DNS_RESOLVER = "crawler.manners.resolver.PublicResolver"

# Nothing listens: neither a telnet console nor the remote control that Scrapy 2.19 starts by default.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Conduct. The user agent says who we are, robots.txt is obeyed, one connection and a pause for each host.
USER_AGENT = f"nianbao/{version('nianbao')}"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "nianbao"
CONCURRENT_REQUESTS = 2  # of one portal; what waits in the downloader can neither be taken back nor overtaken
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_ITEMS = 4  # of one answer, which has few; Scrapy starts so many tasks for every answer
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 20 * 2**20  # bytes of pages under way to the archive, where they wait for company
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # the newest reports first, as the lists have them
DOWNLOAD_DELAY = 2.0
DOWNLOAD_DELAY_JITTER = 0.0  # by default Scrapy halves a pause now and then; what we and a Crawl-delay say is the least
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 2.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 0.5
COOKIES_ENABLED = True  # some portals answer 302 to themselves until a cookie comes back
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}

# Limits.
DOWNLOAD_TIMEOUT = 45
DOWNLOAD_MAXSIZE = 80 * 2**20
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False
DNS_TIMEOUT = 20
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408, 429]  # not 403, 412, 521: those are refusals
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
REDIRECT_MAX_TIMES = 6
METAREFRESH_ENABLED = False  # jumps.py follows it, and archives the page that sends us on
URLLENGTH_LIMIT = 4000
# The renegotiation that old servers need is allowed by Scrapy already; their ciphers and short keys are not.
DOWNLOADER_CLIENT_TLS_CIPHERS = "DEFAULT:@SECLEVEL=1"

# The same address is the same page, whatever its scheme; who asks twice is decided by the spider, because Scrapy's
# own filter would drop the redirect from http to https of one page.
REQUEST_FINGERPRINTER_CLASS = "crawler.fingerprint.AddressFingerprinter"

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    # From the engine outwards: requests pass from the top down, answers from the bottom up.
    "crawler.middlewares.guard.GuardMiddleware": 50,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    # After robots.txt, before what is known already: the text that is asked for instead may be.
    "crawler.middlewares.shells.ShellsMiddleware": 110,
    "crawler.middlewares.retry_after.RetryAfterMiddleware": 550,
    "crawler.middlewares.jumps.JumpsMiddleware": 570,
    "crawler.middlewares.soft404.SoftNotFoundMiddleware": 575,
    "crawler.middlewares.blocked.BlockedMiddleware": 580,
    "crawler.middlewares.sizes.SizesMiddleware": 590,
    # Between the cookies, which it brings back, and Scrapy's redirects.
    "crawler.middlewares.once_more.OnceMoreMiddleware": 610,
    # After robots.txt has been asked, before a slot is waited for.
    "crawler.middlewares.enough.EnoughMiddleware": 120,
    # Next to the network: what the archive answers for a 304 passes everything that a fresh page passes.
    "crawler.middlewares.conditional.ConditionalMiddleware": 620,
}
SPIDER_MIDDLEWARES = {
    # Every item passes each of them. Depth is the spider's own (`Task.depth`), and no answer's meta is copied.
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
ITEM_PIPELINES = {
    "crawler.pipelines.archive.ArchivePipeline": 100,
    "crawler.pipelines.parse.ParsePipeline": 200,
    "crawler.pipelines.store.StorePipeline": 300,
}
EXTENSIONS = {
    # Switched off above, and not even imported: it brings a web server along.
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "crawler.extensions.look_again.LookAgain": 40,
    "crawler.extensions.gaps.Gaps": 45,
    "crawler.extensions.revisit.Revisit": 50,
    "crawler.extensions.heal.Heal": 55,
    "crawler.extensions.layout_watch.LayoutWatch": 60,
    "crawler.extensions.column_maps.ColumnMaps": 90,
    "crawler.extensions.run_record.RunRecord": 100,
    "crawler.extensions.stats.Stats": 150,
    "crawler.extensions.progress.Progress": 200,
}

# A browser only where a page is built by script: `crawler.browser.chromium` starts one when the first such page comes.
DOWNLOAD_HANDLERS = {
    "http": "crawler.browser.chromium.BrowserWhereNeeded",
    "https": "crawler.browser.chromium.BrowserWhereNeeded",
}
PLAYWRIGHT_BROWSER_TYPE = "chromium"
PLAYWRIGHT_MAX_CONTEXTS = 4
PLAYWRIGHT_MAX_PAGES_PER_CONTEXT = 2
PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT = 45_000
PLAYWRIGHT_RESTART_DISCONNECTED_BROWSER = True

# The user sees our own progress; Scrapy's log goes to a file, and only what is out of order.
LOG_LEVEL = "WARNING"
LOG_VERSIONS: list[str] = []
STATS_DUMP = False
