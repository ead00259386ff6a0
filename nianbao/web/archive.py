"""What the pages ask: the shelf for lists, the database for single things."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import datetime
from functools import cached_property

from pymongo.errors import PyMongoError

from crawler.registry import Portal, load_portals, portal_of
from nianbao.web.expected import Expected
from nianbao.web.keeper import Keeper
from nianbao.web.question import PAGE, Answer, Question, ask
from nianbao.web.shelf import NONE, Shelf
from storage import query
from storage.access.reads import by_keys
from storage.base import Db, Doc
from storage.errors import StorageError
from storage.fulltext import Snippet, TextIndex
from storage.portals import Portals
from storage.problems import Problems
from storage.runs import Runs
from storage.settings import Settings
from storage.shape.records import PortalState, ProblemRecord, RunRecord
from storage.where import BadFilter

REPORT_ID = re.compile(r"[^\s/\x00-\x1f]{1,120}/(?:19|20)\d\d/(?:own|consolidated|joint)")
ORGAN_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_OF_SERIES = dict.fromkeys(
    ("organ", "joint_organs", "report_year", "scope", "title", "language", "template", "page", "figures", "checks", "flags", "trust", "source",
     "revision", "cells.path", "cells.value", "cells.unit_source"), 1
)  # fmt: skip
"""What `storage.export.panel` looks at: without the text a report is half as large."""
MOST_ORGANS = 6
"""Organs that can be compared at a time: more lines cannot be told apart."""


class WebArchive:
    """The archive as the pages need it. Thread-safe: PyMongo is, and a shelf never changes."""

    def __init__(self, db: Db, settings: Settings) -> None:
        self.db = db
        self.settings = settings
        self.keeper = Keeper(db, then=self.follow)
        self.on_read: Callable[[], None] = lambda: None
        """Called beside the pages when the archive was read anew."""
        self._text = TextIndex(db, settings.home)
        self.reads_text = False
        """Is there an index of the text? Until it is made, titles and names are searched."""
        self._portals: tuple[datetime, Sequence[tuple[Portal, PortalState | None]]] | None = None

    @property
    def shelf(self) -> Shelf:
        return self.keeper.shelf

    @property
    def expected(self) -> Expected:
        return self.keeper.expected

    def told(self, organ_id: str, year: int) -> Doc | None:
        """What `coverage` holds of an organ and a year; None where nobody has looked, or it is not due."""
        return self.db["coverage"].find_one({"_id": f"{organ_id}/{year}"})

    def report(self, report_id: str) -> Doc | None:
        """The whole report, None where there is none with that id."""
        if not REPORT_ID.fullmatch(report_id):
            return None
        return query.get(self.db, report_id)

    def moved(self, report_id: str) -> str | None:
        """Where a report is that stood under this id, None where nobody knows of it."""
        return query.moved(self.db, report_id) if REPORT_ID.fullmatch(report_id) else None

    def revisions(self, report_id: str) -> list[Doc]:
        return query.revisions(self.db, report_id)

    def reports_of(self, organ_id: str) -> list[Doc]:
        """Every report of an organ as far as its series need it, oldest year first."""
        ids = [row.id for row in self.shelf.of_organ(organ_id)]
        found = by_keys(self.db["reports"], "_id", ids, projection=_OF_SERIES)
        return sorted(found, key=lambda report: (report["report_year"], report["scope"]))

    def entries_of(self, organ_id: str) -> list[Doc]:
        """The catalogue's entries of an organ, oldest year first: all figures, and of the sums only how a table fares."""
        ids = [row.id for row in self.shelf.of_organ(organ_id)]
        found = by_keys(self.db["catalogue"], "_id", ids)
        return sorted(found, key=lambda entry: (entry["report_year"], entry["scope"]))

    def entries(self, ids: list[str], fields: Mapping[str, int]) -> dict[str, Doc]:
        """Catalogue entries by id, with these fields alone."""
        return {one["_id"]: one for one in by_keys(self.db["catalogue"], "_id", ids, projection=fields)}

    def follow(self) -> None:
        """After the archive was read anew: the pages that are kept ready, then the index of the text."""
        self.on_read()
        self.follow_text()

    def follow_text(self) -> None:
        """Bring the index of the text to what the archive holds: minutes where there is none yet, so beside the pages."""
        try:
            self._text.catch_up()
        except (StorageError, PyMongoError) as error:  # no room for it, a home that is not ours: the pages do without
            logging.getLogger("nianbao.web").warning("the text is not searched: %s", error)
        else:
            self.reads_text = True

    def ask(self, question: Question, *, size: int = PAGE, cursor: str = "") -> Answer:
        """Raises BadQuestion, and BadFilter for a condition that cannot be read."""
        return ask(
            self.shelf,
            question,
            size=size,
            cursor=cursor,
            full_text=self.full_text,
            by_figures=self.by_figures,
        )

    def by_figures(self, question: Question) -> Set[str]:
        """Ids of the reports whose figures answer to `where`: milliseconds from the index; while it is being made, from
        the catalogue, year by year, which takes seconds where there are thousands."""
        years = tuple(int(year) for year in question.facets.get("year", ()) if year.isascii() and year.isdigit())
        filters = query.Filters(organ=question.organ or None, years=years, where=question.where)
        if self.reads_text:
            return self._text.matching(filters)
        return frozenset(entry["_id"] for entry in query.find(self.db, filters, ("_id",)))

    def full_text(self, words: str) -> Set[str] | None:
        """Ids of the reports whose text holds the words; None while there is no index of the text."""
        if not self.reads_text:
            return None
        try:
            return self._text.matching(query.Filters(text=words))
        except BadFilter:  # nothing in it that is a word
            return frozenset()

    def snippets(self, ids: list[str], words: str) -> Mapping[str, Sequence[Snippet]]:
        """Where the words stand in the text of these reports."""
        if not self.reads_text or not words.strip():
            return {}
        try:
            return self._text.snippets(ids, words)
        except BadFilter:
            return {}

    def runs(self, limit: int = 50) -> list[RunRecord]:
        return Runs(self.db).latest(limit)

    def run(self, run_id: str) -> RunRecord | None:
        return Runs(self.db).get(run_id)

    def problems(self, run_id: str) -> list[ProblemRecord]:
        return Problems(self.db).of_run(run_id)

    @cached_property
    def registry(self) -> Mapping[str, Portal]:
        """Every portal of `config/portals/`, by id. Read once: thousands take two seconds."""
        return {portal.id: portal for portal in load_portals()}

    def problems_named(self, ids: Iterable[str]) -> list[ProblemRecord]:
        return [found for one in ids if (found := Problems(self.db).get(one)) is not None]

    def portals_of_region(self, code: str | None) -> list[str]:
        """The portals of the registry that publish for a region."""
        return list(self._of_region.get(code or "", ()))

    @cached_property
    def _of_region(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for portal in self.registry.values():
            found.setdefault(portal.region_code or "", []).append(portal.id)
        found.pop("", None)
        return found

    def portals(self) -> Sequence[tuple[Portal, PortalState | None]]:
        """Every portal of the registry, and those that only a run knows, each with its state when the shelf was read."""
        as_of = self.keeper.as_of
        if self._portals is None or self._portals[0] != as_of:
            self._portals = (as_of, self._states())
        return self._portals[1]

    def _states(self) -> Sequence[tuple[Portal, PortalState | None]]:
        registered = self.registry
        unlisted = [name for name in self.shelf.bits["portal"] if name not in registered and name != NONE]
        states = Portals(self.db).states([*registered, *unlisted])
        portals = [*registered.values(), *(portal_of(f"http://{name}/") for name in unlisted)]
        return [(portal, states.get(portal.id)) for portal in portals]
