"""What is out of date, found by index: no report is read or parsed for it.

`readings` says of every report what it was made from, word by word (`parsers.made_of`), and a short list
holds every word that occurs. A word that would not be said today leads, through an index, to exactly the reports that
carry it: one alias changed in one template finds the reports of that template and no others. Captures without a report
are found in the same way by what their verdict rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parsers.made_of import FAILED, UNREAD
from storage.access.reads import KEYS_AT_ONCE, by_keys, walk
from storage.base import Db, Doc, batches, utc
from storage.corrections.files import load_corrections
from storage.known import Known
from storage.readings import Readings, known_units
from storage.rerun.current import Current, Standing
from storage.shape.records import RunState

_WIDTH = 128
"""Buckets of a walk's first window: most words of old lead to nothing any more, and that should take few queries."""
_CAPTURE = {
    "bucket": 1,
    "address": 1,
    "version": 1,
    "status": 1,
    "kind": 1,
    "portal": 1,
    "run_id": 1,
    "fetched_at": 1,
    "judged_by": 1,
}


IMPORTED = "imported"
"""What a capture is judged by that came out of a file and that nobody has read here."""
MIXED = "mixed"
"""What a report of tables from two templates is called; it goes by their names as well."""


@dataclass(frozen=True)
class Selection:
    """What the user asked for; empty means any. Captures without a report have neither year nor template."""

    portals: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    templates: tuple[str, ...] = ()
    everything: bool = False
    """Not only what is out of date."""
    imported: bool = False
    """Only captures that came out of a file and that nobody has read here."""

    def admits(self, entry: Doc) -> bool:
        """Whether a document of `readings` is asked for."""
        return (
            (not self.portals or entry["source"]["portal"] in self.portals)
            and (not self.years or entry["report_year"] in self.years)
            and (not self.templates or self._went_through(entry))
        )

    def _went_through(self, entry: Doc) -> bool:
        return entry["template"]["id"] in self.templates or any(
            _names(word, self.templates) for word in entry["made_of"]
        )

    @property
    def admits_captures(self) -> bool:
        return not self.years and not self.templates


@dataclass(frozen=True)
class Item:
    """One reading to be done anew: a report may have several, one for each address that carries it."""

    capture_id: str
    bucket: int
    report_id: str | None = None
    """None: no report has been made of the capture."""
    portal: str | None = None
    template: str | None = None
    """Of the report as it stands."""


def select(db: Db, selection: Selection, current: Current) -> Iterator[Item]:
    """Everything that a rerun has to parse, some of it perhaps twice. Reports come before captures without one."""
    standing = () if selection.imported else _entries(db, selection, current)
    for entries in batches(standing, KEYS_AT_ONCE):
        settled = set() if selection.everything else _refused(db, entries, current)
        for entry in entries:
            for capture_id in entry["captures"]:
                if capture_id not in settled:
                    portal, template = entry["source"]["portal"], entry["template"]["id"]
                    yield Item(capture_id, entry["bucket"], entry["_id"], portal, template)
    if selection.admits_captures:
        yield from _captures(db, selection, current)


def _entries(db: Db, selection: Selection, current: Current) -> Iterator[Doc]:
    readings = db["readings"]
    if not selection.everything:
        for word in Known(db, "made_of").values():
            standing = current.standing(word)
            if standing is not Standing.CURRENT:
                found = walk(readings, equal={"made_of": word}, width=_WIDTH)
                admitted = filter(selection.admits, found)
                yield from admitted if standing is Standing.STALE else _exactly(admitted, current)
        moved = [word for word in known_units(db).values() if current.standing(word) is Standing.STALE]
        yield from filter(selection.admits, by_keys(readings, "made_of", moved))
        corrections = load_corrections()
        for entry in filter(selection.admits, by_keys(readings, "_id", corrections.report_ids)):
            if not corrections.words(entry["_id"]).issubset(entry["made_of"]):
                yield entry  # put right for the first time
        return
    if selection.years:
        yield from filter(selection.admits, _of_years(db, selection.years))
        return
    for bound in _bounds(db, selection):
        yield from filter(selection.admits, walk(readings, equal=bound, width=_WIDTH))


def _of_years(db: Db, years: Iterable[int]) -> Iterator[Doc]:
    for year in years:
        found = walk(db["catalogue"], equal={"report_year": year}, projection={"_id": 1}, width=_WIDTH)
        for some in batches((one["_id"] for one in found), KEYS_AT_ONCE):
            yield from by_keys(db["readings"], "_id", some)


def _bounds(db: Db, selection: Selection) -> Iterator[Doc]:
    """The narrowest equalities with an index that together hold everything asked for."""
    words = Known(db, "made_of").values()
    if selection.templates and MIXED not in selection.templates:
        yield from ({"made_of": word} for word in words if _names(word, selection.templates))
    elif selection.portals:
        starts = tuple(f"profile:{portal}@" for portal in selection.portals)
        yield from ({"made_of": word} for word in words if word.startswith(starts))
    else:
        yield {}


def _names(word: str, templates: Iterable[str]) -> bool:
    return word.startswith(tuple(f"template:{template}@" for template in templates))


def _exactly(entries: Iterator[Doc], current: Current) -> Iterator[Doc]:
    """Those with a reading that is out of date, where that depends on when its page was fetched."""
    for entry in entries:
        if any(current.is_stale(one.get("made_of", ()), utc(one["fetched_at"])) for one in entry["sources"]):
            yield entry


def _refused(db: Db, entries: Iterable[Doc], current: Current) -> set[str]:
    """Captures whose report is out of date and stands all the same: what would be made of them today is no report."""
    ids = [capture_id for entry in entries for capture_id in entry["captures"]]
    found = by_keys(db["captures"], "_id", ids, projection={"judged_by": 1, "fetched_at": 1})
    return {
        one["_id"]
        for one in found
        if one.get("judged_by") and not current.is_stale(one["judged_by"], utc(one["fetched_at"]))
    }


# --- captures without a report --------------------------------------------------------------------------------


def _captures(db: Db, selection: Selection, current: Current) -> Iterator[Item]:
    """Captures whose parse failed or was never done, and those that were no report for an earlier parser."""
    running = {run["_id"] for run in by_keys(db["runs"], "state", [RunState.RUNNING.value], projection={"_id": 1})}
    for word in [IMPORTED] if selection.imported else Known(db, "judged_by").values():
        standing = current.standing(word)
        if standing is Standing.CURRENT and not selection.everything:
            continue
        found = walk(db["captures"], equal={"judged_by": word}, projection=_CAPTURE, width=_WIDTH)
        for some in batches(found, KEYS_AT_ONCE):
            wanted = [
                one
                for one in some
                if (not selection.portals or one["portal"] in selection.portals)
                and not (word == UNREAD and one["run_id"] in running)  # it will be read by those who are fetching it
                and (selection.everything or current.is_stale(one["judged_by"], utc(one["fetched_at"])))
            ]
            yield from _items(db, wanted, word)


def _items(db: Db, captures: list[Doc], word: str) -> Iterator[Item]:
    """Without those whose address has brought something better since, and with the report that stands, if one does."""
    latest: dict[str, int] = {}
    fields = {"address": 1, "version": 1, "status": 1, "kind": 1}
    for one in by_keys(db["captures"], "address", (one["address"] for one in captures), projection=fields):
        if 200 <= one["status"] < 400 and one["kind"] != "blocked":
            latest[one["address"]] = max(one["version"], latest.get(one["address"], 0))
    kept = [one for one in captures if one["version"] >= latest.get(one["address"], 0)]
    read_as: dict[str, str] = {}
    for report_id, ids in Readings(db).of_captures(one["_id"] for one in kept if one["kind"] == "report").items():
        read_as.update(dict.fromkeys(ids, report_id))
    for one in kept:
        if one["kind"] != "report" or (word == FAILED and one["_id"] in read_as):
            yield Item(one["_id"], one["bucket"], read_as.get(one["_id"]), one["portal"])
