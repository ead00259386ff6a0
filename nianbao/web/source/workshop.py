"""Where archived files are opened: in a process of its own, with a time limit, one at a time.

What is in an archive may be made to crash a reader. It then takes this process with it, and not the server; PDFium
also bears one thread only.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from multiprocessing import get_context
from typing import Any

from pebble import ProcessExpired, ProcessPool

SECONDS = 20.0
KEPT_BYTES = 48 << 20
"""Copies that were made stay in memory, the latest ones up to this."""


class CannotShow(Exception):
    """The file cannot be shown; the text says why."""


class Workshop:
    """Makes copies of archived files, and remembers them by their key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._made: OrderedDict[Hashable, bytes] = OrderedDict()
        self._bytes = 0

    def make(self, key: Hashable, task: Callable[..., bytes], *arguments: Any) -> bytes:
        """`task(*arguments)`, from memory where it was made before. Raises CannotShow."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
            if self._pool is None:
                self._pool = ProcessPool(max_workers=1, context=get_context("spawn"))
            pool = self._pool
        try:
            made: bytes = pool.schedule(task, args=arguments, timeout=SECONDS).result()
        except FutureTimeout:
            raise CannotShow(f"reading it takes longer than {SECONDS:.0f} s") from None
        except ProcessExpired:
            raise CannotShow("reading it ended the reader") from None
        except Exception as error:
            raise CannotShow(str(error) or type(error).__name__) from error
        with self._lock:
            if key not in self._made:
                self._made[key] = made
                self._bytes += len(made)
            while self._bytes > KEPT_BYTES and len(self._made) > 1:
                _, old = self._made.popitem(last=False)
                self._bytes -= len(old)
        return made

    def close(self) -> None:
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()


def copy_of(
    content: bytes,
    media_type: str | None,
    body: Sequence[str],
    cells: Sequence[Mapping[str, Any]],
    pictures: str,
) -> bytes:
    """The copy of any archived file as a document for the frame. `pictures`: where the pictures of its pages are.

    Runs in the workshop's process. Raises Unreadable as the readers do.
    """
    from nianbao.web.source.places import Places
    from parsers.documents import media

    places = Places.of(cells)
    found = media.sniff(content, media_type)
    if found == media.HTML:
        from nianbao.web.source.html_view import html_view

        return html_view(content, media_type, body, places)
    if found == media.PDF:
        from nianbao.web.source.pdf_view import pdf_view

        return pdf_view(content, places, lambda number: f"{pictures}/{number}.png")
    if found.startswith("image/"):
        from nianbao.web.source.pdf_view import picture_view

        return picture_view(content, places, f"{pictures}/1.png")
    from nianbao.web.source.text_view import text_view
    from parsers import documents
    from parsers.script import simplified

    return text_view(simplified(documents.read(content, media_type=media_type)).document, places)


def picture_of(content: bytes, media_type: str | None, number: int) -> bytes:
    """A page of a PDF, or a picture, as PNG. Raises IndexError where there is no such page."""
    from parsers.documents import media

    if media.sniff(content, media_type) == media.PDF:
        from nianbao.web.source.pdf_view import pdf_page

        return pdf_page(content, number)
    import io

    from PIL import Image

    if number != 1:
        raise IndexError(number)
    with Image.open(io.BytesIO(content)) as picture:
        picture.thumbnail((2000, 4000))
        out = io.BytesIO()
        picture.convert("RGB").save(out, "PNG")
        return out.getvalue()


def warm() -> bytes:
    """Import the readers before somebody waits for them."""
    import nianbao.web.source.html_view
    import nianbao.web.source.pdf_view  # noqa: F401

    return b"warm"
