"""Figures, bytes and times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime


def size(count: int | None) -> str:
    """`1536 -> "1.5 KB"`, `None -> "unknown"`."""
    if count is None:
        return "unknown"
    amount = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TB"


def since(moment: datetime | None) -> str:
    """A moment as `2026-11-22 04:15:00 UTC`; one without a zone is UTC, as the database has it."""
    if moment is None:
        return "unknown"
    return f"{(moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def duration(begun: datetime, ended: datetime | None) -> str:
    """`3 s`, `2 min 5 s`, `1 h 4 min`; `…` for what still goes on."""
    if ended is None:
        return "…"
    seconds = (ended - begun).total_seconds()
    if round(seconds) < 60:
        return f"{seconds:.1f} s" if round(seconds, 1) < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def number(value: int | float | None) -> str:
    """`13015.02`, `7`, `–`: as short as it can be said without loss."""
    if value is None:
        return "–"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def told(value: str | int | float | None) -> str:
    """A number as `number` has it; a text as it is."""
    return value if isinstance(value, str) else number(value)
