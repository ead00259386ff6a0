"""One stocked archive, one server and one browser for all tests of the pages in a process."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from pymongo import MongoClient

from nianbao.web.app import create_app
from nianbao.web.archive import WebArchive
from storage import schema
from storage.base import Db, Doc
from storage.settings import load
from tests.nianbao.web.stock import stock


@pytest.fixture(scope="session")
def stocked(client: MongoClient[Doc]) -> Iterator[Db]:
    """The archive of `stock`. Nobody writes to it."""
    name = f"nianbao_web_{os.getpid()}"
    schema.ensure(client[name])
    stock(client[name])
    yield client[name]
    client.drop_database(name)


@pytest.fixture(scope="session")
def archive(stocked: Db, tmp_path_factory: pytest.TempPathFactory) -> WebArchive:
    made = WebArchive(stocked, load({"NIANBAO_HOME": str(tmp_path_factory.mktemp("web"))}))
    made.keeper.open()
    made.follow_text()
    return made


@dataclass(frozen=True)
class Served:
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="session")
def served(archive: WebArchive) -> Iterator[Served]:
    """The archive behind a real server on loopback."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    server = uvicorn.Server(uvicorn.Config(create_app(archive), log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    deadline = time.monotonic() + 120
    while not server.started:
        assert thread.is_alive() and time.monotonic() < deadline, "the server does not start"
        time.sleep(0.02)
    try:
        yield Served(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(timeout=120)
        listener.close()


@pytest.fixture(scope="session")
def web(served: Served) -> Iterator[httpx.Client]:
    """Asks the server as a program would."""
    with httpx.Client(base_url=served.url, timeout=120, trust_env=False) as made:
        yield made
