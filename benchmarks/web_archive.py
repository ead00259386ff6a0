"""A large archive for the pages: a few dozen invented reports, read by the parser, each under many organs and years."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from pymongo import WriteConcern

from nianbao.web.provinces import TILES
from parsers import Source, parse
from storage.archive import Archive, Capture
from storage.base import Coll, Db, Doc, batches, bucket_of, now
from storage.catalogue import entry
from storage.known import Known
from storage.reports import Reports, ReportWrite
from storage.runs import Runs
from storage.units import ELSEWHERE
from tests.parsers.generator import html
from tests.parsers.generator.reports import invent

YEARS = range(2014, 2024)
"""An organ's reports: every organ has one of each year."""
MODELS = 12
"""Different reports of each form."""
LEVELS = ("county", "city", "department", "township")
_FORMS = {**dict.fromkeys(range(2014, 2019), "e2014_stats"), 2019: "e2019_v60", 2020: "e2019_v60"}
_FETCHED = datetime(2026, 1, 5, tzinfo=UTC)


def fill(db: Db, number: int) -> None:
    """Store some models by the road of every report, then `number` copies of what the storage made of them.

    The copies are put in as they are: what is measured is reading.
    """
    run = Runs(db).start("crawl", {})
    models = {form: list(_models(db, form)) for form in ("e2014_stats", "e2019_v60", "e2021_v30")}
    Known(db, "years").add(map(str, YEARS))
    for copies in batches((_copy(n, models) for n in range(number)), 100):
        unchecked(db, "reports").insert_many(copies, ordered=False, bypass_document_validation=True)
        unchecked(db, "catalogue").insert_many([{**entry(one), "entered_at": now()} for one in copies], ordered=False)
    Runs(db).finish(run, counts={"reports_new": number})


def unchecked(db: Db, name: str) -> Coll:
    """The collection, written to without waiting for the disk."""
    return db.get_collection(name, write_concern=WriteConcern(w=1, j=False))


def _models(db: Db, form: str) -> Iterator[Doc]:
    for seed in range(MODELS):
        made = invent(form, random.Random(f"{form}/{seed}"), traps=False)
        content = html.page(made, html.STYLES["chrome"]).replace(made.organ, f"模型{form}{seed}县").encode()
        url = f"http://www.model{form}{seed}.example/"
        [stored] = Archive(db).store([Capture(url, url, "bench", _FETCHED, 200, {}, content, "bench", "report")])
        document = parse(Source(content, url)).to_document()
        [saved] = Reports(db).save([ReportWrite(document, stored.capture_id, "bench", _FETCHED)])
        found = db["reports"].find_one({"_id": saved.report_id})
        assert found is not None
        yield found


def _copy(number: int, models: dict[str, list[Doc]]) -> Doc:
    organ, place = divmod(number, len(YEARS))
    year = YEARS[place]
    form = models[_FORMS.get(year, "e2021_v30")]
    document = {**form[number % len(form)]}
    provinces = [tile.name for tile in TILES if tile.name not in ELSEWHERE]
    province = provinces[organ % len(provinces)]
    name = f"{province}第{organ}县人民政府"
    url = f"http://www.organ{organ}.example/gknb/{year}.html"
    fetched = _FETCHED + timedelta(seconds=number)
    key = f"bench-{organ}/{year}/own"
    document |= {
        "_id": key, "bucket": bucket_of(key), "report_year": year, "scope": "own",
        "title": f"{name}{year}年政府信息公开工作年度报告",
        "page": {**document["page"], "published_on": f"{year + 1}-01-{organ % 28 + 1:02d}"},
        "source": {**document["source"], "url": url, "fetched_at": fetched},
        "organ": {
            "id": f"bench-{organ}", "name": name, "name_raw": name, "level": LEVELS[organ % len(LEVELS)],
            "region_code": f"{organ % 900000 + 100000}", "province": province, "city": None, "county": None,
        },
    }  # fmt: skip
    return document
