"""What a cluster's worker does: compare itself with who asks, and parse batches in processes of its own.

The processes are those of a local rerun (`storage.rerun.workers`), with the same limits of time and memory, so that a
page that hangs costs itself and not the worker. They are started anew for every rerun: no template and no code of yesterday
is used.
"""

from __future__ import annotations

import multiprocessing
import pickle
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TypeAlias

from backports import zstd

from parsers.errors import ParseError
from parsers.source import Source
from parsers.version import PARSER_VERSION
from storage.rerun import inputs
from storage.rerun.errors import RerunError
from storage.rerun.read import Reading, Stands
from storage.rerun.workers import Processes
from storage.settings import ParseSettings

Page: TypeAlias = tuple[Source, Stands | None]
"""What `Processes.submit` takes."""
Answer: TypeAlias = Reading | Exception
"""A reading, or why there is none."""
_LEVEL = 3


@dataclass(frozen=True)
class Job:
    """One rerun, as its workers are told of it."""

    token: str
    limits: ParseSettings
    made_with: Mapping[str, str]
    """Of who asks, see `made_with`."""


class OtherVersion(RerunError):
    """A worker would read otherwise than this machine."""


def made_with() -> dict[str, str]:
    """What a reading depends on beside the page: name -> version or digest."""
    found = {"parser version": PARSER_VERSION, "configuration or parser code": inputs.digest()[:12]}
    for requirement in requires("nianbao") or ():
        pinned = re.fullmatch(r"([\w.-]+)==([\w.]+)", requirement)  # those of the extras end in a condition
        if pinned:
            found[pinned[1]] = _version(pinned[1])
    return found


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def complaint(job: Job) -> str:
    """Why this worker must not read for the job; empty where it may."""
    if multiprocessing.current_process().daemon:
        return "may not start processes: start it with `dask worker --no-nanny`"
    mine = made_with()
    other = [name for name, theirs in job.made_with.items() if mine.get(name) != theirs]
    if not other:
        return ""
    told = ", ".join(f"{name} {mine.get(name, 'none')}, here {job.made_with[name]}" for name in other[:3])
    return f"has {told}: give it the same code and configuration (NIANBAO_CONFIG), and start it again"


def pack(pages: Sequence[Page]) -> bytes:
    return zstd.compress(pickle.dumps(pages), _LEVEL)


def read_batch(job: Job, packed: bytes) -> list[Answer]:
    """Read a packed batch; the answers stand in its order. Raises OtherVersion."""
    pages: list[Page] = pickle.loads(zstd.decompress(packed))
    with _crew(job) as crew:
        futures = [crew.processes.submit(*page) for page in pages]
        return [_answer(future.exception() or future.result()) for future in futures]


def _answer(found: Reading | BaseException) -> Answer:
    if isinstance(found, (Reading, ParseError)):
        return found
    # Whatever it was, it must travel: its class may be unknown elsewhere, or not be picklable.
    return RuntimeError(f"{type(found).__name__}: {found}")


# --- the processes of this worker -------------------------------------------------------------------------------


@dataclass
class _Crew:
    processes: Processes
    batches: int = field(default=0)
    """Under way."""


_crews: dict[str, _Crew] = {}
_lock = threading.Lock()


@contextmanager
def _crew(job: Job) -> Iterator[_Crew]:
    """The processes for a job, shared by the batches that this worker reads at once."""
    with _lock:
        crew = _crews.get(job.token)
        if crew is None:
            _dismiss_idle()  # of reruns that were killed
            told = complaint(job)
            if told:
                raise OtherVersion(f"a worker {told}")
            crew = _Crew(Processes(job.limits, _threads(), fresh=True))
            crew.processes.pool.__enter__()
            _crews[job.token] = crew
        crew.batches += 1
    try:
        yield crew
    finally:
        with _lock:
            crew.batches -= 1


def dismiss(token: str) -> None:
    """The rerun is over."""
    with _lock:
        crew = _crews.pop(token, None)
    if crew is not None:
        _end(crew)


def _dismiss_idle() -> None:
    for token in [token for token, crew in _crews.items() if not crew.batches]:
        _end(_crews.pop(token))


def _end(crew: _Crew) -> None:
    # As after an interrupt: nobody waits for what may still be under way.
    crew.processes.pool.__exit__(KeyboardInterrupt, None, None)


def _threads() -> int:
    from distributed import get_worker

    return int(get_worker().state.nthreads)
