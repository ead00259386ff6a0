"""Past years: newest first, and resumable from what the archive holds, by portal and year and by organ and page.

A portal remembers each year that was gone through to its end (`portals.cursor`); within a portal every page that was
read to its end is passed over. There is no queue: a backfill that was killed is started again with the same command.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crawler.fleet.order import Ended, Order, Visited
from crawler.nights.campaign import Campaign, Means, chosen, order
from crawler.nights.summary import Summary, summarise
from crawler.plan import Limits, Visit, backfilled
from storage.access.patience import SOON
from storage.base import now
from storage.database import open_database
from storage.portals import Portals
from storage.settings import Settings
from storage.shape.records import Health, Plain, PortalState, RunState

SECONDS = 12 * 3600.0
"""The soft limit of one portal: a backfill is no night."""


@dataclass(frozen=True)
class Backfill:
    """What a backfill came to."""

    summary: Summary | None
    """None where every portal had been gone through for these years."""
    visited: tuple[Visited, ...] = ()
    done_before: int = 0
    """Portals that were passed over because an earlier run went through all of these years."""
    refusing: tuple[str, ...] = ()
    """Portals that are known to refuse and were left alone."""


def backfill(
    settings: Settings,
    years: Iterable[int],
    portals: Sequence[str] = (),
    means: Means | None = None,
    *,
    again: bool = False,
    limits: Limits | None = None,
) -> Backfill:
    """Fetch these years' reports. `again`: also of portals that were gone through for them.

    Raises CrawlFailed, TemplateError, StorageError.
    """
    means, wanted_years = means or Means(), sorted(set(years), reverse=True)
    with open_database(settings, away_after=SOON) as database:
        wanted = chosen(portals, means)
        states = Portals(database).states(portal.id for portal in wanted)
        todo, refusing, done = [], [], 0
        for portal in wanted:
            state = states.get(portal.id)
            open_years = wanted_years if again else _open(state, wanted_years)
            if not open_years:
                done += 1
            elif state is not None and state.health is Health.BLOCKED and not portals:
                refusing.append(portal.id)  # asked again by the nightly runs, seldom
            else:
                todo.append((portal, tuple(open_years)))
        if not todo:
            return Backfill(None, done_before=done, refusing=tuple(refusing))
        arguments: dict[str, Plain] = {
            "years": list(wanted_years),
            "portals": list(portals),
            "scheduler": means.scheduler,
        }
        campaign = Campaign(database, settings, "backfill", arguments, means)
        began, bounds = now(), limits or Limits()
        orders: list[Order] = []
        for portal, chosen_years in todo:
            state = states.get(portal.id)
            orders.append(
                replace(
                    order(portal, campaign.run_id, means),
                    visit=Visit.BACKFILL,
                    years=chosen_years,
                    columns={column.url: column.title for column in state.columns} if state else {},
                    requests=bounds.requests,
                    seconds=SECONDS,
                )
            )
        visited = campaign.visit(orders)
        counts, seconds = campaign.tally.counts, campaign.seconds
        summary = summarise(campaign.run_id, "backfill", began, seconds, settings.where, len(orders), counts, visited)
        is_broken = all(one.ended is Ended.FAILED for one in visited)
        campaign.finish(RunState.FAILED if is_broken else RunState.FINISHED, summary.sentence())
        return Backfill(summary, tuple(visited), done, tuple(refusing))


def _open(state: PortalState | None, years: Sequence[int]) -> list[int]:
    """The years that no run has gone through to their end."""
    if state is None:
        return list(years)
    return [year for year in years if backfilled(year) not in state.cursor]
