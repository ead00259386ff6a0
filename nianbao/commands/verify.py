"""`nianbao verify`: hash everything again, and follow everything that points at bytes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nianbao.ui.console import json_line, note, say
from nianbao.ui.errors import Failure, one_line

if TYPE_CHECKING:
    from storage.verify import Verified

SHOWN = 50
ADDRESSES_SHOWN = 3


def verify(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only look: do not mark what is damaged for the next crawl.")
    ] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Parse the pages again as well: does every report say what its page says?")
    ] = False,
    sample: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="With --deep: only of N reports, others each time.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, with everything that is wrong.")] = False,
) -> None:
    """Hash all archived bytes again, and prove that every report and capture points at bytes that are there.

    What is damaged is marked, and the next crawl of its portal asks for it anew. A report that is lost, or whose content is
    not what was written, is marked as well, and the next rerun reads it again. Exit code 1 when anything is wrong.
    """
    from crawler.profiles import RegistryProfiles
    from nianbao.ui.progress import Counter
    from parsers.template import load_templates
    from storage import settings
    from storage.database import open_database
    from storage.rerun.current import Current
    from storage.rerun.workers import processes
    from storage.schema import ensure
    from storage.verify import verify as look
    from storage.verify import verify_deep

    if sample is not None and not deep:
        raise typer.BadParameter("--sample is of the reports whose pages --deep reads again: say both")
    configured = settings.load()
    with open_database(configured, create=False) as database, Counter("verifying") as progress:
        if not dry_run:
            ensure(database)
        found = look(database, mark=not dry_run, progress=progress)
        if deep:
            current = Current(load_templates(), RegistryProfiles())
            with processes(configured.parse) as workers:
                verify_deep(database, found, current, workers, sample=sample, mark=not dry_run, progress=progress)
    if as_json:
        json_line(_document(found))
    else:
        _tell(found)
    _conclude(found, dry_run, configured.where)


def _document(found: Verified) -> dict[str, Any]:
    return {"whole": found.is_whole, **asdict(found)}


def _tell(found: Verified) -> None:
    for body in found.damaged[:SHOWN]:
        addresses = ", ".join(map(one_line, body.addresses[:ADDRESSES_SHOWN]))
        say(f"damaged {body.sha256}: {body.reason}; from {addresses or 'nowhere that is known'}")
    for one in found.dangling[:SHOWN]:
        say(f"{one_line(one.what)}: {one.reason}")
    for what in found.altered[:SHOWN]:
        say(f"{one_line(what)}: altered, its content is not what was written")
    otherwise, unread = (found.deep.otherwise, found.deep.unread) if found.deep else ([], {})
    for report_id in otherwise[:SHOWN]:
        say(f"report {one_line(report_id)}: altered, its page says something else")
    for capture_id, why in list(unread.items())[:SHOWN]:
        say(f"capture {one_line(capture_id)}: could not be read again: {one_line(why)}")
    for report_id in found.lost[:SHOWN]:
        say(f"report {one_line(report_id)}: lost, it was written and nothing has withdrawn it")
    for report_id in found.behind[:SHOWN]:
        say(
            f"report {one_line(report_id)}: the catalogue {'did' if found.entered else 'does'} not have it as it stands"
        )
    for gone in found.gone[:SHOWN]:
        say(f"gone from the web since {gone.since:%Y-%m-%d}, kept here: {one_line(gone.url)} ({one_line(gone.told)})")
    if len(found.gone) > SHOWN:
        say(f"… and {len(found.gone) - SHOWN} more addresses that are gone: --json gives them")
    told = (found.damaged, found.dangling, found.altered, otherwise, unread, found.lost, found.behind)
    rest = sum(max(0, len(every) - SHOWN) for every in told)
    if rest:
        say(f"… and {rest} more: --json gives them")


def _conclude(found: Verified, dry_run: bool, where: str) -> None:
    from nianbao.ui.sizes import size

    looked = (
        f"{found.bodies:,} bodies ({size(found.bytes)}), {found.captures:,} captures, {found.reports:,} reports,"
        f" {found.revisions:,} earlier revisions and {found.readings:,} other readings"
    )
    if found.gone:
        looked += f"; {len(found.gone)} of their addresses are gone from the web"
    if found.deep:
        looked += f"; {found.deep.compared:,} readings were compared with their pages"
        if found.deep.earlier:
            looked += (
                f", {found.deep.earlier:,} were not: `nianbao rerun` reads them by today's code and templates first"
            )
        if found.deep.unread:
            looked += f", {len(found.deep.unread):,} could not be read again"
    if found.entered:
        note(
            f"{len(found.behind):,} reports were not in the catalogue as they stand (档案目录), or no more: they are right now."
        )
    if found.is_whole:
        note(f"Everything is there and as it was: {looked}, in {where}.")
        return
    wrong = [
        f"{number} {what}"
        for number, what in (
            (len(found.damaged), "damaged or missing bodies"),
            (len(found.dangling), "pointers to what is not there"),
            (len(found.altered), "reports or readings that are not what was written"),
            (len(found.deep.otherwise) if found.deep else 0, "reports that say something else than their pages"),
            (len(found.lost), "lost reports"),
            (0 if found.entered else len(found.behind), "reports that the catalogue does not have as they stand"),
        )
        if number
    ]
    raise Failure(f"{' and '.join(wrong)} among {looked}", _advice(found, dry_run))


def _advice(found: Verified, dry_run: bool) -> str:
    """What to do, the first thing first."""
    if found.damaged and dry_run:
        return "Without --dry-run they are marked, and the next crawl fetches them again"
    if found.damaged:
        return "Crawl their portals again, and verify once more"
    if found.doubted and dry_run:
        return "Without --dry-run they are marked, and the next rerun reads them again from their archived pages"
    if found.doubted:
        return (
            "`nianbao rerun` reads them again from their archived pages, and keeps what stands there now as an earlier"
            " revision; then verify once more"
        )
    if dry_run and found.behind and not (found.dangling or found.altered or found.lost):
        return "`nianbao verify` without --dry-run enters them anew"
    return "Restore a backup (`nianbao restore DIR --replace`): the pages alone do not give them back"
