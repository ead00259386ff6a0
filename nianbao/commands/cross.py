"""`nianbao rerun --cross`: every check that takes two reports or more, made anew from the reports as they stand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from nianbao.ui.console import json_line, note, out

if TYPE_CHECKING:
    from storage.settings import Settings

RULES = {
    "T3-CHAIN": "carried forward, and carried over in the next year 结转",
    "T2-STOCK": "documents in force from year to year 现行有效件数",
    "T2A-CHAIN": "items from year to year 项目数量",
    "T4-CHAIN": "cases pending, and cases of the next year 未审结",
    "T4-REV": "cases after reconsideration, and reconsiderations 复议后起诉",
    "X-COPY": "the same figures or words in two reports 雷同",
    "H-HIER": "a consolidated report and the sum of its parts 汇总",
}
STATES = ("pass", "fail", "not_assessable")


def check_anew(configured: Settings, as_json: bool) -> None:
    """Parses nothing, and changes no report; coverage and the search index are not touched."""
    from nianbao.ui.progress import Counter as Progress
    from storage import schema
    from storage.cross.update import rebuild, tally
    from storage.database import open_database

    with open_database(configured, create=False) as database, Progress("checking across reports:") as progress:
        schema.ensure(database)
        changed = rebuild(database, lambda done, of: progress.show(f"{done:,} of {of:,}"))
        found = tally(database)
    if as_json:
        json_line({"changed": changed, "rules": {rule: _counts(found[rule]) for rule in sorted(found)}})
    elif found:
        _tell(found)
    number = sum(counts.total() for counts in found.values())
    note(
        f"{number:,} checks over several reports, {changed:,} of them new or other than before; in {configured.where}."
    )


def _counts(states: Counter[str]) -> dict[str, int]:
    return {state: states[state] for state in STATES}


def _tell(found: dict[str, Counter[str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    grid = Table(show_edge=False, pad_edge=False, header_style="dim")
    grid.add_column("rule 规则")
    grid.add_column("compares 比较", overflow="fold")
    for heading in ("pass 一致", "fail 不一致", "open 无法判断"):
        grid.add_column(heading, justify="right")
    for rule, states in sorted(found.items()):
        fails = Text(str(states["fail"]), style="red" if states["fail"] else "")
        grid.add_row(rule, RULES.get(rule, ""), str(states["pass"]), fails, str(states["not_assessable"]))
    out().print(grid)
