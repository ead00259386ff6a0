"""When two requests are the same: the canonical address, and whether a browser is to read it."""

from __future__ import annotations

import hashlib

from scrapy import Request

from crawler.urls import canonical_url


class AddressFingerprinter:
    """Scrapy's interface around `canonical_url`: http and https of one page are one request."""

    def fingerprint(self, request: Request) -> bytes:
        browser = b"browser" if request.meta.get("playwright") else b""
        key = canonical_url(request.url).encode("utf-8", "surrogatepass")
        return hashlib.sha1(b"\0".join((request.method.encode(), browser, key, request.body))).digest()
