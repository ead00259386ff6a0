"""One organ, one name and one id, whatever it signs with: short names of departments, regions as people say them."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.errors import TemplateError
from parsers.identity.organs import complete, load_units, resolve, resolved
from parsers.source import PortalContext

CITY = PortalContext("sq", organ="宿迁市人民政府", level="city", province="江苏省", city="宿迁市")
COUNTY = PortalContext("th", organ="通化县人民政府", level="county", province="吉林省", city="通化市", county="通化县")
PROVINCE = PortalContext("ln", organ="辽宁发改委", level="department", province="辽宁省")
HEADER = "short_name,name,since,until\n"


@pytest.mark.parametrize(
    ("said", "portal", "year", "name"),
    [
        ("宿迁市发改委", None, 2016, "宿迁市发展和改革委员会"),
        ("宿迁市发展改革委", None, 2016, "宿迁市发展和改革委员会"),
        ("西藏自治区国资委", None, 2021, "西藏自治区国有资产监督管理委员会"),
        ("宿迁市经济科技局", None, 2016, "宿迁市经济科技局"),
        ("宿迁市住建局", None, 2021, "宿迁市住建局"),
        ("宿迁市环保局", None, 2016, "宿迁市环境保护局"),
        ("宿迁市环保局", None, 2022, "宿迁市环保局"),
        ("宿迁市医保局", None, 2021, "宿迁市医疗保障局"),
        ("宿迁市医保局", None, 2015, "宿迁市医保局"),
        ("辽宁财政厅", None, 2021, "辽宁省财政厅"),
        ("广西工信厅", None, 2021, "广西壮族自治区工业和信息化厅"),
        ("上海教委", None, 2021, "上海市教育委员会"),
        ("吉林发改委", None, 2021, "吉林发改委"),  # the province's or the city's
        ("辽宁发改委", PROVINCE, 2021, "辽宁省发展和改革委员会"),
        ("河北省科技厅", None, 2021, "河北省科学技术厅"),
    ],
)
def test_short_names_are_spelled_out(said: str, portal: PortalContext | None, year: int, name: str) -> None:
    organ = resolve(said, said, portal, year=year)
    assert (organ.name, organ.name_raw) == (name, said)


@pytest.mark.parametrize(
    "names",
    [
        ("宿迁市发改委", "宿迁市发展和改革委员会", "宿迁市发展改革委员会", "江苏省宿迁市发展改革委"),
        ("延边州教育局", "延边朝鲜族自治州教育局", "吉林省延边州教育局"),
        ("柯桥区教育体育局", "绍兴市柯桥区教育体育局", "浙江省绍兴市柯桥区教育体育局"),
        ("仙桃市财政局", "湖北省仙桃市财政局"),
        ("襄樊市财政局", "襄阳市财政局"),
        ("西藏自治区国资委", "西藏自治区政府国资委", "西藏自治区人民政府国有资产监督管理委员会"),
        ("国家税务总局延边州税务局", "国家税务总局延边朝鲜族自治州税务局"),
        ("宿迁市政府办", "宿迁市人民政府办公室"),
    ],
)
def test_all_names_of_an_organ_have_one_id(names: tuple[str, ...]) -> None:
    assert len({resolve(name, name, None, year=2016).id for name in names}) == 1


@pytest.mark.parametrize(
    ("one", "other", "year"),
    [
        ("北京市朝阳区教育局", "长春市朝阳区教育局", 2016),
        ("宿迁市人民政府", "宿迁市人民政府办公室", 2016),
        ("宿迁市教育局", "宿迁市体育局", 2016),
        ("平遥县和顺镇人民政府", "平遥县顺镇人民政府", 2016),
        ("和平县财政局", "平县财政局", 2016),
    ],
)
def test_different_organs_keep_different_ids(one: str, other: str, year: int) -> None:
    assert resolve(one, one, None, year=year).id != resolve(other, other, None, year=year).id


def test_a_name_that_two_regions_had_goes_with_its_year() -> None:
    """毕节市 was a county of 毕节地区 until 2010, and is the city since."""
    county, city = (resolve("毕节市教育局", "毕节市教育局", None, year=year) for year in (2009, 2015))
    assert county.id != city.id
    assert (county.city, county.county, city.city, city.county) == ("毕节地区", "毕节市", "毕节市", None)


@pytest.mark.parametrize(
    ("name", "portal", "whole"),
    [
        ("宿迁教育局", CITY, "宿迁市教育局"),
        ("宿迁卫健委", CITY, "宿迁市卫健委"),
        ("宿迁海关", CITY, "宿迁海关"),
        ("宿迁日报社", CITY, "宿迁日报社"),
        ("宿迁河管理局", CITY, "宿迁市宿迁河管理局"),
        ("通化教育局", COUNTY, "通化教育局"),  # the city's or the county's
        ("通化镇", COUNTY, "通化县通化镇"),
        ("辽宁发改委", PROVINCE, "辽宁省发改委"),
    ],
)
def test_a_regions_bare_name_is_not_said_twice(name: str, portal: PortalContext, whole: str) -> None:
    assert complete(name, portal) == whole


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("short,name\n", "short_departments.csv:1: the columns must be short_name,name,since,until"),
        (HEADER + "发改委,发展和改革委员会\n", "short_departments.csv:2: 2 columns, not 4"),
        (HEADER + "发改委,,,\n", "short_departments.csv:2: a short and a whole name"),
        (HEADER + "發改委,发展和改革委员会,,\n", "short_departments.csv:2: a short and a whole name"),
        (HEADER + "发改委,发展和改革委员会,18,\n", "short_departments.csv:2: '18' is no year"),
        (
            HEADER + "发改委,发展和改革委员会,,\n发改委,发展委员会,,\n",
            "short_departments.csv:3: 发改委 stands here twice",
        ),
    ],
)
def test_a_wrong_line_names_file_and_line(tmp_path: Path, rows: str, message: str) -> None:
    (tmp_path / "short_departments.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        load_units(tmp_path)
    assert message in caught.value.detail


def test_a_changed_line_concerns_the_reports_that_it_names_alone(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, name in ((old, "发展和改革委员会"), (new, "发展改革委员会")):
        folder.mkdir()
        (folder / "short_departments.csv").write_text(f"{HEADER}发改委,{name},,\n", encoding="utf-8")
    before, after = load_units(old), load_units(new)
    assert before.version != after.version
    for said, changed in (
        ("南山市发改委", True),
        ("辽宁发改委", True),  # no area's word parts them
        ("辽宁发展和改革委员会", True),
        ("南山市发展和改革委员会", False),
        ("南山市教育局", False),
    ):
        asked = resolved(said, said, None, before).asked
        assert any(before.answer(word) != after.answer(word) for word in asked) is changed
