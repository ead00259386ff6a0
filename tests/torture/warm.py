"""Everything that a crawl and a rerun load, loaded: `tests.torture.rounds` forks its victims from a process that did this
once, because starting Python anew for each of them took half of a round's time.
"""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module

import crawler
import nianbao.cli
import storage.rerun

__all__ = ["nianbao"]
OPTIONAL = ("crawler.fleet.cluster", "crawler.fleet.worker", "storage.rerun.cluster")

for room in (crawler, storage.rerun):
    for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        if found.name not in OPTIONAL:
            import_module(found.name)
for name in ("parsers", "crawler.run", "nianbao.commands.rerun", "nianbao.indexing", "scrapy.core.engine"):
    import_module(name)
for name in ("http11", "file", "datauri"):
    import_module(f"scrapy.core.downloader.handlers.{name}")
assert "twisted.internet.reactor" not in sys.modules, "a reactor cannot be shared"
