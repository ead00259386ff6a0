"""`config/units`: the organs that are expected to publish, and all names by which they are found.

`regions.csv` has every province, city and county with its code; what its government is called follows by rule. All
other files list organs by name: central bodies, and departments that somebody wants a readable id for.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from parsers import departments
from parsers.chinese import simplify
from parsers.errors import TemplateError
from parsers.region_names import full_name, government_of, name_key, regions_of, short_form, without_government
from parsers.source import PortalContext
from parsers.template import config_directory

COLUMNS = ("id", "name", "aliases", "level", "region_code", "province", "city", "county")
YEARS = ("since", "until")
"""May stand behind these: first and last report year that the organ publishes; empty where it always did, still does."""
REGION_COLUMNS = ("code", "name", "level", "parent", "since", "until", "former_names", "former_codes")
SHORT_COLUMNS = ("code", "short_names")
LEVELS = ("national", "province", "city", "county", "township", "department")

_REGIONS = "regions.csv"
_SHORT_NAMES = "short_names.csv"
"""What people call a region where no rule leads from its name to it: 西乌旗 for 西乌珠穆沁旗."""
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CODE = re.compile(r"\d{6}")
_YEAR = re.compile(r"(?:19|20)\d\d")


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
        if short := departments.short_name_in(name, self._spellings):
            rows.append(repr(self._spellings[short]))
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


def load_units(folder: Path | None = None) -> Registry:
    """Read `config/units/*.csv`, once a process. Raises TemplateError naming file and line."""
    return _load(folder or _beside(config_directory()))


@lru_cache(maxsize=8)
def _beside(directory: Path) -> Path:
    return directory / "units"


@lru_cache(maxsize=8)
def _load(folder: Path) -> Registry:
    regions = tuple(_regions(folder / _REGIONS)) if (folder / _REGIONS).exists() else ()
    regions = tuple(_with_short_names(regions, folder / _SHORT_NAMES))
    ids = {unit.id for unit in regions}
    listed: list[Unit] = []
    names: dict[str, str] = {}
    for path in sorted(folder.glob("*.csv")):
        for line, unit in _listed(path) if path.name not in (_REGIONS, _SHORT_NAMES, departments.FILE) else ():
            where = f"units/{path.name}:{line}"
            if unit.id in ids:
                raise TemplateError("duplicate_unit", f"{where}: the id {unit.id} is used twice")
            ids.add(unit.id)
            listed.append(unit)
            for name in (unit.name, *unit.aliases):
                other = names.setdefault(name_key(name), unit.id)
                if other != unit.id:
                    raise TemplateError("ambiguous_unit", f"{where}: {name} is also a name of {other}")
    return Registry(listed, regions, departments.read(folder / departments.FILE))


# --- organs by name -------------------------------------------------------------------------------------------


def _listed(path: Path) -> Iterator[tuple[int, Unit]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = tuple(next(reader, ()))
        if header not in (COLUMNS, (*COLUMNS, *YEARS)):
            told = f"{','.join(COLUMNS)}, with or without {','.join(YEARS)}"
            raise TemplateError("bad_units", f"units/{path.name}:1: the columns must be {told}")
        for row in reader:
            if row:
                where = f"units/{path.name}:{reader.line_num}"
                yield reader.line_num, _unit(_values(row, header, where), where)


def _values(row: list[str], header: tuple[str, ...], where: str) -> dict[str, str]:
    if len(row) != len(header):
        raise TemplateError("bad_units", f"{where}: {len(row)} columns, not {len(header)}")
    return dict(zip(header, (value.strip() for value in row), strict=True))


def _unit(values: dict[str, str], where: str) -> Unit:
    if not _ID.fullmatch(values["id"]):
        raise TemplateError("bad_units", f"{where}: the id {values['id']!r} is not made of a-z, 0-9 and hyphens")
    if not values["name"]:
        raise TemplateError("bad_units", f"{where}: the name is missing")
    if values["level"] and values["level"] not in LEVELS:
        raise TemplateError("bad_units", f"{where}: the level {values['level']!r} is none of {', '.join(LEVELS)}")
    if values["region_code"] and not _CODE.fullmatch(values["region_code"]):
        raise TemplateError("bad_units", f"{where}: the region code {values['region_code']!r} has not six digits")
    for name in (values["name"], *values["aliases"].split("|")):
        if simplify(name) != name:
            raise TemplateError("bad_units", f"{where}: {name} must be written in simplified characters")
    return Unit(
        id=values["id"],
        name=values["name"],
        aliases=_split(values["aliases"]),
        level=values["level"] or None,
        region_code=values["region_code"] or None,
        province=values["province"] or None,
        city=values["city"] or None,
        county=values["county"] or None,
        parent=values["region_code"] or None,
        since=_year(values.get("since", ""), where),
        until=_year(values.get("until", ""), where),
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _year(text: str, where: str) -> int | None:
    if text and not _YEAR.fullmatch(text):
        raise TemplateError("bad_units", f"{where}: {text!r} is no year")
    return int(text) if text else None


# --- regions --------------------------------------------------------------------------------------------------


def _regions(path: Path) -> Iterator[Unit]:
    rows: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        if tuple(next(reader, ())) != REGION_COLUMNS:
            told = ",".join(REGION_COLUMNS)
            raise TemplateError("bad_units", f"units/{path.name}:1: the columns must be {told}")
        for row in reader:
            where = f"units/{path.name}:{reader.line_num}"
            values = _values(row, REGION_COLUMNS, where)
            _judge(values, rows, where)
            rows[values["code"]] = {**values, "where": where}
    several = _several(rows.values())
    for values in rows.values():
        if values["parent"] and values["parent"] not in rows:
            raise TemplateError("bad_units", f"{values['where']}: there is no region {values['parent']}")
        yield _region(values, rows, several)


def _with_short_names(regions: Sequence[Unit], path: Path) -> Iterator[Unit]:
    """The regions, those of `short_names.csv` with their short names as well. One that is another region's is refused."""
    found: dict[str, tuple[str, ...]] = {}
    if path.exists():
        codes = {unit.id for unit in regions}
        owners = {name: unit.id for unit in regions for name in unit.aliases}
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            header = tuple(next(reader, ()))
            if header != SHORT_COLUMNS:
                raise TemplateError("bad_units", f"units/{path.name}:1: the columns must be {','.join(SHORT_COLUMNS)}")
            for row in reader:
                where = f"units/{path.name}:{reader.line_num}"
                values = _values(row, SHORT_COLUMNS, where)
                code = values["code"]
                if code not in codes:
                    raise TemplateError("bad_units", f"{where}: there is no region {code!r}")
                found[code] = _split(values["short_names"])
                for name in found[code]:
                    if (other := owners.setdefault(name, code)) != code:
                        raise TemplateError("ambiguous_unit", f"{where}: {name} is also a name of {other}")
    for unit in regions:
        own = found.get(unit.id, ())
        above = (
            (unit.city, short_form(unit.city), *found.get(unit.parent or "", ())) if unit.county and unit.city else ()
        )
        led = (f"{head}{name}" for head in dict.fromkeys(above) for name in own)
        yield replace(unit, aliases=(*unit.aliases, *own, *led)) if own else unit


def _judge(values: dict[str, str], rows: dict[str, dict[str, str]], where: str) -> None:
    if not _CODE.fullmatch(values["code"]):
        raise TemplateError("bad_units", f"{where}: the code {values['code']!r} has not six digits")
    if values["code"] in rows:
        raise TemplateError("duplicate_unit", f"{where}: the code {values['code']} is used twice")
    if not values["name"]:
        raise TemplateError("bad_units", f"{where}: the name is missing")
    if values["level"] not in ("province", "city", "county"):
        raise TemplateError("bad_units", f"{where}: the level {values['level']!r} is none of province, city, county")
    if bool(values["parent"]) == (values["level"] == "province"):
        raise TemplateError("bad_units", f"{where}: a city and a county have a parent, a province has none")


def _several(rows: Iterable[dict[str, str]]) -> frozenset[str]:
    """Names of counties that are some other region's as well, today or earlier."""
    seen: set[str] = set()
    found: set[str] = set()
    for values in rows:
        for name in _forms(values):
            (found if name in seen else seen).add(name)
    return frozenset(found)


def _forms(values: dict[str, str]) -> list[str]:
    """The region's names, today's first, each whole and as people say it."""
    names = (values["name"], *_split(values["former_names"]))
    return list(dict.fromkeys(form for name in names for form in (name, short_form(name))))


def _region(values: dict[str, str], rows: dict[str, dict[str, str]], several: frozenset[str]) -> Unit:
    code, name, level = values["code"], values["name"], values["level"]
    above = rows.get(values["parent"])
    city = above["name"] if above and above["level"] == "city" else None
    province = rows[code[:2] + "0000"]["name"]
    forms = _forms(values)
    heads = [] if above is None or level == "city" else [above["name"], short_form(above["name"])]
    aliases = dict.fromkeys((*forms, *(f"{head}{form}" for head in heads for form in forms)))
    whole = f"{heads[0]}{name}" if heads and name in several else name
    where = values["where"]
    return Unit(
        id=code,
        name=government_of(whole),
        aliases=tuple(aliases),
        level=level,
        region_code=code,
        province=province,
        city=name if level == "city" else city,
        county=name if level == "county" else None,
        parent=values["parent"] or None,
        since=_year(values["since"], where),
        until=_year(values["until"], where),
        former_codes=_split(values["former_codes"]),
    )
