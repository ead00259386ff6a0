"""Is a stored report what was written? Its own digests say so, as long as they were taken by today's rules, and what was
written of it elsewhere says so as well.
"""

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


def is_contradicted(report: Mapping[str, Any], entry: Mapping[str, Any] | None, read: Mapping[str, Any] | None) -> bool:
    """Whether what was written with the report or after it says otherwise of it: whoever alters a report and its digests
    alike leaves these behind. `entry`: its own of the catalogue, `read`: its document of `readings`.

    Both are written after the report. Whoever reads it before another process writes it, and these after, is deceived.
    """
    if read is None or read["writes"] < report["writes"]:
        return False  # it was cut off before they were written: they say nothing of it
    if read["writes"] > report["writes"]:
        return True  # an earlier state was put in its place
    if _read_as(read) != _read_as(report):
        return True
    # What stands of several addresses, or has been put right, has a digest of its own.
    return (
        entry is not None
        and entry["revision"] == report["revision"]
        and entry["content_sha256"] != report["content_sha256"]
        and (len(report["sources"]) > 1 or bool(report.get("corrections")))
    )


def is_other_content(stored: Mapping[str, Any], reading: Mapping[str, Any]) -> bool:
    """Whether a report says something else than a reading of the same page by the same code, which `reading` is: a
    candidate.
    """
    held = candidate_of(stored)
    return (
        held["source"]["capture_id"] == reading["source"]["capture_id"]
        and provenance_sha256(held) == provenance_sha256(reading)
        and content_sha256(held) != content_sha256(reading)
    )


def _read_as(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(source["capture_id"], source["content_sha256"]) for source in found["sources"]]


def _as_it_stood(stored: Mapping[str, Any]) -> Mapping[str, Any]:
    """A revision under its report's id, without what was written when it was filed (`storage.saving.plan.filed`)."""
    if "report_id" not in stored:
        return stored
    found = {name: value for name, value in stored.items() if name not in ("report_id", "replaced")}
    return {**found, "_id": stored["report_id"]}


def _is_of_today(stored: Mapping[str, Any]) -> bool:
    said = {source["capture_id"]: source["provenance_sha256"] for source in stored["sources"] if source["chosen"]}
    return said.get(stored["source"]["capture_id"]) == provenance_sha256(candidate_of(stored))
