"""Steps that bring an older archive to the present shape. Each is run once in a database's life."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from pymongo.errors import OperationFailure

from parsers.made_of import UNKNOWN
from storage.access.reads import walk
from storage.archive import Archive, Mark
from storage.base import Db, batches
from storage.catalogue import Catalogue
from storage.pending import Pending
from storage.shape.records import Health

_AT_ONCE = 200


@dataclass(frozen=True)
class Migration:
    """One step. `apply` must bear being run again from its start: it may be killed half-way."""

    version: int
    """The schema's version once the step is done; counts up from 2."""
    name: str
    apply: Callable[[Db], None]


def say_what_is_out_of_date(db: Db) -> None:
    """Before version 2 neither the catalogue nor the captures said what a report or a verdict was made from.

    Nobody knows it any more, so the first rerun reads all of them anew.
    """
    Catalogue(db).rebuild()
    judged = walk(db["captures"], rest={"kind": {"$in": ["not_a_report"]}}, projection={"judged_by": 1})
    for some in batches((one for one in judged if not one.get("judged_by")), _AT_ONCE):
        Archive(db).mark_all([Mark(one["_id"], judged_by=(UNKNOWN,)) for one in some])


def name_the_health_of_portals(db: Db) -> None:
    """Before version 3 a portal was ok, empty, unreachable, blocked or changed."""
    for old, new in (
        ("ok", Health.FRESH),
        ("empty", Health.FAILING),
        ("unreachable", Health.FAILING),
        ("changed", Health.TEMPLATE_CHANGED),
    ):
        db["portals"].update_many({"health": old}, {"$set": {"health": new.value}})


def look_for_copies_anew(db: Db) -> None:
    """Before version 4 copies were looked for by single sentences, of which many are everybody's.

    The next run that follows up its reports looks at all of them.
    """
    entries = walk(db["catalogue"], projection={"organ.id": 1})
    for organs in batches((one["organ"]["id"] for one in entries), _AT_ONCE):
        Pending(db).add(organs)


def say_apart_how_reports_were_read(db: Db) -> None:
    """Before version 5 the catalogue said by what a report was read, and was written anew whenever that changed."""
    Catalogue(db).rebuild()
    for index in ("captures_1", "made_of_1_bucket_1"):
        with suppress(OperationFailure):  # gone already
            db["catalogue"].drop_index(index)


MIGRATIONS: tuple[Migration, ...] = (
    Migration(2, "say what is out of date", say_what_is_out_of_date),
    Migration(3, "name the health of portals", name_the_health_of_portals),
    Migration(4, "look for copies anew", look_for_copies_anew),
    Migration(5, "say apart how reports were read", say_apart_how_reports_were_read),
)
"""In the order of their versions. A new database is made in the present shape and needs none."""


def current_version(migrations: tuple[Migration, ...] = MIGRATIONS) -> int:
    return max((migration.version for migration in migrations), default=1)
