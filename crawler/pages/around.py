"""What stands around a link of a page: its own words, its row and the date in it, the menu above, its place in the tree."""

from __future__ import annotations

import re
from datetime import date
from itertools import islice

from lxml.html import HtmlElement

DATE = re.compile(r"(?<!\d)(20\d\d)\s*[-./年]\s*(1[0-2]|0?[1-9])\s*[-./月]\s*(3[01]|[12]\d|0?[1-9])(?!\d)")
LABELS = {"h1", "h2", "h3", "h4", "h5", "h6", "a", "span", "p", "dt", "strong", "b", "em", "label", "div"}
ROWS = {"li", "tr", "dd", "dt", "p", "div"}
DIGITS = re.compile(r"\d+")
WORDLESS = 4
"""Characters: 查看, 查看详情, 下载, [PDF]."""


def one_line(text: str) -> str:
    return " ".join(text.split())


def find_date(text: str) -> date | None:
    """The first whole date in a text, 2020-01-17 or 2020年1月17日."""
    for match in DATE.finditer(text):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:  # 2019-02-30
            continue
    return None


def text_of(element: HtmlElement, limit: int) -> str:
    """Text below an element without scripts and styles, cut at `limit`: some pages have everything below one link."""
    parts: list[str] = []
    length = 0
    for node in element.iter():
        # A comment's tag is a function.
        is_text = isinstance(node.tag, str) and node.tag not in ("script", "style")
        text = (node.text or "") if is_text else ""
        tail = (node.tail or "") if node is not element else ""
        for piece in (text, tail):
            if piece:
                parts.append(piece)
                length += len(piece)
        if length >= limit:
            break
    return "".join(parts)[:limit]


def first_line(element: HtmlElement) -> str:
    """The link's text; of a link that holds a title and a summary, the title (SiteServer 平顶山)."""
    whole = one_line(text_of(element, 400))
    if len(whole) <= 80 or not len(element):
        return whole[:200]
    for piece in element.itertext():
        line = one_line(str(piece))
        if len(line) > 1:
            return line[:200]
    return whole[:200]


def menu_of(element: HtmlElement) -> str:
    found: list[str] = []
    child = element
    for ancestor in islice(element.iterancestors(), 7):
        if ancestor.tag in ("body", "html"):
            break
        for sibling in islice(child.itersiblings(preceding=True), 2):
            if sibling.tag in LABELS and sum(1 for _ in islice(sibling.iter(), 6)) < 6:
                text = one_line(text_of(sibling, 40))
                if 1 < len(text) <= 20 and sibling is not element:
                    found.append(text)
                    break
        child = ancestor
    # The links before it in the same menu are no label of it; what stands one level up is.
    return " ".join(reversed(found[-3:]))


def row_of(element: HtmlElement) -> tuple[str, ...]:
    """The texts that stand beside a link in its row of a table or list, where the row has few links."""
    row = next((one for one in islice(element.iterancestors(), 5) if one.tag in ("tr", "li", "dd")), None)
    if row is None or sum(1 for _ in islice(row.iter("a"), 4)) > 3:
        return ()
    own = set(element.iter())
    texts = [
        one_line(node.text or "") for node in islice(row.iter(), 60) if node not in own and isinstance(node.tag, str)
    ]
    texts += [one_line(node.tail or "") for node in islice(row.iter(), 60) if node is not row]
    return tuple(text[:200] for text in texts if len(text) > WORDLESS)


def cross_of(element: HtmlElement) -> tuple[str, str] | None:
    """The words at the head of a link's row and of its column, in a table that is ruled by both: 县财政局, 2023年.

    None where a cell is merged, so that columns cannot be counted.
    """
    cell = next((one for one in islice(element.iterancestors(), 4) if one.tag in ("td", "th")), None)
    table = next((one for one in islice(element.iterancestors(), 8) if one.tag == "table"), None)
    row = cell.getparent() if cell is not None else None
    if table is None or row is None or (head := next(table.iter("tr"), None)) is None or head is row:
        return None
    cells, heads = _cells(row), _cells(head)
    if len(cells) != len(heads) or any(one.get("colspan") or one.get("rowspan") for one in (*cells, *heads)):
        return None
    words = one_line(text_of(cells[0], 80)), one_line(text_of(heads[cells.index(cell)], 80))
    return words if all(words) and cells[0] is not cell else None


def _cells(row: HtmlElement) -> list[HtmlElement]:
    return [one for one in row if one.tag in ("td", "th")]


def date_beside(element: HtmlElement) -> date | None:
    own = find_date(text_of(element, 400))
    if own:
        return own
    for ancestor in islice(element.iterancestors(), 4):
        if ancestor.tag not in ROWS and ancestor.tag not in ("span", "td"):
            return None
        if ancestor.tag in ROWS:
            others = {link.get("href") for link in islice(ancestor.iter("a"), 8)}
            if len(others) > 2:
                return None
            found = find_date(text_of(ancestor, 800))
            if found:
                return found
    return None


def place_of(element: HtmlElement) -> str:
    steps = []
    for ancestor in islice(element.iterancestors(), 6):
        if ancestor.tag in ("body", "html"):
            break
        name = DIGITS.sub("", ancestor.get("id") or "") or " ".join((ancestor.get("class") or "").split()[:1])
        steps.append(f"{ancestor.tag!s}.{DIGITS.sub('', name)}")
    return ">".join(reversed(steps))
