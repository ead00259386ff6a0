"""Many machines: portals as the tasks of a Dask cluster, `--scheduler tcp://…`.

Each worker machine has the project, its configuration and the same MONGODB_URI: passwords do not travel. A task keeps a
portal's lease in the database, so that its delay holds whoever visits it; a worker that dies loses its tasks, which the
scheduler gives to others, and they go on from what is stored.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from crawler.errors import CrawlFailed
from crawler.fleet.crew import Crew
from crawler.fleet.order import Ended, Order, Visited
from storage.errors import StorageError
from storage.scheduler import ANSWER, connected

if TYPE_CHECKING:
    from distributed import Client

TRIES = 3
"""Workers that may die over one portal."""


class Cluster:
    """The workers of a scheduler, as `crawler.fleet.dispatch` needs them."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._tasks: dict[Any, Future[Visited]] = {}

    @property
    def capacity(self) -> int:
        """Twice as many portals as there are threads: one under way and one that waits there."""
        return max(1, 2 * sum(self._client.nthreads().values()))

    def submit(self, order: Order) -> Future[Visited]:
        future: Future[Visited] = Future()
        task = self._client.submit(visit, order.to_json(), pure=False, retries=TRIES)
        self._tasks[task] = future  # kept: Dask lets go of what nobody keeps
        task.add_done_callback(lambda done: self._settle(done, order))
        return future

    def _settle(self, task: Any, order: Order) -> None:
        future = self._tasks.pop(task)
        try:
            future.set_result(Visited.of_json(task.result()))
        except Exception as error:
            name = type(error).__name__
            if "Cancelled" in name:
                future.set_exception(CrawlFailed("the scheduler was lost: start it and the same command again"))
            else:  # KilledWorker among them: this portal ends every worker that it is given to
                future.set_result(Visited(order.portal, Ended.DIED, f"{name}: {str(error)[:300]}"))


@contextmanager
def cluster(address: str, run_id: str) -> Iterator[Cluster]:
    """Raises CrawlFailed where no scheduler answers, no worker is there, or one of them has another archive."""
    with connected(address, CrawlFailed) as client:
        _greet(client, address, run_id)
        yield Cluster(client)


def _greet(client: Client, address: str, run_id: str) -> None:
    try:
        client.wait_for_workers(1, timeout=ANSWER)
    except TimeoutError:
        raise CrawlFailed(
            f"the scheduler at {address} has no workers: start some with `dask worker {address}`"
        ) from None
    for worker, found in client.run(complaint, run_id, version("nianbao"), on_error="return").items():
        if isinstance(found, BaseException):
            raise CrawlFailed(f"the worker {worker} cannot be used: {type(found).__name__}: {found}")
        if found:
            raise CrawlFailed(f"the worker {worker} {found}")


# --- in the workers -----------------------------------------------------------------------------------------------


def complaint(run_id: str, theirs: str) -> str:
    """Why this worker must not visit portals for the run; empty where it may."""
    from storage.database import open_database
    from storage.runs import Runs
    from storage.settings import load

    if version("nianbao") != theirs:
        return f"has nianbao {version('nianbao')}, and who asks {theirs}"
    try:
        settings = load()
        with open_database(settings, create=False) as database:
            is_same = Runs(database).get(run_id) is not None
    except StorageError as error:
        return f"has no database: {error}"
    return "" if is_same else f"has another archive ({settings.where}): give it the same MONGODB_URI and start it again"


def visit(order: str) -> str:
    """The task: one portal, visited by a crawl process beside this worker. JSON in, JSON out."""
    return _crew().submit(Order.of_json(order)).result().to_json()


_lock = threading.Lock()
_crews: list[Crew] = []


def _crew() -> Crew:
    """This worker's crawl process: one, with a slot for each of its threads, as long as the worker lives."""
    with _lock:
        if not _crews:
            from distributed import get_worker

            crew = Crew(1, slots=int(get_worker().state.nthreads))
            crew.__enter__()  # until this process ends: then the crawl process's input ends, and so does it
            _crews.append(crew)
        return _crews[0]
