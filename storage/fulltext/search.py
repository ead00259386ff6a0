"""Asking the index: which reports, in which order, how many of which kind."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from parsers.chinese import simplify
from storage.fulltext import figures, file, segment
from storage.fulltext.file import IndexFile
from storage.fulltext.snippets import Snippet, snippets
from storage.query import PROVINCE_ENDINGS, Filters
from storage.where import BadFilter

_WEIGHTS = "12.0, 6.0, 1.0"
"""Title, organ, text: who looks for 教育厅 wants that organ's reports before those that mention it."""
_RANKED = 2000
"""Words that stand in more reports than this distinguish none of them, and ranking them all takes its time (150 ms for
20,000, measured): then those with the words in title or organ come first, the newest before the older."""
FACETS = ("province", "level", "year", "template", "trust", "portal", "scope")


class Sort(StrEnum):
    """The order of a list. Ties, and what has no value, come last by id."""

    RANK = "rank"
    """How well the text answers; newest first where no text is asked."""
    NEWEST = "newest"
    """By the year reported on."""
    OLDEST = "oldest"
    ORGAN = "organ"
    PUBLISHED = "published"
    """Last published first."""
    REQUESTS = "requests"
    """Most requests received first."""
    FAILED = "failed"
    """Most sums that do not hold first."""


_ORDERS = {
    Sort.NEWEST: "year DESC, id",
    Sort.OLDEST: "year, id",
    Sort.ORGAN: "organ, organ_id, year DESC, id",
    Sort.PUBLISHED: "published IS NULL, published DESC, id",
    Sort.REQUESTS: "requests IS NULL, requests DESC, id",
    Sort.FAILED: "failed DESC, id",
}


@dataclass(frozen=True)
class Hit:
    id: str
    snippets: tuple[Snippet, ...] = ()


@dataclass(frozen=True)
class Page:
    """A page of a list."""

    hits: tuple[Hit, ...]
    total: int
    """How many reports answer in all."""
    has_more: bool
    """`after=hits[-1].id` brings the next page."""
    is_complete: bool
    """False while the index is being made: there may be more than it knows yet."""


@dataclass(frozen=True)
class Facet:
    value: str | int | None
    count: int


class UnknownPlace(BadFilter):
    """`after` names a report that is not in the list."""


def search(index: IndexFile, filters: Filters, sort: Sort, limit: int, after: str | None) -> Page:
    """The reports that answer to `filters`, from `after` on."""
    asked = segment.phrases(filters.text) if filters.text else ()
    with index.reading() as connection:
        total = _look(connection, filters, asked)
        # SQLite keeps only the best where it knows that no more are wanted.
        rows = _ordered(connection, asked, sort, total, None if after else limit + 1)
        found = _from(rows, after, limit + 1)
        texts = file.texts(connection, found[:limit]) if asked else {}
        complete = file.get(connection, "complete") is not None
    hits = tuple(Hit(one, snippets(texts[one], asked) if one in texts else ()) for one in found[:limit])
    return Page(hits, total, len(found) > limit, complete)


def every_id(index: IndexFile, filters: Filters, sort: Sort, after: str | None) -> list[str]:
    """As `search`, all of them without the places where the words stand."""
    asked = segment.phrases(filters.text) if filters.text else ()
    with index.reading() as connection:
        total = _look(connection, filters, asked)
        return _from(_ordered(connection, asked, sort, total, None), after, None)


def matching(index: IndexFile, filters: Filters) -> frozenset[str]:
    """As `every_id`, in no order: a third of the time where thousands answer."""
    asked = segment.phrases(filters.text) if filters.text else ()
    with index.reading() as connection:
        source, values = _source(connection, filters, asked)
        connection.row_factory = None  # plain tuples: there may be twenty thousand
        return frozenset(one for (one,) in connection.execute(f"SELECT reports.id {source}", values))


def facets(index: IndexFile, filters: Filters, names: Sequence[str]) -> dict[str, list[Facet]]:
    """For each of `names` (of FACETS) its values among what answers, most frequent first."""
    asked = segment.phrases(filters.text) if filters.text else ()
    wrong = [name for name in names if name not in FACETS]
    if wrong:
        raise BadFilter(f"{wrong[0]!r} is no facet; there are {', '.join(FACETS)}")
    if not names:
        return {}
    with index.reading() as connection:
        _look(connection, filters, asked)
        rows = connection.execute(f"SELECT {', '.join(names)} FROM answer JOIN reports USING (number)").fetchall()
    counted = (
        (Counter(column) for column in zip(*rows, strict=True))
        if rows
        else (Counter[str | int | None]() for _ in names)
    )
    return {
        name: [Facet(value, count) for value, count in sorted(counts.items(), key=lambda one: (-one[1], str(one[0])))]
        for name, counts in zip(names, counted, strict=True)
    }


def _look(connection: sqlite3.Connection, filters: Filters, asked: Sequence[segment.Phrase]) -> int:
    """Put the numbers of what answers into the table `answer` of this connection; how many there are.

    Looked up once, since that is what costs: counted, ordered and grouped from there.
    """
    source, values = _source(connection, filters, asked)
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("CREATE TEMP TABLE answer (number INTEGER PRIMARY KEY)")
    return connection.execute(f"INSERT INTO answer SELECT reports.number {source}", values).rowcount


def _ordered(
    connection: sqlite3.Connection, asked: Sequence[segment.Phrase], sort: Sort, total: int, most: int | None
) -> Iterator[str]:
    source, values = "FROM answer JOIN reports USING (number)", list[str]()
    if sort is not Sort.RANK or not asked:
        order = _ORDERS.get(sort, _ORDERS[Sort.NEWEST])
    elif total <= _RANKED:
        source = "FROM words JOIN reports ON number = words.rowid WHERE words MATCH ? AND number IN answer"
        order = f"bm25(words, {_WEIGHTS}), year DESC, id"
        values.append(segment.expression(asked))
    else:
        order = "number IN (SELECT rowid FROM words WHERE words MATCH ?) DESC, year DESC, id"
        values.append(f"{{title organ}} : ({segment.expression(asked)})")
    limit = f" LIMIT {most}" if most else ""
    rows = connection.execute(f"SELECT id {source} ORDER BY {order}{limit}", values)
    return (str(row[0]) for row in rows)


def _from(ids: Iterator[str], after: str | None, most: int | None) -> list[str]:
    if after is not None and after not in ids:  # reads on until it is there
        raise UnknownPlace(f"--after: {after!r} is not in this list; it takes the last id of the page before")
    return list(islice(ids, most))


def _source(
    connection: sqlite3.Connection, filters: Filters, asked: Sequence[segment.Phrase]
) -> tuple[str, tuple[object, ...]]:
    """`FROM … WHERE …` and its values."""
    tests, values = [], list[object]()
    source = "FROM reports"
    if asked:
        source = "FROM words JOIN reports ON reports.number = words.rowid"
        tests.append("words MATCH ?")
        values.append(segment.expression(asked))
    for name, given in (("level", filters.level), ("template", filters.template), ("portal", filters.portal)):
        if given:
            tests.append(f"reports.{name} = ?")
            values.append(given)
    if filters.all_years:
        tests.append(f"year IN ({', '.join('?' * len(filters.all_years))})")
        values += filters.all_years
    if filters.province:
        name = simplify(filters.province.strip())
        tests.append(f"province IN ({', '.join('?' * len(PROVINCE_ENDINGS))})")
        values += [name + ending for ending in PROVINCE_ENDINGS]
    if filters.organ:
        test, value = _organ(connection, simplify(filters.organ.strip()))
        tests.append(test)
        values.append(value)
    about, compared = figures.tests(filters.where)
    tests += about
    values += compared
    return f"{source} WHERE {' AND '.join(tests)}" if tests else source, tuple(values)


def _organ(connection: sqlite3.Connection, name: str) -> tuple[str, str]:
    """An id or a whole name before a part of names, as in `storage.query`."""
    for field in ("organ_id", "organ"):
        if connection.execute(f"SELECT 1 FROM reports WHERE {field} = ? LIMIT 1", (name,)).fetchone():
            return f"reports.{field} = ?", name
    return "instr(reports.organ, ?) > 0", name
