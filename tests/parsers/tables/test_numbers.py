"""One cell as written (domain.md section 3.2)."""

import pytest

from parsers.report import Semantic
from parsers.tables.numbers import read, wan_yuan


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("0", 0),
        ("00", 0),
        ("14,358", 14358),
        ("１２", 12),
        (" 1 140 ", 1140),
        ("增1", 1),
        ("增123", 123),
        ("+5", 5),
        ("减2", -2),
        ("-71", -71),
        ("−284", -284),
        ("－59", -59),
        ("670.376375", 670.376375),
        ("123,253", 123253),
        ("2.5万件", 25000),
        ("14\u00ad07", 1407),
        ("\u200e1407\u200f", 1407),
        ("共1407", 1407),
        ("十九", 19),
        ("一千四百零七", 1407),
        ("壹拾玖", 19),
        ("13[1]", 13),
        ("13〔1〕", 13),
        ("13[¹]", 13),
        ("13*", 13),
        ("13＊", 13),
        ("13注1", 13),
        ("13₁", 13),
        ("13\n其中网上9件", 13),
    ],
)
def test_numbers(raw: str, value: float) -> None:
    assert read(raw).value == value


@pytest.mark.parametrize("raw", ["", " ", "\u00a0", "\u3000", "□", "&nbsp;", "\u200b"])
def test_blank_is_not_nought(raw: str) -> None:
    assert (read(raw).value, read(raw).semantic) == (None, Semantic.EMPTY)


@pytest.mark.parametrize("raw", ["/", "—", "——", "－", "无", "\\", "-"])
def test_no_value_is_not_nought(raw: str) -> None:
    assert (read(raw).value, read(raw).semantic) == (None, Semantic.NA)


@pytest.mark.parametrize(
    "raw",
    [
        "详见附件",
        "1288 / 591",
        "1,23",
        "12,34,567",
        "3-5",
        "约20",
        "3600多人",
        "1.2.3",
        "１月",
        "1 3",
        "1\u00a03",
        "12\u300034",
        "1\n3",
        "12 34",
        "①",
        "¹",
        "1②3",
        "\u202e31",
        "\ufffc3",
        "~~5~~6",
        "一",
        "百",
        "14*7",
        "总计0",
    ],
)
def test_what_is_not_understood_has_no_value(raw: str) -> None:
    assert (read(raw).value, read(raw).semantic) == (None, Semantic.TEXT)


def test_unit_and_note() -> None:
    assert (read("13015.02(万元)").value, read("13015.02(万元)").unit) == (13015.02, "万元")
    assert (read("251000元").unit, wan_yuan(251000, "元")) == ("元", 25.1)
    assert wan_yuan(258.5, "亿元") == 2585000
    assert wan_yuan(3, "件") is None
    assert read("22(其中修订16件)").value == 22
    assert read("22(其中修订16件)").note == "其中修订16件"


@pytest.mark.parametrize(
    ("raw", "note", "odd"),
    [
        ("13[1]", "[1]", "footnote_mark"),
        ("13注1", "注1", "footnote_mark"),
        ("13₁", "₁", "footnote_mark"),
        ("十九", None, "chinese_numerals"),
        ("13件，其中网上9件", "其中网上9件", None),
    ],
)
def test_what_stands_beside_a_number(raw: str, note: str | None, odd: str | None) -> None:
    assert (read(raw).note, read(raw).odd) == (note, odd)


def test_nought_is_told_apart_and_odd_spelling_is_named() -> None:
    assert read("0").semantic is Semantic.ZERO
    assert read("0.00").semantic is Semantic.ZERO
    assert read("00").odd == "leading_zeros"
    assert read("0.5").odd is None


@pytest.mark.parametrize(("raw", "value", "note"), [("13¹", 13, "¹"), ("13 ②", 13, "②"), ("1,140⁽¹⁾", None, None)])
def test_a_footnotes_mark_is_no_digit(raw: str, value: int | None, note: str | None) -> None:
    written = read(raw)
    assert (written.value, written.note) == (value, note)
    assert written.odd == ("footnote_mark" if value else None)


def test_blanks_for_commas_are_named_and_a_line_broken_behind_a_point_is_none() -> None:
    assert (read("1 140").value, read("1 140").odd) == (1140, "grouped_by_blanks")
    assert read("1. 13").semantic is read("1.\t13").semantic is Semantic.TEXT
    assert (read("13015.\n02").value, read("13015.\n02").odd) == (13015.02, None)
