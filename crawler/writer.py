"""Group commit: many items wait, one thread writes them together (parts.md section 10: one write an item is slow)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Generic, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")

MOST_ITEMS = 200
MOST_BYTES = 32 * 2**20
LINGER = 0.05
"""Seconds that the first item of a batch waits for company, and again as long as company comes: up to `MOST_LINGERS`
times, or until the batch has `ENOUGH`. The database is asked some twenty questions a batch, whatever its size.
"""
MOST_LINGERS = 20
ENOUGH = 100


class GroupCommit(Generic[In, Out]):
    """`await put(item)` returns when the item is in the database, with what `write` answered for it.

    `write` takes a batch and answers in its order; it runs in `thread`, one batch at a time. An exception of it
    reaches everyone whose item was in the batch.
    """

    def __init__(
        self,
        write: Callable[[Sequence[In]], Sequence[Out]],
        thread: Executor,
        size: Callable[[In], int] = lambda item: 0,
    ) -> None:
        self._write = write
        self._thread = thread
        self._size = size
        self._waiting: deque[tuple[In, asyncio.Future[Out]]] = deque()
        self._running: asyncio.Task[None] | None = None

    async def put(self, item: In) -> Out:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Out] = loop.create_future()
        self._waiting.append((item, done))
        if self._running is None or self._running.done():
            self._running = loop.create_task(self._run())
        return await done

    def flush(self) -> None:
        """Write what still waits, without a loop: for an end that nobody waits for (the second Ctrl-C)."""
        left = [item for item, _ in self._waiting]
        self._waiting.clear()
        if left:
            self._thread.submit(self._write, left).result()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            await self._gather()
            batch = self._take()
            if not batch:
                return
            try:
                answers = await loop.run_in_executor(self._thread, self._write, [item for item, _ in batch])
            except Exception as error:
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
            else:
                for (_, done), answer in zip(batch, answers, strict=True):
                    if not done.done():
                        done.set_result(answer)

    async def _gather(self) -> None:
        for _ in range(MOST_LINGERS):
            number = len(self._waiting)
            if number >= ENOUGH:
                return
            await asyncio.sleep(LINGER)
            if len(self._waiting) == number:
                return

    def _take(self) -> list[tuple[In, asyncio.Future[Out]]]:
        batch: list[tuple[In, asyncio.Future[Out]]] = []
        weight = 0
        while self._waiting and len(batch) < MOST_ITEMS:
            weight += self._size(self._waiting[0][0])
            if batch and weight > MOST_BYTES:
                break
            batch.append(self._waiting.popleft())
        return batch
