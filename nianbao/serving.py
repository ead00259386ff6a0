"""The sample portal for as long as a command needs it, at the same address each time.

An address is what a capture is kept under: at another port the second crawl would find every page new. So a home
remembers the port of its first crawl in `run/sample.port`.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from nianbao.sample import SamplePortal
from nianbao.sample.portal import SITE
from nianbao.ui.console import note
from storage.embedded.ping import free_port

PORT = 8765
SAMPLE = "sample"
"""Its id in config/portals."""


@contextmanager
def sample_portal(home: Path, *, next_year: bool = False) -> Iterator[str]:
    """The address of the sample portal, served by this process, or by another at the address that this home knows.

    `next_year`: as it stands a year later. What another process serves is as that one has it.
    """
    remembered = home / "run" / "sample.port"
    known = _read(remembered)
    port = known or PORT
    try:
        portal = SamplePortal(port)
        portal.__enter__()
    except OSError:
        url = f"http://127.0.0.1:{port}/"
        if known and _is_ours(url):
            # Lent only to who has been there: a new home takes a port of its own, since the lender may end any moment.
            yield url
            return
        portal = SamplePortal(free_port())
        portal.__enter__()
        note(f"Port {port} belongs to another program; the sample is served at {portal.url} from now on.")
    if portal.port != known:
        remembered.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        remembered.write_text(f"{portal.port}\n", encoding="ascii")
    if next_year:
        portal.next_year()
    try:
        yield portal.url
    finally:
        portal.__exit__(None, None, None)


@contextmanager
def homes_of(portals: Collection[str] | None, home: Path) -> Iterator[dict[str, str]]:
    """The front pages that the registry does not say: the sample's, served meanwhile, where `portals` names it."""
    if not portals or SAMPLE not in portals:
        yield {}
        return
    with sample_portal(home) as address:
        yield {SAMPLE: address}


def _read(file: Path) -> int | None:
    """The remembered port; None where there is none, or none that can be read."""
    try:
        port = int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return port if 0 < port < 65536 else None


def _is_ours(url: str) -> bool:
    """Does the sample portal answer there? Its front page is known to the byte."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return bool(answer.read() == (SITE / "index.html").read_bytes())
    except (OSError, urllib.error.URLError):
        return False
