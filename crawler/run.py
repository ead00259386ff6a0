"""Start a crawl in this process: portals of the registry, a front page, or addresses.

    result = crawl(home="http://www.x.gov.cn/")
    print(result.sentence())

Once a process: Twisted's reactor does not start twice.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic
from urllib.parse import urlsplit

# First of all: it looks through every frame above it three times, and each import adds five of them (0.2 s).
import scrapy.core.downloader.contextfactory  # noqa: F401
from rich.console import Console

from crawler.errors import ADVICE, CHECK, CrawlFailed
from crawler.owners import owners
from crawler.plan import Limits, Plan
from crawler.registry import Portal, load_portal, portal_for
from crawler.result import ExitState, ProblemLine, RunResult, SeenLine, many, sentence
from crawler.services import Met, Services
from crawler.urls import absolute, canonical_url
from crawler.visits import Visits
from parsers.template import load_templates
from storage.base import State
from storage.follow_up import follow_up
from storage.settings import Settings, load
from storage.shape.records import Plain, RunState

_started = False


def crawl(
    portals: Sequence[str] = (),
    home: str | Sequence[str] | None = None,
    urls: Sequence[str] = (),
    years: Iterable[int] | None = None,
    sample: int | None = None,
    dry_run: bool = False,
    *,
    discover: bool = False,
    homes: Mapping[str, str] | None = None,
    delay: float | None = None,
    settings: Settings | None = None,
    limits: Limits | None = None,
    progress: bool = True,
) -> RunResult:
    """Crawl, and return when everything that was fetched is stored.

    `portals` are ids of `config/portals`, `homes` says where to reach some of them today (the sample's loopback
    address). `home` is one front page or several. `urls` are list pages, report pages and files. `delay` (seconds) goes
    before the registry's and the settings'; where none is given, a portal on this machine is asked without a pause.
    `discover`: look at the front pages although columns are known.
    Raises TemplateError (a file of the registry or a template is wrong, a portal unknown), SettingsError,
    DatabaseError, and CrawlFailed for arguments that name nothing to crawl.
    """
    global _started
    fronts = [home] if isinstance(home, str) else list(home or ())
    plans = tuple(
        _plans(
            portals, fronts, urls, homes or {}, frozenset(years or ()), sample, dry_run, limits or Limits(), discover
        )
    )
    if not plans:
        raise CrawlFailed("there is nothing to crawl: name a portal, --home or --url")
    if _started:
        raise CrawlFailed("this process has crawled already: start another one")
    given = settings or load()
    if not dry_run:
        load_templates()  # a mistake in one of them would cost every page
    began = monotonic()
    with Services(given, dry_run=dry_run) as services:
        if services.archive is not None:
            services.run_id = services.runs.start("crawl", _arguments(portals, fronts, urls, years, sample))
            plans = _remembering(plans, frozenset(portals), services)
        _started = True
        try:
            with _display(services, progress):
                Visits(plans, services, given, delay).run()
        except BaseException as error:
            services.fail(error)
            _finish(
                services,
                ExitState.INTERRUPTED if isinstance(error, KeyboardInterrupt) else ExitState.FAILED,
                str(error),
            )
            raise
        crawled = monotonic()
        state, message, advice = _outcome(plans, services)
        database = services.database
        if database is not None and services.failure is None:
            visited = [plan.portal for plan in plans]
            services.patiently(lambda: follow_up(database, [portal.id for portal in visited], owners(visited)))
        _finish(services, state, message)
        return RunResult(
            run_id=services.run_id,
            exit_state=state,
            message=message,
            advice=advice,
            counts=dict(services.counts),
            problems=tuple(ProblemLine(met.kind, met.where, met.message) for met in services.met),
            reports=dict(services.reports_met),
            found=tuple(SeenLine(seen.url, seen.title) for seen in services.found),
            seconds=monotonic() - began,
            seconds_after=monotonic() - crawled,
            maps=tuple(services.maps.values()),
        )


def _plans(
    portals: Sequence[str],
    fronts: Sequence[str],
    urls: Sequence[str],
    homes: Mapping[str, str],
    years: frozenset[int],
    sample: int | None,
    dry_run: bool,
    limits: Limits,
    discover: bool,
) -> Iterator[Plan]:
    """One plan a portal; addresses of one host, or of one portal of the registry, are one plan."""
    chosen: list[tuple[Portal, tuple[str, ...]]] = []
    for portal_id in dict.fromkeys(portals):
        portal = load_portal(portal_id)
        portal = portal.at(homes[portal_id]) if portal_id in homes else portal
        if not portal.home and not portal.columns:
            raise CrawlFailed(f"the registry knows no address of {portal_id}: give one with --home")
        chosen.append((portal, ()))
    chosen += [(portal_for(_checked(front)).at(front), ()) for front in dict.fromkeys(fronts)]
    by_host: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        by_host.setdefault(urlsplit(_checked(url)).netloc, []).append(url)
    owned: dict[str, Portal] = {}
    named: dict[str, list[str]] = {}
    for some in by_host.values():
        portal = portal_for(some[0])
        owned.setdefault(portal.id, portal)
        named.setdefault(portal.id, []).extend(some)
    chosen += [(portal, tuple(named[portal_id])) for portal_id, portal in owned.items()]
    for portal, named_urls in chosen:
        yield Plan(portal, named_urls, years, sample, dry_run, limits, discover=discover)


def _remembering(plans: tuple[Plan, ...], named: frozenset[str], services: Services) -> tuple[Plan, ...]:
    """Portals of the registry are begun at the columns that an earlier run found, as in a night: the front page is
    looked at again where these yield nothing any more. Who gives a front page, or wants to explore, gets that.
    """
    wanted = {plan.portal.id for plan in plans if plan.portal.id in named and not plan.discover}
    states = services.patiently(lambda: services.portals.states(wanted))
    return tuple(
        replace(plan, columns={column.url: column.title for column in states[plan.portal.id].columns})
        if plan.portal.id in states and not plan.urls
        else plan
        for plan in plans
    )


def _checked(url: str) -> str:
    if absolute("http://invalid.invalid/", url) is None or "://" not in url:
        raise CrawlFailed(f"{url!r} is no address: it must begin with http:// or https://")
    return url


@contextmanager
def _display(services: Services, progress: bool) -> Iterator[None]:
    console = Console(stderr=True)
    if not (progress and console.is_terminal):
        if progress:
            services.aloud = lambda line: print(line, file=sys.stderr, flush=True)
        yield
        return
    with console.status("starting") as status:
        services.display = status
        yield
        services.display = None


def _outcome(plans: Sequence[Plan], services: Services) -> tuple[ExitState, str, str]:
    """How it ended, in words, and what to do where the words do not say that themselves."""
    if services.failure is not None:
        return ExitState.FAILED, f"the crawl broke off: {services.failure}", ""
    if services.busy:
        return (ExitState.INTERRUPTED if services.counts["pages"] else ExitState.FAILED), _left_out(services.busy), ""
    if services.ended_early or services.under_way:
        told = "stopped before the end; what was fetched is stored, and the same command goes on"
        return ExitState.INTERRUPTED, told, ""
    # A report that was named itself, or that a column of one page is, was no line of a list.
    if services.counts["candidates"] or services.reports_met or services.found:
        return _none_of_them(services) or (ExitState.DONE, "", "")
    starts = {canonical_url(url) for plan in plans for url in (*plan.urls, plan.portal.home or "") if url}
    lost = [met for met in services.met if met.where in starts]
    if lost and services.counts["columns"] == 0 and lost[0].kind != "not_a_report":
        return ExitState.FAILED, f"{lost[0].where}: {lost[0].message}", ADVICE.get(lost[0].kind, CHECK)
    return ExitState.NOTHING_FOUND, *_nothing(plans, services.counts["columns"], lost)


def _nothing(plans: Sequence[Plan], columns: int, lost: Sequence[Met]) -> tuple[str, str]:
    """What was not found, and where else to look. `lost`: what was met at the addresses that were given."""
    elsewhere = "Give the address of the 年报 column or of a report with --url"
    if columns == 0:
        return (f"{lost[0].where}: {lost[0].message}" if lost else "no 年报 column and no report was found"), elsewhere
    where = "1 column" if columns == 1 else f"{columns} columns"
    years = sorted({year for plan in plans for year in plan.years})
    if not years:
        return f"no report was found in {where}", elsewhere
    about = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
    return f"no report about {about} was found in {where}", "Without --years all of them are fetched"


def _none_of_them(services: Services) -> tuple[ExitState, str, str] | None:
    """Where lists named reports and not one was got; None where some were, or nothing was wrong with those that were none."""
    got = any(services.counts[f"reports_{state}"] for state in State if state is not State.REFUSED)
    if got or services.found or not services.met:
        return None
    pages = many(services.counts["candidates"], "page")
    told = f"{pages} promised reports, and not one report was got: {services.met[-1].message}"
    return ExitState.NOTHING_FOUND, told, "What each said stands above and in `nianbao runs`"


def _left_out(busy: Sequence[str]) -> str:
    return f"{'; '.join(busy)}: wait until it has ended (`nianbao runs` shows it), then give the same command"


def _finish(services: Services, state: ExitState, message: str) -> None:
    if services.archive is None or services.run_id is None:
        return
    run_state = {ExitState.FAILED: RunState.FAILED, ExitState.INTERRUPTED: RunState.INTERRUPTED}.get(
        state, RunState.FINISHED
    )
    told = message or sentence(services.counts)
    run_id, counts = services.run_id, dict(services.counts)
    if services.patience is not None and services.patience.waits:
        counts["database_waits"] = services.patience.waits
    try:
        services.patiently(lambda: services.runs.finish(run_id, run_state, counts=counts, message=told))
    except Exception:
        # The database is what failed: the run is found dead by the next one.
        if services.failure is None:
            raise


def _arguments(
    portals: Sequence[str], fronts: Sequence[str], urls: Sequence[str], years: Iterable[int] | None, sample: int | None
) -> dict[str, Plain]:
    return {
        "portals": list(portals),
        "home": list(fronts),
        "urls": list(urls),
        "years": sorted(years or ()),
        "sample": sample,
    }
