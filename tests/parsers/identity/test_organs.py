"""Organs: the lists, damaged and relative names, ids that stay the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.errors import TemplateError
from parsers.identity.organs import COLUMNS, complete, full_name, load_units, mend, regions_of, resolve
from parsers.source import PortalContext

COUNTY = PortalContext(
    "dj",
    organ="东江县人民政府",
    level="county",
    region_code="999921",
    province="某某省",
    city="南山市",
    county="东江县",
)
CITY = PortalContext("ns", organ="南山市林业局", province="某某省", city="南山市")
HEADER = ",".join(COLUMNS) + "\n"


def test_the_provinces_are_all_there() -> None:
    units = [unit for unit in load_units().units if unit.level == "province"]
    assert len(units) == 34
    assert all(unit.id == unit.region_code and len(unit.id) == 6 for unit in units)
    assert len({unit.province for unit in units}) == 34


@pytest.mark.parametrize("name", ["上海市", "上海市人民政府", "上海市政府"])
def test_known_names_have_their_units_id(name: str) -> None:
    organ = resolve(name, name, None)
    assert (organ.id, organ.name, organ.level, organ.region_code) == ("310000", "上海市人民政府", "province", "310000")
    assert organ.name_raw == name


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("id,name\n", "bad.csv:1: the columns must be"),
        (HEADER + "a-1,某县,,county,,,\n", "bad.csv:2: 7 columns, not 8"),
        (HEADER + "a-1,某县人民政府,,county,,,,\nA 2,某市,,city,,,,\n", "bad.csv:3: the id 'A 2'"),
        (HEADER + "a-1,,,county,,,,\n", "bad.csv:2: the name is missing"),
        (HEADER + "a-1,某县人民政府,,village,,,,\n", "bad.csv:2: the level 'village'"),
        (HEADER + "a-1,某县人民政府,,county,9999,,,\n", "bad.csv:2: the region code '9999'"),
        (HEADER + "a-1,某縣人民政府,,county,,,,\n", "bad.csv:2: 某縣人民政府 must be written in simplified"),
        (HEADER + "a-1,甲县,,county,,,,\na-1,乙县,,county,,,,\n", "bad.csv:3: the id a-1 is used twice"),
        (HEADER + "a-1,甲县,,county,,,,\na-2,乙县,甲县,county,,,,\n", "bad.csv:3: 甲县 is also a name of a-1"),
    ],
)
def test_a_wrong_list_names_file_and_line(tmp_path: Path, rows: str, message: str) -> None:
    (tmp_path / "bad.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        load_units(tmp_path)
    assert message in caught.value.detail


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        HEADER + "dj-jyj,东江县教育局,东江教育局,department,999921,某某省,,东江县\n", encoding="utf-8"
    )
    registry = load_units(tmp_path)
    assert resolve("东江教育局", "东江教育局", None, registry).id == "dj-jyj"
    assert registry.version != load_units().version


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("东江县县水利局", "东江县水利局"),
        ("东江县县委办公室", "东江县县委办公室"),
        ("南山市市场监督管理局", "南山市市场监督管理局"),
        ("东江县 水利 局", "东江县水利局"),
        ("东江县水利局-东江县水利局网站", "东江县水利局"),
        ("某某省东江县林业局-东江县林业局", "某某省东江县林业局"),
        ("東江縣檔案局", "东江县档案局"),
        ("某某市东江县某某市东江县水利局", "某某市东江县水利局"),
    ],
)
def test_slips_are_mended(raw: str, name: str) -> None:
    assert mend(raw) == name


@pytest.mark.parametrize(
    ("name", "portal", "whole"),
    [
        ("市林业局", CITY, "南山市林业局"),
        ("市财政局", CITY, "南山市财政局"),
        ("县教育局", COUNTY, "东江县教育局"),
        ("教育局", COUNTY, "东江县教育局"),
        ("市教育局", COUNTY, "南山市教育局"),
        ("省教育厅", COUNTY, "某某省教育厅"),
        ("临江街道", COUNTY, "东江县临江街道"),
        ("市场监督管理局", COUNTY, "东江县市场监督管理局"),
        ("社区服务中心", COUNTY, "东江县社区服务中心"),
        ("东江县教育局", COUNTY, "东江县教育局"),
        ("国家税务总局东江县税务局", COUNTY, "国家税务总局东江县税务局"),
        ("区教育局", COUNTY, "区教育局"),
        ("市林业局", None, "市林业局"),
    ],
)
def test_relative_names_are_made_whole(name: str, portal: PortalContext | None, whole: str) -> None:
    assert complete(name, portal) == whole


def test_a_whole_name_from_elsewhere_beats_the_portals_region() -> None:
    assert complete("市林业局", COUNTY, ["北山市林业局"]) == "北山市林业局"
    assert complete("政务服务中心", None, ["东江县政务服务中心"]) == "东江县政务服务中心"
    assert complete("政务服务中心", None, ["政务服务中心"]) == "政务服务中心"


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("南山市", "南山市人民政府"),
        ("东江县政府", "东江县人民政府"),
        ("东江县政府办", "东江县人民政府办公室"),
        ("临江街道", "临江街道办事处"),
        ("东江县起云镇", "东江县起云镇人民政府"),
        ("东海综合实验区", "东海综合实验区"),
        ("南山经济开发区", "南山经济开发区"),
        ("东江县教育局", "东江县教育局"),
    ],
)
def test_regions_stand_for_their_governments(name: str, full: str) -> None:
    assert full_name(name) == full


def test_regions_at_the_head_of_a_name() -> None:
    assert regions_of("安顺市西秀区城市管理局") == ["安顺市", "西秀区"]
    assert regions_of("西藏自治区审计厅") == ["西藏自治区"]
    assert regions_of("市林业局") == []
    assert regions_of("社区服务中心") == []


def test_ids_of_unknown_organs() -> None:
    def identifier(name: str, portal: PortalContext | None = None) -> str:
        return resolve(name, name, portal).id

    assert identifier("东江县教育局") == identifier("东江县教育局")
    assert identifier("东江县教育局").startswith("x")
    assert len(identifier("东江县教育局")) == 13
    # The province says nothing that the city does not; the portal knows the city.
    assert identifier("某某省南山市东江县教育局") == identifier("南山市东江县教育局")
    assert identifier("东江县教育局", COUNTY) == identifier("南山市东江县教育局", COUNTY)
    assert identifier("东江县起云镇") == identifier("东江县起云镇人民政府")
    assert identifier("东江县教育局") != identifier("东江县水利局")


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("某某省人民政府", "province"),
        ("重庆市人民政府", "province"),
        ("红山自治州人民政府", "city"),
        ("东江县人民政府", "county"),
        ("东江县", "county"),
        ("南山市人民政府", None),
        ("东江县起云镇", "township"),
        ("临江街道", "township"),
        ("东江县教育局", "department"),
        ("某某省科学技术厅", "department"),
        ("国家能源局", "national"),
        ("国家税务总局东江市税务局", "department"),
        ("东江县第一中学", None),
    ],
)
def test_levels_only_where_they_are_certain(name: str, level: str | None) -> None:
    assert resolve(name, name, None).level == level


def test_places_come_from_the_portal_as_far_as_the_name_agrees() -> None:
    organ = resolve("东江县教育局", "县教育局", COUNTY)
    assert (organ.province, organ.city, organ.county, organ.region_code) == ("某某省", "南山市", "东江县", "999921")
    organ = resolve("南山市财政局", "南山市财政局", COUNTY)
    assert (organ.province, organ.city, organ.county, organ.region_code) == ("某某省", "南山市", None, None)
    organ = resolve("北海省北海市财政局", "北海省北海市财政局", COUNTY)
    assert (organ.province, organ.city, organ.county, organ.region_code) == ("北海省", None, None, None)
    organ = resolve("国家能源局", "国家能源局", COUNTY)
    assert organ.province is None


@pytest.mark.parametrize(
    "name", ["国家统计局青河调查队", "中国（上海）自由贸易试验区临港新片区管理委员会", "国家外汇管理局青河分局"]
)
def test_a_branch_of_a_national_organ_is_no_national_organ(name: str) -> None:
    assert resolve(name, name, None).level in (None, "department")
