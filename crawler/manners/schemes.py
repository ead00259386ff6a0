"""http or https: 30 of 3,208 portals answer over the one that their published address does not have (portals.md section 5).

Tried once a host and run, where the host has given no answer at all: a refusal is an answer. What is remembered from
run to run are the addresses of the columns, which have the scheme that worked.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.urls import DEFAULT_PORTS

OTHER = {"http": "https", "https": "http"}


class Schemes:
    """Which hosts are asked over the other scheme than their links have."""

    def __init__(self) -> None:
        self._answered: set[str] = set()
        self._instead: dict[str, str] = {}
        """Host and port -> the scheme to ask it over."""
        self._tried: set[str] = set()

    def answered(self, url: str) -> None:
        self._answered.add(urlsplit(url).netloc)

    def of(self, url: str) -> str:
        """The address to ask: over the scheme that is known to work."""
        parts = urlsplit(url)
        scheme = self._instead.get(parts.netloc)
        return parts._replace(scheme=scheme).geturl() if scheme in OTHER else url

    def switch(self, url: str) -> str | None:
        """The same address over the other scheme, after no answer; None where the host is known or was tried so."""
        parts = urlsplit(url)
        place = parts.netloc
        if place in self._answered or place in self._tried or parts.port in DEFAULT_PORTS.values():
            return None
        self._tried.add(place)
        self._instead[place] = OTHER[parts.scheme]
        return self.of(url)

    def gave_no_answer(self, url: str) -> None:
        """Neither over the other scheme: what is asked of the host from now on goes where its links say."""
        self._instead.pop(urlsplit(url).netloc, None)
