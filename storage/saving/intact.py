"""Is a stored report what was written? Its own digests say so, as long as they were taken by today's rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storage.saving.compare import content_sha256, provenance_sha256
from storage.saving.sources import candidate_of

ALTERED = "altered"
"""A reason of a revision: what it replaces was changed by somebody else than the storage, and is kept as that left it."""


def is_altered(stored: Mapping[str, Any]) -> bool:
    """Whether the content of a report, or of an earlier revision, is another than its `content_sha256` says.

    A digest of earlier rules says nothing (`storage.saving.compare.RULES` counts among what was read): False.
    """
    return content_sha256(_as_it_stood(stored)) != stored["content_sha256"] and _is_of_today(stored)


def is_other_reading(alternate: Mapping[str, Any], sources: Mapping[str, Mapping[str, Any]]) -> bool:
    """The same of a reading from another address. `sources`: capture id -> what the report says of it."""
    candidate = candidate_of(alternate)
    said = sources.get(candidate["source"]["capture_id"])
    return (
        said is not None
        and said["provenance_sha256"] == provenance_sha256(candidate)
        and said["content_sha256"] != content_sha256(candidate)
    )


def _as_it_stood(stored: Mapping[str, Any]) -> Mapping[str, Any]:
    """A revision under its report's id, without what was written when it was filed (`storage.saving.plan.filed`)."""
    if "report_id" not in stored:
        return stored
    found = {name: value for name, value in stored.items() if name not in ("report_id", "replaced")}
    return {**found, "_id": stored["report_id"]}


def _is_of_today(stored: Mapping[str, Any]) -> bool:
    said = {source["capture_id"]: source["provenance_sha256"] for source in stored["sources"] if source["chosen"]}
    return said.get(stored["source"]["capture_id"]) == provenance_sha256(candidate_of(stored))
