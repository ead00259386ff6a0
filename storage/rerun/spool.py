"""What a rerun has planned and read, in a private file: results wait there until all of them are judged.

One SQLite file a plan, below NIANBAO_HOME. It is written as the rerun goes, so a rerun that was killed goes on where it
was; its name is made of everything that the results depend on, so that it never goes on with what is out of date.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from storage.archive import Mark
from storage.rerun.delta import Delta
from storage.rerun.outcome import Outcome
from storage.rerun.stale import Item

FORMAT = 4
_SCHEMA = """
create table if not exists readings (
    capture_id text primary key, bucket integer not null, report_id text, portal text, template text,
    outcome text, kind text not null default '', message text not null default '', instead_of text, new_id text,
    url text not null default '', fetched_at text, mark text, seconds real not null default 0,
    fields integer not null default 0, figures integer not null default 0,
    mended integer not null default 0, broken integer not null default 0, delta text, document blob, content text,
    as_read text, sides blob,
    written integer not null default 0
);
create index if not exists in_order on readings (bucket, capture_id);
create table if not exists notes (name text primary key, value text not null);
"""


@dataclass(frozen=True)
class Row:
    """One reading on its way."""

    item: Item
    outcome: Outcome
    kind: str = ""
    """Of the problem, where there is one."""
    message: str = ""
    instead_of: str | None = None
    """See `storage.reports.ReportWrite`. None: of what stands nobody knows what it is, see `storage.readings.DOUBTED`."""
    new_id: str | None = None
    """The report that it reads as."""
    url: str = ""
    """Canonical address of the capture."""
    fetched_at: datetime | None = None
    mark: Mark | None = None
    """What the capture will have to say of itself, where that is something else than it says."""
    seconds: float = 0.0
    """Of a processor, that the parser took."""
    delta: Delta | None = None
    document: bytes | None = None
    """Packed, see `storage.rerun.read`; None where there is nothing to write."""
    content_sha256: str | None = None
    """Of the document."""
    as_read: str | None = None
    """See `storage.saving.as_read`."""
    sides: bytes | None = None
    """As BSON, of a report that reads word by word as it stands {sides: `storage.saving.compare.SIDES`, head: `head_of` its
    document of `readings`, unread: see `storage.saving.unread`}; None elsewhere."""

    @property
    def is_write(self) -> bool:
        return self.document is not None or self.sides is not None


class Spool:
    """The readings of one plan. `path` None: a file that has no name and is gone with the process, for a dry run."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Made before SQLite does, so that nobody else can ever read it.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        self._db = sqlite3.connect(path or "", isolation_level=None)
        try:
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("pragma synchronous = normal")  # after a power cut it is read again: nothing is lost
            self._db.executescript(_SCHEMA)
        except sqlite3.Error:  # a damaged file: whoever opens it begins anew
            self._db.close()
            raise

    # The plan

    def plan(self, items: Iterable[Item]) -> None:
        """Take in the plan, once: a plan that is complete is not made anew."""
        with self._transaction():
            self._db.executemany(
                "insert or ignore into readings (capture_id, bucket, report_id, portal, template) values (?, ?, ?, ?, ?)",
                ((one.capture_id, one.bucket, one.report_id, one.portal, one.template) for one in items),
            )
            self.note("planned", "yes")

    @property
    def is_planned(self) -> bool:
        return self.noted("planned") is not None

    # Reading

    def unread(self, size: int) -> Iterator[list[Item]]:
        """What is still to be read, in the order of the buckets, in batches."""
        query = (
            "select bucket, capture_id, report_id, portal, template from readings where outcome is null"
            " and (bucket, capture_id) > (?, ?) order by bucket, capture_id limit ?"
        )
        last: tuple[int, str] = (-1, "")
        while rows := self._db.execute(query, (*last, size)).fetchall():
            yield [Item(capture_id, bucket, report, portal, form) for bucket, capture_id, report, portal, form in rows]
            last = (rows[-1][0], rows[-1][1])

    def keep(self, rows: Sequence[Row]) -> None:
        """Readings as they came; kept when it returns."""
        with self._transaction():
            self._db.executemany(
                "update readings set outcome = ?, kind = ?, message = ?, instead_of = ?, new_id = ?, url = ?,"
                " fetched_at = ?, mark = ?, seconds = ?, fields = ?, figures = ?, mended = ?, broken = ?, delta = ?,"
                " document = ?, content = ?, as_read = ?, sides = ?, report_id = ?, template = ?, portal = ? where capture_id = ?",
                map(_values, rows),
            )

    # Writing

    def unwritten(self, size: int) -> Iterator[list[Row]]:
        query = (
            "select bucket, capture_id, report_id, portal, template, outcome, kind, message, instead_of, new_id,"
            " url, fetched_at, mark, document, content, as_read, sides from readings where not written and outcome is not null"
            " and (bucket, capture_id) > (?, ?) order by bucket, capture_id limit ?"
        )
        last: tuple[int, str] = (-1, "")
        while found := self._db.execute(query, (*last, size)).fetchall():
            yield [_row(one) for one in found]
            last = (found[-1][0], found[-1][1])

    def written(self, outcomes: Iterable[tuple[str, Outcome, str]]) -> None:
        """(capture id, what became of it, message) of readings whose writes are acknowledged."""
        with self._transaction():
            self._db.executemany(
                "update readings set written = 1, outcome = ?, message = ?, document = null, sides = null where capture_id = ?",
                ((outcome.value, message, capture_id) for capture_id, outcome, message in outcomes),
            )

    # Asking

    def count(self, condition: str = "1") -> int:
        (number,) = self._db.execute(f"select count(*) from readings where {condition}").fetchone()
        return int(number)

    def ask(self, query: str, *values: object) -> Iterator[tuple[object, ...]]:
        """For `storage.rerun.summary`, which alone knows what a reader wants to know; row by row."""
        yield from self._db.execute(query, values)

    def note(self, name: str, value: str) -> None:
        self._db.execute("insert or replace into notes values (?, ?)", (name, value))

    def noted(self, name: str) -> str | None:
        found = self._db.execute("select value from notes where name = ?", (name,)).fetchone()
        return None if found is None else str(found[0])

    # The file

    def remove(self) -> None:
        """The rerun is done."""
        self.close()
        if self._path is not None:
            remove(self._path)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db)


class _Transaction:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("begin immediate")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.execute("commit" if kind is None else "rollback")


def place(home: Path, archive: str, inputs: Sequence[str]) -> Path:
    """The file of a plan: one name for the archive, one for everything that decides what is read and how."""
    return home / "rerun" / f"{_short(archive)}-{_short(f'{FORMAT}', *inputs)}.sqlite3"


def remove_others(path: Path) -> None:
    """Plans of the same archive that will never be gone on with: what they were made from has changed."""
    for other in path.parent.glob(f"{path.name.partition('-')[0]}-*.sqlite3"):
        if other != path:
            remove(other)


def remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _short(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _values(row: Row) -> tuple[object, ...]:
    delta = row.delta or Delta()
    return (
        row.outcome.value,
        row.kind,
        row.message,
        row.instead_of,
        row.new_id,
        row.url,
        None if row.fetched_at is None else row.fetched_at.isoformat(),
        None if row.mark is None else json.dumps(asdict(row.mark)),
        row.seconds,
        delta.fields,
        delta.figures,
        len(delta.mended),
        len(delta.broken),
        None if row.delta is None else row.delta.to_json(),
        row.document,
        row.content_sha256,
        row.as_read,
        row.sides,
        row.item.report_id,
        row.item.template,
        row.item.portal,
        row.item.capture_id,
    )


def _row(values: tuple[object, ...]) -> Row:
    bucket, capture_id, report_id, portal, template, outcome, kind, message, instead_of, new_id, *rest = values
    url, fetched_at, mark, document, content, as_read, sides = rest
    return Row(
        item=Item(str(capture_id), int(str(bucket)), _text(report_id), _text(portal), _text(template)),
        outcome=Outcome(str(outcome)),
        kind=str(kind),
        message=str(message),
        instead_of=_text(instead_of),
        new_id=_text(new_id),
        url=str(url),
        fetched_at=None if fetched_at is None else datetime.fromisoformat(str(fetched_at)),
        mark=None if mark is None else _mark(json.loads(str(mark))),
        document=document if isinstance(document, bytes) else None,
        content_sha256=_text(content),
        as_read=_text(as_read),
        sides=sides if isinstance(sides, bytes) else None,
    )


def _mark(values: Mapping[str, Any]) -> Mark:
    judged_by = values["judged_by"]
    return Mark(**{**values, "judged_by": None if judged_by is None else tuple(judged_by)})


def _text(value: object) -> str | None:
    return None if value is None else str(value)
