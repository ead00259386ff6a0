"""The label and value block of a page."""

from __future__ import annotations

from datetime import date

import pytest

from parsers.documents.labels import LABELS, canonical
from parsers.documents.model import Document
from parsers.metadata import dates, is_empty, page_block, parse_date
from parsers.report import PageBlock
from parsers.source import Source

SOURCE = Source(b"")


def block(*pairs: tuple[str, str], meta: tuple[tuple[str, str], ...] = (), source: Source = SOURCE) -> PageBlock:
    return page_block(Document((), "text/html", pairs=pairs, meta=meta), source)


def test_every_field() -> None:
    assert block(
        ("索 引 号：", "005275134/2021-00002"),
        ("发文机关", "某县人民政府"),
        ("发文字号", "某政办〔2021〕3号"),
        ("成文日期", "2021年1月22日"),
        ("发布时间", "2021-01-25 08:47:58"),
        ("公文时效", "有效"),
        ("主 题 词", "信息公开"),
        ("主题分类", "综合政务"),
        ("信息来源", "县政府办"),
    ) == PageBlock(
        index_number="005275134/2021-00002",
        publisher="某县人民政府",
        document_number="某政办〔2021〕3号",
        written_on=date(2021, 1, 22),
        published_on=date(2021, 1, 25),
        validity="有效",
        keywords="信息公开",
        topic="综合政务",
        source="县政府办",
    )


def test_of_two_competing_blocks_the_value_that_says_something_wins() -> None:
    found = block(
        ("文号", ""),
        ("索引号", "005/1"),
        ("主题分类", "/"),
        ("索引号", "006/2"),
        ("主题分类", "年报"),
        ("发文字号", "〔〕 号"),
    )
    assert (found.index_number, found.topic, found.document_number) == ("005/1", "年报", None)


@pytest.mark.parametrize("value", ["", " ", "/", "—", "——", "\\", "无", "〔〕 号", "[]", "第  号", "\u3000", "暂无"])
def test_placeholders_are_empty(value: str) -> None:
    assert is_empty(value)
    assert block(("发文字号", value)).document_number is None


def test_the_visible_date_beats_the_day_of_a_migration() -> None:
    migrated = (("PubDate", "2020-09-26 03:45:43"),)
    assert block(("发布时间", "2018-03-09"), meta=migrated).published_on == date(2018, 3, 9)
    assert block(meta=migrated).published_on == date(2020, 9, 26)
    listed = Source(b"", published=date(2018, 3, 9))
    assert block(meta=migrated, source=listed).published_on == date(2018, 3, 9)


def test_the_source_is_not_the_publisher() -> None:
    found = block(("来源", "县供电公司 作者"), ("来源", "县供电公司"))
    assert (found.publisher, found.source) == (None, "县供电公司 作者")


def test_traditional_labels_and_values() -> None:
    assert block(("發布機構", "某市人民政府辦公室")).publisher == "某市人民政府办公室"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2018-03-27 08:47:58 来源", date(2018, 3, 27)),
        ("2021年1月2日", date(2021, 1, 2)),
        ("2021 年 01 月 02 日", date(2021, 1, 2)),
        ("2021/1/2", date(2021, 1, 2)),
        ("2021.01.02", date(2021, 1, 2)),
        ("20210102", date(2021, 1, 2)),
        ("二〇一六年十二月二日", date(2016, 12, 2)),
        ("二○一六年十月二十一日", date(2016, 10, 21)),
        ("2021-02-30", None),
        ("电话0852-1234567", None),
        ("无", None),
    ],
)
def test_dates_in_all_forms(text: str, day: date | None) -> None:
    assert parse_date(text) == day


def test_several_dates() -> None:
    assert list(dates("2021-01-02至2021-12-31")) == [date(2021, 1, 2), date(2021, 12, 31)]


def test_no_spelling_means_two_things() -> None:
    spellings = [spelling for group in LABELS.values() for spelling in group]
    assert len(spellings) == len(set(spellings))
    assert all(canonical(f"【{spelling}】：") == name for name, group in LABELS.items() for spelling in group)
