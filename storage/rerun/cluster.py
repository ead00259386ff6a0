"""Who parses, on several machines: the workers of a Dask cluster, `nianbao rerun --scheduler tcp://…`.

A task is a batch of pages with their bytes, so workers need neither the database nor its password; this machine reads
the archive, keeps what comes back in the spool and writes. A worker that dies loses its batch, which the scheduler gives
to another one: reading changes nothing, so nothing can happen twice.
"""

from __future__ import annotations

import secrets
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from parsers.source import Source
from storage.rerun import crew
from storage.rerun.errors import RerunError
from storage.rerun.read import Reading, Stands
from storage.rerun.workers import Ahead, Hire, Workers
from storage.scheduler import connected
from storage.settings import ParseSettings

if TYPE_CHECKING:
    from distributed import Client

BATCH = 200
"""Pages of a task: some ten seconds of work, beside which the scheduler's milliseconds do not count."""
LARGEST_BATCH = 16 * 1024 * 1024
"""Bytes of a task's pages before they are packed, unless a single one has more."""
BATCHES_AHEAD = 2
"""For each thread of a worker: one that it reads and one that waits there."""
LARGEST_AHEAD = 512 * 1024 * 1024
PATIENCE = 60.0
"""Seconds that a cluster may be without any worker."""
_LOOK = 5.0


def cluster(address: str, batch: int = BATCH, patience: float = PATIENCE) -> Hire:
    """The workers of the scheduler at this address (`tcp://host:8786`, `tls://…`).

    Raises RerunError, when it is used, where Dask is not installed, no scheduler answers, there are no workers, or one
    of them has another version or configuration.
    """

    @contextmanager
    def hire(limits: ParseSettings) -> Iterator[Workers]:
        with connected(address, RerunError) as client:
            job = crew.Job(secrets.token_hex(8), limits, crew.made_with())
            _greet(client, address, job, patience)
            hired = _Cluster(client, job, batch, patience)
            try:
                yield hired
            finally:
                hired.stop()
                with suppress(Exception):  # workers that are gone need not be told
                    client.run(crew.dismiss, job.token, on_error="ignore")

    return hire


def _greet(client: Client, address: str, job: crew.Job, patience: float) -> None:
    """Every worker that is there must be such that it reads as this machine does."""
    try:
        client.wait_for_workers(1, timeout=patience)
    except TimeoutError:
        raise RerunError(
            f"the scheduler at {address} has no workers: start some with `dask worker {address} --no-nanny`"
        ) from None
    for worker, found in client.run(crew.complaint, job, on_error="return").items():
        if isinstance(found, ImportError):
            raise RerunError(f"the worker {worker} has no nianbao, or an older one: {found}; install this one there")
        if isinstance(found, BaseException):
            raise RerunError(f"the worker {worker} cannot be used: {type(found).__name__}: {found}")
        if found:
            raise RerunError(f"the worker {worker} {found}")


class _Cluster:
    """Gathers sources into batches and sends them; results come back in threads of the client."""

    def __init__(self, client: Client, job: crew.Job, batch: int, patience: float) -> None:
        self._client = client
        self._job = job
        self._batch = batch
        self._patience = patience
        self._lock = threading.RLock()
        self._waiting: list[tuple[crew.Page, Future[Reading]]] = []
        self._size = 0
        self._sent: dict[Any, list[Future[Reading]]] = {}
        """Dask's future -> ours. It is kept, for what nobody keeps Dask lets go."""
        self._threads = 1
        self._stopped = threading.Event()
        self._look()
        self._watch = threading.Thread(target=self._watch_workers, name="cluster", daemon=True)
        self._watch.start()

    @property
    def ahead(self) -> Ahead:
        return Ahead(self._batch * BATCHES_AHEAD * self._threads, LARGEST_AHEAD)

    def submit(self, source: Source, stands: Stands | None = None) -> Future[Reading]:
        future: Future[Reading] = Future()
        with self._lock:
            self._waiting.append(((source, stands), future))
            self._size += len(source.content) + sum(len(file.content) for file in source.attachments)
            if len(self._waiting) >= self._batch or self._size >= LARGEST_BATCH:
                self._send()
        return future

    def flush(self) -> None:
        """Where others are under way their end brings more sources; else nothing would ever fill the batch."""
        with self._lock:
            if self._waiting and not self._sent:
                self._send()

    def stop(self) -> None:
        self._stopped.set()
        self._watch.join()
        with self._lock:
            sent, self._sent = self._sent, {}
        if sent:
            with suppress(Exception):  # a scheduler that is gone has forgotten them already
                self._client.cancel(list(sent))

    def _send(self) -> None:
        waiting, self._waiting, self._size = self._waiting, [], 0
        packed = crew.pack([page for page, _ in waiting])
        with warnings.catch_warnings():
            # Pages travel within their task: as data of their own they would be lost with the worker that holds them.
            warnings.filterwarnings("ignore", message="Sending large graph")
            task = self._client.submit(crew.read_batch, self._job, packed, pure=False)
        self._sent[task] = [future for _, future in waiting]
        task.add_done_callback(self._done)

    def _done(self, task: Any) -> None:
        with self._lock:
            # All of a batch or none: who waits for one of them must not go on before `_sent` is right.
            futures = self._sent.pop(task, None)
            if futures is None or self._stopped.is_set():
                return
            try:
                answers = task.result()
            except BaseException as error:
                self._fail(futures, _explained(error))
                return
            for future, answer in zip(futures, answers, strict=True):
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)

    def _fail(self, futures: list[Future[Reading]], error: RerunError) -> None:
        for future in futures:
            if not future.done():
                future.set_exception(error)

    def _watch_workers(self) -> None:
        """A cluster that has lost all its workers would be waited for without end."""
        alone = 0.0
        while not self._stopped.wait(_LOOK):
            alone = 0.0 if self._look() else alone + _LOOK
            if alone >= self._patience:
                with self._lock:
                    sent, self._sent = self._sent, {}
                    told = "the cluster has no workers any more: start some, and the same command again; it goes on"
                    for futures in sent.values():
                        self._fail(futures, RerunError(told))

    def _look(self) -> bool:
        """Whether there are workers; how many threads they have."""
        try:
            self._threads = max(1, sum(self._client.nthreads().values()))
            return bool(self._client.nthreads())
        except Exception:
            return False  # the scheduler is away; where it stays away its tasks fail by themselves


def _explained(error: BaseException) -> RerunError:
    if isinstance(error, RerunError):
        return error
    name = type(error).__name__
    if "Cancelled" in name:
        return RerunError("the scheduler was lost: start it and the same command again; it goes on where it was")
    if name == "KilledWorker":
        return RerunError("several workers died over the same pages: look at their memory, then start it again")
    return RerunError(f"a worker failed: {name}: {error}")
