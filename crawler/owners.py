"""Whose portal it is: the organ's id, as the reports on it have it."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.registry import Portal
from parsers.organs import resolve


def owners(portals: Iterable[Portal]) -> dict[str, str]:
    """Portal id -> organ id, of those whose organ the registry names."""
    return {portal.id: resolve(portal.organ, portal.organ, portal.context).id for portal in portals if portal.organ}
