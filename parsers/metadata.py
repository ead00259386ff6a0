"""The page's label and value block (domain.md section 4) -> PageBlock.

Labels are spelled in many ways, two blocks compete on one page, placeholders such as 〔〕 号 mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from urllib.parse import urlsplit

from parsers.chinese import fold, number, simplify
from parsers.documents.labels import canonical
from parsers.documents.model import Document
from parsers.report import PageBlock
from parsers.source import Source

_NUMERIC_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)")
_COMPACT_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_CHINESE_DATE = re.compile(
    r"([一二][九〇○零O][〇○零O一二三四五六七八九]{2})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十廿卅]{1,3})日?"
)
_EMPTY = re.compile(r"(?:无文号)?[\s/\\—–\-－_无暂〔〕\[\]【】()（）<>《》.。:：,，号年第]*")
_MONTH = 31
_META_DATES = ("pubdate", "publishdate", "publish_date", "article:published_time")
_TIME_OF_DAY = re.compile(r"((?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))\d{6,9}(?!\d)")
_CUT = re.compile(r"\s{2,}|[|｜]|\[\s*(?:大|打印|关闭)")


def page_block(document: Document, source: Source) -> PageBlock:
    """What the page says about itself. Of two competing blocks the first value that is not empty wins.

    The visible 发布日期 beats the meta tag PubDate, which may be the day of a migration; the list page's date
    (`source.published`) stands in where the page has none. 来源 is kept as source, never as publisher; where the page does
    not show it, the tag ContentSource says it, as Keywords says the keywords.
    """
    found: dict[str, list[str]] = {}
    for label, value in document.pairs:
        name = canonical(label)
        if name and not is_empty(value):
            found.setdefault(name, []).append(value)
    tags = {name.lower(): value for name, value in reversed(document.meta) if not is_empty(value)}
    return PageBlock(
        index_number=_first(found.get("index_number"), _token),
        publisher=_first(found.get("publisher"), _words),
        document_number=_first(found.get("document_number"), _words),
        written_on=_first_date(found.get("written_on", ())),
        published_on=_published(found.get("published_on", ()), document, source),
        validity=_first(found.get("validity"), _words),
        keywords=_first(found.get("keywords"), _words) or _keywords(tags),
        topic=_first(found.get("topic"), _words),
        source=_first(found.get("source"), _words) or _first(_given(tags, "contentsource"), _words),
    )


def is_empty(value: str) -> bool:
    """Nothing but blanks, dashes, slashes or an unfilled placeholder (〔〕 号, 无)."""
    return bool(_EMPTY.fullmatch(value))


def parse_date(text: str) -> date | None:
    """The first date of a text: 2021-01-22 08:47, 2021年1月22日, 2021/1/22, 20210122, 二〇二一年一月二十二日."""
    return next(dates(text), None)


def dates(text: str) -> Iterator[date]:
    """Every date of a text that the calendar knows, numeric ones first."""
    folded = fold(text[:2000]) if "年" in text else text[:2000]
    for pattern in (_NUMERIC_DATE, _COMPACT_DATE):
        for match in pattern.finditer(folded):
            made = _date(int(match[1]), int(match[2]), int(match[3]))
            if made:
                yield made
    for match in _CHINESE_DATE.finditer(folded):
        parts = [number(part.replace("O", "〇")) for part in match.groups()]
        if all(isinstance(part, int) for part in parts):
            made = _date(*(int(part or 0) for part in parts))
            if made:
                yield made


def day_of_address(url: str | None) -> date | None:
    """The day in an address: /2020/01/17/, t20200117_123.html, 20200117182933343.html."""
    if not url:
        return None
    path = urlsplit(url).path
    match = re.search(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/", path)
    return parse_date("-".join(match.groups())) if match else parse_date(_TIME_OF_DAY.sub(r"\1 ", path))


def conflict(document: Document, source: Source) -> bool:
    """Do the days of publication disagree by more than a month: the visible one, the list's, the meta tag's, the
    address's? Then one of them is the day of a migration (domain.md section 3.7)."""
    visible = (value for label, value in document.pairs if canonical(label) == "published_on")
    days = (_first_date(visible), source.published, _first_date(_meta(document)), day_of_address(source.url))
    known = [day for day in days if day is not None]
    return bool(known) and (max(known) - min(known)).days > _MONTH


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _first(values: Iterable[str] | None, clean: Callable[[str], str]) -> str | None:
    cleaned = (clean(value) for value in values or ())
    return next((value for value in cleaned if not is_empty(value)), None)


def _first_date(values: Iterable[str]) -> date | None:
    return next((found for found in map(parse_date, values) if found), None)


def _published(values: Iterable[str], document: Document, source: Source) -> date | None:
    visible = _first_date(values)
    if visible is not None:
        return visible
    return source.published or _first_date(_meta(document))


def _meta(document: Document) -> list[str]:
    return [value for name, value in document.meta if name.lower() in _META_DATES]


def _keywords(tags: Mapping[str, str]) -> str | None:
    """Of a page with the tags of 国办发〔2017〕47号: elsewhere Keywords praises the whole site."""
    return _first(_given(tags, "keywords"), _words) if "articletitle" in tags else None


def _given(tags: Mapping[str, str], name: str) -> tuple[str, ...]:
    return (tags[name],) if name in tags else ()


def _token(value: str) -> str:
    """An index number has no spaces; what follows one belongs to the page."""
    return simplify(value).split()[0]


def _words(value: str) -> str:
    """The value up to the next column of its line."""
    return _CUT.split(simplify(value).strip())[0].strip()
