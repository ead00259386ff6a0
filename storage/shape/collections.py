"""Every collection: its validator and its indexes. Nothing here touches a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storage.base import digest
from storage.coverage.records import CoverageRecord, UnitRecord
from storage.cross.copies import Signature
from storage.cross.figures import CrossCheck
from storage.gone import GoneRecord
from storage.shape.records import (
    CaptureRecord,
    DamageRecord,
    LeaseRecord,
    PortalLayouts,
    PortalState,
    ProblemRecord,
    RawRecord,
    RunRecord,
)
from storage.shape.validators import Schema, object_of, report_schema, schema_of

Key = tuple[tuple[str, int], ...]


def _key(*names: str) -> Key:
    return tuple((name, 1) for name in names)


@dataclass(frozen=True)
class Index:
    key: Key
    unique: bool = False

    @property
    def name(self) -> str:
        """MongoDB's own way to name an index, so that one made by hand is recognised."""
        return "_".join(f"{field}_{direction}" for field, direction in self.key)


@dataclass(frozen=True)
class CollectionSpec:
    name: str
    indexes: tuple[Index, ...] = ()
    validator: Schema | None = None


def _indexes(*keys: Key) -> tuple[Index, ...]:
    return tuple(Index(key) for key in keys)


_KEPT = {"_id": schema_of(str), "bucket": schema_of(int), "writes": schema_of(int)}

# Each index serves queries named in the comment beside it; tests/storage/test_indexes.py runs them all. An
# index costs every write (embedded.md 2: the embedded server decodes the list of indexes for each
# operation), so none is spare.
COLLECTIONS: tuple[CollectionSpec, ...] = (
    CollectionSpec("meta"),
    CollectionSpec(
        "captures",
        _indexes(
            _key("address", "version"),  # versions of an address, the latest one
            _key("bucket"),  # walks
            _key("judged_by", "bucket"),  # what a rerun should look at
        ),
        object_of(CaptureRecord),
    ),
    CollectionSpec(
        "raw",
        _indexes(
            _key("sha256"),  # people ask by this name; our own reads go by _id
            _key("bucket"),  # the walk that verifies every body
        ),
        object_of(RawRecord),
    ),
    CollectionSpec(
        "damage",
        _indexes(
            _key("bucket"),  # the walk that lists it
        ),
        object_of(DamageRecord),
    ),
    CollectionSpec(
        "gone",
        _indexes(
            _key("bucket"),  # the walk that lists it
        ),
        object_of(GoneRecord),
    ),
    # GridFS as its specification lays it out; the unique key makes a chunk that is written twice one chunk.
    CollectionSpec("raw.files", _indexes(_key("filename", "uploadDate"))),
    CollectionSpec("raw.chunks", (Index(_key("files_id", "n"), unique=True),)),
    CollectionSpec(
        "reports",
        _indexes(
            _key("bucket"),  # walks: rebuilding the catalogue, a rerun of everything
            _key("organ.id", "report_year"),  # people's queries, as in the README
            _key("organ.name", "report_year"),
            _key("report_year", "bucket"),
        ),
        report_schema(),
    ),
    CollectionSpec(
        "report_revisions",
        _indexes(
            _key("report_id", "revision"),
            _key("bucket"),  # the walk that verifies what they point at, those of withdrawn reports among them
        ),
    ),
    CollectionSpec("report_alternates", _indexes(_key("report_id"))),
    CollectionSpec(
        "catalogue",
        _indexes(
            _key("bucket"),  # walks
            _key("organ.id", "report_year"),  # find --organ
            _key("organ.name", "report_year"),
            _key("joint_organs.id", "report_year"),  # the same of reports that several organs have together
            _key("joint_organs.name", "report_year"),
            _key("report_year", "bucket"),  # find, year by year
            _key("report_year", "organ.province"),
            _key("report_year", "organ.level"),
            _key("report_year", "template.id"),
            _key("report_year", "source.portal"),
            _key("entered_at"),  # what is new since: the search index follows it
        ),
    ),
    CollectionSpec(
        "readings",
        _indexes(
            _key("bucket"),  # walks: a rerun of everything
            _key("captures"),  # which report a capture was read as
            _key("made_of", "bucket"),  # what is out of date, part by part
        ),
    ),
    CollectionSpec(
        "problems",
        _indexes(
            _key("state", "address"),  # resolved when the same thing succeeds
            _key("run_id"),  # those of a run
            _key("state", "portal"),  # what may hide a report, for coverage
            _key("state", "bucket"),  # the walk over what is open
        ),
        object_of(ProblemRecord),
    ),
    CollectionSpec(
        "runs",
        _indexes(
            _key("month"),  # the latest, month by month
            _key("state"),  # those that still run
        ),
        object_of(RunRecord),
    ),
    CollectionSpec(
        "portals",
        _indexes(
            _key("health"),
            _key("organ_id"),  # an organ's own, for coverage
        ),
        object_of(PortalState),
    ),
    CollectionSpec("layouts", (), object_of(PortalLayouts)),
    CollectionSpec("leases", (), object_of(LeaseRecord)),
    CollectionSpec(
        "units",
        _indexes(
            _key("bucket"),  # walks
            _key("province", "origin"),  # who was discovered there
        ),
        object_of(UnitRecord),
    ),
    CollectionSpec(
        "coverage",
        _indexes(
            _key("bucket"),  # walks
            _key("organ_id"),
            _key("province", "year"),  # counts and tables of a province
        ),
        object_of(CoverageRecord),
    ),
    CollectionSpec("coverage_counts"),
    CollectionSpec(
        "cross_checks",
        _indexes(
            _key("bucket"),  # walks
            _key("organ_id"),
            _key("reports"),  # of a report
            _key("year", "rule"),  # people ask for the copies of a year, as in docs/queries.md
        ),
        object_of(CrossCheck, extra=_KEPT),
    ),
    CollectionSpec(
        "signatures",
        _indexes(
            _key("organ_id"),
            _key("figures"),  # reports with the same figures
            _key("bands"),  # candidates for the same words
        ),
        object_of(
            Signature, extra={**_KEPT, "_id": schema_of(str), "bands": schema_of(tuple[int, ...])}, leave=("id",)
        ),
    ),
    CollectionSpec("pending", _indexes(_key("bucket"))),
    CollectionSpec("stats"),
)


def validator_of(spec: CollectionSpec) -> Mapping[str, Schema]:
    return {"$jsonSchema": spec.validator} if spec.validator else {}


def fingerprint() -> str:
    """Changes whenever a collection, a validator or an index does: the database is then brought up to
    date.
    """
    return digest(
        [
            {
                "name": s.name,
                "validator": s.validator,
                "indexes": [[list(map(list, i.key)), i.unique] for i in s.indexes],
            }
            for s in COLLECTIONS
        ]
    )
