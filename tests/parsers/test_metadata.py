"""The label and value block of a page."""

from __future__ import annotations

from datetime import date

import pytest

from parsers.documents.labels import LABELS, canonical
from parsers.documents.model import Document
from parsers.metadata import conflict, dates, is_empty, page_block, parse_date
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


@pytest.mark.parametrize(
    "value", ["", " ", "/", "—", "——", "\\", "无", "〔〕 号", "[]", "第  号", "\u3000", "暂无", "无文号"]
)
def test_placeholders_are_empty(value: str) -> None:
    assert is_empty(value)
    assert block(("发文字号", value)).document_number is None


def test_the_visible_date_beats_the_day_of_a_migration() -> None:
    migrated = (("PubDate", "2020-09-26 03:45:43"),)
    assert block(("发布时间", "2018-03-09"), meta=migrated).published_on == date(2018, 3, 9)
    assert block(meta=migrated).published_on == date(2020, 9, 26)
    listed = Source(b"", published=date(2018, 3, 9))
    assert block(meta=migrated, source=listed).published_on == date(2018, 3, 9)


@pytest.mark.parametrize(
    ("visible", "listed", "meta", "url", "said"),
    [
        ("2018-03-09", None, "2020-09-26 03:45:43", None, True),
        ("2017-01-12", None, None, "http://www.example.gov.cn/gknb/t20170721_1.htm", True),
        ("2018-03-27", date(2018, 7, 12), None, None, True),
        ("2022-01-20", date(2022, 1, 21), "2022-01-21", "http://www.example.gov.cn/2022/01/21/1.html", False),
        ("2021-01-31", None, None, "http://www.example.gov.cn/2021/02/03/1.html", False),
        ("2021-01-31", None, None, None, False),
        (None, None, None, None, False),
    ],
)
def test_days_of_publication_that_disagree(
    visible: str | None, listed: date | None, meta: str | None, url: str | None, said: bool
) -> None:
    """Migrations of domain.md section 3.7 (上海 20200823 for a report of 2017, 晋安 t20170721); days apart are usual."""
    pairs = (("发布日期", visible),) if visible else ()
    document = Document((), "text/html", pairs=pairs, meta=(("PubDate", meta),) if meta else ())
    assert conflict(document, Source(b"", url=url, published=listed)) is said


def test_the_source_is_not_the_publisher() -> None:
    found = block(("来源", "县供电公司 作者"), ("来源", "县供电公司"))
    assert (found.publisher, found.source) == (None, "县供电公司 作者")


def test_what_the_tags_of_a_page_say_where_it_shows_nothing() -> None:
    """国办发〔2017〕47号: ContentSource and Keywords beside ArticleTitle."""
    tags = (("ArticleTitle", "某县2020年政府信息公开工作年度报告"), ("ContentSource", "县政府办"), ("Keywords", "年报"))
    found = block(meta=tags)
    assert (found.source, found.keywords) == ("县政府办", "年报")
    shown = block(("来源", "县供电公司"), ("关键词", "信息公开"), meta=tags)
    assert (shown.source, shown.keywords) == ("县供电公司", "信息公开")
    assert block(meta=(("keywords", "某县,门户网站,首页"), ("ContentSource", " "))) == block()


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


SPELLINGS = {
    "index_number": "索引号 索　引　号 信息索引号 信息索引",
    "publisher": "发布机构 发文机关 发布单位 公开责任部门 责任部门",
    "document_number": "发文字号 文号 文　号 发布文号 文件编号 公文字号",
    "registration_number": "统一编号",
    "topic": "主题分类 分类 分　类 信息分类 组配分类 主题导航",
    "document_type": "公文种类 体裁分类 公文体裁",
    "written_on": "成文日期 发文日期 生成日期 公文生成日期 产生日期 落款时间",
    "published_on": "发布日期 发布时间 日期 公开日期 时间 日　期",
    "validity": "公文时效 有效性 有　效　性 时效 效力状态",
    "method": "公开方式 公开范围 公开属性 公开时限 公开程序",
    "keywords": "关键词 主　题　词 主题词 关键字",
    "title": "名称 名　　称 标题 标　　题 信息名称",
    "summary": "内容概述 备注 概述 摘要",
    "source": "来源 信息来源 文章来源 来　源",
    "author": "作者 编辑 责任编辑 审核",
    "views": "浏览次数 浏览 浏览量 点击数 点击量 访问量 阅读 累计次数",
    "font_size": "字体 字号",
    "service_object": "服务对象",
    "download": "附件下载 文件下载 相关附件 附件",
}
"""The table of domain.md section 4."""


@pytest.mark.parametrize(("name", "spelling"), [(n, s) for n, all_ in SPELLINGS.items() for s in all_.split(" ")])
@pytest.mark.parametrize("form", ["{}", "{}：", "{}:", "【{}】", "[{}]：", "\u00a0{}\u200b："])
def test_every_spelling_that_pages_have(name: str, spelling: str, form: str) -> None:
    assert canonical(form.format(spelling)) == name
