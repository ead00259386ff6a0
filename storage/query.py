"""Asking: which reports there are, one report, its history.

Lists come from the catalogue and never read a whole report. Every question begins with an indexed equality; one that
has none of its own goes through the report years one by one, newest first, and streams what it finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from parsers.chinese import simplify
from storage.base import Db, Doc, batches
from storage.reads import by_keys, matching
from storage.stats import Known
from storage.where import where_filter

_PROVINCE_ENDINGS = ("", "省", "市", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区")
_INDEXED = ("organ.province", "organ.level", "template.id", "source.portal")
"""Fields that have an index together with the year; the first that a question names is used."""
_SCOPES = ("own", "consolidated", "joint")
_AT_ONCE = 50
Projection = Mapping[str, int]
_NEWEST_FIRST = (("report_year", -1), ("_id", 1))


@dataclass(frozen=True)
class Filters:
    """A question. What is None or empty does not matter; what is given must all hold."""

    organ: str | None = None
    """An organ's id or name, else a part of its name."""
    year: int | None = None
    years: tuple[int, ...] = ()
    level: str | None = None
    province: str | None = None
    """云南 or 云南省."""
    text: str | None = None
    """A part of the title or the organ's name; of the sections too when the question is narrowed otherwise."""
    where: str = ""
    """Conditions on figures, see `storage.where`."""
    template: str | None = None
    portal: str | None = None
    limit: int | None = None

    @property
    def all_years(self) -> tuple[int, ...]:
        """The years asked for, newest first; empty for any."""
        given = {*self.years, *(() if self.year is None else (self.year,))}
        return tuple(sorted(given, reverse=True))

    @property
    def is_narrow(self) -> bool:
        """Whether something other than the text narrows it, so that the sections' text may be read."""
        return bool(self.organ or self.all_years or self.level or self.province or self.template or self.portal)


def find(db: Db, filters: Filters, fields: Sequence[str] = ()) -> Iterator[Doc]:
    """Catalogue entries that answer, newest year first, then by id. Raises BadFilter at once for a wrong `where`.

    `fields` (dotted) brings only these and `_id`: a list of thousands needs no figures.

    An entry has the report's own names at the report's own places: organ, report_year, title, template, page, trust,
    flags, figures, source {url, portal, capture_id …}, and `checks_count`; without sections, cells and checks.
    """
    condition = where_filter(filters.where)
    return islice(_answers(db, filters, condition, dict.fromkeys(fields, 1)), filters.limit)


def find_reports(db: Db, filters: Filters) -> Iterator[Doc]:
    """As `find`, with the whole reports."""
    for entries in batches(find(db, filters, ("_id",)), _AT_ONCE):
        whole = reports(db, [entry["_id"] for entry in entries])
        yield from (whole[entry["_id"]] for entry in entries if entry["_id"] in whole)


def reports(db: Db, report_ids: Iterable[str]) -> dict[str, Doc]:
    """Whole reports by id; unknown ids are missing."""
    return {report["_id"]: report for report in by_keys(db["reports"], "_id", report_ids)}


def get(db: Db, report_id: str) -> Doc | None:
    """One report, exactly by its id."""
    return db["reports"].find_one({"_id": report_id})


def revisions(db: Db, report_id: str) -> list[Doc]:
    """Its earlier revisions, oldest first, each with `replaced` {revision, what, why, at, run_id}.

    A revision that was filed and whose successor never came (a kill between the two) is still the current one and is
    not among them.
    """
    current = db["reports"].find_one({"_id": report_id}, {"revision": 1})
    found = sorted(by_keys(db["report_revisions"], "report_id", [report_id]), key=lambda one: int(one["revision"]))
    return [one for one in found if current is None or one["revision"] < current["revision"]]


def alternates(db: Db, report_id: str) -> list[Doc]:
    """The same report as read from other addresses than the one that stands."""
    found = by_keys(db["report_alternates"], "report_id", [report_id])
    return sorted(found, key=lambda one: str(one["source"]["url"]))


def resolve(db: Db, name: str, limit: int = 20) -> list[Doc]:
    """What `nianbao show NAME` may mean: catalogue entries, newest first; one when the name is enough.

    A report's id; an id without its scope (`<organ id>/<year>`); an organ's id or name, or a part of its name, with
    or without a year: `楚雄市政务服务管理局 2020`, `楚雄市政务服务管理局/2020`.
    """
    text = name.strip().strip("/")
    exact = list(by_keys(db["catalogue"], "_id", [text, *(f"{text}/{scope}" for scope in _SCOPES)]))
    if exact:
        return sorted(exact, key=lambda entry: _SCOPES.index(entry["scope"]))
    found = re.fullmatch(r"(?P<organ>.+?)[\s/]*(?P<year>(?:19|20)\d\d)(?:年|年度)?(?:/(?P<scope>[a-z]+))?", text)
    filters = Filters(organ=text, limit=limit)
    if found is not None:
        filters = replace(filters, organ=found["organ"], year=int(found["year"]))
    return list(find(db, filters))


def _answers(db: Db, filters: Filters, condition: Doc, projection: Projection) -> Iterator[Doc]:
    rest = dict(condition)
    by_text = filters.text is not None and filters.text.strip() != ""
    if by_text and not filters.is_narrow:
        rest = _both(rest, _text_filter(filters.text or "", ("title", "organ.name")))
    entries = _entries(db, filters, rest, projection)
    if by_text and filters.is_narrow:
        return _with_text(db, entries, filters.text or "")
    return entries


def _entries(db: Db, filters: Filters, rest: Doc, projection: Projection) -> Iterator[Doc]:
    catalogue = db["catalogue"]
    equal = _equalities(filters)
    if filters.organ:
        organ = simplify(filters.organ.strip())
        for field in ("organ.id", "organ.name"):
            if catalogue.find_one({field: organ}, {"_id": 1}) is not None:
                bound: Doc = {field: organ}
                if filters.all_years:
                    bound["report_year"] = {"$in": list(filters.all_years)}
                yield from matching(catalogue, bound, _both(rest, equal), projection=projection, sort=_NEWEST_FIRST)
                return
        rest = _both(rest, _text_filter(organ, ("organ.name",)))
    chosen = next((field for field in _INDEXED if field in equal), None)
    others = {field: value for field, value in equal.items() if field != chosen}
    for year in filters.all_years or sorted(map(int, Known(db, "years").values()), reverse=True):
        bound = {"report_year": year}
        if chosen is not None:
            bound[chosen] = equal[chosen]
        yield from matching(catalogue, bound, _both(rest, others), projection=projection, sort=(("_id", 1),))


def _equalities(filters: Filters) -> Doc:
    given = {
        "organ.level": filters.level,
        "template.id": filters.template,
        "source.portal": filters.portal,
    }
    equal: Doc = {field: value for field, value in given.items() if value}
    if filters.province:
        name = simplify(filters.province.strip())
        equal["organ.province"] = {"$in": [name + ending for ending in _PROVINCE_ENDINGS]}
    return equal


def _with_text(db: Db, entries: Iterator[Doc], text: str) -> Iterator[Doc]:
    """Those entries whose title, organ or sections hold the text; the sections are asked of the reports."""
    sought = _text_filter(text, ("title", "organ.name", "sections.text"))
    for some in batches(entries, _AT_ONCE):
        bound = {"_id": {"$in": [entry["_id"] for entry in some]}}
        hits = {report["_id"] for report in matching(db["reports"], bound, sought, projection={"_id": 1})}
        yield from (entry for entry in some if entry["_id"] in hits)


def _text_filter(text: str, fields: tuple[str, ...]) -> Doc:
    """A literal part of one of the fields: nothing of it is taken as a pattern."""
    pattern = {"$regex": re.escape(simplify(text.strip()))}
    return {"$or": [{field: pattern} for field in fields]} if len(fields) > 1 else {fields[0]: pattern}


def _both(left: Mapping[str, object], right: Mapping[str, object]) -> Doc:
    if not left or not right:
        return {**left, **right}
    return {"$and": [dict(left), dict(right)]}
