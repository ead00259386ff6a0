"""How each host has behaved in this run, and whether it may be asked right now: the last look before a request goes out.

Middlewares note what happens; the download handler asks `admit`, because a request that waited its turn in the
downloader may have become unwelcome meanwhile.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from urllib.parse import urlsplit

from crawler.errors import NotFetched
from crawler.urls import canonical_url

PATIENCE = 5
"""Refusals, or failures to answer, in a row after which the host is left alone for the rest of the run."""


class Hosts:
    """Refusals, silences and pauses, by host and port."""

    def __init__(self) -> None:
        self._refused: set[str] = set()
        self._refusals: dict[str, int] = {}
        self._silences: dict[str, int] = {}
        self._until: dict[str, float] = {}

    def refused(self, url: str) -> None:
        """The host refused this address: it is not asked for it again."""
        self._refused.add(canonical_url(url))
        self._refusals[_place(url)] = self._refusals.get(_place(url), 0) + 1

    def silent(self, url: str) -> None:
        """No answer after all retries, or nothing but errors."""
        self._silences[_place(url)] = self._silences.get(_place(url), 0) + 1

    def answered(self, url: str) -> None:
        """The host is alive and willing."""
        self._refusals.pop(_place(url), None)
        self._silences.pop(_place(url), None)

    def pause(self, url: str, seconds: float) -> None:
        """The host asked to be left in peace for so long."""
        self._until[_place(url)] = monotonic() + seconds

    async def admit(self, url: str) -> None:
        """Return when the host may be asked. Raises NotFetched("left_alone") where it may not in this run."""
        place = _place(url)
        if canonical_url(url) in self._refused:
            raise NotFetched("left_alone", "it refused already in this run")
        if self._refusals.get(place, 0) >= PATIENCE:
            raise NotFetched("left_alone", f"{place} refused {PATIENCE} times in a row and is left alone")
        if self._silences.get(place, 0) >= PATIENCE:
            raise NotFetched("left_alone", f"{place} did not answer {PATIENCE} times in a row and is left alone")
        wait = self._until.get(place, 0.0) - monotonic()
        if wait > 0:
            await asyncio.sleep(wait)


def _place(url: str) -> str:
    return urlsplit(url).netloc
