"""Bodies: what unpacks to more than is allowed is kept packed and becomes a problem, never a lost page."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.errors import NotFetched

GZIP = b"\x1f\x8b\x08"


class SizesMiddleware(HttpCompressionMiddleware):
    """Scrapy's decompression, bounded by DOWNLOAD_MAXSIZE. A body that is damaged or too large stays as it came."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        packed = response.headers.get("Content-Encoding")
        if not packed and response.body.startswith(GZIP) and _is_text(response):
            # Packed although nobody asked, and without a word of it (国家知识产权局).
            response.headers["Content-Encoding"] = b"gzip"
        try:
            return super().process_response(request, response)
        except IgnoreRequest:
            raise NotFetched("too_large", f"unpacks to more than {self._max_size // 2**20} MB", response) from None
        except (OSError, ValueError, EOFError):
            # Says gzip and is none: some servers name an encoding that they do not use.
            if packed and not response.body.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd")):
                response.headers.pop("Content-Encoding", None)
                return response
            raise NotFetched("damaged", "its compression is damaged", response) from None


def _is_text(response: Response) -> bool:
    declared = (response.headers.get("Content-Type") or b"").lower()
    return any(word in declared for word in (b"text/", b"html", b"json", b"xml", b"javascript"))
