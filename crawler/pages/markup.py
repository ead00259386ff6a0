"""One page's HTML as the crawler sees it: links with what stands around them, meta tags, frames, jumps.

The parsers read what an organ wrote; this reads how a portal is wired. Neither needs the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice

import lxml.html
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.pages.around import (
    WORDLESS,
    cross_of,
    date_beside,
    first_line,
    menu_of,
    one_line,
    place_of,
    row_of,
    text_of,
)
from crawler.urls import absolute

LARGEST_LIST = 8 * 2**20
"""Bytes. A page of links is never larger; what is, is archived and read by the parsers alone."""

IN_SCRIPT = re.compile(r"""['"]([^'"\s]+)['"]""")
LOOKS_LIKE_ADDRESS = re.compile(
    r"^(?:https?:)?/{1,2}\S|^\.{0,2}/\S|\.(?:s?html?|jspx?|aspx?|php)(?:[?#]|$)", re.IGNORECASE
)
DEEPEST = 3000
NESTING = re.compile(
    rb"<(/?)(?:a|article|b|blockquote|center|dd|div|dl|dt|em|font|form|i|ol|p|section|span|strong|u|ul)\b",
    re.IGNORECASE,
)
SHALLOW = re.compile(NESTING.pattern.replace(b"a|", b"", 1) + rb"[^>]*>", re.IGNORECASE)
"""The tags without which a page that nests too deep is flat; links stay."""
UNPRINTABLE = bytes(code for code in (*range(0x20), 0x7F) if code not in b"\t\n\r")


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page and what stands around it."""

    url: str
    text: str
    """What is seen, on one line; the first line only where a whole summary is a link."""
    title: str
    """The title attribute: lists cut the text off and say it in full here."""
    menu: str
    """Short texts above and before it in its menu, outermost first: `政府信息公开 法定主动公开内容`."""
    date: date | None
    """The date in its row."""
    place: str
    """The elements it stands in, without numbers: links of one list have the same."""
    beside: tuple[str, ...] = ()
    """Of a link without words of its own (查看, 下载, a picture) what stands in its row."""
    cross: tuple[str, str] | None = None
    """Of such a link in a table what heads its row and its column: 县财政局, 2023年."""

    @property
    def name(self) -> str:
        """The fullest name: the title attribute where it says more than the text does."""
        return self.title if len(self.title) > len(self.text.rstrip(".… ")) or not self.text else self.text


class Markup:
    """The HTML of one response. Never raises: a broken page has what could be made out of it."""

    def __init__(self, text: str, url: str, encoding: str = "utf-8") -> None:
        """`text` is the decoded page, `encoding` what its bytes were in (for the query strings of its links)."""
        self.url = url
        self.encoding = encoding
        self.text = text
        self.bodies: dict[tuple[str, ...], LexborNode | None] = {}
        """What `crawler.pages.attachments.body_of` found, by the portal's own selectors: a page is asked for it twice."""
        self._content = text[:LARGEST_LIST].encode("utf-8", "replace").translate(None, UNPRINTABLE)
        self._is_deep = _nests_deep(self._content)
        self.tree = LexborHTMLParser(SHALLOW.sub(b"", self._content) if self._is_deep else self._content)
        """The page by the rules of HTML 5, as a browser sees it: a portal's header that closes </html> too early
        (四川省教育厅) leaves nothing outside. Always with html, head and body; all that most detail pages need."""

    @cached_property
    def root(self) -> HtmlElement:
        """The same tree for lxml, which is asked by XPath: making it takes longer than all else, and lists need it."""
        # What nests thousands deep is no page, and is left to lxml as it is.
        mended = self._content if self._is_deep else (self.tree.html or "").encode("utf-8", "replace")
        parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
        return lxml.html.document_fromstring(mended or b"<html><body></body></html>", parser=parser)

    def with_rows(self, rows: str) -> Markup:
        """The same page with lines that its script would have put there."""
        return Markup(f"{self.text.replace('</body>', '')}{rows}", self.url, self.encoding) if rows else self

    @cached_property
    def base(self) -> str:
        node = self.tree.css_first("base[href]")
        return (absolute(self.url, attribute(node, "href"), self.encoding) if node is not None else None) or self.url

    @cached_property
    def meta(self) -> dict[str, str]:
        """`<meta name=… content=…>`, names in small letters without - and _; the first one counts."""
        found: dict[str, str] = {}
        for node in self.tree.css("meta"):
            given = node.attributes
            name = (given.get("name") or "").replace("-", "").replace("_", "").lower()
            if name:
                found.setdefault(name, one_line(given.get("content") or given.get("channelname") or ""))
        return found

    @cached_property
    def title(self) -> str:
        node = self.tree.css_first("title")
        return one_line(node.text() if node is not None else "")

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """h1 to h4, and elements whose class says title, in reading order; no links: those head something else."""
        found = self.root.xpath(
            "//h1|//h2|//h3|//h4|//*[self::div or self::p or self::span or self::td]"
            "[contains(@class,'title') or contains(@class,'Title') or contains(@class,'tit')]"
        )
        own = (e for e in found if e.find(".//a") is None and next(e.iterancestors("a"), None) is None)
        texts = (one_line(text_of(element, 200)) for element in islice(own, 60))
        return tuple(dict.fromkeys(text for text in texts if 0 < len(text) <= 120))

    @cached_property
    def crumbs(self) -> tuple[str, ...]:
        """The breadcrumb after 当前位置, outermost first."""
        for label in self.root.xpath("//*[contains(text(),'位置')]"):
            around = label if len(label) else label.getparent()
            if around is None:
                continue
            line = one_line(text_of(around, 300))
            _, mark, path = line.partition("位置")
            steps = re.split(r"[>＞»›/→]|\s-\s", path.lstrip("是为:： ")) if mark else []
            # A menu that follows the breadcrumb without a break in the HTML is cut off at the first space.
            parts = [step.strip(" :：[]【】").split(" ")[0] for step in steps]
            if len([part for part in parts if part]) > 1:
                return tuple(part for part in parts if part)
        return ()

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every link in reading order: `a` and `area`, `onclick` and the options of a year switch."""
        return tuple(self._links(self.root))

    @cached_property
    def frames(self) -> tuple[str, ...]:
        sources = (element.get("src") or "" for element in self.root.iter("iframe", "frame"))
        found = (absolute(self.base, source, self.encoding) for source in sources)
        return tuple(dict.fromkeys(url for url in found if url))

    @cached_property
    def scripts(self) -> str:
        """The text of all inline scripts."""
        return "\n".join(element.text or "" for element in self.root.iter("script"))

    @cached_property
    def script_count(self) -> int:
        """Scripts with a file of their own or with text: a list that is built in the browser has some."""
        return sum(1 for element in self.root.iter("script") if element.get("src") or (element.text or "").strip())

    def visible_text(self, limit: int = 200_000) -> str:
        """The text of the body without scripts and styles, up to `limit` characters."""
        body = self.root.find(".//body")
        return text_of(self.root if body is None else body, limit)

    def links_within(self, selectors: Sequence[str]) -> tuple[Link, ...]:
        """The links below what CSS selectors choose."""
        roots = (element for selector in selectors for element in CSSSelector(selector)(self.root))
        return tuple(dict.fromkeys(link for root in roots for link in self._links(root)))

    def _links(self, root: HtmlElement) -> Iterator[Link]:
        for element in root.iter("a", "area", "li", "option", "div", "span", "td", "tr", "p", "dd", "dt", "button"):
            if element.tag == "option":
                href = element.get("value") or ""
                href = href if LOOKS_LIKE_ADDRESS.search(href) else ""
            else:
                href = element.get("href") or "" if element.tag in ("a", "area") else ""
                if not href or href.startswith(("javascript:", "#")):
                    href = _address_in(element.get("onclick") or "") or _address_in(href.removeprefix("javascript:"))
            url = absolute(self.base, href, self.encoding) if href else None
            if url:
                yield self._link(element, url)

    def _link(self, element: HtmlElement, url: str) -> Link:
        title = one_line(element.get("title") or "")
        if not title and len(element):
            inner = element.xpath(".//@title")
            title = one_line(str(inner[0])) if inner else ""
        text = first_line(element) or _painted(element)
        is_wordless = not title and len(text) <= WORDLESS
        beside = row_of(element) if is_wordless else ()
        cross = cross_of(element) if is_wordless else None
        return Link(url, text, title, menu_of(element), date_beside(element), place_of(element), beside, cross)


def _painted(element: HtmlElement) -> str:
    """What a picture says that is a link, or a part of an image map: menus were painted until the 2010s, and some still are."""
    words = (element.get("alt") or "", *(str(alt) for alt in element.xpath(".//img/@alt")))
    return next((one_line(alt)[:200] for alt in words if alt.strip()), "")


def _nests_deep(content: bytes) -> bool:
    """Whether more elements may be open at once than a page has: the rules of HTML 5 take quadratic time on them."""
    # More elements than tags are opened cannot be open; most pages have too few tags for a closer look.
    if content.count(b"<") - content.count(b"</") <= DEEPEST:
        return False
    return sum(-1 if match[1] else 1 for match in NESTING.finditer(content)) > DEEPEST


def attribute(node: LexborNode, name: str) -> str:
    """ "" where it has none, or one without a value."""
    return node.attributes.get(name) or ""


def _address_in(script: str) -> str:
    """The address in `location.href='/a.html'` or `window.open("a.shtml")`; "" where there is none."""
    for match in IN_SCRIPT.finditer(script[:2000]):
        if LOOKS_LIKE_ADDRESS.search(match[1]):
            return match[1]
    return ""
