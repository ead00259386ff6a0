"""The honest table: every organ that is expected to publish × every year, and what is known of each cell.

Kept in memory, one byte a cell: five thousand organs and twenty years are 100 KB, and every count of a page is a
`bytes.count`. Read anew when `storage.coverage` has counted anew, beside the pages (`keeper.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property

from parsers.identity.due import due_on
from storage.access.reads import walk
from storage.base import Db, now
from storage.coverage.counts import NOT_DUE, UNKNOWN, provinces
from storage.coverage.rules import FIRST_YEAR
from storage.units import Units, publishing, unit_record

LATE, EARLY = "late", "early"
STATES = ("found", LATE, EARLY, "not_published", "blocked", "unreachable", "not_found", UNKNOWN, NOT_DUE)
"""What a cell can say; `late` and `early` are found too. The place in this tuple, plus one, is the cell's byte."""
HERE = ("found", LATE, EARLY)
MISSING = ("not_published", "blocked", "unreachable", "not_found", UNKNOWN)
"""Due, and not here."""
LEVELS = ("national", "province", "city", "county", "department", "township")
_TOLD = ("name", "level", "province", "city", "county", "region_code")
_CODE = {state: number for number, state in enumerate(STATES, 1)}
_ORDER = {level: number for number, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True)
class Line:
    """An organ and its cells; 0 where it did not exist in that year."""

    id: str
    name: str
    level: str | None
    province: str
    """中央 for central bodies, 未知 where nobody knows."""
    city: str | None
    county: str | None
    region_code: str | None
    cells: bytes


@dataclass(frozen=True)
class Count:
    """Cells by what they say."""

    states: Counter[str] = field(default_factory=Counter)

    @property
    def expected(self) -> int:
        """Reports that are due by now, and those that came before their day."""
        return sum(count for state, count in self.states.items() if state != NOT_DUE)

    @property
    def here(self) -> int:
        return sum(self.states[state] for state in HERE)

    @property
    def missing(self) -> int:
        return sum(self.states[state] for state in MISSING)

    @property
    def share(self) -> float | None:
        """Here, of what is due; None where nothing is."""
        return self.here / self.expected if self.expected else None


class Expected:
    """Never changes once it is made."""

    def __init__(self, lines: Iterable[Line], years: range, order: Sequence[str] = ()) -> None:
        """`order`: the provinces, first ones first."""
        place = {name: number for number, name in enumerate(order)}
        self.lines: Sequence[Line] = sorted(
            lines,
            key=lambda one: (
                place.get(one.province, len(place)),
                _ORDER.get(one.level or "", len(_ORDER)),
                one.region_code or "9",
                one.name,
                one.id,
            ),
        )
        self.years = years

    @classmethod
    def load(cls, db: Db, today: date | None = None) -> Expected:
        """From the lists, the discovered organs and `coverage`: a walk, some 25,000 cells a second."""
        day = today or now().date()
        units = Units(db)
        order = provinces(db, units)
        people = {unit.id: asdict(unit_record(unit)) for unit in publishing(units.registry)}
        for province in order:
            people |= {one["_id"]: one for one in units.discovered(province)}
        told: dict[str, dict[int, str]] = {}
        last = day.year - 1
        fields = {"organ_id": 1, "year": 1, "state": 1, "punctuality": 1}
        for one in walk(db["coverage"], projection=fields):
            state = one["punctuality"] if one["punctuality"] in (LATE, EARLY) else one["state"]
            told.setdefault(one["organ_id"], {})[one["year"]] = state
            last = max(last, one["year"])
        first = min([FIRST_YEAR, *(year for mine in told.values() for year in mine)])
        years = range(first, last + 1)
        lines = (
            Line(
                **{name: who[name] for name in _TOLD},
                id=key,
                cells=_cells(told.get(key, {}), years, who["level"], who["since"], who["until"], day),
            )
            for key, who in people.items()
        )
        return cls((line for line in lines if any(line.cells)), years, order)

    def state(self, line: Line, year: int) -> str | None:
        """What is known; None where nothing is expected."""
        if year not in self.years:
            return None
        code = line.cells[year - self.years.start]
        return STATES[code - 1] if code else None

    def get(self, organ_id: str) -> Line | None:
        return self._by_id.get(organ_id)

    @cached_property
    def _by_id(self) -> dict[str, Line]:
        return {line.id: line for line in self.lines}

    @cached_property
    def provinces(self) -> Sequence[str]:
        """Those with an organ, in order."""
        return list(dict.fromkeys(line.province for line in self.lines))

    def select(
        self, years: range, *, province: str = "", level: str = "", states: Sequence[str] = (), words: str = ""
    ) -> list[Line]:
        """The organs that answer: expected in one of these years, with one of these states in one of them."""
        start, end = self._span(years)
        wanted = bytes(_CODE[state] for state in states)
        return [
            line
            for line in self.lines
            if (not province or line.province == province)
            and (not level or (line.level or "none") == level)
            and (not words or words in line.name)
            and (_has(line.cells[start:end], wanted) if wanted else any(line.cells[start:end]))
        ]

    def count(self, lines: Iterable[Line], years: range) -> Count:
        start, end = self._span(years)
        return _counted(b"".join(line.cells[start:end] for line in lines))

    def matrix(self, years: range, level: str = "") -> dict[str, dict[int, Count]]:
        """Province -> year -> counts. Made once for each level and kept."""
        if level not in self._matrices:
            self._matrices[level] = dict(self._matrix(level))
        return {name: {year: counts[year] for year in years} for name, counts in self._matrices[level].items()}

    @cached_property
    def _matrices(self) -> dict[str, dict[str, dict[int, Count]]]:
        return {}

    def _matrix(self, level: str) -> Iterator[tuple[str, dict[int, Count]]]:
        cells: dict[str, list[bytes]] = {}
        for line in self.lines:
            if not level or (line.level or "none") == level:
                cells.setdefault(line.province, []).append(line.cells)
        for province, some in cells.items():
            joined = b"".join(some)
            width = len(self.years)
            yield province, {year: _counted(joined[place::width]) for place, year in enumerate(self.years)}

    def _span(self, years: range) -> tuple[int, int]:
        return max(0, years.start - self.years.start), max(0, years.stop - self.years.start)


def added(counts: Iterable[Count]) -> Count:
    """All together."""
    found: Counter[str] = Counter()
    for one in counts:
        found.update(one.states)
    return Count(found)


def _cells(
    told: dict[int, str], years: range, level: str | None, since: int | None, until: int | None, today: date
) -> bytes:
    found = bytearray(len(years))
    for place, year in enumerate(years):
        if year in told:
            found[place] = _CODE[told[year]]
        elif FIRST_YEAR <= year <= today.year - 1 and (since or year) <= year <= (until or year):
            found[place] = _CODE[NOT_DUE if today <= due_on(year, level) else UNKNOWN]
    return bytes(found)


def _has(cells: bytes, wanted: bytes) -> bool:
    return any(code in cells for code in wanted)


def _counted(cells: bytes) -> Count:
    return Count(Counter({state: number for state, code in _CODE.items() if (number := cells.count(code))}))
