"""Plain text keeps every line: blank ones are cells of a flattened table."""

from __future__ import annotations

from parsers.documents import read
from parsers.documents.model import Paragraph
from tests.shared import shared


def test_every_line_is_a_paragraph_as_it_stands() -> None:
    lines = ["行政许可", "", " 148", "\u00a0", "\t", "　　一、总体情况", "末行"]
    document = read("\r\n".join(lines).encode())
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == lines
    assert document.encoding == "utf-8"
    assert document.media_type == "text/plain"


def test_a_last_line_break_adds_no_line() -> None:
    assert len(read("一\n二\n".encode()).blocks) == 2


def test_pairs_stand_several_on_a_line_in_bullets_and_with_spaces_inside() -> None:
    text = (
        "索\u00a0引\u00a0号:swfuwuzx/2021-00001  发文字号:\n 发布机构:政务服务中心  公文时效:\n"
        "  • 成文日期:2021-01-22\n【关键词】：综合,政务\n浏览:[]次\n\n一、总体情况\n"
    )
    assert read(text.encode()).pairs == (
        ("索\u00a0引\u00a0号", "swfuwuzx/2021-00001"),
        ("发文字号", ""),
        ("发布机构", "政务服务中心"),
        ("公文时效", ""),
        ("成文日期", "2021-01-22"),
        ("关键词", "综合,政务"),
        ("浏览", "[]次"),
    )


def test_pairs_of_a_traditional_mirror() -> None:
    document = read("基本介紹\n  • 中文名:某市人民政府辦公室年度報告\n發布機構：某市人民政府\n".encode())
    assert document.pairs == (("中文名", "某市人民政府辦公室年度報告"), ("發布機構", "某市人民政府"))


def test_pairs_between_bars_and_between_spaces() -> None:
    assert read(
        "| 索引号 | 620/2026-7 | 文号 | |\n| 关键词 | 发布机构 | 北山街道 |\n\n一、总体情况\n".encode()
    ).pairs == (
        ("索引号", "620/2026-7"),
        ("文号", ""),
        ("关键词", ""),
        ("发布机构", "北山街道"),
    )
    spaced = (
        "索 引 号 0142/2026-1 分 类 教育 / 报告\n发布机构 教育局 发文日期 2026-01-15\n时间 过得很快\n规章 | 0 | 0 |\n"
    )
    assert read(spaced.encode()).pairs == (
        ("索 引 号", "0142/2026-1"),
        ("分 类", "教育 / 报告"),
        ("发布机构", "教育局"),
        ("发文日期", "2026-01-15"),
    )


def test_a_long_sentence_holds_no_pairs() -> None:
    assert read(("本报告数据来源：各部门。" * 40).encode()).pairs == ()


def test_the_first_line_may_be_the_title() -> None:
    assert read("某县水利局2019年政府信息公开工作年度报告\n\n一、总体情况\n".encode()).title is not None
    assert read("一、总体情况\n正文\n".encode()).title is None
    assert read("2019年，我局认真贯彻落实条例。\n正文\n".encode()).title is None


def test_the_samples_lose_no_line() -> None:
    for path in sorted(shared("seeds").glob("*.txt")):
        document = read(path.read_bytes())
        text = path.read_bytes().decode()
        assert document.text() == text.removesuffix("\n")


def test_headings_of_markdown_are_headings() -> None:
    document = read("# 某县财政局2021年政府信息公开工作年度报告\n\n## 一、总体情况 ##\n\n#无\n\n# 1\n".encode())
    blocks = [(block.text, block.level) for block in document.blocks if isinstance(block, Paragraph) and block.text]
    assert blocks == [("某县财政局2021年政府信息公开工作年度报告", 1), ("一、总体情况", 2), ("#无", 0), ("1", 1)]
    assert document.title == "某县财政局2021年政府信息公开工作年度报告"


def test_the_title_in_front_of_markdown() -> None:
    document = read('---\nauthor: x\ntitle: "某县财政局2021年政府信息公开工作年度报告"\n---\n\n一、总体情况\n'.encode())
    assert document.title == "某县财政局2021年政府信息公开工作年度报告"


def test_markdown_with_divisions_around_it_is_no_page() -> None:
    text = (
        '<div class="nav">\n\n- 首页\n\n</div>\n\n# 标题\n\n<div>\n\n| 规章 | 3 |\n|---|---|\n| 文件 | 4 |\n\n</div>\n'
    )
    assert read(text.encode()).media_type == "text/plain"
    assert read(text.replace("标题", "<p>标题</p>").encode()).media_type == "text/html"
