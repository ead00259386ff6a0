"""What every room's tests may ask for: a real server, and a database of their own on it."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pymongo import MongoClient

from storage import embedded, schema
from storage.base import Db, Doc
from storage.settings import load

_NUMBERS = itertools.count()

# Property tests find the same cases on every run: what fails here fails everywhere, however busy the machine is.
settings.register_profile(
    "steady", derandomize=True, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")
# Started in the background by a shell, we would have Ctrl-C ignored, and every process under test with us.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
# No test, and no process that one starts, asks anything of a real portal.
os.environ["NIANBAO_LOOPBACK_ONLY"] = "1"
# Hundreds of processes are started here: where each compiles our modules anew, a third of its start goes into that.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first: a worker that gets a long one last keeps the other waiting at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def server_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server: the one at TEST_MONGODB_URI, else an embedded one in a temporary home."""
    given = os.environ.get("TEST_MONGODB_URI")
    if given:
        yield given
        return
    home: Path = tmp_path_factory.mktemp("home")
    at_home = load({"NIANBAO_HOME": str(home)})
    try:
        with embedded.attach(at_home) as attached:
            yield attached.uri
    finally:
        embedded.stop(at_home)


@pytest.fixture(scope="session")
def client(server_uri: str) -> Iterator[MongoClient[Doc]]:
    # One client for the session: embedded.md 1.1, each costs the server three threads.
    with MongoClient[Doc](server_uri, tz_aware=True, socketTimeoutMS=60_000) as client:
        yield client


@pytest.fixture
def bare_database(client: MongoClient[Doc]) -> Iterator[Db]:
    """An empty database under a name of its own, without a schema."""
    name = f"nianbao_test_{os.getpid()}_{next(_NUMBERS)}"
    yield client[name]
    client.drop_database(name)


@pytest.fixture
def database(bare_database: Db) -> Db:
    """A database of the test's own with its collections, validators and indexes; dropped afterwards."""
    schema.ensure(bare_database)
    return bare_database
