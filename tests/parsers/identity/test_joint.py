"""One report of several organs: each of them is recorded, by its whole name and as the lists know it."""

from __future__ import annotations

import pytest

from parsers import PortalContext, Report, Source, parse
from parsers.identity.joint import compilers, names_of
from parsers.report import Scope

PROSE = "本年度依法公开政府信息，收到申请0件，均按期答复，未收取任何费用。" * 20


def read(organ: str, opening: str = "", portal: PortalContext | None = None) -> Report:
    title = f"{organ}2015年政府信息公开工作年度报告"
    page = f"<html><title>{title}</title><body><h1>{title}</h1><p>{opening}</p><p>{PROSE}</p></body></html>"
    return parse(Source(page.encode(), portal=portal))


@pytest.mark.parametrize(
    ("name", "organs"),
    [
        ("柳河县教育局、柳河县体育局", ["柳河县教育局", "柳河县体育局"]),
        ("柳河县教育局、体育局", ["柳河县教育局", "柳河县体育局"]),
        ("柳河县农业农村局和乡村振兴局", ["柳河县农业农村局", "柳河县乡村振兴局"]),
        ("镇江市发展和改革委员会与镇江市粮食局", ["镇江市发展和改革委员会", "镇江市粮食局"]),
        ("上海市闸北区人民政府、静安区人民政府", ["上海市闸北区人民政府", "上海市静安区人民政府"]),
        ("国家新闻出版署（国家版权局）", ["国家新闻出版署", "国家版权局"]),
        ("柳河县自然资源局（林业和草原局）", ["柳河县自然资源局", "柳河县林业和草原局"]),
        ("山东省人民政府办公厅（省外办、省大数据局）", ["山东省人民政府办公厅", "山东省外办", "山东省大数据局"]),
        ("云浮市人民政府及其办公室", ["云浮市人民政府", "云浮市人民政府办公室"]),
        ("大足区人民政府（含区政府办公室）", ["大足区人民政府", "大足区人民政府办公室"]),
        ("云浮市（市政府办公室）", ["云浮市人民政府", "云浮市人民政府办公室"]),
        ("五莲县（县政府办）", ["五莲县人民政府", "五莲县人民政府办"]),
        (
            "平阳县（平阳县人民政府办公室、平阳县大数据局）",
            ["平阳县人民政府", "平阳县人民政府办公室", "平阳县大数据局"],
        ),
    ],
)
def test_the_organs_that_a_name_joins(name: str, organs: list[str]) -> None:
    assert list(names_of(name)) == organs


@pytest.mark.parametrize(
    "name",
    [
        "柳河县文化和旅游局", "呼和浩特市和林格尔县教育局", "和田地区和田县人民政府", "和静县住房和城乡建设局", "三和镇人民政府",
        "云南省民族宗教事务委员会", "南京市规划和自然资源局", "柳河县人力资源和社会保障局", "柳河县审计局（本级）", "柳河县及乡镇", "南山区（街道办事处）", "滨海新区（经开区）",
    ],
)  # fmt: skip
def test_a_name_with_such_words_that_joins_nothing(name: str) -> None:
    assert names_of(name) == ()


def test_they_are_known_as_the_lists_have_them() -> None:
    found = read("上海市闸北区人民政府、静安区人民政府")
    assert found.scope is Scope.JOINT
    assert [(one.id, one.name, one.county) for one in found.joint_organs] == [
        ("310108", "闸北区人民政府", "闸北区"),
        ("310106", "静安区人民政府", "静安区"),
    ]
    assert found.to_document()["joint_organs"][1]["name_raw"] == "上海市静安区人民政府"


def test_the_portal_makes_them_whole() -> None:
    portal = PortalContext("p", "柳河县人民政府", "county", "220524", "吉林省", "通化市", "柳河县")
    found = read("县教育局、县体育局", portal=portal)
    assert [one.name for one in found.joint_organs] == ["柳河县教育局", "柳河县体育局"]
    alone = [read(name, portal=portal).organ for name in ("县教育局", "县体育局")]
    assert [one.id for one in found.joint_organs] == [one.id for one in alone]


def test_of_nobody_knows_which_district_none_is_recorded() -> None:
    found = read("区政府（含区政府办公室）")
    assert found.scope is Scope.JOINT and found.joint_organs == ()


def test_those_that_the_opening_names() -> None:
    opening = "本报告由柳河县教育局、柳河县体育局共同编制。"
    assert compilers(opening) == ("柳河县教育局", "柳河县体育局")
    found = read("柳河县教育局", opening)
    assert found.organ.name == "柳河县教育局"
    assert [one.name for one in found.joint_organs] == ["柳河县教育局", "柳河县体育局"]


def test_a_report_of_one_organ_names_no_others() -> None:
    assert read("呼和浩特市和林格尔县教育局").scope is Scope.OWN
    assert read("柳河县文化和旅游局").to_document()["joint_organs"] == []


@pytest.mark.parametrize(
    ("name", "is_county"),
    [("镇平县教育局", True), ("镇江市教育局", False), ("乡宁县民政局", True), ("市北区统计局", True)],
)
def test_regions_that_begin_like_a_relative_name(name: str, is_county: bool) -> None:
    organ = read(name).organ
    assert organ.name == name and organ.province and (organ.county is not None) == is_county


def test_a_government_and_its_office() -> None:
    found = read("云浮市人民政府办公室", "本报告由云浮市人民政府及办公室编制。")
    assert found.scope is Scope.JOINT and found.organ.id == "445300-bgs"
    assert [one.id for one in found.joint_organs] == ["445300", "445300-bgs"]
