"""Group commit: nothing returns before it is written, and a failure reaches everyone whose item was in the batch."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from crawler import writer
from crawler.writer import GroupCommit


def test_many_items_few_writes_in_one_thread() -> None:
    batches: list[list[int]] = []
    threads: set[str] = set()

    def write(batch: Sequence[int]) -> list[int]:
        batches.append(list(batch))
        threads.add(threading.current_thread().name)
        return [item * 2 for item in batch]

    async def run(thread: ThreadPoolExecutor) -> list[int]:
        commit = GroupCommit(write, thread)
        return list(await asyncio.gather(*(commit.put(number) for number in range(450))))

    with ThreadPoolExecutor(1, "one") as thread:
        assert asyncio.run(run(thread)) == [number * 2 for number in range(450)]
    assert [len(batch) for batch in batches] == [writer.MOST_ITEMS, writer.MOST_ITEMS, 50]
    assert len(threads) == 1


def test_large_items_go_in_smaller_batches() -> None:
    sizes: list[int] = []

    def write(batch: Sequence[int]) -> list[None]:
        sizes.append(sum(batch))
        return [None] * len(batch)

    async def run(thread: ThreadPoolExecutor) -> None:
        commit = GroupCommit(write, thread, size=lambda item: item)
        await asyncio.gather(*(commit.put(size) for size in (20 * 2**20, 20 * 2**20, 80 * 2**20, 1)))

    with ThreadPoolExecutor(1) as thread:
        asyncio.run(run(thread))
    assert sizes == [20 * 2**20, 20 * 2**20, 80 * 2**20, 1]


def test_a_failure_reaches_all_who_wait_and_the_next_batch_goes_on() -> None:
    def write(batch: Sequence[int]) -> list[int]:
        if 1 in batch:
            raise OSError("no space")
        return list(batch)

    async def run(thread: ThreadPoolExecutor) -> None:
        commit = GroupCommit(write, thread)
        failed = await asyncio.gather(commit.put(1), commit.put(2), return_exceptions=True)
        assert [str(error) for error in failed] == ["no space", "no space"]
        assert await commit.put(3) == 3

    with ThreadPoolExecutor(1) as thread:
        asyncio.run(run(thread))


def test_what_still_waits_at_the_end_is_written() -> None:
    written: list[int] = []

    def write(batch: Sequence[int]) -> list[None]:
        written.extend(batch)
        return [None] * len(batch)

    async def run(commit: GroupCommit[int, None]) -> None:
        waiting = asyncio.ensure_future(commit.put(7))
        await asyncio.sleep(0)
        waiting.cancel()

    with ThreadPoolExecutor(1) as thread:
        commit = GroupCommit(write, thread)
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(_cancelled(run(commit)))
        commit.flush()
    assert written == [7]


async def _cancelled(coroutine: object) -> None:
    await coroutine  # type: ignore[misc]
    raise asyncio.CancelledError
