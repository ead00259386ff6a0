"""A run over many portals while it runs: one bar and the numbers beside it, on a terminal only."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress

    from crawler.fleet.dispatch import Tally

UNDER_WAY = 3
"""Portals that are named; a night has dozens at once."""


class Live:
    """`with Live("nightly") as live: ... Means(tell=live.show)`. In a pipe or a log: nothing."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._progress: Progress | None = None

    def show(self, tally: Tally) -> None:
        if self._progress is None:
            return
        counts = tally.counts
        reports = {state: counts.get(f"reports_{state}", 0) for state in ("new", "changed", "unchanged")}
        here = sorted(tally.under_way)
        more = f" +{len(here) - UNDER_WAY}" if len(here) > UNDER_WAY else ""
        from rich.markup import escape

        self._progress.update(
            self._progress.task_ids[0],
            total=tally.portals,
            completed=len(tally.done),
            pages=f"{counts.get('pages', 0):,}",
            reports=f"{sum(reports.values()):,}",
            new=f"{reports['new']:,}",
            changed=f"{reports['changed']:,}",
            problems=f"{counts.get('problems', 0):,}",
            here=escape(tally.waits_for) or f"{', '.join(here[:UNDER_WAY])}{more}",
        )

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._progress = _progress()
            self._progress.add_task(
                self._doing, total=None, pages="0", reports="0", new="0", changed="0", problems="0", here=""
            )
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("portals  {task.fields[pages]} pages  {task.fields[reports]} reports"),
        TextColumn(
            "[green]{task.fields[new]} new[/]  {task.fields[changed]} changed  {task.fields[problems]} problems"
        ),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[here]}[/]", markup=True),
        console=Console(stderr=True),
        transient=True,
    )
