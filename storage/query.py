"""Asking: which reports there are, one report, its history.

Lists come from the catalogue and never read a whole report. Every question begins with an indexed equality; one that
has none of its own goes through the report years one by one, newest first, and streams what it finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice

from parsers.chinese import simplify
from parsers.identity.organs import full_name
from parsers.identity.organs import resolve as identify
from parsers.identity.units import load_units
from storage.access.reads import KEYS_AT_ONCE, by_keys, matching
from storage.base import Coll, Db, Doc, batches
from storage.corrections.files import load_corrections
from storage.corrections.identity import moved_to
from storage.known import Known
from storage.shape.records import MOVED
from storage.where import BadFilter, where_filter

PROVINCE_ENDINGS = ("", "省", "市", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区")
_INDEXED = ("organ.province", "organ.level", "template.id", "source.portal")
"""Fields that have an index together with the year; the first that a question names is used."""
_OF_ORGAN = ("organ", "joint_organs")
"""Where a report names its organ, and those that it belongs to together."""
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
    """Words of the text. Only the search index answers to them: see `storage.fulltext.answered`."""
    ids: tuple[str, ...] | None = None
    """Of these reports only, in this order: what the index answered. Everything but `where` is settled by them."""
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


def find(db: Db, filters: Filters, fields: Sequence[str] = ()) -> Iterator[Doc]:
    """Catalogue entries that answer, newest year first, then by id. Raises BadFilter at once for a wrong `where`, and
    for a text that no index has answered.

    `fields` (dotted) brings only these and `_id`: a list of thousands needs no figures.

    An entry has the report's own names at the report's own places: organ, report_year, title, template, page, trust,
    flags, figures, source {url, portal, capture_id …}, and `checks_count`; without sections, cells and checks.
    """
    condition = where_filter(filters.where)
    projection = dict.fromkeys(fields, 1)
    if filters.ids is not None:
        return islice(_among(db, filters.ids, condition, projection), filters.limit)
    if filters.text and filters.text.strip():
        raise BadFilter("words of the text are looked up in the search index, and nobody has asked it")
    return islice(_entries(db, filters, condition, projection), filters.limit)


def find_reports(db: Db, filters: Filters) -> Iterator[Doc]:
    """As `find`, with the whole reports."""
    for entries in batches(find(db, filters, ("_id",)), _AT_ONCE):
        whole = reports(db, [entry["_id"] for entry in entries])
        yield from (whole[entry["_id"]] for entry in entries if entry["_id"] in whole)


def _among(db: Db, report_ids: Iterable[str], condition: Doc, projection: Projection) -> Iterator[Doc]:
    for some in batches(report_ids, KEYS_AT_ONCE):
        found = matching(db["catalogue"], {"_id": {"$in": some}}, condition, projection=projection)
        entries = {entry["_id"]: entry for entry in found}
        yield from (entries[one] for one in some if one in entries)


def reports(db: Db, report_ids: Iterable[str]) -> dict[str, Doc]:
    """Whole reports by id; unknown ids are missing."""
    return {report["_id"]: report for report in by_keys(db["reports"], "_id", report_ids)}


def get(db: Db, report_id: str) -> Doc | None:
    """One report, exactly by its id."""
    return db["reports"].find_one({"_id": report_id})


def moved(db: Db, report_id: str) -> str | None:
    """Where a report is that stood under this id: its organ or year was understood better, or put right by people."""
    seen = {report_id}
    found: str | None = None
    while (later := _moved(db, found or report_id)) is not None and later not in seen:
        seen.add(later)
        found = later
    return found


def _moved(db: Db, report_id: str) -> str | None:
    filed = by_keys(db["report_revisions"], "report_id", [report_id], projection={"revision": 1, "replaced.why": 1})
    last = max(filed, key=lambda one: int(one["revision"]), default=None)
    whys = [] if last is None else last["replaced"]["why"]
    told = [why.removeprefix(MOVED) for why in whys if why.startswith(MOVED)]
    return told[0] if told else moved_to(load_corrections(), report_id)


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


def _entries(db: Db, filters: Filters, rest: Doc, projection: Projection) -> Iterator[Doc]:
    catalogue = db["catalogue"]
    equal = _equalities(filters)
    if filters.organ:
        names = spellings(filters.organ)
        if ids := _organ_ids(catalogue, names):
            yield from _of_organs(catalogue, ids, filters, _both(rest, equal), projection)
            return
        parts: list[Doc] = [_part_of("organ.name", one) for one in names]
        rest = _both(rest, parts[0] if len(parts) == 1 else {"$or": parts})
    chosen = next((field for field in _INDEXED if field in equal), None)
    others = {field: value for field, value in equal.items() if field != chosen}
    for year in filters.all_years or sorted(map(int, Known(db, "years").values()), reverse=True):
        bound = {"report_year": year}
        if chosen is not None:
            bound[chosen] = equal[chosen]
        yield from matching(catalogue, bound, _both(rest, others), projection=projection, sort=(("_id", 1),))


def spellings(organ: str) -> list[str]:
    """What somebody calls an organ, and that with short names spelled out: 宿迁市发改委 is 宿迁市发展和改革委员会 in the archive."""
    said = simplify(organ.strip())
    return list(dict.fromkeys((said, load_units().whole_name(said))))


def _organ_ids(catalogue: Coll, names: Sequence[str]) -> list[str]:
    """The organs of which this is the id or the name, in any spelling: reports of one organ may name it in several ways.
    None where it is but a part of a name; 宿迁市 is a part of 宿迁市教育局, before it is the government."""
    asked = (*names, *(identify(one, one, None).id for one in names if full_name(one) == one))
    ids = {one for one in asked if any(catalogue.find_one({f"{w}.id": one}, {"_id": 1}) for w in _OF_ORGAN)}
    for where in _OF_ORGAN:
        for entry in catalogue.find({f"{where}.name": {"$in": list(names)}}, {where: 1}):
            named = entry[where] if isinstance(entry[where], list) else [entry[where]]
            ids |= {one["id"] for one in named if one["name"] in names}
    return sorted(ids)


def _of_organs(
    catalogue: Coll, ids: Sequence[str], filters: Filters, rest: Doc, projection: Projection
) -> Iterator[Doc]:
    """Their reports, and those that they have together with others, newest first; each once."""
    years: Doc = {"report_year": {"$in": list(filters.all_years)}} if filters.all_years else {}
    found = (
        matching(catalogue, {f"{where}.id": one, **years}, rest, projection=projection, sort=_NEWEST_FIRST)
        for where in _OF_ORGAN
        for one in ids
    )
    seen: set[str] = set()
    for entry in merge(*found, key=lambda one: (-_year_of(one["_id"]), one["_id"])):
        if entry["_id"] not in seen:
            seen.add(entry["_id"])
            yield entry


def _year_of(report_id: str) -> int:
    """A report's id is `<organ id>/<year>/<scope>`."""
    return int(report_id.rsplit("/", 2)[1])


def _equalities(filters: Filters) -> Doc:
    given = {
        "organ.level": filters.level,
        "template.id": filters.template,
        "source.portal": filters.portal,
    }
    equal: Doc = {field: value for field, value in given.items() if value}
    if filters.province:
        name = simplify(filters.province.strip())
        equal["organ.province"] = {"$in": [name + ending for ending in PROVINCE_ENDINGS]}
    return equal


def _part_of(field: str, text: str) -> Doc:
    """A literal part of a field: nothing of it is taken as a pattern."""
    return {field: {"$regex": re.escape(text)}}


def _both(left: Mapping[str, object], right: Mapping[str, object]) -> Doc:
    if not left or not right:
        return {**left, **right}
    return {"$and": [dict(left), dict(right)]}
