"""What a page of links is: a 年报 column (and by what proof), its items, its parts, and what it may be instead."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, pairwise
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from crawler.finding.titles import Promise, is_column, is_cut, is_organ, is_year, promise, tidy
from crawler.pages.markup import Link, Markup
from crawler.urls import FILE_ENDINGS, canonical_url

NAVIGATION = re.compile(
    r"(?:上一页|下一页|上页|下页|首页|尾页|末页|最后一页|更多|返回|详情|查看|打印|关闭|下载|\d{1,4}|[<>«»‹›.…]+|more|next|prev)*",
    re.IGNORECASE,
)
FILE = re.compile(rf"\.(?:{FILE_ENDINGS}|jpe?g|png)$", re.IGNORECASE)
WHOLE_YEAR = re.compile(r"20\d\d年度?")
SPEAKS = ("报告", "年报", "報告", "年報")
LINK = re.compile(r"<a\b[^>]*>[^<]*(?:<(?!/?a\b)[^<]*){0,40}", re.IGNORECASE)
"""A link's tag and what stands in it, up to where it or the next one closes."""
SHORTEST = 600
"""Characters of a page with the text of a report: a list's menu names chapters too."""
PERIOD = re.compile(r"20\d\d\s*年\s*1\s*月\s*1\s*日.{0,20}?12\s*月\s*31\s*日")
"""本报告所列数据的统计期限自2023年1月1日起至12月31日止: nearly every report says it, and no list."""
CHAPTERS = ("主动公开", "依申请公开", "行政复议", "行政诉讼", "存在的主要问题", "总体情况", "收费")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list."""

    url: str
    title: str
    cut: bool
    """The list shows only the beginning of the title."""
    date: date | None
    promise: Promise


@dataclass(frozen=True, slots=True)
class Part:
    """A link of a proven column that leads to a part of it: one year, one organ, one tab."""

    url: str
    name: str
    kind: str
    """year, organ or column."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one page of links says."""

    proof: str | None
    """Why this is a 年报 column: meta, breadcrumb, heading, titles; None where nothing proves it."""
    items: tuple[Item, ...]
    """What may be reports: in a proven column everything that is not surely something else."""
    refused: tuple[str, ...]
    """Addresses of lines that are surely no reports."""
    parts: tuple[Part, ...]
    is_report: bool
    """The page is a report itself and no list."""
    is_titled: bool
    """Its own title or a heading is that of a report, whatever stands below."""

    @property
    def promised(self) -> int:
        return sum(item.promise is Promise.REPORT for item in self.items)


def read(
    markup: Markup,
    *,
    front: bool = False,
    expected: bool = False,
    known: frozenset[str] = frozenset(),
    selectors: tuple[str, ...] = (),
) -> Reading:
    """Read a page of links. `front`: it is a front page and thus no column, whatever blocks it has.

    `expected`: the registry or the user says that it is a column. `known` are the canonical addresses of the front
    page's links: what every page shows is no part of this column. `selectors` are the registry's for the list's lines,
    where the general way takes the wrong ones.
    """
    here = canonical_url(markup.url)
    # A front page is no item of a list, whatever the portal calls itself.
    links = [
        link for link in markup.links if canonical_url(link.url) != here and canonical_url(link.url).partition("/")[2]
    ]
    rows = _rows(links, is_ours=expected or _named_so(markup) is not None)
    proof = None if front else _proof(markup, rows) or ("named" if expected else None)
    is_titled = _is_titled(markup)
    is_report = _has_a_body(markup, rows) if is_titled else not front and _reads_as_one(markup, rows)
    chosen = {_stands(link) for link in (markup.links_within(selectors) if selectors else links)}
    lines = [[link for link in group if _stands(link) in chosen] for group in rows]
    items, refused = _items([group for group in lines if group], proven=proof is not None)
    if is_report:
        # 相关文章 beside a report is no column, and its files belong to it.
        items = tuple(item for item in items if item.promise is Promise.REPORT and not FILE.search(item.url))
    # Of a page without a heading nobody knows whether it is the first of several that its menu leads to.
    parts = _parts(links, markup.url, known, items) if proof and not (is_report and is_titled) else ()
    return Reading(proof, items, refused, parts, is_report, is_titled)


def may_be(markup: Markup) -> bool:
    """Whether a page may list reports at all: two links that speak of one. Quick, and never wrong about a no.

    A report page has a hundred links of menus, and reading it as a list takes longer than everything else with it.
    """
    links = (found[0] for found in LINK.finditer(markup.text))
    # Every one of those words has one of these two: most links are done with them.
    speaking = (link for link in links if ("报" in link or "報" in link) and any(word in link for word in SPEAKS))
    return next(islice(speaking, 1, None), None) is not None


def is_newest_first(reading: Reading) -> bool:
    """Whether every line has a date and none is newer than the one before it: then what is new stands on top."""
    dates = [item.date for item in reading.items]
    return len(dates) > 1 and all(
        earlier is not None and later is not None and earlier >= later for earlier, later in pairwise(dates)
    )


def organs(markup: Markup, known: frozenset[str] = frozenset()) -> tuple[Part, ...]:
    """The organs of a page that lists them (政府部门信息公开), each with its own pages.

    Two at least stand together on the page's own host, three where links to others are among them (a friend's link is an
    organ too).
    """
    own = urlsplit(markup.url).netloc
    groups: dict[str, list[Link]] = defaultdict(list)
    for link in markup.links:
        key = canonical_url(link.url)
        if key not in known and key != canonical_url(markup.url) and is_organ(link.name):
            groups[link.place].append(link)
    found = (
        link
        for group in groups.values()
        if len(group) > (1 if all(urlsplit(link.url).netloc == own for link in group) else 2)
        for link in group
    )
    return tuple({canonical_url(link.url): Part(link.url, link.name, "organ") for link in found}.values())


def _rows(links: list[Link], *, is_ours: bool) -> list[list[Link]]:
    """Links of one list together, in the order of the page. `is_ours`: the page is called a 年报 column."""
    groups: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        if not NAVIGATION.fullmatch(tidy(link.text)) or link.title:
            groups[link.place].append(link)
        elif beside := next((text for text in link.beside if promise(text) is Promise.REPORT), None):
            groups[link.place].append(replace(link, title=beside))  # the row's words are the line, 查看 is its link
        elif is_ours and (crossed := _crossed(link)):
            groups[link.place].append(replace(link, title=crossed))
    return list(groups.values())


def _crossed(link: Link) -> str | None:
    """What 查看 leads to in a column's table of organs and years: 县财政局2023年政府信息公开年报."""
    organ, year = link.cross or ("", "")
    if not is_year(year):
        organ, year = year, organ
    return f"{organ}{tidy(year)}政府信息公开年报" if is_organ(organ) and WHOLE_YEAR.fullmatch(tidy(year)) else None


def _stands(link: Link) -> tuple[str, str, str]:
    return link.url, link.text, link.place


def _items(rows: list[list[Link]], *, proven: bool) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    found: dict[str, Item] = {}
    refused: dict[str, None] = {}
    promises = [[_promise(link) for link in group] for group in rows]
    # The list is where titles promise reports; without any, where most lines have a date.
    promising = [Promise.REPORT in group for group in promises]
    lists = promising if any(promising) else [_is_dated(group) for group in rows]
    for group, group_promises, a_list in zip(rows, promises, lists, strict=True):
        for link, promised in zip(group, group_promises, strict=True):
            # In a column that is proven a report may have any name (3.7); elsewhere its title must say what it is.
            wanted = promised is Promise.REPORT or (
                proven and promised is Promise.MAYBE and ((a_list and _is_a_title(link.name)) or _is_a_years_file(link))
            )
            if proven and a_list and promised is Promise.NOT:
                refused[link.url] = None
            if wanted:
                item = Item(link.url, link.name, is_cut(link.name), link.date, promised)
                before = found.get(canonical_url(link.url))
                if before is None or (len(before.title), before.date is not None) < (
                    len(item.title),
                    item.date is not None,
                ):
                    found[canonical_url(link.url)] = item
    return tuple(found.values()), tuple(refused)


def _promise(link: Link) -> Promise:
    """As the title says; 威远镇政府信息公开工作年度报告 without a year is a report where a date stands beside it."""
    said = promise(link.name)
    is_line = said is Promise.MAYBE and link.date is not None and is_column(link.name)
    return Promise.REPORT if is_line else said


def _is_dated(group: list[Link]) -> bool:
    return sum(link.date is not None for link in group) * 2 > len(group)


def _is_a_title(text: str) -> bool:
    return len(tidy(text)) > 5 and not is_year(text) and not is_column(text)


def _is_a_years_file(link: Link) -> bool:
    """`2013年年报` names a year's part of a column, but what is a file is its report."""
    return is_year(link.text) and FILE.search(urlsplit(link.url).path) is not None


def says_so(markup: Markup) -> bool:
    """Whether a page calls itself a 年报 column, whatever its lines are called: enough for one that was given as a front page."""
    return _named_so(markup) is not None


def _proof(markup: Markup, rows: list[list[Link]]) -> str | None:
    named = _named_so(markup)
    if named in ("meta", "breadcrumb"):
        return named
    for group in rows:
        promised = sum(promise(link.name) is Promise.REPORT for link in group)
        if promised >= 3 or (promised and promised * 4 >= len(group) and len(group) > 1):
            return "titles"
    return named


def _named_so(markup: Markup) -> str | None:
    """By what a page calls itself a column: meta, breadcrumb, heading; None where it does not."""
    if not markup.meta.get("articletitle"):
        for name in ("columnname", "columntype", "channel"):
            if is_column(markup.meta.get(name, "")):
                return "meta"
    if markup.crumbs and is_column(markup.crumbs[-1]):
        return "breadcrumb"
    title = re.split(r"[_|—–\-\[\]【】]", markup.title.strip("[]【】 "))[0]
    return "heading" if is_column(title) else None


def _is_titled(markup: Markup) -> bool:
    title = re.split(r"[_|]", markup.title)[0]
    named = (markup.meta.get("articletitle", ""), *markup.headings, title)
    return any(promise(name) is Promise.REPORT for name in named if name)


def has_chapters(markup: Markup) -> bool:
    """Whether a page speaks of what a report has to: three of its chapters."""
    text = markup.visible_text()
    return sum(chapter in text for chapter in CHAPTERS) >= 3


def _has_a_body(markup: Markup, rows: list[list[Link]]) -> bool:
    """A detail page where a list was looked for: VSB columns of one page, an index whose only line is the report.

    A cover page has its report as a file, or as the same in two formats; several reports as files are a list.
    """
    if has_chapters(markup):
        return len(markup.visible_text()) > SHORTEST
    links = [link for group in rows for link in group]
    files = {FILE.sub("", tidy(link.name)) for link in links if FILE.search(urlsplit(link.url).path)}
    reports = {name for name in files if promise(name) is Promise.REPORT}
    return bool(files) and len(reports) < 2 and not any(_is_a_page_of_a_report(link) for link in links)


def _reads_as_one(markup: Markup, rows: list[list[Link]]) -> bool:
    """A column whose page is the report although nothing on it is a heading: 博达 calls it by the organ (洪雅, 舟曲)."""
    if any(promise(link.name) is Promise.REPORT for group in rows for link in group) or not has_chapters(markup):
        return False
    return PERIOD.search(markup.visible_text()) is not None


def _is_a_page_of_a_report(link: Link) -> bool:
    return promise(link.name) is Promise.REPORT and not FILE.search(urlsplit(link.url).path)


def _parts(links: list[Link], url: str, known: frozenset[str], items: tuple[Item, ...]) -> tuple[Part, ...]:
    """Years, organs and tabs of a column.

    Organs beside reports only where several stand together below the column's own folder (a friend's link is an organ
    too); on an index that lists nothing else (部门年报) all of them.
    """
    found: dict[str, Part] = {}
    organs: dict[str, list[Link]] = defaultdict(list)
    taken = {item.url for item in items}
    for link in links:
        key = canonical_url(link.url)
        if link.url in taken or FILE.search(urlsplit(link.url).path):
            continue
        if is_year(link.text):
            found.setdefault(key, Part(link.url, link.text, "year"))
        elif key in known:
            continue
        elif is_column(link.text) and promise(link.name) is not Promise.NOT:
            found.setdefault(key, Part(link.url, link.text, "column"))
        elif is_organ(link.text):
            organs[link.place].append(link)
    folder = f"{PurePosixPath(urlsplit(url).path or '/').parent}".rstrip("/") + "/"
    for group in organs.values():
        below = [link for link in group if urlsplit(link.url).path.startswith(folder)]
        # Where addresses have no folders (河北's UUIDs) only company tells an index from a friend's link.
        if len(below if items else group) < (1 if below and not items else 2):
            continue
        for link in below if items else group:
            found.setdefault(canonical_url(link.url), Part(link.url, link.name, "organ"))
    return tuple(found.values())
