"""Where words go: results to standard output, everything else to standard error.

Rich is imported when something is printed, not before: `nianbao --help` and `--json` do without it.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

WIDTH_WITHOUT_TERMINAL = 120
"""Columns of a table that goes into a pipe or a file, where no terminal says how wide it is."""


class ReaderLeft(Exception):
    """Whoever read our output (`| head`) has enough. No OSError: Typer would make exit code 1 of that."""


@cache
def out() -> Console:
    """The console of standard output, for tables."""
    from rich.console import Console

    class Quiet(Console):
        """Ends on a closed pipe as `say` does."""

        def on_broken_pipe(self) -> None:
            raise ReaderLeft

    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH_WITHOUT_TERMINAL
    return Quiet(width=width, highlight=False, emoji=False)


def say(line: str) -> None:
    """One plain line of the result, as it is: no markup, never wrapped."""
    _write(f"{line}\n")


def note(line: str) -> None:
    """One plain line beside the result: progress, what was done, what to do next.

    Where nobody reads it any more (`2>&1 | head`) the command goes on all the same.
    """
    _write("", flush=True)
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def put_bytes(content: bytes) -> None:
    """Bytes on standard output, as they are."""
    _write("", flush=True)
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise ReaderLeft from None


def json_line(document: object) -> None:
    """One JSON document, one line, on standard output."""
    _write(json.dumps(plain(document), ensure_ascii=False, allow_nan=False) + "\n")


def _write(text: str, *, flush: bool = False) -> None:
    try:
        sys.stdout.write(text)
        if flush:
            sys.stdout.flush()
    except BrokenPipeError:
        raise ReaderLeft from None


def plain(value: object) -> object:
    """`value` in what JSON has: times as ISO 8601 with their zone, bytes as their length, NaN as null.

    MongoDB keeps times in UTC and PyMongo gives them without a zone: they get it back here.
    """
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"bytes": len(value)}
    return str(value)
