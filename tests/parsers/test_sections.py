"""Chapters: by label and ordinal, whatever became of them; the text stays complete."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.documents import read
from parsers.documents.model import Block, Cell, Document, Grid, Paragraph
from parsers.sections import SectionSpan, split
from parsers.template import SectionLabel, load_templates
from tests.shared import listed, shared

LABELS = (
    SectionLabel("overview", ("总体情况", "概述")),
    SectionLabel("proactive", ("主动公开政府信息情况", "主动公开情况")),
    SectionLabel("requests", ("收到和处理政府信息公开申请情况",)),
    SectionLabel(
        "appeals", ("政府信息公开行政复议、行政诉讼情况", "因政府信息公开工作被申请行政复议、提起行政诉讼情况")
    ),
    SectionLabel("problems", ("存在的主要问题及改进情况",)),
    SectionLabel("other", ("其他需要报告的事项",)),
)
KEYS = ["overview", "proactive", "requests", "appeals", "problems", "other"]
HEADINGS = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]


def spans(*lines: str) -> list[SectionSpan]:
    return split(Document(tuple(Paragraph(line) for line in lines), "text/plain"), LABELS)


def keys(found: Iterable[SectionSpan]) -> list[str | None]:
    return [span.key for span in found if span.ordinal]


def joined(blocks: Iterable[Block]) -> str:
    return "".join(block.text() if isinstance(block, Grid) else block.text for block in blocks)


def test_the_six_chapters_of_the_form() -> None:
    grid = Grid(((Cell("规章", 0, 0), Cell("3", 0, 1)),))
    blocks: Sequence[Block] = (
        Paragraph("某局2021年政府信息公开工作年度报告"),
        Paragraph(HEADINGS[0]),
        Paragraph("（一）主动公开。全年公开十条。"),
        Paragraph(HEADINGS[1]),
        grid,
        *(Paragraph(heading) for heading in HEADINGS[2:]),
        Paragraph("无"),
    )
    found = split(Document(tuple(blocks), "text/html"), LABELS)
    assert [(span.ordinal, span.key, span.heading) for span in found] == [
        (0, None, ""),
        *((n + 1, KEYS[n], HEADINGS[n]) for n in range(6)),
    ]
    assert found[2].blocks == (Paragraph(HEADINGS[1]), grid)
    assert [block for span in found for block in span.blocks] == list(blocks)


@pytest.mark.parametrize(
    "heading",
    [
        "二、主动公开政府信息情况",
        "　　二、 主动公开 政府信息情况",
        "二．主动公开政府信息情况。",
        "l二、主动公开政府信息情况",
        "第二部分　主动公开政府信息情况",
        "第二章 主动公开政府信息情况",
        "主动公开政府信息情况",
        "二、主动公开政府信息的情况",
        "二、本机关主动公开政府信息情况",
        "二、主动公开政府信息情况（单位：件）",
    ],
)
def test_spellings_of_a_heading(heading: str) -> None:
    assert keys(spans("一、总体情况", "正文。", heading, "正文。", HEADINGS[2])) == KEYS[:3]


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("四、政府信息公开行政复议和行政诉讼情况", "appeals"),
        ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", "appeals"),
        ("五、存在的主要问题和改进情况", "problems"),
        ("五、政府信息公开工作存在的主要问题及改进情况", "problems"),
    ],
)
def test_labels_that_differ_a_little(label: str, key: str) -> None:
    assert keys(spans(*HEADINGS[:3], label))[-1] == key


def test_two_headings_in_one_line_are_cut_apart() -> None:
    found = spans(
        "一、总体情况", "二、主动公开政府信息情况三、收到和处理政府信息公开申请情况　　全年未收到申请。", HEADINGS[3]
    )
    assert keys(found) == KEYS[:4]
    assert found[1].blocks == (Paragraph("二、主动公开政府信息情况"),)
    assert found[2].blocks == (Paragraph("三、收到和处理政府信息公开申请情况　　全年未收到申请。"),)


def test_a_report_on_one_line() -> None:
    line = "根据条例编制。" + "".join(f"{heading}本年度有关工作正常开展。" for heading in HEADINGS)
    found = spans(line)
    assert keys(found) == KEYS
    assert joined(block for span in found for block in span.blocks) == line


def test_rows_of_a_flattened_table_are_no_chapters() -> None:
    found = spans(
        *HEADINGS[:3],
        "一、本年新收政府信息公开申请数量",
        "0",
        "二、上年结转政府信息公开申请数量",
        "三、本年度办理结果",
        "四、结转下年度继续办理",
        *HEADINGS[3:],
    )
    assert keys(found) == KEYS


def test_a_doubled_ordinal_inside_a_chapter_is_no_chapter() -> None:
    found = spans(HEADINGS[0], "一、重点工作开展情况", "（一）甲", "二、平台建设情况", *HEADINGS[1:])
    assert keys(found) == KEYS


def test_ordinals_that_stand_still() -> None:
    assert keys(spans(*(f"一、{heading[2:]}" for heading in HEADINGS))) == KEYS


def test_a_contents_list_in_a_sentence_is_no_chapter() -> None:
    contents = "本报告包括一、总体情况，二、主动公开政府信息情况，三、收到和处理政府信息公开申请情况等部分。"
    found = spans(contents, *HEADINGS)
    assert keys(found) == KEYS
    assert found[0].blocks == (Paragraph(contents),)


def test_chapters_that_no_template_knows_keep_their_heading() -> None:
    found = spans("一、概述", "二、回应社会关切工作", "三、咨询处理情况", "正文。", "五、存在的主要问题及改进情况")
    assert [(span.key, span.heading) for span in found] == [
        ("overview", "一、概述"),
        (None, "二、回应社会关切工作"),
        (None, "三、咨询处理情况"),
        ("problems", "五、存在的主要问题及改进情况"),
    ]


def test_a_second_numbering_after_the_first() -> None:
    """A report whose tables have a numbering of their own behind the narrative (上海市科委 2024)."""
    found = spans(
        "一、总体情况",
        "二、工作机制保障",
        "三、政府信息管理",
        "一、主动公开政府信息情况",
        "二、收到和处理政府信息公开申请情况",
    )
    assert [span.heading for span in found][1:3] == ["二、工作机制保障", "三、政府信息管理"]
    assert keys(found)[3:] == ["proactive", "requests"]


def test_bracketed_ordinals_only_where_there_are_no_others() -> None:
    assert keys(spans(*(f"（{heading[0]}）{heading[2:]}" for heading in HEADINGS))) == KEYS
    assert keys(spans("一、总体情况", "（一）主动公开政府信息情况", "正文。")) == ["overview"]


def test_a_text_without_headings_is_one_span() -> None:
    assert [(span.ordinal, span.heading) for span in spans("一段话。", "又一段话。")] == [(0, "")]
    assert split(Document((), "text/plain"), LABELS) == []


@given(
    st.lists(st.one_of(st.sampled_from(HEADINGS), st.text("一二、情况总体主动公开。 \n1", max_size=12)), max_size=12)
)
def test_no_character_is_lost(lines: list[str]) -> None:
    document = Document(tuple(Paragraph(line) for line in lines), "text/plain")
    found = split(document, LABELS)
    assert joined(block for span in found for block in span.blocks) == joined(document.blocks)
    assert [span.ordinal for span in found] == sorted({span.ordinal for span in found})


REAL = [
    *listed("seeds", "*.txt"),
    *listed("real", "text/*.txt"),
    *listed("real", "text/*.md"),
    *listed("real", "html/*.html"),
    *listed("real", "*.pdf"),
    *listed("real", "docx/*.docx"),
    *listed("real", "sites/portal_a/scedu/c100529/20*/*/*/*.html"),
]


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name[:40])
def test_real_texts_stay_complete(path: Path) -> None:
    document = read(path.read_bytes())
    for template in load_templates():
        found = split(document, template.sections)
        assert joined(block for span in found for block in span.blocks) == joined(document.blocks)


@pytest.mark.parametrize(
    "name", ["000_9a136e2b30223f7f", "001_f03771592bb85001", "002_2635f51a17d978ae", "004_ad5a69c87eace8af"]
)
def test_the_samples_have_six_chapters(name: str) -> None:
    template = next(t for t in load_templates() if t.id == "e2019_v60")
    document = read(shared("seeds", f"{name}.txt").read_bytes())
    assert keys(split(document, template.sections)) == KEYS
