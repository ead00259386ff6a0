"""What belongs to a detail page: the files it links to, the files it shows in a viewer, the pictures in its body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from urllib.parse import parse_qs, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from crawler.pages.around import one_line
from crawler.pages.markup import Markup, attribute
from crawler.urls import FILE_ENDINGS, absolute, canonical_url
from parsers.pictures.pictured import is_ornament

MOST_FILES = 30
MOST_PICTURES = 60
BODY_SAYS = 200
"""Characters from which on an element with a body's name is the body."""
# In the order of portals.md 2.12. The first that matches with enough text is the body.
BODY = (
    ".gknbxq_detail", "#UCAP-CONTENT", "ucapcontent", ".trs_editor_view", ".TRS_UEDITOR", ".TRS_Editor",
    "[id^=vsb_content]", ".j-fontContent", "#zoomcon", "#zoom", "#Zoom", ".article-content", ".news_cont_d_wrap",
    ".tyxxy_main", "#ivs_content", ".Article_content", ".main-txt", ".xxgk_content", ".xxgk-content", ".article_con",
    ".article-con", ".zwgkdetail", ".detail-content", ".pub-detail", "#con.entry", ".content_article", ".article", ".content", "#content",
)  # fmt: skip
FILE = re.compile(rf"\.(?:{FILE_ENDINGS})$", re.IGNORECASE)
DOWNLOAD = re.compile(
    r"/downfile\.jsp|/download\.jsp|/downloadfile|/download\?|/attach(?:ment)?/download|filename=", re.IGNORECASE
)
POSSIBLY = re.compile(
    rf"\.(?:{FILE_ENDINGS})|down|attach|filename|viewer|%|[\t\r\n]",
    re.IGNORECASE,
)
"""What an address of a file has somewhere, as it stands on the page."""
SAYS_FILE = re.compile(rf"\.(?i:{FILE_ENDINGS})")
ESCAPED = ("&#", "&period")
"""One of these a page has somewhere if the words of any of its links name a file; a point alone is soon looked for."""
SOURCES = "a, iframe, embed, object, frame"
VIEWER = re.compile(r"viewer\.html?\?(?:[^#]*&)?file=([^&#]+)", re.IGNORECASE)
PICTURE = re.compile(r"\.(?:png|jpe?g|gif|bmp|webp|tiff?)$", re.IGNORECASE)
PLACEHOLDER = re.compile(r"loading|blank|spacer?\.|grey|lazy|placeholder|^data:", re.IGNORECASE)
"""What stands in `src` until a script puts the picture there."""
FURNITURE = ("header", "nav", "footer", "aside", "form")
FURNITURE_NAMES = re.compile(
    r"(?:^|[_\s-])(?:header|nav|menu|footer|foot|share|crumb|breadcrumb|sidebar)(?:$|[_\s-])", re.I
)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file or picture to fetch with a page."""

    url: str
    name: str
    is_picture: bool


def attached(markup: Markup, body: Sequence[str] = ()) -> tuple[Attached, ...]:
    """Files and pictures of a detail page, in reading order, each address once.

    `body` are the portal's own selectors. Files count wherever they stand on the page, because many templates put
    them below the body; pictures only within it, or there would be every portal's banner.
    """
    found: dict[str, Attached] = {}
    for url, name in _files(markup):
        found.setdefault(canonical_url(url), Attached(url, name, False))
    files = list(found.values())[:MOST_FILES]
    pictures: dict[str, Attached] = {}
    for url, name in _pictures(body_of(markup, body), markup):
        if canonical_url(url) not in found:
            pictures.setdefault(canonical_url(url), Attached(url, name, True))
    return (*files, *list(pictures.values())[:MOST_PICTURES])


def _files(markup: Markup) -> Iterator[tuple[str, str]]:
    names_files = SAYS_FILE.search(markup.text) is not None or any(word in markup.text for word in ESCAPED)
    for element in markup.tree.css(SOURCES):
        given = element.attributes
        source = given.get("href") if element.tag == "a" else given.get("src") or given.get("data")
        if not source or not (_may_name_a_file(source) or (names_files and FILE.search(_first_words(element)))):
            continue  # nine links of ten are menus
        url = absolute(markup.base, source, markup.encoding)
        if not url or _is_furniture(element):
            continue
        viewer = VIEWER.search(url)
        if viewer:
            inner = absolute(url, unquote(viewer[1]), markup.encoding)
            if inner:
                yield inner, _name(element, inner)
            continue
        parts = urlsplit(url)
        if (
            FILE.search(parts.path)
            or (DOWNLOAD.search(url) and element.tag == "a")
            or FILE.search(_first_words(element))
        ):
            yield url, _name(element, url)


@lru_cache(maxsize=4096)
def _may_name_a_file(source: str) -> bool:
    """A portal's pages have the same menus, so that most of their links were looked at before."""
    return POSSIBLY.search(source) is not None


def _first_words(element: LexborNode) -> str:
    """The text that an element begins with, before any element in it."""
    first = element.first_child
    return one_line(first.text_content or "") if first is not None and first.is_text_node else ""


def _name(element: LexborNode, url: str) -> str:
    text = one_line(element.text())[:200] if element.tag == "a" else ""
    if text:
        return text
    parts = urlsplit(url)
    named = parse_qs(parts.query).get("filename", [""])[0]
    return named or unquote(PurePosixPath(parts.path).name)


def body_of(markup: Markup, selectors: Sequence[str] = ()) -> LexborNode | None:
    """The element that holds what the organ wrote; without one that is known, everything but headers and footers."""
    key = tuple(selectors)
    if key not in markup.bodies:
        markup.bodies[key] = _body_of(markup, key)
    return markup.bodies[key]


def _body_of(markup: Markup, selectors: tuple[str, ...]) -> LexborNode | None:
    for selector in (*selectors, *BODY):
        if not all(word in markup.text for word in _words(selector)):
            continue  # most of them stand on no page of a portal, and to look through its tree takes thirty times longer
        for element in _chosen_by(selector, markup.tree):
            if _says_enough(element) or element.css_first("img") is not None:
                return element
    return markup.tree.body


def _says_enough(element: LexborNode) -> bool:
    """More than a title and its date. Counted no further: a report has two hundred thousand characters."""
    length = 0
    for node in element.traverse(include_text=True):
        if node.is_text_node:
            length += len(one_line(node.text_content or ""))
            if length > BODY_SAYS:
                return True
    return False


@lru_cache(maxsize=512)
def _words(selector: str) -> tuple[str, ...]:
    """The classes and ids that a page must name for the selector to choose anything; none where it is not that simple."""
    simple = re.fullmatch(r"(?:[a-z]+)?(?:[.#][\w-]+|\[id\^=[\w-]+\])+", selector)
    return tuple(re.findall(r"(?<=[.#=])[\w-]+", selector)) if simple else ()


def _chosen_by(selector: str, tree: LexborHTMLParser) -> list[LexborNode]:
    """None for a selector that cannot be read."""
    try:
        return tree.css(selector)
    except SelectolaxError:
        return []


def _pictures(body: LexborNode | None, markup: Markup) -> Iterator[tuple[str, str]]:
    for image in body.css("img") if body is not None else ():
        given = image.attributes
        later = given.get("data-src") or given.get("data-original") or given.get("oldsrc") or ""
        source = given.get("src") or ""
        url = absolute(markup.base, later if later and PLACEHOLDER.search(source) else source or later, markup.encoding)
        said = one_line(given.get("alt") or given.get("title") or "")
        if not url or is_ornament(url, said) or _is_small(image) or _is_furniture(image):
            continue
        if PICTURE.search(urlsplit(url).path):
            yield url, said or unquote(PurePosixPath(urlsplit(url).path).name)


def _is_small(image: LexborNode) -> bool:
    """Whether the page itself draws it as an ornament."""
    sizes = (attribute(image, "width"), attribute(image, "height"))
    return any(size.removesuffix("px").isdigit() and int(size.removesuffix("px")) < 40 for size in sizes)


def _is_furniture(element: LexborNode) -> bool:
    around = element.parent
    while around is not None:
        if around.tag in FURNITURE or FURNITURE_NAMES.search(f"{attribute(around, 'class')} {attribute(around, 'id')}"):
            return around.tag != "body"
        around = around.parent
    return False
