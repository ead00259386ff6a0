"""Bodies: what unpacks to more than is allowed is kept packed and becomes a problem, never a lost page."""

from __future__ import annotations

import re
import zlib

import brotli
from backports import zstd
from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.errors import NotFetched
from parsers.documents.media import BINARY, sniff

GZIP, ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
BROKEN = (OSError, ValueError, EOFError, zlib.error, zstd.ZstdError, brotli.error)
"""What a body that is not packed as it says, or not well, makes the libraries raise."""
END = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
LAST = 2_000
"""Bytes in which a page has its end, counters and other scripts behind it."""


class SizesMiddleware(HttpCompressionMiddleware):
    """Scrapy's decompression, bounded by DOWNLOAD_MAXSIZE. A body that is damaged or too large stays as it came."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        packed = response.headers.get("Content-Encoding")
        if not packed and response.body.startswith(GZIP) and _is_text(response):
            # Packed although nobody asked, and without a word of it (国家知识产权局).
            response.headers["Content-Encoding"] = packed = b"gzip"
        try:
            unpacked = super().process_response(request, response)
        except IgnoreRequest:
            raise NotFetched("too_large", f"unpacks to more than {self._max_size // 2**20} MB", response) from None
        except BROKEN:
            # Says gzip and is none: some servers name an encoding that they do not use.
            if packed and not response.body.startswith((GZIP[:2], ZSTD)) and sniff(response.body) != BINARY:
                response.headers.pop("Content-Encoding", None)
                return response
            raise NotFetched("damaged", "its compression is damaged", response) from None
        # Scrapy makes of a packed body whatever can be made of it. Where only its last bytes are missing the page is there.
        is_whole = not packed or not isinstance(unpacked, Response) or END.search(unpacked.body[-LAST:]) is not None
        if not is_whole and _is_cut(response.body, (packed or b"").strip().lower()):
            raise NotFetched("damaged", "its compression ends in the middle of the page", response)
        return unpacked


def _is_text(response: Response) -> bool:
    declared = (response.headers.get("Content-Type") or b"").lower()
    return any(word in declared for word in (b"text/", b"html", b"json", b"xml", b"javascript"))


def _is_cut(body: bytes, encoding: bytes) -> bool:
    """Whether a packed body, which is small enough, ends before its packing does."""
    try:
        if encoding in (b"gzip", b"x-gzip"):
            return not _ends(zlib.decompressobj(zlib.MAX_WBITS | 16), body)
        if encoding == b"br":
            packed = brotli.Decompressor()
            packed.process(body)
            return not packed.is_finished()
        return encoding == b"zstd" and not _ends(zstd.ZstdDecompressor(), body)
    except BROKEN:
        return True


def _ends(packed: zlib._Decompress | zstd.ZstdDecompressor, body: bytes) -> bool:
    packed.decompress(body)
    return packed.eof
