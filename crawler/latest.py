"""What the archive has of the addresses that are about to be asked for, looked up by the hundred and not one by one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

from storage.archive import CaptureRecord

AT_ONCE = 100
MOST = 1000
"""Answers that are held; who never asks for them (robots.txt, a budget that is spent) must not fill the memory."""

Ask = Callable[[Sequence[str]], Awaitable[Mapping[str, CaptureRecord]]]


class Latest:
    """`get` answers for one address, and asks along with it for those that were announced by `expect`."""

    def __init__(self, ask: Ask) -> None:
        """`ask`: canonical addresses -> their latest good captures; unknown addresses are missing."""
        self._ask = ask
        self._expected: dict[str, None] = {}
        """In the order in which they were announced, which is the order in which they will be wanted."""
        self._held: dict[str, CaptureRecord | None] = {}

    def expect(self, canonical_url: str) -> None:
        self._expected[canonical_url] = None

    def coming(self) -> Iterator[CaptureRecord]:
        """What the archive has of those that were announced and looked up, and are not asked for yet."""
        return (one for one in self._held.values() if one is not None)

    async def get(self, canonical_url: str) -> CaptureRecord | None:
        """Each answer is given once: who asks again wants to know what is there now."""
        if canonical_url not in self._held:
            await self._fill(canonical_url)
        return self._held.pop(canonical_url, None)

    async def _fill(self, canonical_url: str) -> None:
        self._expected.pop(canonical_url, None)
        some = [canonical_url, *list(self._expected)[: AT_ONCE - 1]]
        for one in some[1:]:
            del self._expected[one]
        found = await self._ask(some)
        while len(self._held) > MOST:
            del self._held[next(iter(self._held))]
        self._held.update({one: found.get(one) for one in some})
