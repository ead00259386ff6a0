"""Pages kept ready: made once for each state of the archive, and made again beside the readers when that has changed.

A page that everybody opens (the overview, the coverage of the country, the portals, the dictionary) is the same for all
who chose the same language and colours. It is kept with the state that it shows; where the archive has moved on it is
made anew before it is shown, so that nothing old is ever handed out.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from pymongo.errors import PyMongoError
from starlette.requests import Request
from starlette.responses import Response

from nianbao.web.page import CHOICES, chosen, dressed, html_of

_log = logging.getLogger(__name__)
MOST = 96
"""Pages that are kept, of 50 to 200 KB each; the one that was asked for longest ago goes first."""
Show = Callable[[Request], object]
_Choice = tuple[str, ...]
"""Language, colours …: one of each of CHOICES."""


class Ready:
    """Thread-safe. Two readers at once may make the same page twice, and both are right."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: OrderedDict[tuple[str, str, _Choice], tuple[object, bytes]] = OrderedDict()

    def body(self, request: Request, version: object, make: Callable[[], bytes]) -> bytes:
        """The page that the request asks for, as of `version`: made where it is not kept, or kept as of another."""
        key = (request.url.path, request.url.query, tuple(chosen(request, name) for name in CHOICES))
        with self._lock:
            known = self._pages.get(key)
            if known is not None and known[0] == version:
                self._pages.move_to_end(key)
                return known[1]
        body = make()
        with self._lock:
            self._pages[key] = version, body
            self._pages.move_to_end(key)
            while len(self._pages) > MOST:
                self._pages.popitem(last=False)
        return body

    def choices(self, path: str) -> set[_Choice]:
        """What the readers of a page chose."""
        with self._lock:
            return {choice for known, query, choice in self._pages if known == path and not query}


def ready(request: Request, template: str, context: Callable[[], dict[str, Any]], *, also: object = None) -> Response:
    """The page `template`, kept. `context` works out what it shows, and is called only where the page must be made;
    `also`: what it depends on besides the archive as it was read last."""
    archive = request.app.state.archive
    version = (archive.keeper.readings, also)
    pages: Ready = request.app.state.ready
    return dressed(request, pages.body(request, version, lambda: html_of(request, template, **context())))


def make_ready(app: Any, pages: Mapping[str, Show]) -> None:
    """Make these pages for all that their readers chose, and for the usual choice, before anybody asks again."""
    usual = tuple(values[0] for values in CHOICES.values())
    for path, show in pages.items():
        for choice in app.state.ready.choices(path) or {usual}:
            cookie = "; ".join(f"nianbao_{name}={one}" for name, one in zip(CHOICES, choice, strict=True)).encode()
            scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "app": app}
            try:
                show(Request({**scope, "headers": [(b"cookie", cookie)]}))
            except PyMongoError:  # the database is away: for all of them
                raise
            except Exception as error:  # one page must not keep the others from being served: who asks for it is told
                _log.error("the page %s cannot be made: %s: %s", path, type(error).__name__, error)
