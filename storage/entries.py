"""Is every report entered as it stands, and nothing else? `catalogue` and `readings` against the reports themselves.

Every write keeps them together, whatever is killed in between. This finds what no write accounts for: a document that
somebody has deleted or put back by hand, a collection that was restored alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storage.access.reads import by_keys, walk
from storage.base import Db, Doc, batches
from storage.catalogue import source_of
from storage.saving.ledger import Ledger

STANDS = {"writes": 1, "revision": 1, "content_sha256": 1, "source": 1, "sources.capture_id": 1}
"""The fields of a report that `behind` looks at: the content's digest stands for all that a reader gets."""
_ENTERED = {"revision": 1, "content_sha256": 1, "source": 1, "captures": 1}
_AT_ONCE = 100


def behind(db: Db, reports: Sequence[Mapping[str, Any]]) -> list[str]:
    """The ids of those (`STANDS` of each) that are not entered as they stand.

    One that is being saved in this very moment may be among them: to enter it twice does no harm.
    """
    ids = [report["_id"] for report in reports]
    entries = {one["_id"]: one for one in by_keys(db["catalogue"], "_id", ids, projection=_ENTERED)}
    read = Ledger(db).readings.writes(ids)
    return [
        report["_id"]
        for report in reports
        if read.get(report["_id"], 0) < report["writes"] or entries.get(report["_id"]) != _entered(report)
    ]


def _entered(report: Mapping[str, Any]) -> Doc:
    """`_ENTERED` of the entry that the report should have."""
    return {
        "_id": report["_id"],
        "revision": report["revision"],
        "content_sha256": report["content_sha256"],
        "source": source_of(report),
        "captures": [source["capture_id"] for source in report["sources"]],
    }


def mend(db: Db) -> int:
    """Enter what is missing or behind, and take out what speaks of a report that is no more. How many there were."""
    ledger = Ledger(db)
    number = 0
    for some in batches(walk(db["reports"], projection=STANDS), _AT_ONCE):
        found = behind(db, some)
        ledger.enter(found)
        number += len(found)
    return number + ledger.catalogue.drop_orphans()
