"""`nianbao diff`: what a report says otherwise than it did before, or than another year's."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nianbao.ui.console import json_line, note, out, say
from nianbao.ui.errors import Exit, Failure, one_line

if TYPE_CHECKING:
    from storage.base import Db, Doc
    from storage.rerun.delta import Delta

Document = dict[str, Any]
_FILED = ("_id", "report_id", "replaced", "bucket")


def diff(
    name: Annotated[
        str, typer.Argument(help="A report's id, or an organ and a year, as for `nianbao show`.", metavar="ID")
    ],
    other: Annotated[
        str | None, typer.Argument(help="Another report to compare it with: another year of the organ.", metavar="ID")
    ] = None,
    old: Annotated[
        int | None, typer.Option("--from", metavar="N", min=1, help="The older revision; default: the last but one.")
    ] = None,
    new: Annotated[
        int | None, typer.Option("--to", metavar="N", min=1, help="The newer revision; default: the current one.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Figures that are the same too, and every other place.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Compare two revisions of a report, or the figures of two reports (two years of one organ)."""
    from nianbao.commands.show import find_report
    from storage import settings
    from storage.database import open_database

    if other is not None and (old is not None or new is not None):
        raise typer.BadParameter(
            "--from and --to choose revisions of one report; two reports are compared as they stand"
        )
    with open_database(settings.load(), create=False) as database:
        report = find_report(database, name)
        if other is not None:
            _two_reports(report, find_report(database, other), everything, as_json)
            return
        before, after = _revisions(database, report, old, new)
    _two_revisions(before, after, everything, as_json)


def _revisions(database: Db, report: Doc, old: int | None, new: int | None) -> tuple[Doc, Doc]:
    from storage import query

    known = {one["revision"]: one for one in [*query.revisions(database, report["_id"]), report]}
    numbers = sorted(known)
    newer = new if new is not None else report["revision"]
    older = old if old is not None else max((one for one in numbers if one < newer), default=newer)
    for number in (older, newer):
        if number not in known:
            there = ", ".join(map(str, numbers))
            raise typer.BadParameter(f"{report['_id']} has no revision {number}; there are {there}")
    if older == newer and old is None:
        raise Failure(
            f"{report['_id']} has not changed since it was first read",
            "Two years of an organ: nianbao diff ID ID",
            Exit.NOTHING_FOUND,
        )
    return known[older], known[newer]


def _two_revisions(before: Document, after: Document, everything: bool, as_json: bool) -> None:
    from storage.rerun.delta import compare

    delta = compare(_content(before), _content(after))
    if as_json:
        json_line({"report": after["_id"], "from": before["revision"], "to": after["revision"], **asdict(delta)})
        return
    say(f"{after['_id']}: revision {before['revision']} against {after['revision']}")
    figures = [(line.path.removeprefix("figures."), line.old, line.new) for line in delta.lines[: delta.figures]]
    _table(figures, f"revision {before['revision']}", f"revision {after['revision']}")
    _others(delta, everything)
    note(
        f"{delta.figures} figures and {delta.fields} other places differ; {len(delta.mended)} sums are mended,"
        f" {len(delta.broken)} broken. Why: nianbao show --revisions {after['_id']}"
    )


def _content(revision: Document) -> Document:
    """A revision without what says where it is filed."""
    return {name: value for name, value in revision.items() if name not in _FILED}


def _others(delta: Delta, everything: bool) -> None:
    others = delta.lines[delta.figures :]
    for line in others if everything else others[:10]:
        say(f"  {line.path}: {_shown(line.old)} -> {_shown(line.new)}")
    if len(others) > 10 and not everything:
        say(f"  … and {delta.fields - 10} more: --all")


def _two_reports(first: Document, second: Document, everything: bool, as_json: bool) -> None:
    """Figures alone: two reports differ in every sentence."""
    from storage.saving.compare import numbers

    before, after = (dict(numbers(one["figures"])) for one in (first, second))
    paths = [path for path in _in_order(first, second) if path in before or path in after]
    rows = [(path, before.get(path), after.get(path)) for path in paths]
    different = [row for row in rows if row[1] != row[2]]
    if as_json:
        lines = [{"path": path, "old": old, "new": new} for path, old, new in (rows if everything else different)]
        json_line({"old": first["_id"], "new": second["_id"], "figures": len(different), "lines": lines})
        return
    if first["organ"]["id"] != second["organ"]["id"]:
        note(f"Two organs: {one_line(first['organ']['name'])} and {one_line(second['organ']['name'])}.")
    if first["template"]["id"] != second["template"]["id"]:
        note(
            f"Two forms, {first['template']['id']} and {second['template']['id']}: figures of one may not be in the other."
        )
    _table(rows if everything else different, *_headings(first, second))
    note(f"{len(different)} of {len(rows)} figures differ. One of the reports in full: nianbao show {second['_id']}")


def _headings(first: Document, second: Document) -> tuple[str, str]:
    """Two years of one organ are told apart by their years alone."""
    if (first["organ"]["id"], first["scope"]) == (second["organ"]["id"], second["scope"]):
        return str(first["report_year"]), str(second["report_year"])
    return first["_id"], second["_id"]


def _in_order(*reports: Document) -> list[str]:
    """The paths of the cells as the forms have them."""
    return list(dict.fromkeys(cell["path"] for one in reports for cell in one["cells"]))


def _table(rows: list[tuple[str, Any, Any]], before: str, after: str) -> None:
    """A line for each figure, by its field; below it what the form calls it."""
    from rich.table import Table
    from rich.text import Text

    from nianbao.ui.words import clean
    from storage.export.cells import labels_of

    if not rows:
        return
    grid = Table(show_edge=False, pad_edge=False, header_style="dim")
    grid.add_column("figure 指标", overflow="fold")
    for heading in (before, after, "change 增减"):
        grid.add_column(clean(heading), justify="right", overflow="fold")
    for path, old, new in rows:
        labels = labels_of(path, ())
        label = " · ".join(filter(None, (labels.row, labels.column)))
        named = clean(path) if not label else clean(path).append_text(Text(f"\n  {one_line(label)}", style="dim"))
        change = _change(old, new)
        style = "" if not change else "green" if change.startswith("+") else "red"
        grid.add_row(named, _shown(old), _shown(new), Text(change, style=style))
    out().print(grid)


def _change(old: object, new: object) -> str:
    """`+28`, `-0.5`, to the last digit; "" where one of the two is no number, or both are the same."""
    if not (isinstance(old, (int, float)) and isinstance(new, (int, float))) or old == new:
        return ""
    change = f"{Decimal(str(new)) - Decimal(str(old)):+f}"
    return change.rstrip("0").rstrip(".") if "." in change else change


def _shown(value: object) -> str:
    from nianbao.ui.sizes import number

    if value is None or isinstance(value, (int, float)):
        return number(value)
    return one_line(str(value))
