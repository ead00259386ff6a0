"""config/units: every region and its government's names, central bodies, and what refuses a wrong line."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from parsers import made_of
from parsers.errors import TemplateError
from parsers.identity.organs import resolve
from parsers.identity.region_names import government_of, short_form
from parsers.identity.units import REGION_COLUMNS, load_units
from parsers.source import PortalContext
from parsers.template import config_directory

UNITS = load_units()
HEADER = ",".join(REGION_COLUMNS) + "\n"
BEIJING = PortalContext("bj", province="北京市", region_code="110000")
CHANGCHUN = PortalContext("cc", province="吉林省", city="长春市")


def test_everybody_is_there() -> None:
    today = Counter(unit.level for unit in UNITS.units if unit.id == unit.region_code and unit.until is None)
    assert today == {"province": 34, "city": 333, "county": 2845}
    assert sum(unit.level == "national" and unit.until is None for unit in UNITS.units) > 60


def test_no_two_organs_share_a_name() -> None:
    names = Counter(unit.name for unit in UNITS.units)
    assert [name for name, count in names.items() if count > 1] == []


def test_every_organ_is_found_by_its_name_in_its_years() -> None:
    lost = [unit.id for unit in UNITS.units if UNITS.find(unit.name, year=unit.until or unit.since or 2024) is not unit]
    assert lost == []


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("管城回族区人民政府", "410104"),
        ("管城区政府", "410104"),
        ("郑州市管城区人民政府", "410104"),
        ("河南省郑州市管城回族区人民政府", "410104"),
        ("黔东南州人民政府", "522600"),
        ("三都县", "522732"),
        ("兴安盟行署", "152200"),
        ("宁夏自治区人民政府", "640000"),
        ("襄樊市人民政府", "420600"),
        ("石家庄市长安区人民政府", "130102"),
        ("江口县人民政府", "520621"),
        ("国家发改委", "000000-fgw"),
        ("西乌旗人民政府", "152526"),
        ("锡林郭勒盟西乌旗", "152526"),
        ("锡盟西乌旗政府", "152526"),
        ("内蒙古自治区科左后旗人民政府", "150522"),
        ("莫旗人民政府", "150722"),
        ("前郭县", "220721"),
        ("巴州人民政府", "652800"),
        ("巴州区人民政府", "511902"),
    ],
)
def test_names_as_people_write_them(name: str, id: str) -> None:
    found = UNITS.find(name)
    assert found is not None
    assert found.id == id


def test_a_name_of_several_is_nobodys_until_the_portal_or_the_year_decides() -> None:
    assert UNITS.find("朝阳区人民政府") is None
    for portal, code in ((BEIJING, "110105"), (CHANGCHUN, "220104")):
        found = UNITS.find("朝阳区人民政府", portal)
        assert found is not None
        assert (found.id, resolve("朝阳区", "朝阳区", portal).id) == (code, code)
    assert UNITS.find("毕节市人民政府") is None
    by_year = [UNITS.find("毕节市人民政府", year=year) for year in (2009, 2015)]
    assert [unit.id if unit else None for unit in by_year] == ["522401", "520500"]


def test_departments_are_placed_by_the_regions_in_their_name() -> None:
    organ = resolve("安顺市西秀区水务局", "安顺市西秀区水务局", None)
    assert (organ.province, organ.city, organ.county, organ.region_code) == ("贵州省", "安顺市", "西秀区", "520402")
    doubtful = resolve("朝阳区水务局", "朝阳区水务局", None)
    assert (doubtful.province, doubtful.region_code) == (None, None)
    assert resolve("朝阳区水务局", "朝阳区水务局", BEIJING).region_code == "110105"


@pytest.mark.parametrize(
    ("region", "short", "government"),
    [
        ("宿迁市", "宿迁市", "宿迁市人民政府"),
        ("金水区", "金水区", "金水区人民政府"),
        ("瀍河回族区", "瀍河区", "瀍河回族区人民政府"),
        ("东乡族自治县", "东乡县", "东乡族自治县人民政府"),
        ("鄂温克族自治旗", "鄂温克旗", "鄂温克族自治旗人民政府"),
        ("积石山保安族东乡族撒拉族自治县", "积石山县", "积石山保安族东乡族撒拉族自治县人民政府"),
        ("巴音郭楞蒙古自治州", "巴音郭楞州", "巴音郭楞蒙古自治州人民政府"),
        ("阿里地区", "阿里地区", "阿里地区行政公署"),
        ("澳门特别行政区", "澳门特别行政区", "澳门特别行政区政府"),
    ],
)
def test_short_forms_and_governments(region: str, short: str, government: str) -> None:
    assert (short_form(region), government_of(region)) == (short, government)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("code,name\n", "regions.csv:1: the columns must be"),
        (HEADER + "99,某省,province,,,,,\n", "regions.csv:2: the code '99' has not six digits"),
        (HEADER + "990000,某省,province,,,,,\n990000,某省,province,,,,,\n", "regions.csv:3: the code 990000 is used"),
        (HEADER + "990000,某省,state,,,,,\n", "regions.csv:2: the level 'state'"),
        (
            HEADER + "990000,某省,province,,,,,\n990100,某市,city,,,,,\n",
            "regions.csv:3: a city and a county have a parent",
        ),
        (
            HEADER + "990000,某省,province,,,,,\n990100,某市,city,980000,,,,\n",
            "regions.csv:3: there is no region 980000",
        ),
        (HEADER + "990000,某省,province,,soon,,,\n", "regions.csv:2: 'soon' is no year"),
        (HEADER + "990000,某省,province,,,\n", "regions.csv:2: 6 columns, not 8"),
    ],
)
def test_a_wrong_region_names_file_and_line(tmp_path: Path, rows: str, message: str) -> None:
    (tmp_path / "regions.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        load_units(tmp_path)
    assert message in caught.value.detail


def test_the_word_of_a_name_changes_with_its_own_rows_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("管城区人民政府", "宿迁市", "安顺市西秀区水务局")
    before = [made_of.unit(name) for name in names]
    shutil.copytree(config_directory(), tmp_path / "config")
    units = tmp_path / "config" / "units"
    regions = units / "regions.csv"
    regions.write_text(regions.read_text(encoding="utf-8").replace("410104,管城回族区", "410104,管城新区"), "utf-8")
    with (units / "departments.csv").open("a", encoding="utf-8") as file:
        file.write("520402-swj,安顺市西秀区水务局,,department,520402,贵州省,安顺市,西秀区\n")
    monkeypatch.setenv("NIANBAO_CONFIG", str(tmp_path / "config"))
    assert [made_of.unit_of_today(word) == word for word in before] == [False, True, False]


def test_a_name_that_two_banners_have_is_neither(tmp_path: Path) -> None:
    assert UNITS.find("扎旗人民政府") is None, "扎鲁特旗 and 扎赉特旗"
    lines = (
        "150000,内蒙古自治区,province,,,,,",
        "150425,克什克腾旗,county,150000,,,,",
        "150426,翁牛特旗,county,150000,,,,",
    )
    (tmp_path / "regions.csv").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    for names, told in (
        ("150425,某旗\n150426,某旗\n", "short_names.csv:3: 某旗 is also a name of 150425"),
        ("150499,某旗\n", "short_names.csv:2: there is no region '150499'"),
    ):
        folder = tmp_path / names[4:6]
        folder.mkdir()
        (folder / "regions.csv").write_bytes((tmp_path / "regions.csv").read_bytes())
        (folder / "short_names.csv").write_text("code,short_names\n" + names, encoding="utf-8")
        with pytest.raises(TemplateError, match=told):
            load_units(folder)


def test_a_department_of_a_banner_stands_on_its_ground() -> None:
    organ = resolve("科左后旗教育局", "科左后旗教育局", None)
    assert (organ.level, organ.region_code, organ.city, organ.county) == (
        "department",
        "150522",
        "通辽市",
        "科尔沁左翼后旗",
    )
