"""What follows a run: organs whose reports have changed are looked at again, and those of the portals it has been to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from storage.base import Db
from storage.coverage import update as coverage
from storage.cross import update as cross
from storage.pending import Pending, is_count, organs_in, portals_in
from storage.portals import Portals


def follow_up(db: Db, portals: Iterable[str] = (), owners: Mapping[str, str] | None = None) -> None:
    """Bring coverage and the checks over several reports up to date; what a killed run has left undone as well.

    `owners`: portal -> the id of the organ whose portal it is.
    """
    if owners:
        Portals(db).owned(owners)
    pending = Pending(db)
    if is_outdated := cross.is_outdated(db):
        pending.add(cross.organs(db))
    noted = pending.everything()
    organs = organs_in(noted)
    been_to = portals_in(noted).union(portals)
    if noted or been_to:  # the lists of organs take a third of a second to load
        coverage.update(db, organs, been_to)
        cross.update(db, organs)
        # Counts are crossed out by those who make them; noted again meanwhile they would be taken for these.
        pending.done({one: times for one, times in noted.items() if not is_count(one)})
    if is_outdated:
        cross.note_rules(db)
