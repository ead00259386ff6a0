"""From one page of a list to the next. Every way of paging that portals.md section 2 describes has its line here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

from crawler.finding.titles import tidy
from crawler.pages.markup import Markup
from crawler.urls import canonical_url

NEXT = re.compile(r"(?:下一页|下页|后一页|下一頁|后页|nextpage|next)[>»›→]*|[>»›]", re.IGNORECASE)
ARROWS = re.compile(r">>|»»|››")
NUMBER = re.compile(r"[\[(]?第?(\d{1,3})页?[\])]?")
NEXT_WORDS = re.compile(r"(?:下一|后一|下)页")
WRITTEN = re.compile(r"(?:下一|后一|下)页|\bpageDec\s*\(\s*[\d'\"]")
# `function createPageHTML(_nPageCount, …)` defines it; only a call has numbers.
CREATE = re.compile(r"createPageHTML\s*\(([^()]*)\)")
PAGER = re.compile(r"\bPager\s*\(\s*\{([^{}]*)\}")
COUNT_PAGE = re.compile(r"\bvar\s+(?:countPage|pageCount|totalPage|nPageCount)\s*=\s*[\"']?(\d+)", re.IGNORECASE)
CURRENT_PAGE = re.compile(r"\bvar\s+(?:currentPage|curPage|nCurrIndex)\s*=\s*[\"']?(\d+)", re.IGNORECASE)
SET_PAGE = re.compile(r"\.pagination\s*\(\s*[\"']setPage[\"']\s*,\s*(\d+)\s*,\s*(\d+)\s*\)")
ARGUMENT = re.compile(r"\"([^\"]*)\"|'([^']*)'|(\d+)")
FIELD = re.compile(r"(\w+)\s*:\s*(?:[\"']([^\"']*)[\"']|(\d+))")
ITEMS = re.compile(r"共(?:计|有)?(\d{1,5})(?:条|篇|个?记录)")
PAGES = re.compile(r"第?\d{1,4}/(\d{1,4})页|共(?:计|有)?(\d{1,4})页")
TOTAL_RECORD = re.compile(r"[\"']Total record[\"']\s*>\s*(?:&nbsp;|\s)*<b>\s*(\d{1,5})\s*<", re.IGNORECASE)
"""帝国 EmpireCMS counts its lines so."""
RECORDS = re.compile(
    r"(?:recordCount|totalRecord|totalCount|\btotal(?=[\"']?\s*:\s*\d+\s*,\s*[\"']?pageSize))[\"']?\s*[:=]\s*[\"']?(\d{1,5})\b",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"^(?P<stem>.+?)_(?P<number>\d{1,4})(?P<suffix>\.\w+)$")


def next_page(markup: Markup) -> str | None:
    """The address of the page after this one; None where there is none or nobody can tell.

    A link of the page is believed before its script's arithmetic: it is what a visitor would click, and the only way
    that is right on systems that number backwards (博达 VSB: page 2 of 11 is `zbgg/10.htm`).
    """
    return _linked(markup) or _scripted(markup) or _numbered(markup) or _arrowed(markup)


def after(url: str) -> str | None:
    """`…/index_3.html` of `…/index_2.html`: where the page says how many there are, and not which comes next."""
    name = PurePosixPath(urlsplit(url).path).name
    match = NUMBERED.match(name)
    return urljoin(url, f"{match['stem']}_{int(match['number']) + 1}{match['suffix']}") if match else None


def is_unknown(markup: Markup) -> bool:
    """Whether a script writes the pager in a way that nobody here knows (河南's pageDec): its words stand in scripts alone."""
    scripts = markup.scripts
    if not WRITTEN.search(scripts) or any(find(scripts, markup.url) for find in (_create, _pager, _count, _set_page)):
        return False
    return not NEXT_WORDS.search(tidy(markup.visible_text()))


def _linked(markup: Markup) -> str | None:
    here = canonical_url(markup.url)
    for link in markup.root.xpath("//link[@rel='next']/@href | //a[@rel='next']/@href"):
        url = urljoin(markup.base, str(link))
        if canonical_url(url) != here:
            return url
    for candidate in markup.links:
        if NEXT.fullmatch(tidy(candidate.text)) or NEXT.fullmatch(tidy(candidate.title)):
            return candidate.url if canonical_url(candidate.url) != here else None
    return None


def _scripted(markup: Markup) -> str | None:
    scripts = markup.scripts
    for find in (_create, _pager, _count, _set_page):
        numbering = find(scripts, markup.url)
        if numbering:
            current, last, stem, suffix = numbering
            # Some scripts say the same number on every page; the file's own name knows better.
            own_stem, number, _ = file_of(markup.url)
            current = number if number and own_stem == stem else current
            return urljoin(markup.base, f"{stem}_{current + 1}{suffix}") if current < last else None
    return None


def _numbered(markup: Markup) -> str | None:
    """Of pages that are only numbers, 1 [2] [3], or the options of a select: the one after this, which has no link or
    leads to itself."""
    here = canonical_url(markup.url)
    groups: dict[str, dict[int, str]] = {}
    for link in markup.links:
        if number := NUMBER.fullmatch(tidy(link.text)):
            groups.setdefault(link.place, {}).setdefault(int(number[1]), link.url)
    for pages in groups.values():
        own = next((number for number, url in pages.items() if canonical_url(url) == here), None)
        current = own or next(number for number in count(1) if number not in pages)
        if current + 1 in pages:
            return pages[current + 1]
    return None


def _arrowed(markup: Markup) -> str | None:
    """Where >> is all that leads on it is the next page; beside a > it is the last one."""
    here = canonical_url(markup.url)
    urls = (link.url for link in markup.links if ARROWS.fullmatch(tidy(link.text)))
    return next((url for url in urls if canonical_url(url) != here), None)


@dataclass(frozen=True)
class Declared:
    """How long a list says that it is; None where it does not say."""

    items: int | None = None
    pages: int | None = None


def declared(markup: Markup) -> Declared:
    """What a list says of itself: 共20条, 当前第2/163页, recordCount: '20', Total record 20."""
    text = tidy(markup.visible_text(400_000))
    items = ITEMS.search(text) or RECORDS.search(markup.scripts) or TOTAL_RECORD.search(markup.text)
    pages = PAGES.search(text)
    return Declared(int(items[1]) if items else None, int(pages[1] or pages[2]) if pages else None)


def pages_of(markup: Markup) -> int:
    """How many pages a list has by its own word or its script's arithmetic; 0 where nobody says. Often too many."""
    scripts = markup.scripts
    counted = [int(values[0]) for match in CREATE.finditer(scripts) if (values := re.findall(r"(?<!\w)\d+", match[1]))]
    counted += [int(found[1]) for found in (COUNT_PAGE.search(scripts),) if found]
    counted += [int(found[2]) for found in (SET_PAGE.search(scripts),) if found]
    return max([declared(markup).pages or 0, *counted])


Numbering = tuple[int, int, str, str]
"""Number of this page, number of the last, `index`, `.html`: as the files are numbered, not as people count."""


def _create(scripts: str, url: str) -> Numbering | None:
    """createPageHTML(total, current, "index", "html"): files from 0 (TRS, 湖北, 景德镇).

    createPageHTML('page-div', total, current, 'index', 'html', count): files from 1 (ucap, 湖南).
    """
    for match in CREATE.finditer(scripts):
        values = [double or single or number for double, single, number in ARGUMENT.findall(match[1])]
        from_one = bool(values) and not values[0].isdigit()
        if from_one:
            values = values[1:]
        if len(values) < 4 or not (values[0].isdigit() and values[1].isdigit()):
            continue
        total, current = int(values[0]), int(values[1])
        return current, total if from_one else total - 1, values[2], f".{values[3].lstrip('.')}"
    return None


def _pager(scripts: str, url: str) -> Numbering | None:
    """Pager({size:3, current:0, prefix:'index', suffix:'html'}): files from 0 (吉林)."""
    for match in PAGER.finditer(scripts):
        fields = {name: text or number for name, text, number in FIELD.findall(match[1])}
        if fields.keys() >= {"size", "current", "prefix", "suffix"}:
            last = int(fields["size"]) - 1
            return int(fields["current"]), last, fields["prefix"], f".{fields['suffix'].lstrip('.')}"
    return None


def _count(scripts: str, url: str) -> Numbering | None:
    """var countPage = 3; var currentPage = 0: files from 0, named after this one (鄂尔多斯)."""
    total = COUNT_PAGE.search(scripts)
    if not total:
        return None
    current = CURRENT_PAGE.search(scripts)
    stem, number, suffix = file_of(url)
    return int(current[1]) if current else number, int(total[1]) - 1, stem, suffix


def _set_page(scripts: str, url: str) -> Numbering | None:
    """$(…).pagination("setPage", 1, 7): files from 1, the last page may be missing (上海)."""
    match = SET_PAGE.search(scripts)
    if not match:
        return None
    stem, _, suffix = file_of(url)
    return int(match[1]), int(match[2]), stem, suffix


def file_of(url: str) -> tuple[str, int, str]:
    """`…/index_3.shtml` -> ("index", 3, ".shtml"); a folder is its `index.html`, a page without number is page 0."""
    name = PurePosixPath(urlsplit(url).path).name if not urlsplit(url).path.endswith("/") else ""
    match = NUMBERED.match(name)
    if match:
        return match["stem"], int(match["number"]), match["suffix"]
    return PurePosixPath(name or "index.html").stem, 0, PurePosixPath(name or "index.html").suffix or ".html"
