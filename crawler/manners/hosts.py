"""How each host has behaved in this run, and whether it may be asked right now: the last look before a request goes out.

The download handler asks `admit` and tells `heard`, because a request that waited its turn in the downloader may have
become unwelcome meanwhile; the middlewares note what only the body or the end of all retries shows.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.errors import NotFetched
from crawler.urls import canonical_url

STATUSES = {
    403: ("forbidden", "the portal forbids it (403)"),
    405: ("firewall", "a firewall answers 405"),
    412: ("challenge", "a script challenge answers 412 (瑞数)"),
    422: ("firewall", "a firewall answers 422"),
    468: ("firewall", "a firewall answers 468"),
    493: ("firewall", "a firewall answers 493"),
    521: ("challenge", "a script challenge answers 521 (加速乐)"),
    567: ("firewall", "a firewall answers 567"),
}
"""Refusals by their status (portals.md section 5): what kind, and a sentence."""
LONGEST = 120.0
"""Seconds. Who asks for a longer pause is asked again in the next run."""

PATIENCE = 5
"""Refusals, or addresses without an answer after all retries, in a row after which the host is left alone for the rest
of the run."""
ATTEMPTS = 2 * PATIENCE
"""The same for single attempts. Retries queue behind new pages, and of each a host that hangs takes 45 s: after fifteen
pages without a word none has had its last one."""


class Hosts:
    """Refusals, silences and pauses, by host and port."""

    def __init__(self) -> None:
        self._refused: set[str] = set()
        self._refusals: dict[str, int] = {}
        self._silences: dict[str, int] = {}
        self._attempts: dict[str, int] = {}
        self._until: dict[str, float] = {}
        self._alone: dict[str, asyncio.Lock] = {}
        self._left: dict[str, float] = {}

    def alone(self, slot: str) -> asyncio.Lock:
        """Held by the one request of a slot (a host, or the hosts of a platform) that is under way.

        Scrapy counts a request as under way only a moment after it has let it go; where the machine stands still in that
        moment for longer than the pause, it lets the next one go as well (seen with a pause of a millisecond).
        """
        return self._alone.setdefault(slot, asyncio.Lock())

    async def pause(self, slot: str, seconds: float) -> float:
        """Return, with the time (`monotonic`), when the slot's last request left so many seconds ago: the next one leaves."""
        while (wait := self._left.get(slot, 0.0) + seconds - monotonic()) > 0:
            await asyncio.sleep(wait)
        self._left[slot] = monotonic()
        return self._left[slot]

    def heard(self, response: Response) -> None:
        """Note an answer the moment it comes: the next request of the host goes out before a middleware sees it."""
        if response.status in STATUSES:
            self.refused(response.url)
        elif response.status in (429, 503):
            wait = pause_asked(response)
            if wait is not None and wait <= LONGEST:
                self._until[_place(response.url)] = monotonic() + wait

    def refused(self, url: str) -> None:
        """The host refused this address: it is not asked for it again."""
        if canonical_url(url) not in self._refused:
            self._refused.add(canonical_url(url))
            self._refusals[_place(url)] = self._refusals.get(_place(url), 0) + 1

    def silent(self, url: str) -> None:
        """No answer after all retries, or nothing but errors."""
        self._silences[_place(url)] = self._silences.get(_place(url), 0) + 1

    def unheard(self, url: str) -> bool:
        """One attempt without an answer, or with an error for one. May the host be tried again?"""
        attempts = self._attempts[_place(url)] = self._attempts.get(_place(url), 0) + 1
        return attempts < ATTEMPTS

    def answered(self, url: str) -> None:
        """The host is alive and willing."""
        for counts in (self._refusals, self._silences, self._attempts):
            counts.pop(_place(url), None)

    async def admit(self, url: str) -> None:
        """Return when the host may be asked.

        Raises NotFetched("left_alone") where it may not be asked in this run.
        """
        place = _place(url)
        if canonical_url(url) in self._refused:
            raise NotFetched("left_alone", "it refused already in this run")
        if self._refusals.get(place, 0) >= PATIENCE:
            raise NotFetched("left_alone", f"{place} refused {PATIENCE} times in a row and is left alone")
        if self._silences.get(place, 0) >= PATIENCE:
            raise NotFetched("left_alone", f"{place} did not answer {PATIENCE} times in a row and is left alone")
        if (attempts := self._attempts.get(place, 0)) >= ATTEMPTS:
            raise NotFetched("left_alone", f"{place} did not answer {attempts} times in a row and is left alone")
        wait = self._until.get(place, 0.0) - monotonic()
        if wait > 0:
            await asyncio.sleep(wait)


def _place(url: str) -> str:
    return urlsplit(url).netloc


def pause_asked(response: Response) -> float | None:
    """The seconds of its Retry-After header; None where it says nothing."""
    return seconds((response.headers.get("Retry-After") or b"").decode("latin-1"))


def seconds(value: str) -> float | None:
    """A Retry-After header, `120` or a date, as seconds from now; None where it says nothing."""
    value = value.strip()
    if value.isascii() and value.isdigit():  # "²" is a digit as well
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
