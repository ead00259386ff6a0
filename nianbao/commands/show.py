"""`nianbao show`: one report, its cells and sums, its raw bytes, its history."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nianbao.ui.console import json_line, note, out, put_bytes, say
from nianbao.ui.errors import Exit, Failure

if TYPE_CHECKING:
    from storage.base import Db


def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="A report's id; or an organ and a year, when that is enough: '楚雄市政务服务管理局 2020'.",
        ),
    ],
    raw: Annotated[bool, typer.Option("--raw", help="The bytes as they were fetched.")] = False,
    attachment: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="With --raw: the attachment of that number instead of the page."),
    ] = None,
    revisions: Annotated[bool, typer.Option("--revisions", help="What it said before, and why it changed.")] = False,
    text: Annotated[bool, typer.Option("--text", help="The sections' text too.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="With --raw: into this file.", metavar="FILE")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document a line.")] = False,
) -> None:
    """Show one report as the official form, with its sums, flags and sources."""
    from storage import query, settings
    from storage.cross.update import of_report
    from storage.database import open_database

    if raw and (revisions or as_json):
        raise typer.BadParameter("--raw is bytes and stands alone")
    if (output is not None or attachment is not None) and not raw:
        raise typer.BadParameter("--output and --attachment go with --raw")
    with open_database(settings.load(), create=False) as database:
        report = find_report(database, name)
        if raw:
            _raw(database, report, attachment, output)
            return
        earlier = query.revisions(database, report["_id"]) if revisions else []
        beside = [] if revisions or as_json else of_report(database, report["_id"])
    if revisions:
        _revisions(report, earlier, as_json)
    elif as_json:
        json_line(report)
    else:
        from nianbao.ui.report import show_report

        show_report(out(), report, text=text, beside=beside)
        note(f"\nIts bytes: nianbao show --raw {report['_id']}")


def find_report(database: Db, name: str) -> dict[str, Any]:
    """The report that `name` means, whole. Raises Failure where there is none, or more than one."""
    from nianbao.commands.find import show_entries
    from storage import query

    found = query.get(database, name)
    if found is not None:
        return found
    later = query.moved(database, name) if name.count("/") == 2 else None
    if later is not None and (found := query.get(database, later)) is not None:
        note(f"{name} is {later} now.")
        return found
    meant = query.resolve(database, name)
    if not meant:
        raise Failure(f"there is no report {name!r}", "`nianbao find` lists them", Exit.NOTHING_FOUND)
    if len(meant) > 1:
        show_entries(meant)
        raise Failure(f"{name!r} may be any of these", "Name one by its id", Exit.WRONG_ARGUMENTS)
    found = query.get(database, meant[0]["_id"])
    if found is None:
        raise Failure(f"the report {meant[0]['_id']} is gone", "`nianbao find` lists what is there")
    return found


def _raw(database: Db, report: dict[str, Any], attachment: int | None, output: Path | None) -> None:
    from storage.archive import Archive

    source = _source(report, attachment)
    content = Archive(database).content(source["raw_sha256"])
    if output is not None:
        output.write_bytes(content)
        note(f"{len(content)} bytes of {source['url']} are in {output}.")
        return
    if sys.stdout.isatty() and b"\0" in content[:4096]:
        raise Failure(f"{source['media_type']} is not for a terminal", "Give a file with --output")
    put_bytes(content)


def _source(report: dict[str, Any], attachment: int | None) -> dict[str, Any]:
    """The page, or the attachment of that number as `nianbao show` counts them."""
    source: dict[str, Any] = report["source"]
    if attachment is None:
        return source
    attachments = source.get("attachments") or []
    if attachment > len(attachments):
        raise typer.BadParameter(f"the report has {len(attachments)} attachments", param_hint="--attachment")
    chosen: dict[str, Any] = attachments[attachment - 1]
    if not chosen.get("raw_sha256"):
        raise Failure(f"{chosen['url']} was not fetched", "The page links to it, and it is not in the archive")
    return chosen


def _revisions(report: dict[str, Any], earlier: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        for revision in [*earlier, report]:
            json_line(revision)
        return
    say(f"{report['_id']}: revision {report['revision']} is current")
    for revision in reversed(earlier):
        replaced = revision["replaced"]
        changed = ", ".join(f"{len(paths)} {what}" for what, paths in replaced["what"].items() if paths)
        say(
            f"  {revision['revision']} was replaced {replaced['at']:%Y-%m-%d %H:%M} UTC"
            f" ({', '.join(replaced['why'])}): {changed or 'nothing that is shown'}"
        )
        for path in replaced["what"].get("figures", [])[:20]:
            say(f"      {path}")
    if not earlier:
        note("It has not changed since it was first read.")
