"""The result of a parse: a report, as the database keeps it (contract: collection `reports`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple


class Semantic(StrEnum):
    """What a cell means. Only `number` and `zero` have a value."""

    NUMBER = "number"
    ZERO = "zero"
    EMPTY = "empty"
    NA = "na"
    TEXT = "text"
    UNREADABLE = "unreadable"
    DERIVED = "derived_from_text"


class Status(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    NOT_ASSESSABLE = "not_assessable"


class Scope(StrEnum):
    OWN = "own"
    CONSOLIDATED = "consolidated"
    JOINT = "joint"


class Level(StrEnum):
    """How hard a rule is: an identity of the form, a reason to look again, or one that needs two reports."""

    HARD = "hard"
    SOFT = "soft"
    CROSS = "cross"


Number = int | float
At = Mapping[str, int | str | tuple[int, ...]]
"""A place: {table, row, column} in a grid, with {element} in a page, {page, box} in a PDF, {picture, box} on a picture;
{line} in flattened text; {start, end} in a sentence; {attachment} where that is another file (docs/data.md)."""


class FigureCell(NamedTuple):
    """One figure. A tuple, as `Check` is: a report has hundreds, and they are sent from process to process."""

    path: str
    """Dotted path below `figures`: `requests.received_new.total`."""
    raw: str
    value: Number | None
    semantic: Semantic
    unit: str | None = None
    unit_source: str | None = None
    """header, cell, none; None where the template knows no unit."""
    note: str | None = None
    at: At | None = None


class Check(NamedTuple):
    rule: str
    """Rule id of domain.md section 2: T3-ROW, T4-SUM …"""
    level: Level
    status: Status
    left: Number | None
    right: Number | None
    cells: tuple[str, ...]
    """Paths of the figures that take part."""
    where: str = ""
    """Which row, column or block: `results.granted`, `natural_person`, `reconsideration`."""


class Unread(NamedTuple):
    """What a sentence counts and no figure of the report says: nobody knows the wording."""

    text: str
    """The clause, without white space."""
    at: At
    """{start, end} in the whole text."""


@dataclass(frozen=True, slots=True)
class Section:
    ordinal: int
    key: str | None
    """Key of the template's section (`overview`, `proactive`, `requests` …), None where no template knows it."""
    heading: str
    text: str
    text_original: str | None = None
    """Only where it differs from the simplified text."""


@dataclass(frozen=True, slots=True)
class Organ:
    id: str
    name: str
    name_raw: str
    level: str | None = None
    region_code: str | None = None
    province: str | None = None
    city: str | None = None
    county: str | None = None


@dataclass(frozen=True, slots=True)
class PageBlock:
    """The page's label and value block (domain.md section 4)."""

    index_number: str | None = None
    publisher: str | None = None
    document_number: str | None = None
    written_on: date | None = None
    published_on: date | None = None
    validity: str | None = None
    keywords: str | None = None
    topic: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class TemplateUse:
    id: str
    version: str
    evidence: str


@dataclass(frozen=True, slots=True)
class AttachmentUse:
    url: str
    name: str
    media_type: str | None
    raw_sha256: str | None
    role: str
    """report, annex, figure, table."""


@dataclass(frozen=True, slots=True)
class SourceUse:
    url: str | None
    media_type: str
    raw_sha256: str
    text_sha256: str
    encoding: str | None = None
    attachments: tuple[AttachmentUse, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    parser_version: str
    template_version: str
    portal_profile_version: int
    fingerprint: str
    made_of: tuple[str, ...] = ()
    """The same part by part, as `parsers.made_of` names them."""


@dataclass(frozen=True)
class Report:
    organ: Organ
    report_year: int
    year_source: str
    """title, period or publication."""
    scope: Scope
    title: str
    language: str
    template: TemplateUse
    page: PageBlock
    sections: tuple[Section, ...]
    figures: Mapping[str, Any]
    cells: tuple[FigureCell, ...]
    checks: tuple[Check, ...]
    flags: tuple[str, ...]
    source: SourceUse
    derived: Derived
    joint_organs: tuple[Organ, ...] = ()
    """Each organ of a joint report, in its order; `organ` is all of them under the name that the report has."""
    trust: Mapping[str, str] = field(default_factory=dict)
    """Per table: verified (all hard sums pass), consistent, doubtful, unreadable."""
    unknown_labels: tuple[str, ...] = ()
    """Labels inside known tables that no template knows, as they stand: a new format shows itself here first."""
    unread: tuple[Unread, ...] = ()
    """Of a report whose figures stand in sentences: what they count that was not understood (flag `facts_unread`)."""
    replacements: tuple[tuple[str, str, int], ...] = ()
    """Words of a mirror put back into mainland wording: (from, to, how often)."""

    @property
    def id(self) -> str:
        """`<organ id>/<year>/<scope>`, the key of the collection `reports`."""
        return f"{self.organ.id}/{self.report_year}/{self.scope}"

    def to_document(self) -> dict[str, Any]:
        """The document of the contract: plain dicts, lists, strings, numbers, None; dates as ISO strings."""
        document = {"_id": self.id, **_plain(self)}
        document["sections"] = [_without(s, "text_original") for s in document["sections"]]
        document["replacements"] = [{"from": old, "to": new, "count": count} for old, new, count in self.replacements]
        return document


_PLAIN = frozenset({str, int, float, bool, type(None)})


_fields: dict[type, tuple[str, ...]] = {}


def field_names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass or named tuple; none of anything else."""
    if kind not in _fields:
        _fields[kind] = (
            tuple(item.name for item in fields(kind)) if is_dataclass(kind) else getattr(kind, "_fields", ())
        )
    return _fields[kind]


def _without(mapping: dict[str, Any], key: str) -> dict[str, Any]:
    """Leave `key` out where it says nothing."""
    return {k: v for k, v in mapping.items() if k != key or v is not None}


def _plain(value: object) -> Any:
    """Not by `asdict`, which copies what it has just made: it took a quarter of a parse."""
    if type(value) in _PLAIN:
        return value
    if names := field_names(type(value)):
        found = {}
        for name in names:
            one = getattr(value, name)
            found[name] = one if type(one) in _PLAIN else _plain(one)  # most are plain: a call less each
        return found
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return str(value)
    return value
