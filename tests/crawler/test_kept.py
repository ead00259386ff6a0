"""Bytes of unchanged pages are read by the dozen, each once, and what is damaged is told for its own page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import cast

from crawler.kept import AT_ONCE, LARGEST, MOST, Kept
from storage.archive import CaptureRecord, DamagedRaw

ROTTEN = "body 3"


def record(number: int, size: int = 1000) -> CaptureRecord:
    return cast(CaptureRecord, SimpleNamespace(raw_sha256=f"body {number}", size=size, status=200))


class Archive:
    """Writes down which bodies were read together; one of them is damaged."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    async def read(self, keys: Sequence[str]) -> Mapping[str, bytes | DamagedRaw]:
        self.asked.append(list(keys))
        return {key: DamagedRaw(key, "a test says so") if key == ROTTEN else key.encode() for key in keys}


def read(wanted: Sequence[CaptureRecord], coming: list[CaptureRecord]) -> tuple[list[bytes | DamagedRaw], Archive]:
    archive = Archive()
    kept = Kept(archive.read, lambda: coming)

    async def all_of_them() -> list[bytes | DamagedRaw]:
        return [await kept.of(one) for one in wanted if coming.remove(one) is None]

    return asyncio.run(all_of_them()), archive


def test_the_next_ones_are_read_along_with_one_that_is_unchanged() -> None:
    pages = [record(number) for number in range(2 * AT_ONCE)]
    bodies, archive = read(pages, list(pages))
    assert [len(some) for some in archive.asked] == [AT_ONCE, AT_ONCE]
    assert sorted(key for some in archive.asked for key in some) == sorted(one.raw_sha256 for one in pages)
    assert [body for body in bodies if isinstance(body, bytes)] == [
        one.raw_sha256.encode() for one in pages if one.raw_sha256 != ROTTEN
    ]
    assert isinstance(bodies[3], DamagedRaw) and bodies[3].sha256 == ROTTEN


def test_large_files_and_those_that_have_changed_are_not_kept_waiting() -> None:
    first, large = record(1), record(7, LARGEST + 1)
    _, archive = read([first, large], [first, large, record(2)])
    assert archive.asked == [["body 1", "body 2"], ["body 7"]]

    archive = Archive()
    kept = Kept(archive.read, lambda: [record(2)])

    async def changed() -> bytes | DamagedRaw:
        await kept.of(record(1))
        kept.forget(record(2))
        return await kept.of(record(2))

    assert asyncio.run(changed()) == b"body 2"
    assert archive.asked == [["body 1", "body 2"], ["body 2"]]


def test_what_nobody_asks_for_does_not_fill_the_memory() -> None:
    archive = Archive()
    coming: list[CaptureRecord] = []
    kept = Kept(archive.read, lambda: coming)

    async def ask(number: int) -> None:
        coming[:] = [record(number + more) for more in range(1, AT_ONCE)]
        await kept.of(record(number))

    for number in range(0, 20 * AT_ONCE, AT_ONCE):
        asyncio.run(ask(number))
    assert len(kept._ahead) <= MOST
