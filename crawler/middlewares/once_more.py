"""A POST that is redirected to its own address: the portal wants its cookie back, and the same question (税务总局: C3VK).

Any other redirect of a POST becomes a GET, as in browsers; a GET that is sent to itself is Scrapy's own matter.
"""

from __future__ import annotations

from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response

from crawler.urls import canonical_url

REDIRECTS = (301, 302, 303, 307)
MOST = 3


class OnceMoreMiddleware:
    """Sends it again, three times at most."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        location = (response.headers.get("Location") or b"").decode("latin-1")
        if request.method != "POST" or response.status not in REDIRECTS or not location:
            return response
        times = request.meta.get("sent_again", 0)
        if canonical_url(urljoin(request.url, location)) != canonical_url(request.url) or times >= MOST:
            return response
        return request.replace(meta={**request.meta, "sent_again": times + 1}, dont_filter=True)
