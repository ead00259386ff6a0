"""The index's file: one SQLite database with the words (FTS5), the figures and, of each report, what lists need.

Written in transactions under WAL: a reader sees the state before or after a batch, a kill leaves one of the two. A file
that is damaged, or was made by other rules, is thrown away and made anew: there is nothing in it that the archive has
not.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from backports import zstd

from storage.embedded.places import OWNER_ONLY, owner_only
from storage.errors import StorageError
from storage.fulltext import figures, segment
from storage.fulltext.figures import Figures

_LAYOUT = 2
"""Raise it when the tables change."""
_BUSY_SECONDS = 30.0
_PACK_LEVEL = 3
_CACHE_KB = 64 * 1024
"""While writing: a report's figures go to as many places, and those pages should be at hand."""
_DAMAGED = ("malformed", "not a database", "disk image", "file is encrypted")


class IndexDamaged(StorageError):
    """The file is no index, or a damaged one: `TextIndex` makes it anew."""


@dataclass(frozen=True)
class Entry:
    """A report as lists know it. A missing value is None, or "" where a text may not be."""

    id: str
    writes: int
    content_sha256: str
    year: int
    scope: str
    organ_id: str
    organ: str
    level: str | None
    province: str | None
    template: str
    portal: str | None
    trust: str | None
    """The worst of the report's tables: unreadable, doubtful, consistent, verified."""
    failed: int
    """Sums of the form that do not hold."""
    flags: int
    requests: float | None
    """Received in the year (domain.md 6.4)."""
    published: str | None
    """ISO date."""
    title: str


COLUMNS = tuple(field.name for field in fields(Entry))
_TABLES = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE reports (
    number INTEGER PRIMARY KEY, {", ".join(f"{name}{' TEXT UNIQUE' if name == 'id' else ''}" for name in COLUMNS)}
);
CREATE TABLE texts (number INTEGER PRIMARY KEY, packed BLOB NOT NULL);
CREATE INDEX by_year ON reports (year, id);
CREATE INDEX by_organ ON reports (organ_id, year);
CREATE INDEX by_organ_name ON reports (organ);
CREATE VIRTUAL TABLE words USING fts5 (title, organ, body, content='', tokenize='ascii');
{figures.TABLES}"""
# The texts lie apart, so that what is listed, counted and sorted is a few megabytes.
# The ascii tokenizer parts at blanks and takes every other character as it is: the tokens are ours. FTS5 keeps no text:
# to forget a report it is told its old tokens once more, which are worked out from the packed text.


class IndexFile:
    """Opens a connection for each use; use it from any thread or process."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for looking. Raises IndexDamaged; FileNotFoundError where there is no index."""
        if not self.path.exists():
            raise FileNotFoundError(self.path)
        with self._connected() as connection:
            if not _is_ours(connection):
                raise IndexDamaged(f"{self.path} is no index of this version")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside a transaction, made whole at the end; nothing is kept when an error leaves."""
        self.make_folder()
        with self._connected() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
            connection.execute("BEGIN IMMEDIATE")
            if not _is_ours(connection):
                _make(connection)
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def make_folder(self) -> None:
        """The folder of the file, for its owner only."""
        self.path.parent.parent.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
        owner_only(self.path.parent)

    def remove(self) -> None:
        """Throw the file away, with what SQLite keeps beside it."""
        for ending in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
                connection.row_factory = sqlite3.Row
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute("PRAGMA mmap_size = 1073741824")
                yield connection
        except sqlite3.DatabaseError as error:
            if any(word in str(error) for word in _DAMAGED):
                raise IndexDamaged(f"the search index {self.path} is damaged ({error})") from error
            advice = "make room or give another NIANBAO_HOME" if "full" in str(error) else "run the command again"
            raise StorageError(f"the search index {self.path} cannot be used ({error}): {advice}") from error


def _is_ours(connection: sqlite3.Connection) -> bool:
    try:
        return get(connection, "rules") == _rules()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return False
        raise


def _rules() -> str:
    return f"layout {_LAYOUT}, tokens {segment.VERSION}"


def _make(connection: sqlite3.Connection) -> None:
    """Empty tables, whatever stood there. Inside the caller's transaction."""
    for name in (*figures.NAMES, "words", "texts", "reports", "meta"):
        connection.execute(f"DROP TABLE IF EXISTS {name}")
    for statement in _TABLES.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    put(connection, {"rules": _rules()})


def empty(connection: sqlite3.Connection) -> None:
    """Forget everything, to begin anew."""
    _make(connection)


def get(connection: sqlite3.Connection, name: str) -> str | None:
    found = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return None if found is None else str(found[0])


def put(connection: sqlite3.Connection, values: Mapping[str, str]) -> None:
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(values.items()))


def known(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Report id -> (writes, content_sha256) of those that are in the index."""
    asked = f"SELECT id, writes, content_sha256 FROM reports WHERE id IN ({_places(ids)})"
    return {str(row[0]): (int(row[1]), str(row[2])) for row in connection.execute(asked, list(ids))}


def all_ids(connection: sqlite3.Connection) -> set[str]:
    return {str(row[0]) for row in connection.execute("SELECT id FROM reports")}


def texts(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, str]:
    """Report id -> the text that was indexed."""
    asked = f"SELECT id, packed FROM reports JOIN texts USING (number) WHERE id IN ({_places(ids)})"
    return {str(row[0]): _unpacked(row[1]) for row in connection.execute(asked, list(ids))}


def write(connection: sqlite3.Connection, entries: Iterable[tuple[Entry, str | None, Figures]]) -> None:
    """Put reports in, or in the place of what was known of them; a text of None stays as it is."""
    for entry, text, numbers in entries:
        values = [getattr(entry, name) for name in COLUMNS]
        if text is None:
            assigned = ", ".join(f"{name} = ?" for name in COLUMNS)
            asked = f"UPDATE reports SET {assigned} WHERE id = ? RETURNING number"
            for row in connection.execute(asked, [*values, entry.id]).fetchall():
                figures.put(connection, row[0], numbers)
            continue
        forget(connection, [entry.id])
        inserted = f"INSERT INTO reports ({', '.join(COLUMNS)}) VALUES ({_places(values)}) RETURNING number"
        (number,) = connection.execute(inserted, values).fetchone()
        figures.put(connection, number, numbers)
        packed = zstd.compress(text.encode(), _PACK_LEVEL)
        connection.execute("INSERT INTO texts VALUES (?, ?)", (number, packed))
        words = [" ".join(segment.tokens(part)) for part in (entry.title, entry.organ, text)]
        connection.execute("INSERT INTO words (rowid, title, organ, body) VALUES (?, ?, ?, ?)", [number, *words])


def forget(connection: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Take reports out; unknown ids do not matter."""
    asked = f"SELECT number, title, organ, packed FROM reports JOIN texts USING (number) WHERE id IN ({_places(ids)})"
    for number, title, organ, packed in connection.execute(asked, list(ids)).fetchall():
        words = [" ".join(segment.tokens(part)) for part in (title, organ, _unpacked(packed))]
        connection.execute(
            "INSERT INTO words (words, rowid, title, organ, body) VALUES ('delete', ?, ?, ?, ?)", [number, *words]
        )
        for table in ("texts", "reports"):
            connection.execute(f"DELETE FROM {table} WHERE number = ?", (number,))
        figures.forget(connection, number)


def _unpacked(packed: bytes) -> str:
    return zstd.decompress(packed).decode()


def _places(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
