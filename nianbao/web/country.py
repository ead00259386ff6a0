"""How much of the country is here: of every province what is due, what is here, and a shade that says how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from nianbao.web.expected import Count, Expected, added
from nianbao.web.provinces import TILES, Tile
from storage.units import CENTRAL, ELSEWHERE, NOWHERE

STEPS = 5
"""Shades, 1 to 5 for each fifth of what is due; 0 is nothing."""


@dataclass(frozen=True)
class Spot:
    count: Count
    shade: int


@dataclass(frozen=True)
class Place:
    """A province, or what belongs to none: 中央, 未知."""

    name: str
    tile: Tile | None
    all: Spot
    years: Sequence[Spot]

    def by_year(self, years: range) -> dict[int, Count]:
        return {year: spot.count for year, spot in zip(years, self.years, strict=True)}

    @property
    def is_elsewhere(self) -> bool:
        """The regulation does not apply there: nothing is expected."""
        return self.name in ELSEWHERE


@dataclass(frozen=True)
class Country:
    years: range
    """Those of the table."""
    year: int | None
    """The one that the map shows; None for all of them."""
    places: Sequence[Place]
    """As the map has them, row by row."""
    rows: Sequence[Place]
    """As official tables have them: 中央, 北京市, 天津市 …, 未知 last; only those where something is expected."""
    all: Count
    """Of the map's years."""
    by_year: Sequence[Count]

    @property
    def provinces(self) -> int:
        """How many provinces have a report."""
        return sum(1 for place in self.places if place.tile is not None and any(s.count.here for s in place.years))


@lru_cache(maxsize=64)
def country(expected: Expected, year: int | None = None) -> Country:
    """34 provinces, the central bodies and the unknown, against the years. `year`: the one that the map shows."""
    matrix = expected.matrix(expected.years)
    nothing: Mapping[int, Count] = {one: Count() for one in expected.years}
    others = [name for name in matrix if name not in _TILE]
    places = []
    for name in (*_TILE, *sorted(others, key=_last)):
        cells = matrix.get(name, nothing)
        chosen = added(cells.values()) if year is None else cells.get(year, Count())
        places.append(Place(name, _TILE.get(name), spot(chosen), [spot(cells[one]) for one in expected.years]))
    by_name = {place.name: place for place in places}
    return Country(
        expected.years,
        year,
        places,
        [by_name[name] for name in matrix],
        added(place.all.count for place in places),
        [added(place.years[number].count for place in places) for number in range(len(expected.years))],
    )


def spot(count: Count) -> Spot:
    return Spot(count, ceil((count.share or 0.0) * STEPS))


def percent(share: float | None) -> str:
    """`0.1234 -> "12%"`, `0.004 -> "0.4%"`: what is there is never rounded to nothing, nor to all."""
    if share is None:
        return "–"
    if share <= 0 or share >= 1:
        return f"{share:.0%}"
    if share < 0.0005:
        return "<0.1%"
    return f"{share:.1%}" if share < 0.0995 else f"{min(share, 0.994):.0%}"


def _last(name: str) -> int:
    return {CENTRAL: 0, NOWHERE: 2}.get(name, 1)


_TILE: Mapping[str, Tile] = {tile.name: tile for tile in TILES}
