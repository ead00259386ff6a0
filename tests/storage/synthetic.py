"""Made-up reports and captures of a real report's size and shape, for tests and measurements of the
storage.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import bson

from parsers.report import (
    Check,
    Derived,
    FigureCell,
    Level,
    Organ,
    PageBlock,
    Report,
    Scope,
    Section,
    Semantic,
    SourceUse,
    Status,
    TemplateUse,
)
from storage.archive import Capture, Found
from storage.base import Db, Doc, address_of, capture_key
from storage.reports import Reports, ReportWrite, Saved

COLUMNS = (
    "natural_person",
    "business_enterprise",
    "research_institution",
    "public_welfare_org",
    "legal_service_org",
    "other",
    "total",
)
ROWS = (
    "received_new",
    "carried_over",
    "results.granted",
    "results.partially_granted",
    "results.denied.state_secret",
    "results.denied.prohibited_by_law",
    "results.denied.third_party_rights",
    "results.unable.not_held",
    "results.unable.needs_creation",
    "results.not_processed.repeat",
    "results.other",
    "results.total",
    "carried_forward",
)
OUTCOMES = ("upheld", "corrected", "other", "pending", "total")
PROVINCES = ("510000", "520000", "530000", "410000", "320000")
LEVELS = ("county", "city", "department")
SENTENCE = "全年主动公开政府信息，受理依申请公开事项，按时答复，未发生由此引起的行政复议和行政诉讼。"


def report(
    number: int = 1,
    year: int = 2020,
    *,
    received: int | None = None,
    url: str | None = None,
    text: str = "",
    parser: str = "1",
    template: str = "e2019_v60",
    template_version: str = "1",
    profile: int = 1,
    content: bytes = b"page",
    trust: str = "verified",
    media_type: str = "text/html",
    size: int = 4000,
) -> Report:
    """A report of organ `number` for `year`. The same arguments give the same report."""
    dice = random.Random(f"{number}/{year}")
    figures: dict[str, Any] = {}
    cells: list[FigureCell] = []
    for row in ROWS:
        for column in COLUMNS:
            value: int | None = dice.randrange(200)
            if row == "received_new" and column == "total" and received is not None:
                value = received
            if column == "public_welfare_org":
                value = None
            _put(figures, cells, f"requests.{row}.{column}", value)
    for block in ("reconsideration", "litigation_direct", "litigation_after_reconsideration"):
        for outcome in OUTCOMES:
            _put(figures, cells, f"{block}.{outcome}", dice.randrange(9))
    sentences = text + SENTENCE * max(1, size // len(SENTENCE))
    province = PROVINCES[number % len(PROVINCES)]
    name = f"第{number}县人民政府"
    return Report(
        organ=Organ(
            id=f"organ-{number:05d}",
            name=name,
            name_raw=name,
            level=LEVELS[number % len(LEVELS)],
            region_code=province[:2] + f"{number % 10000:04d}",
            province=province,
            city=None,
            county=None,
        ),
        report_year=year,
        year_source="title",
        scope=Scope.OWN,
        title=f"{name}{year}年政府信息公开工作年度报告",
        language="zh-Hans",
        template=TemplateUse(template, template_version, "headers"),
        page=PageBlock(published_on=date(year + 1, 1, 20), index_number=f"{number}/{year}"),
        sections=(
            Section(1, "overview", "一、总体情况", sentences),
            Section(2, "requests", "三、收到和处理政府信息公开申请情况", "表"),
        ),
        figures=figures,
        cells=tuple(cells),
        checks=(
            Check("T3-ROW", Level.HARD, Status.PASS, 1, 1, ("requests.received_new.total",), "received_new"),
            Check("T3-SUM", Level.HARD, Status.NOT_ASSESSABLE, None, None, (), "other"),
        ),
        flags=("late",) if number % 7 == 0 else (),
        source=SourceUse(
            url=url or address(number, year),
            media_type=media_type,
            raw_sha256=hashlib.sha256(content).hexdigest(),
            text_sha256=hashlib.sha256(sentences.encode()).hexdigest(),
            encoding="utf-8",
        ),
        derived=Derived(
            parser,
            template_version,
            profile,
            f"{parser}-{template_version}-{profile}",
            (f"parser:{parser}", f"template:{template}@{template_version}#x", f"profile:sample@{profile}"),
        ),
        trust={"requests": trust, "reconsideration": "consistent"},
    )


def address(number: int, year: int) -> str:
    return f"http://www.organ{number}.gov.cn/zwgk/{year}.html"


def moment(minutes: int = 0) -> datetime:
    return datetime(2026, 1, 5, 3, 0, tzinfo=UTC) + timedelta(minutes=minutes)


def _put(figures: dict[str, Any], cells: list[FigureCell], path: str, value: int | None) -> None:
    *parents, leaf = path.split(".")
    block = figures
    for parent in parents:
        block = block.setdefault(parent, {})
    block[leaf] = value
    semantic = Semantic.EMPTY if value is None else Semantic.ZERO if value == 0 else Semantic.NUMBER
    at: dict[str, int | str] = {"table": 1, "row": 3, "column": 4}
    cells.append(FigureCell(path, "" if value is None else str(value), value, semantic, at=at))


def capture(
    number: int,
    content: bytes,
    *,
    year: int = 2020,
    minutes: int = 0,
    kind: str = "report",
    run_id: str = "run",
    encoding: str | None = None,
    found: Found | None = None,
) -> Capture:
    """The page of organ `number` for `year`, as fetched so many minutes after the first moment."""
    url = address(number, year)
    headers = {"Content-Type": "text/html; charset=utf-8", "ETag": f'"{number}"'}
    return Capture(
        url,
        url,
        "sample",
        moment(minutes),
        200,
        headers,
        content,
        run_id,
        kind,
        encoding=encoding,
        found=found,
    )


def dump(database: Db, *, leave: Collection[str] = ()) -> dict[str, list[bytes]]:
    """Every document of every collection as BSON, in the order of `_id`: equal dumps are equal databases.

    What tells others to look again is left out, because a second try may tell them twice: when an entry was put into
    the catalogue, how often entries were removed, and the organs that wait for coverage and checks (`pending`).
    """
    return {
        name: sorted(bson.encode(_lasting(name, document)) for document in database[name].find({}) if _lasts(document))
        for name in sorted(database.list_collection_names())
        if name not in (*leave, "pending")
    }


def _lasts(document: Doc) -> bool:
    return document["_id"] != "removals"


def _lasting(collection: str, document: Doc) -> Doc:
    return {name: value for name, value in document.items() if (collection, name) != ("catalogue", "entered_at")}


def jointly(one: Report, *others: Organ) -> Report:
    """The same report as one that its organ and the others have together, under a name of all."""
    names = "、".join(organ.name for organ in (one.organ, *others))
    together = Organ(f"x-{one.organ.id}", names, names)
    return replace(one, organ=together, joint_organs=(one.organ, *others), scope=Scope.JOINT)


def write(
    one: Report, *, version: int = 1, minutes: int = 0, run_id: str = "run", portal: str = "sample", why: str = ""
) -> ReportWrite:
    """A report as the pipeline hands it over, from this version of its address."""
    assert one.source.url is not None
    key = capture_key(address_of(one.source.url), version)
    return ReportWrite(one.to_document(), key, portal, moment(minutes), run_id, why)


def revision(db: Db, key: str) -> Doc:
    found = db["report_revisions"].find_one({"_id": key})
    assert found is not None
    return found


def save(db: Db, *reports: Report, **options: Any) -> list[Saved]:
    return Reports(db).save([write(one, **options) for one in reports])
