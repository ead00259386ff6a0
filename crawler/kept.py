"""The bytes of pages that the portal calls unchanged, read and hashed by the dozen and not one by one.

Every night reads them: that is how rotten bytes are noticed. Where one page is unchanged those that are asked for next are
likely to be, too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from storage.archive import CaptureRecord, DamagedRaw

AT_ONCE = 16
LARGEST = 128 * 1024
"""Bytes of what is read along with others; a large file is read when the portal has said that it is unchanged."""
MOST = 128
"""Pages that wait, more than `crawler.latest` looks up at once: they are asked for in another order, the newest year first.
Those that are never asked for (a budget that is spent) must not fill the memory."""

Bodies = Mapping[str, bytes | DamagedRaw]
Read = Callable[[Sequence[str]], Awaitable[Bodies]]


class Kept:
    """`of` gives one page's bytes, and reads those of the next ones along with it."""

    def __init__(self, read: Read, coming: Callable[[], Iterable[CaptureRecord]]) -> None:
        """`read`: SHA-256s -> the bytes of each, or what is wrong with them. `coming`: what will be asked for next."""
        self._read = read
        self._coming = coming
        self._ahead: dict[str, asyncio.Future[Bodies]] = {}

    def forget(self, record: CaptureRecord) -> None:
        """It has changed: what it was is not needed."""
        self._ahead.pop(record.raw_sha256, None)

    async def of(self, record: CaptureRecord) -> bytes | DamagedRaw:
        """It has not changed."""
        key = record.raw_sha256
        reading = self._ahead.pop(key, None)
        if reading is None:
            others = list(islice(self._small(key), AT_ONCE - 1))
            reading = asyncio.ensure_future(self._read([key, *others]))
            self._ahead.update(dict.fromkeys(others, reading))
            while len(self._ahead) > MOST:
                del self._ahead[next(iter(self._ahead))]
        return (await reading)[key]

    def _small(self, but: str) -> Iterator[str]:
        for one in self._coming():
            key = one.raw_sha256
            if one.status == 200 and one.size <= LARGEST and key != but and key not in self._ahead:
                yield key
