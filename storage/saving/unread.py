"""What a report leaves unread: files of its archive that may be reports of their own. They go to `problems`, so that nothing
is dropped: a ZIP with the reports of three bureaus gives one report, and says what the other two were called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # workers that read load no database driver
    from storage.problems import Problem

KIND = "member_unread"
_FLAG = f"{KIND}:"


def unread(flags: Iterable[str]) -> tuple[str, ...]:
    """The names in the flags of a report; the last one may be `+10`, for ten more."""
    return tuple(flag.removeprefix(_FLAG) for flag in flags if flag.startswith(_FLAG))


def problem(
    names: Iterable[str], source: Mapping[str, Any], capture_id: str, portal: str | None, run_id: str | None
) -> Problem | None:
    """The problem of the reading with these `unread` names; None where there are none. `source`: as in its document."""
    from storage.problems import Problem

    named = tuple(names)
    if not named:
        return None
    return Problem(
        kind=KIND,
        where=str(source.get("url") or capture_id),
        message=f"files of the archive that may be reports of their own were not read: {', '.join(named)}",
        stage="parse",
        portal=portal,
        capture_id=capture_id,
        run_id=run_id,
    )
