"""Every organ that is expected to publish, found by all its names. The lists are read by `parsers.identity.units`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from parsers.identity import departments
from parsers.identity.region_names import full_name, name_key, regions_of, short_form, without_government
from parsers.source import PortalContext

_CODE = re.compile(r"\d{6}")


@dataclass(frozen=True, slots=True)
class Unit:
    """An organ that is expected to publish."""

    id: str
    name: str
    aliases: tuple[str, ...]
    level: str | None
    region_code: str | None
    province: str | None
    city: str | None
    county: str | None
    parent: str | None = None
    """Id of the region above it."""
    since: int | None = None
    until: int | None = None
    former_codes: tuple[str, ...] = ()

    def existed(self, year: int) -> bool:
        return (self.since or year) <= year <= (self.until or year)

    @property
    def region(self) -> str | None:
        """The name of the region whose government it is."""
        return self.county or self.city or self.province


class Registry:
    """Every known organ, by its names. A name may be that of several regions: 朝阳区 is one of Beijing and of Changchun."""

    def __init__(
        self, units: Iterable[Unit], regions: Iterable[Unit] = (), spellings: departments.Spellings | None = None
    ) -> None:
        self._listed = tuple(units)
        self._spellings = spellings or {}
        self._regions = tuple(regions)
        self.units = (*self._regions, *self._listed)
        self._by_name: dict[str, tuple[Unit, ...]] = {}
        for unit in self._regions:
            self._add(unit, unit.aliases)
        names = {name_key(name): unit for unit in self._listed for name in (unit.name, *unit.aliases)}
        # What somebody has written down goes before what follows by rule.
        self._by_name |= {name: (unit,) for name, unit in names.items()}

    def _add(self, unit: Unit, names: Iterable[str]) -> None:
        for name in dict.fromkeys(names):
            others = self._by_name.get(name, ())
            if unit not in others:
                self._by_name[name] = (*others, unit)

    @cached_property
    def by_id(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.units}

    def named(self, name: str) -> tuple[Unit, ...]:
        """Every organ that has this name, or whose region has it."""
        whole = name_key(full_name(name))
        found = self._by_name.get(name_key(name)) or self._by_name.get(whole)
        if found:
            return found
        bare = without_government(whole)
        if bare == whole:
            return ()
        if found := self._by_name.get(bare):
            return found
        # 河南省郑州市管城回族区: the province says no more than the city.
        regions = regions_of(bare)
        if len(regions) < 2:
            return ()
        rest = self._by_name.get(bare.removeprefix(regions[0]), ())
        return tuple(unit for unit in rest if unit.province == regions[0])

    def find(self, name: str, portal: PortalContext | None = None, year: int | None = None) -> Unit | None:
        """The organ of this name: the only one, or the only one of that year or on that portal's ground."""
        return _only(self.named(name), portal, year)

    def region(self, names: Sequence[str], portal: PortalContext | None = None, year: int | None = None) -> Unit | None:
        """The region that these names lead to (安顺市, 西秀区), where they leave no doubt."""
        if not names:
            return None
        found = [
            unit
            for unit in self._by_name.get(names[-1], ())
            if unit.id == unit.region_code and all(_is_in(unit, above) for above in names[:-1])
        ]
        return _only(found, portal, year)

    def whole_name(self, name: str, portal: PortalContext | None = None, year: int | None = None) -> str:
        """A name without short forms of departments and provinces: 宿迁市人社局, 辽宁发改委."""
        if not regions_of(name):
            on = portal.province if portal and not portal.city else None
            for province in self._provinces:
                alone = province == on or province.endswith("市")
                if found := departments.with_its_province(name, province, self._spellings, alone=alone):
                    name = found
                    break
        return departments.spelled_out(name, self._spellings, year)

    @cached_property
    def _provinces(self) -> tuple[str, ...]:
        return tuple(unit.province for unit in self._regions if unit.level == "province" and unit.province)

    def answer(self, name: str) -> str:
        """8 hex digits that change with what the lists say about this name: what an identity depends on beside the code."""
        rows = sorted(repr(replace(unit, aliases=())) for unit in self.named(name))
        rows += map(repr, departments.that_end(name, self._spellings))
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:8]

    @property
    def version(self) -> str:
        """Changes whenever a line of the lists changes."""
        return hashlib.sha256(repr((self.units, *self._spellings.items())).encode()).hexdigest()[:12]


def _is_in(unit: Unit, above: str) -> bool:
    return any(above in (whole, short_form(whole)) for whole in (unit.province, unit.city) if whole)


def _only(found: Sequence[Unit], portal: PortalContext | None, year: int | None) -> Unit | None:
    if len(found) > 1 and year is not None:
        found = [unit for unit in found if unit.existed(year)]
    if len(found) > 1 and portal is not None:
        for near in _near(found, portal):
            if near:
                found = near
                break
    return found[0] if len(found) == 1 else None


def _near(found: Sequence[Unit], portal: PortalContext) -> Iterator[list[Unit]]:
    """Those on the portal's own ground, the narrowest first."""
    code = portal.region_code or ""
    for width in (6, 4, 2):
        if _CODE.fullmatch(code[:6]):
            yield [unit for unit in found if (unit.region_code or "")[:width] == code[:width]]
    if not code:
        for field in ("city", "province"):
            place = getattr(portal, field)
            yield [unit for unit in found if place and getattr(unit, field) == place]
