"""The sample portal for as long as a command needs it, at the same address each time.

An address is what a capture is kept under: at another port the second crawl would find every page new.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from nianbao.sample import SamplePortal
from nianbao.sample.portal import SITE
from nianbao.ui.console import note

PORT = 8765


@contextmanager
def sample_portal(port: int = PORT) -> Iterator[str]:
    """The address of the sample portal: one that is served already, or one served by this process."""
    try:
        portal = SamplePortal(port)
        portal.__enter__()
    except OSError:
        url = f"http://127.0.0.1:{port}/"
        if _is_ours(url):
            yield url
            return
        note(f"Port {port} belongs to another program: the sample is served at another, so its pages are new.")
        portal = SamplePortal(0)
        portal.__enter__()
    try:
        yield portal.url
    finally:
        portal.__exit__(None, None, None)


def _is_ours(url: str) -> bool:
    """Does the sample portal answer there? Its front page is known to the byte."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return bool(answer.read() == (SITE / "index.html").read_bytes())
    except (OSError, urllib.error.URLError):
        return False
