"""Measurements behind the decisions of the storage; no test. Prints what this machine and this server give.

python -m tests.storage.measure [mongodb://…]        (without an address: an embedded server of its own)
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable

import bson
from pymongo import MongoClient

from storage import catalogue, embedded, query, schema
from storage.archive import Archive
from storage.base import Db, Doc, slices
from storage.query import Filters
from storage.reports import Reports
from storage.settings import load
from tests.storage.synthetic import capture, report, write

REPORTS = 2000
YEARS = range(2016, 2021)
SIZE = 8000


def main() -> None:
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    with tempfile.TemporaryDirectory() as home:
        settings = load({"NIANBAO_HOME": home})
        try:
            with embedded.attach(settings) as attached:
                measure(attached.uri)
        finally:
            embedded.stop(settings)


def measure(uri: str) -> None:
    with MongoClient[Doc](uri, tz_aware=True) as client:
        db = client["nianbao_measure"]
        client.drop_database(db.name)
        try:
            schema.ensure(db)
            writing(db)
            listing(db)
        finally:
            client.drop_database(db.name)


def writing(db: Db) -> None:
    archive, reports = Archive(db), Reports(db)
    pages = [capture(n, b"<p>" * 40 + report(n, size=SIZE).sections[0].text.encode()) for n in range(REPORTS)]
    for name in ("archive, new", "archive, unchanged"):
        rate(name, len(pages), lambda: [archive.store(some) for some in slices(pages, 200)])
    first = [write(report(n % 400, YEARS[n // 400], size=SIZE)) for n in range(REPORTS)]
    for name in ("reports, new", "reports, unchanged"):
        rate(name, len(first), lambda: [reports.save(some) for some in slices(first, 100)])
    later = [write(report(n, size=SIZE, received=5, content=b"later"), version=2) for n in range(400)]
    rate("reports, changed", len(later), lambda: [reports.save(some) for some in slices(later, 100)])


def listing(db: Db) -> None:
    whole = db["reports"].find_one({"_id": report(1).id})
    assert whole is not None
    print(f"a report {len(bson.encode(whole))} bytes, its entry {len(bson.encode(catalogue.entry(whole)))}")
    fields = {"organ.name": 1, "title": 1, "template.id": 1}
    middle("a year of 400 from reports, projected", lambda: list(db["reports"].find({"report_year": 2019}, fields)))
    middle("a year of 400 from the catalogue", lambda: list(query.find(db, Filters(year=2019), list(fields))))
    middle("the same with figures and all", lambda: list(query.find(db, Filters(year=2019))))
    where = Filters(year=2019, where="requests.received_new.total>150")
    condition = [{"$match": {"report_year": 2019}}, {"$match": {"figures.requests.received_new.total": {"$gt": 150}}}]
    middle("a figure in a year, reports", lambda: list(db["reports"].aggregate([*condition, {"$project": fields}])))
    middle("a figure in a year, catalogue", lambda: list(query.find(db, where, list(fields))))
    middle("everything from the catalogue", lambda: list(query.find(db, Filters(), list(fields))))
    middle("text in the sections of a year", lambda: list(query.find(db, Filters(year=2019, text="行政诉讼"))))
    rate("rebuild the catalogue", REPORTS, lambda: catalogue.Catalogue(db).rebuild())


def rate(name: str, number: int, work: Callable[[], object]) -> None:
    start = time.perf_counter()
    work()
    print(f"{name:45} {number / (time.perf_counter() - start):8.0f} a second")


def middle(name: str, work: Callable[[], list[Doc]]) -> None:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        found = len(work())
        times.append(time.perf_counter() - start)
    print(f"{name:45} {sorted(times)[2] * 1000:8.0f} ms, {found} found")


if __name__ == "__main__":
    main()
