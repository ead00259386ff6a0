"""Folding, script, wording of mirrors, numerals."""

from __future__ import annotations

import subprocess
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.chinese import fold, language, mainland, number, simplify
from parsers.documents import read
from parsers.script import simplified
from tests.shared import shared


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("　本年新\u00a0增／减\u200b （１）㈠①", "本年新增/减(1)(一)1"),
        ("第 二十条\n第（一）项：", "第二十条第(一)项:"),
        ("ＡＢ\ufeffｃ", "ABc"),
        ("", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("雲浮市人民政府辦公室", "云浮市人民政府办公室"),
        ("市檔案局、圖書館檔案", "市档案局、图书馆档案"),
        ("申請行政複議、答覆", "申请行政复议、答复"),
        ("乾县人民政府", "乾县人民政府"),
        ("於潜镇", "於潜镇"),
        ("Annual Report 2016", "Annual Report 2016"),
    ],
)
def test_simplifying_changes_characters_and_no_names(text: str, simple: str) -> None:
    assert simplify(text) == simple


def test_what_is_not_converted_would_not_change(tmp_path: Path) -> None:
    """`simplify` asks OpenCC only about texts with certain characters: no word of its dictionary escapes by that."""
    tools = Path(opencc.__file__).parent / "clib"
    words = tmp_path / "words.txt"
    dictionary = next(tools.rglob("TSPhrases.ocd2"))
    command = [tools / "bin" / "opencc_dict", "-i", dictionary, "-o", words, "-f", "ocd2", "-t", "text"]
    subprocess.run(command, check=True, capture_output=True)
    converter = opencc.OpenCC("t2s")
    known = [line.split("\t")[0] for line in words.read_text("utf-8").splitlines()]
    assert len(known) > 400
    for word in known:
        converted = converter.convert(word)
        changed = {old for old, new in zip(word, converted, strict=True) if old != new}
        assert simplify(word) == (converted if changed - set("乾瞭藉徵於甯") else word)


def test_characters_that_are_not_chinese_are_never_converted() -> None:
    outside = [chr(code) for code in range(0x80, 0x10000) if not 0xD800 <= code <= 0xDFFF]
    others = "\n".join(c for c in outside if not ("\u3400" <= c <= "\u9fff" or "\uf900" <= c <= "\ufaff"))
    assert opencc.OpenCC("t2s").convert(others) == others


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("某市人民政府办公室2015年政府信息公开工作年度报告", "zh-Hans"),
        ("某市人民政府辦公室2015年政府信息公開工作年度報告", "zh-Hant"),
        ("乾县人民政府后勤中心", "zh-Hans"),
        ("Report on Open Government Information", "en"),
        ("2019 12 31", "und"),
        ("", "und"),
    ],
)
def test_language(text: str, expected: str) -> None:
    assert language(text) == expected


def test_wording_of_a_mirror_is_put_back_and_counted() -> None:
    text = "规范上网档案审批程式，市档案局、图书馆档案、人事档案、档案资料不变；窗口最佳化，可线上申办，线上线下并行。"
    assert mainland(text) == (
        "规范上网文件审批程序，市档案局、图书馆档案、人事档案、档案资料不变；窗口优化，可在线申办，线上线下并行。",
        (("最佳化", "优化", 1), ("程式", "程序", 1), ("线上", "在线", 1), ("档案", "文件", 1)),
    )


def test_a_gateway_changes_one_word_and_no_more() -> None:
    text = "一、主動公開\n共主動公開政府資訊19條，查閱檔案1500份，民眾網上申請6件。"
    document = simplified(read(text.encode())).document
    assert document.text() == "一、主动公开\n共主动公开政府信息19条，查阅档案1500份，民众网上申请6件。"
    other = "一、總結\n經濟和資訊化局查閱檔案1500份，民眾網上申請6件。"
    assert simplified(read(other.encode())).replacements == ()


def test_the_sample_of_a_mirror() -> None:
    text = simplify(shared("seeds", "003_2e44ad171ca045ec.txt").read_text(encoding="utf-8"))
    plain, replaced = mainland(text)
    assert {word for word, _, _ in replaced} >= {"民众", "入口网站", "最佳化", "视窗", "程式", "设定", "套用", "简讯"}
    assert "市档案局和图书馆档案" in plain
    assert "定期移交档案资料" in plain
    assert "规范性文件" in plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("二〇一五", 2015),
        ("二○一五", 2015),
        ("一百二十三", 123),
        ("十五", 15),
        ("二十", 20),
        ("一千零五", 1005),
        ("三万二千", 32000),
        ("一亿零三万", 100_030_000),
        ("两", 2),
        ("廿三", 23),
        ("2.3万", 23000),
        ("13.36万", 133600),
        ("1.2亿", 120_000_000),
        ("14,358", 14358),
        ("１２", 12),
        ("0.75", 0.75),
        ("-3", -3),
        ("万", None),
        ("若干", None),
        ("12件", None),
        ("", None),
    ],
)
def test_numerals(text: str, value: float | None) -> None:
    found = number(text)
    assert found == value
    assert type(found) is type(value)
