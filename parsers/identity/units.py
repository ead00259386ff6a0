"""`config/units`: the organs that are expected to publish, read and validated.

`regions.csv` has every province, city and county with its code; what its government is called follows by rule. All
other files list organs by name: central bodies, and departments that somebody wants a readable id for.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from parsers.chinese import simplify
from parsers.errors import TemplateError
from parsers.identity import departments
from parsers.identity.region_names import government_of, name_key, short_form
from parsers.identity.unit_registry import Registry, Unit
from parsers.template import config_directory

__all__ = ["COLUMNS", "LEVELS", "REGION_COLUMNS", "SHORT_COLUMNS", "YEARS", "Registry", "Unit", "load_units"]

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
