"""Departments as people call them: 发改委 is a 发展和改革委员会, 辽宁工信厅 the 辽宁省工业和信息化厅.

One organ has one name and one id in the archive, whatever it signs with. Only what means one thing everywhere is spelled
out: 住建局 is 住房和城乡建设局 in one city and 住房和建设局 in the next, and stays as it is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from parsers.chinese import simplify
from parsers.errors import TemplateError
from parsers.identity.region_names import bare_name, regions_of

FILE = "short_departments.csv"
COLUMNS = ("short_name", "name", "since", "until")
_AREA = re.compile(r"(?:[省市县区旗州盟]|政府|兵团)$")
"""What may stand in front of a department's name: 宿迁市发改委, but not 经济科技局."""
_GOVERNMENTS_OWN = re.compile(r"(?<=[省市县区旗州盟])(?:人民)?政府(?=.{2,})(?!办公[厅室]$)")
_DEPARTMENT = re.compile(r"(?:局|厅|委员会|办公室)$")
_AND = re.compile("(?<=..)[和与]")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Spelling(NamedTuple):
    """What a short name means in the report years from `since` to `until`."""

    name: str
    since: int | None
    until: int | None

    def held(self, year: int | None) -> bool:
        return year is None or (self.since or year) <= year <= (self.until or year)


Spellings = Mapping[str, Spelling]


def read(path: Path) -> Spellings:
    """The spellings by their short names; none without the file. Raises TemplateError naming file and line."""
    if not path.exists():
        return {}
    found: dict[str, Spelling] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        if tuple(next(reader, ())) != COLUMNS:
            raise TemplateError("bad_units", f"units/{path.name}:1: the columns must be {','.join(COLUMNS)}")
        for row in reader:
            where = f"units/{path.name}:{reader.line_num}"
            if len(row) != len(COLUMNS):
                raise TemplateError("bad_units", f"{where}: {len(row)} columns, not {len(COLUMNS)}")
            short, name, since, until = (value.strip() for value in row)
            if not short or not name or simplify(short + name) != short + name:
                raise TemplateError(
                    "bad_units", f"{where}: a short and a whole name in simplified characters are wanted"
                )
            if short in found:
                raise TemplateError("duplicate_unit", f"{where}: {short} stands here twice")
            if wrong := [year for year in (since, until) if year and not _YEAR.fullmatch(year)]:
                raise TemplateError("bad_units", f"{where}: {wrong[0]!r} is no year")
            found[short] = Spelling(name, int(since) if since else None, int(until) if until else None)
    return found


def short_name_in(name: str, spellings: Spellings) -> str | None:
    """The short name that a name is, or ends in behind an area: 发改委 of 宿迁市发改委."""
    starts = range(len(name)) if spellings else ()
    fitting = (name[start:] for start in starts if not start or _AREA.search(name, 0, start))
    return next((short for short in fitting if short in spellings), None)


def that_end(name: str, spellings: Spellings) -> list[tuple[str, Spelling]]:
    """The lines that may speak of a name: of 辽宁发改委, which no area's word parts, as well; of what names no area
    (辽宁发展和改革委员会) those whose whole name it ends in too."""
    is_bare = not regions_of(name)
    return [
        (short, spelling)
        for short, spelling in spellings.items()
        if name.endswith(short) or (is_bare and name.endswith(spelling.name))
    ]


def spelled_out(name: str, spellings: Spellings, year: int | None = None) -> str:
    """宿迁市人社局 -> 宿迁市人力资源和社会保障局; a name that says anything else stays as it is."""
    short = short_name_in(name, spellings)
    if short is None or not spellings[short].held(year):
        return name
    return name.removesuffix(short) + spellings[short].name


def with_its_province(name: str, province: str, spellings: Spellings, *, alone: bool) -> str | None:
    """辽宁财政厅 -> 辽宁省财政厅, or None: a 厅 is a province's always, a 发改委 where no city may be meant (`alone`)."""
    department = name.removeprefix(bare_name(province))
    if department == name or not (department.endswith("厅") or (alone and _is_known(department, spellings))):
        return None
    return province + department


def _is_known(department: str, spellings: Spellings) -> bool:
    return department in spellings or any(department == spelling.name for spelling in spellings.values())


def as_one(name: str, regions: str) -> str:
    """A name whose `regions` stand at its head, as its spellings agree in it: 发展改革委员会 for 发展和改革委员会,
    西藏自治区审计厅 for 西藏自治区政府审计厅."""
    whole = _GOVERNMENTS_OWN.sub("", name)
    head, found, department = whole.partition(regions) if regions else ("", "", whole)
    return head + found + (_AND.sub("", department) if _DEPARTMENT.search(department) else department)
