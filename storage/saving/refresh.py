"""The everyday event of a rerun: a report that reads word by word as it stands, by an edited template or other code.

Nothing of its text travels: what is set are the few fields that say by what it was read. Where that cannot be (other
addresses carry it too, people have put it right, another process was there), its document is taken from the archive
itself and goes the way of every other one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.base import Doc
from storage.corrections.overlay import Corrections, corrected_by
from storage.saving.authority import authority
from storage.saving.compare import provenance_sha256
from storage.saving.plan import Held
from storage.saving.sources import candidate, candidate_of


@dataclass(frozen=True)
class Refresh:
    """A reading that is, but for `storage.saving.compare.SIDES`, the one that the report has from this capture."""

    report_id: str
    capture_id: str
    portal: str | None
    fetched_at: datetime
    sides: Mapping[str, Any]
    """`SIDES` of the document, as the parser gives them."""
    as_read: str
    """See `storage.saving.as_read`."""
    instead_of: str
    """As in `storage.reports.ReportWrite`."""
    head: Mapping[str, Any]
    """`head_of` what the rerun has compared with: a report that was written since is not of these `writes` any more."""
    run_id: str | None = None
    unread: tuple[str, ...] = ()
    """`storage.saving.unread.unread` of its flags, which stand in the report: whether they are in `problems` is for the save."""


def head_of(reading: Mapping[str, Any]) -> Doc:
    """Of a report's document of `readings`, what `news` needs."""
    return {name: reading[name] for name in ("sources", "revision", "writes", "derived")}


def news(one: Refresh, corrections: Corrections, moment: datetime) -> Doc | None:
    """What to set in the report (`writes` among it); None: not so simple."""
    is_alone = len(one.head["sources"]) == 1
    if not is_alone or corrected_by(one.head) is not None or corrections.of(one.report_id):
        return None
    (held,) = one.head["sources"]
    if not _is_of(one, held) or held["provenance_sha256"] != one.instead_of:
        return None
    # What stands says when it was fetched, here and in the catalogue, which such an edit leaves alone.
    found = candidate(one.sides, one.capture_id, one.portal, held["fetched_at"], moment)
    source = {
        **held,
        "made_of": list(found["derived"]["made_of"]),
        "authority": authority(found["source"]["url"]).value,
        "provenance_sha256": provenance_sha256(found),
    }
    return {**found, "sources": [source], "writes": one.head["writes"] + 1}


def whole(one: Refresh, held: Held) -> Doc | None:
    """The parser's document, from what is stored of it; None: it is not there any more, somebody has replaced it."""
    if held.current is None or not any(_is_of(one, source) for source in held.current["sources"]):
        return None
    for stored in (held.current, *held.alternates):
        document = candidate_of(stored)
        if document["source"]["capture_id"] == one.capture_id:
            return {**document, **one.sides}
    return None


def _is_of(one: Refresh, source: Mapping[str, Any]) -> bool:
    return source["capture_id"] == one.capture_id and source.get("as_read") == one.as_read
