"""`nianbao portals`: the registry, what a look at a portal finds, and what the runs learnt of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from nianbao.ui.console import json_line, note, out, say
from nianbao.ui.errors import Exit, Failure, one_line
from nianbao.ui.options import address

if TYPE_CHECKING:
    from crawler.finding.column_map import ColumnMap
    from crawler.registry import Portal
    from crawler.result import RunResult
    from storage.shape.records import PortalState

app = typer.Typer(
    name="portals", help="The registry of portals (门户): list, show, check, discover.", no_args_is_help=True
)


def _known(what: str) -> Callable[[str | None], str | None]:
    """A level, vendor or state that there is none of is a wrong argument, and not a list of nothing."""

    def check(name: str | None) -> str | None:
        from crawler.registry.portal import LEVELS, VENDORS
        from storage.shape.records import Health

        names = {"level": LEVELS, "vendor": VENDORS, "state": [str(one) for one in Health]}[what]
        if name is not None and name not in names:
            raise typer.BadParameter(f"{name!r} is no {what}; there are {', '.join(names)}")
        return name

    return check


Json = Annotated[bool, typer.Option("--json", help="One JSON document a line.")]
Province = Annotated[str | None, typer.Option(help="云南, or 云南省.", metavar="NAME")]


@app.command("list", short_help="Portals of the registry; options choose.")
def list_portals(
    name: Annotated[
        str, typer.Argument(help="A part of the organ's name, of the id or of the address.", metavar="NAME")
    ] = "",
    province: Province = None,
    level: Annotated[
        str | None,
        typer.Option(
            help="national, province, city, county, township, department.", metavar="LEVEL", callback=_known("level")
        ),
    ] = None,
    vendor: Annotated[
        str | None,
        typer.Option(
            help="The system it is built with: trs, hanweb, ucap …", metavar="NAME", callback=_known("vendor")
        ),
    ] = None,
    verified: Annotated[
        bool | None, typer.Option("--verified/--unverified", help="Whether a person has looked.")
    ] = None,
    health: Annotated[
        str | None,
        typer.Option(
            help="What the last run found: fresh, late, failing, blocked, moved, template_changed, unknown.",
            metavar="STATE",
            callback=_known("state"),
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """List the registry. `--health` asks the database as well; nothing is fetched."""
    from crawler.registry import load_portals
    from parsers.chinese import simplify

    part = simplify(name.strip()).lower()
    chosen = [
        portal
        for portal in load_portals()
        if any(part in (one or "").lower() for one in (portal.organ, portal.id, portal.home))
        and (province is None or (portal.province or "").startswith(province))
        and level in (None, portal.level)
        and vendor in (None, portal.vendor)
        and verified in (None, portal.verified)
    ]
    if health is not None:
        states = _states(portal.id for portal in chosen)
        today = _health()
        chosen = [portal for portal in chosen if today(states.get(portal.id)) == health]
    if not chosen:
        raise Failure("no portal of the registry is like that", "Leave out an option", Exit.NOTHING_FOUND)
    chosen.sort(key=lambda portal: portal.invented)
    if as_json:
        for portal in chosen:
            json_line(_document(portal))
        return
    for portal in chosen:
        where = "".join(filter(None, (portal.province, portal.city)))
        apart = " (invented 示例)" if portal.invented else ""
        say(f"{portal.id:24} {portal.level:10} {portal.vendor:12} {where} {portal.organ}{apart}")
    note(f"{_counted(chosen)}. One of them: nianbao portals show ID; crawl it: nianbao crawl ID")


def _counted(portals: Sequence[Portal]) -> str:
    """The invented ones are told beside the others: `3528 portals and 2 invented`."""
    from crawler.result import many

    invented = sum(portal.invented for portal in portals)
    real = len(portals) - invented
    told = [many(real, "portal")] if real else []
    return " and ".join([*told, *([f"{invented} invented"] if invented else [])])


@app.command("show", short_help="One portal: its entry and what the runs learnt.")
def show(
    portal_id: Annotated[str, typer.Argument(help="The portal's id.", metavar="ID")],
    as_json: Json = False,
) -> None:
    """Everything that is known of one portal: the registry's entry, and the database's state where there is one."""
    portal = _portal(portal_id)
    state = _states([portal_id]).get(portal_id)
    if as_json:
        from dataclasses import asdict

        json_line({**_document(portal), "state": {**asdict(state), "health": _health()(state)} if state else None})
        return
    say(f"portal     {portal.id}")
    say(f"organ      {portal.organ} ({portal.level}{', ' + portal.region_code if portal.region_code else ''})")
    say(f"place      {' '.join(filter(None, (portal.province, portal.city, portal.county))) or '–'}")
    say(f"home       {portal.home or '–'}")
    say(f"vendor     {portal.vendor} ({portal.basis})")
    say(f"verified   {'yes' if portal.verified else 'no'}")
    if portal.invented:
        say("invented   示例, comes with the program and is nobody's")
    for label, text in (("access", portal.access), ("note", portal.note)):
        if text:
            say(f"{label:10} {one_line(text)}")
    for column in portal.columns:
        say(f"column     {column.url}{f' ({column.organ})' if column.organ else ''}")
    for case in portal.cases:
        say(f"seen       {case.url} ({case.organ}, {case.year or 'year unknown'})")
    if state is None:
        say("state      no run has been there")
        note(f"A polite look at it: nianbao portals check {portal.id}")
        return
    health = str(_health()(state))
    told = one_line(state.detail or "").removeprefix(f"{health}: ")
    say(f"state      {': '.join(filter(None, (health, told)))}")
    if state.change is not None:
        say(f"before     {state.change.before_capture or '–'}")
        say(f"after      {state.change.after_capture or '–'}")
    if state.vendor:
        say(f"found      {state.vendor}: {one_line(state.vendor_why)}")
    for found in state.columns:
        say(f"found      {found.url} {one_line(found.title)}: {'; '.join(map(one_line, found.why))}")


@app.command("check", short_help="Look at portals politely and note what is there.")
def check(
    portal_ids: Annotated[list[str] | None, typer.Argument(help="Ids of the registry.", metavar="ID")] = None,
    province: Province = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="At most so many portals.")] = 20,
    as_json: Json = False,
) -> None:
    """Ask portals for robots.txt, their front page and their lists, at the usual pace; fetch no report.

    What is learnt (does it answer, its system, its columns) goes into the database; the registry's file stays as it is.
    """
    if not portal_ids and province is None:
        raise typer.BadParameter("name portals, or a --province")
    from crawler.registry import load_portals
    from storage import settings
    from storage.database import open_database
    from storage.portals import Portals
    from storage.shape.records import Health

    ids = [_portal(one).id for one in portal_ids or ()]
    if province is not None:
        ids += [portal.id for portal in load_portals() if portal.home and (portal.province or "").startswith(province)]
    configured = settings.load()
    maps = _look(portals=list(dict.fromkeys(ids))[:limit]).maps
    with open_database(configured) as database:
        store = Portals(database)
        for one in maps:
            trouble = Health.BLOCKED if one.refuses else Health.MOVED if one.moved else Health.FAILING
            store.checked(one.portal, answered=one.answered, trouble=trouble, detail=one.trouble.partition(": ")[2],
                          vendor=one.vendor, vendor_why=one.why, columns=one.columns)  # fmt: skip
    _tell(maps, as_json)
    answered = sum(one.answered for one in maps)
    note(
        f"{answered} of {len(maps)} portals answered; what they showed is in {configured.where}. Next: nianbao portals show ID"
    )
    if not answered:
        raise _unread(maps)


def _unread(maps: Sequence[ColumnMap]) -> Failure:
    """Why none was read: whoever refuses, has moved or asks to wait has answered, and the network is not to blame."""
    if any(one.refuses or one.moved or one.waits for one in maps):
        return Failure("no portal could be read", "What each said stands above", Exit.NOTHING_FOUND)
    return Failure("no portal answered", "Check the network; what each said stands above", Exit.NOTHING_FOUND)


@app.command("discover", short_help="Find the 年报 columns of a portal from its front page.")
def discover(
    url: Annotated[str, typer.Argument(help="The front page.", metavar="URL", parser=address)],
    as_json: Json = False,
) -> None:
    """Look for 年报 columns from a front page and say why each is one. Nothing is stored, no report is fetched."""
    from crawler.result import ExitState, many

    result = _look(home=url)
    columns = sum(len(one.columns) for one in result.maps)
    if result.exit_state is ExitState.FAILED:
        raise Failure(result.message, result.advice)
    _tell(result.maps, as_json)
    if not columns:
        raise Failure("no 年报 column was found", "Give its address to `nianbao crawl --url`", Exit.NOTHING_FOUND)
    note(f"{many(columns, 'column')}. Crawl: nianbao crawl --home {url}")


def _look(portals: list[str] | None = None, home: str | None = None) -> RunResult:
    """A crawl that reads the first pages of every list and fetches no report."""
    from crawler.plan import Limits
    from crawler.run import crawl
    from nianbao.serving import homes_of
    from storage import settings

    configured = settings.load()
    limits = Limits(pages=2, clicks=1, requests=200)
    with homes_of(portals, configured.home) as homes:
        return crawl(portals or (), home, dry_run=True, discover=True, homes=homes, limits=limits, settings=configured)


def _tell(maps: Sequence[ColumnMap], as_json: bool) -> None:
    if as_json:
        from dataclasses import asdict

        for one in maps:
            json_line(asdict(one))
        return
    from rich.table import Table

    from crawler.result import many
    from nianbao.ui.words import clean

    for one in maps:
        without = "no answer"
        for is_so, words in ((one.waits, "asks to wait"), (one.moved, "has moved"), (one.refuses, "refuses")):
            without = words if is_so else without
        say(f"{one.portal}: {one.vendor or without}{f' ({one.why})' if one.why else ''}")
        if one.columns:
            say(f"  {many(one.lines, 'report')} named on the first pages of {many(len(one.columns), 'list')}")
        if one.trouble:
            say(f"  {one_line(one.trouble)}")
        if one.columns:
            grid = Table(show_edge=False, pad_edge=False, header_style="dim")
            for heading in ("column 栏目", "address", "vendor", "why"):
                grid.add_column(heading, overflow="fold")
            for column in one.columns:
                grid.add_row(clean(column.title), clean(column.url), column.vendor or "–", clean("; ".join(column.why)))
            out().print(grid)


def _portal(portal_id: str) -> Portal:
    from crawler.registry import load_portal
    from parsers.errors import TemplateError

    try:
        return load_portal(portal_id)
    except TemplateError as error:
        if error.reason == "unknown_portal":
            raise typer.BadParameter(error.detail) from None
        raise


def _states(ids: Iterable[str]) -> dict[str, PortalState]:
    """What the database knows; nothing where there is no archive yet."""
    from storage import settings
    from storage.database import open_database
    from storage.errors import NothingArchived
    from storage.portals import Portals

    try:
        with open_database(settings.load(), create=False) as database:
            return Portals(database).states(list(ids))
    except NothingArchived:
        return {}


def _health() -> Callable[[PortalState | None], str]:
    """What is known of a portal today: one that was well becomes late where no visit came to its end for long."""
    from crawler.nights.schedule import load_schedule
    from storage.base import now

    schedule, moment = load_schedule(), now()
    return lambda state: str(schedule.health(state, moment))


def _document(portal: Portal) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(portal)
