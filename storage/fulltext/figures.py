"""The figures of every report in the order of path and value, so that a condition on one is a range of an index.

The catalogue holds them too, but there a condition reads every entry: seconds among 20,000 reports, where a range takes
milliseconds. What a report put in is kept packed beside it, to be taken out again without a search.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backports import zstd

from storage.where import BLOCKS, Condition, parse_where

TABLES = """
CREATE TABLE paths (number INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL);
CREATE TABLE figures (
    path INTEGER NOT NULL, value NOT NULL, report INTEGER NOT NULL, PRIMARY KEY (path, value, report)
) WITHOUT ROWID;
CREATE TABLE figures_of (report INTEGER PRIMARY KEY, packed BLOB NOT NULL);
"""
NAMES = ("figures_of", "figures", "paths")
_SIGNS = {"==": "=", "!=": "<>"}
"""Comparisons that SQL writes in another way."""
Figures = Mapping[str, int | float]


def numbers(figures: Mapping[str, Any]) -> dict[str, int | float]:
    """`figures` of a report -> dotted path and number; what is null is left out, as no condition can be true of it."""
    return dict(_walked({block: figures.get(block) for block in BLOCKS}, ""))


def _walked(node: Mapping[str, Any], above: str) -> Iterator[tuple[str, int | float]]:
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from _walked(value, f"{above}{key}.")
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            yield f"{above}{key}", value


def put(connection: sqlite3.Connection, report: int, found: Figures) -> None:
    """Let the figures of the report with this number be these. Writes nothing where they are."""
    known = _numbers_of(connection, found)
    rows = sorted((known[path], value) for path, value in found.items())
    packed = zstd.compress(json.dumps(rows, separators=(",", ":")).encode())
    before = _packed(connection, report)
    if before == packed:
        return
    if before is not None:
        forget(connection, report)
    connection.execute("INSERT INTO figures_of VALUES (?, ?)", (report, packed))
    connection.executemany("INSERT INTO figures VALUES (?, ?, ?)", ((path, value, report) for path, value in rows))


def forget(connection: sqlite3.Connection, report: int) -> None:
    packed = _packed(connection, report)
    if packed is not None:
        rows = json.loads(zstd.decompress(packed))
        connection.executemany(
            "DELETE FROM figures WHERE path = ? AND value = ? AND report = ?",
            ((path, value, report) for path, value in rows),
        )
        connection.execute("DELETE FROM figures_of WHERE report = ?", (report,))


def tests(where: str) -> tuple[list[str], list[object]]:
    """The conditions as SQL on `reports.number`, and their values. Raises BadFilter."""
    conditions = parse_where(where)
    return [_test(one) for one in conditions], [value for one in conditions for value in (one.path, one.number)]


def _test(condition: Condition) -> str:
    sign = _SIGNS.get(condition.operator, condition.operator)
    path = "(SELECT number FROM paths WHERE path = ?)"
    return f"reports.number IN (SELECT report FROM figures WHERE path = {path} AND value {sign} ?)"


def _packed(connection: sqlite3.Connection, report: int) -> bytes | None:
    found = connection.execute("SELECT packed FROM figures_of WHERE report = ?", (report,)).fetchone()
    return None if found is None else bytes(found[0])


def _numbers_of(connection: sqlite3.Connection, paths: Figures) -> dict[str, int]:
    """Path -> its number; new ones get one."""
    known = _known(connection)
    new: Sequence[str] = sorted(paths.keys() - known.keys())
    if new:
        connection.executemany("INSERT INTO paths (path) VALUES (?)", ((path,) for path in new))
        known = _known(connection)
    return known


def _known(connection: sqlite3.Connection) -> dict[str, int]:
    return {str(path): int(number) for number, path in connection.execute("SELECT number, path FROM paths")}
