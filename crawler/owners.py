"""Whose portal it is: the organ's id, as the reports on it have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crawler.registry import Portal, load_portal
from parsers.errors import TemplateError
from parsers.identity.organs import resolve


def owners(portals: Iterable[Portal]) -> dict[str, str]:
    """Portal id -> organ id, of those whose organ the registry names."""
    return {portal.id: resolve(portal.organ, portal.organ, portal.context).id for portal in portals if portal.organ}


def registered(portal_ids: Iterable[str]) -> Iterator[Portal]:
    """Those of the portals that stand in the registry; the others have no owner that anybody knows."""
    for portal_id in portal_ids:
        try:
            yield load_portal(portal_id)
        except TemplateError as error:
            if error.reason != "unknown_portal":
                raise
