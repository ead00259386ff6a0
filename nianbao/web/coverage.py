"""How much of the country and of the years is here: reports by province and year, for the map and the heat map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log1p

from nianbao.web.provinces import TILES, Tile
from nianbao.web.shelf import NONE, Shelf
from parsers.organs import load_units

FIRST_YEAR = 2008
STEPS = 5
"""Shades of the map, 1 to 5; 0 is nothing."""
_FEW = 12
"""In a small archive the darkest shade stands for so many: a single report is not "many"."""


@dataclass(frozen=True)
class Spot:
    """A count and its shade."""

    count: int
    shade: int


@dataclass(frozen=True)
class Place:
    """A province: its tile, all its reports, those of each year, its organs."""

    tile: Tile | None
    """None for reports of organs whose province nobody knows: national ones, and unlisted ones."""
    value: str
    """What the facet calls it."""
    all: Spot
    organs: int
    """Organs with a report, of those that are listed as expected to publish."""
    expected: int
    """Organs that are listed (config/units)."""
    years: Sequence[Spot]


@dataclass(frozen=True)
class Country:
    years: Sequence[int]
    places: Sequence[Place]
    by_year: Sequence[int]

    @property
    def expected(self) -> int:
        """Organs that are listed as expected to publish."""
        return sum(place.expected for place in self.places)

    @property
    def listed(self) -> int:
        """How many of these have a report."""
        return sum(place.organs for place in self.places)

    @property
    def provinces(self) -> int:
        """How many provinces have a report."""
        return sum(1 for place in self.places if place.tile is not None and place.all.count)


@lru_cache(maxsize=2)
def country(shelf: Shelf) -> Country:
    """34 provinces, and what belongs to none of them, against the years since 2008."""
    years = list(range(min([FIRST_YEAR, *shelf.years]), max([FIRST_YEAR, *shelf.years]) + 1)) if shelf.years else []
    by_province = shelf.bits["province"]
    by_year = [shelf.bits["year"].get(str(year), 0) for year in years]
    names = [*(tile.name for tile in TILES), *(name for name in by_province if name not in _TILE)]
    grid = {name: [(by_province.get(name, 0) & bits).bit_count() for bits in by_year] for name in names}
    totals = {name: by_province.get(name, 0).bit_count() for name in names}
    listed = {unit.id: unit.province or NONE for unit in load_units().units}
    expected = Counter(listed.values())
    organs = Counter(listed[row.organ_id] for row in shelf.organs if row.organ_id in listed)
    most_all, most_cell = max(totals.values(), default=0), max(map(max, grid.values()), default=0) if years else 0
    places = [
        Place(
            tile=_TILE.get(name),
            value=name,
            all=Spot(totals[name], shade(totals[name], most_all)),
            organs=organs[name],
            expected=expected[name],
            years=[Spot(count, shade(count, most_cell)) for count in grid[name]],
        )
        for name in names
    ]
    return Country(years, places, [bits.bit_count() for bits in by_year])


def shade(count: int, most: int) -> int:
    """0 for none, else 1 to 5 on a logarithmic scale: one report is seen beside a thousand."""
    if count <= 0:
        return 0
    return max(1, min(STEPS, round(log1p(count) / log1p(max(most, _FEW)) * STEPS)))


_TILE: Mapping[str, Tile] = {tile.name: tile for tile in TILES}
