"""What the collections `units` and `coverage` hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CoverageState(StrEnum):
    """What is known of an organ's report of a year. Without a document nobody has looked, or it is not due."""

    FOUND = "found"
    NOT_PUBLISHED = "not_published"
    """Its column was read to the end after the day was past, has reports of earlier years, and not this one."""
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    NOT_FOUND = "not_found"
    """Looked for where it might be, and not there, or hidden behind a problem."""


@dataclass(frozen=True)
class UnitRecord:
    """Collection `units`: an organ that is expected to publish."""

    _id: str
    bucket: int
    name: str
    level: str | None
    region_code: str | None
    province: str
    city: str | None
    county: str | None
    parent: str | None
    since: int | None
    until: int | None
    origin: str
    """config or discovered."""
    digest: str
    writes: int = 1

    @property
    def id(self) -> str:
        return self._id


@dataclass(frozen=True)
class CoverageRecord:
    """Collection `coverage`: an organ and a year of which something is known."""

    _id: str
    """`<organ id>/<year>`."""
    bucket: int
    writes: int
    organ_id: str
    year: int
    name: str
    level: str | None
    region_code: str | None
    province: str
    city: str | None
    county: str | None
    state: CoverageState
    due_on: str
    published_on: str | None
    punctuality: str | None
    """on_time, late or early; None where nothing is found or its day is not known."""
    reports: tuple[str, ...]
    portal: str | None
    """The portal whose last run says so, where no report is there."""
    health: str | None
    run_id: str | None
    problems: tuple[str, ...]
