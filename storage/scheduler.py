"""A connection to a Dask scheduler (the extra `cluster`), for reruns and crawls alike."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from distributed import Client

ANSWER = 15.0
"""Seconds in which a scheduler must answer."""


@contextmanager
def connected(address: str, refused: type[Exception]) -> Iterator[Client]:
    """A client of the scheduler at `address`, closed afterwards.

    Raises `refused`, with one line that says what to do, where Dask is not installed or nobody answers.
    """
    try:
        from distributed import Client
        from distributed.comm import get_address_host_port
    except ImportError:
        raise refused(
            "--scheduler needs Dask, which is not installed: pip install 'nianbao[cluster]'"
            " (in a checkout: .venv/bin/pip install -r requirements.lock)"
        ) from None
    # What becomes of workers and scheduler is told in our own words.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        get_address_host_port(
            address
        )  # a Client that finds no port in it tries for half a minute to close what never was
        client = Client(address, timeout=ANSWER, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        told = str(error).partition("\n")[0] or type(error).__name__
        raise refused(f"no Dask scheduler answers at {address} ({told}): start one with `dask scheduler`") from None
    try:
        yield client
    finally:
        with suppress(Exception):
            client.close(timeout=ANSWER)
