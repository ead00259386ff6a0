"""A database for crawls, and the sample portal crawled once for all tests of a module that look at it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from nianbao.sample import SamplePortal
from storage import schema
from storage.base import Db, Doc
from tests.crawler.crawling import Crawls, Told, contents
from tests.crawler.house import House

_NUMBERS = itertools.count()


@pytest.fixture
def crawls(database: Db, server_uri: str, tmp_path: Path) -> Crawls:
    return Crawls(database, server_uri, tmp_path)


@pytest.fixture(scope="module")
def module_house(
    client: MongoClient[Doc], server_uri: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        db = client[f"nianbao_house_{os.getpid()}_{next(_NUMBERS)}"]
        schema.ensure(db)
        house = House(db, server_uri, tmp_path_factory.mktemp("house"), patch)
        yield house
        house.close()
        client.drop_database(db.name)


@pytest.fixture
def house(module_house: House) -> House:
    """Its crawl process is kept for all tests of a module, its archive is empty for each."""
    for name in module_house.db.list_collection_names():
        if name != "meta":
            module_house.db[name].delete_many({})
    module_house.told.clear()
    return module_house


@contextmanager
def _crawls(client: MongoClient[Doc], server_uri: str, home: Path) -> Iterator[Crawls]:
    db = client[f"nianbao_crawl_{os.getpid()}_{next(_NUMBERS)}"]
    schema.ensure(db)
    yield Crawls(db, server_uri, home)
    client.drop_database(db.name)


@pytest.fixture(scope="module")
def module_crawls(
    client: MongoClient[Doc], server_uri: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crawls]:
    """As `crawls`, kept for all tests of a module."""
    with _crawls(client, server_uri, tmp_path_factory.mktemp("crawls")) as crawls:
        yield crawls


@pytest.fixture(scope="module")
def sample_crawls(
    client: MongoClient[Doc], server_uri: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crawls]:
    """As `crawls`, for the sample portal alone."""
    with _crawls(client, server_uri, tmp_path_factory.mktemp("sample")) as crawls:
        yield crawls


@pytest.fixture(scope="module")
def portal() -> Iterator[SamplePortal]:
    with SamplePortal() as portal:
        yield portal


@dataclass(frozen=True)
class FirstCrawl:
    """The sample portal, crawled into an empty archive and not disturbed."""

    told: Told
    contents: dict[str, dict[Any, object]]
    """What the archive held then; later crawls of the module add to it."""


@pytest.fixture(scope="module")
def first(sample_crawls: Crawls, portal: SamplePortal) -> FirstCrawl:
    told = sample_crawls.run(home=portal.url)
    return FirstCrawl(told, contents(sample_crawls.db))
